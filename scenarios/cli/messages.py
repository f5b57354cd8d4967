"""One paragraph on standard error."""

import sys
from typing import Final

INTERRUPTED_WORDS: Final = "Interrupted: the command did not finish."


def note(message: str) -> None:
    """Say something that ends nothing."""
    print(f"Note: {message}", file=sys.stderr)


def say(message: str, code: int) -> int:
    """Say it; returns the exit code that it stands for."""
    print(message, file=sys.stderr)
    return code
