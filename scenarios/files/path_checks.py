"""What stands at a path that a person typed: also of one that no file can have, such as a name of 5,000 characters."""

from collections.abc import Callable
from pathlib import Path


def is_there(path: Path | str) -> bool:
    """Whether anything is there."""
    return _asked(Path(path).exists)


def is_file(path: Path | str) -> bool:
    """Whether a file is there."""
    return _asked(Path(path).is_file)


def is_folder(path: Path | str) -> bool:
    """Whether a folder is there."""
    return _asked(Path(path).is_dir)


def _asked(question: Callable[[], bool]) -> bool:
    try:
        return question()
    except (OSError, ValueError):
        return False
