"""Folders for what a command writes: tried before anything is played, so that nothing is played for nothing."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from .refusal import CannotWrite, why
from .writing import make_folders, refuse_what_is_not_ours

GITIGNORE: Final = ".gitignore"
_IGNORE_ALL: Final = "*\n"


def ensure_writable(folder: Path, files: Mapping[str, str] | None = None) -> Path:
    """The folder, made where it was not there. Raises `CannotWrite` where nothing can be written.

    `files` has the kinds of what will be written, by name; where something else stands in the way, that is refused.
    """
    try:
        make(folder)
        with TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as broken:
        message = why(broken) if isinstance(broken, OSError) else str(broken)
        reason = "it is a file" if folder.is_file() else message
        text = f"nothing can be written there ({reason}); give another folder with --out"
        raise CannotWrite(folder, text) from None
    for name, kind in (files or {}).items():
        refuse_what_is_not_ours(folder / name, kind)
    return folder


def make(folder: Path) -> None:
    """Make it and what is above it, for its owner alone; Git is told to leave a folder alone that we have made."""
    is_new = not folder.exists()
    make_folders(folder)
    if is_new:
        (folder / GITIGNORE).write_text(_IGNORE_ALL, encoding="utf-8", newline="\n")
    elif not folder.is_dir():
        raise NotADirectoryError(20, "Not a directory")


def remove_made(folder: Path) -> None:
    """Take a folder away again that holds nothing but what `make` put there."""
    with suppress(OSError):
        alone = [part.name for part in folder.iterdir()] == [GITIGNORE]
        if alone and (folder / GITIGNORE).read_text(encoding="utf-8") == _IGNORE_ALL:
            (folder / GITIGNORE).unlink()
            folder.rmdir()
