"""Writing files: all that failback writes as text passes here, and leaves its secrets behind."""

from pathlib import Path

from failback.adapters.redaction import redacted


def write_text(path: Path, text: str) -> None:
    """Write a whole file, redacted."""
    path.write_text(redacted(text), encoding="utf-8", newline="\n")
