"""Writes a file whole or not at all: beside its place first, then renamed into it."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final

from failback.adapters.redaction import redacted

from .kinds import KINDS
from .refusal import CannotWrite, why

OWNER_ONLY: Final = 0o600
"""An output tells of an estate: who it is for can be let in afterwards, and stays so when it is replaced."""
OWNERS_ALONE: Final = 0o700
"""The same for a folder: outputs are inventories of an estate."""
UNFINISHED: Final = ".unfinished"
"""End of the name of a file that is being written."""
_IN_THE_WAY: Final = (
    (stat.S_ISLNK, "a symbolic link"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_ELSEWHERE: Final = "give another place with the command's option, or move it away"


def refuse_what_is_not_ours(path: Path, kind: str) -> None:
    """Raise `CannotWrite` where something stands in the way that a file of this kind must not replace."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    except (OSError, ValueError) as broken:
        raise CannotWrite(path, f"nothing can be written there: {_words(broken)}") from None
    for is_one, what in _IN_THE_WAY:
        if is_one(found.st_mode):
            raise CannotWrite(path, f"there is {what} of this name, which is not replaced; {_ELSEWHERE}")
    if found.st_size and not _is_ours(path, kind):
        row = KINDS[kind]
        text = f"the file there is not {row.what} that `failback {row.command}` wrote, so it is not replaced"
        raise CannotWrite(path, f"{text}; {_ELSEWHERE}")


def _words(broken: OSError | ValueError) -> str:
    return why(broken) if isinstance(broken, OSError) else str(broken)


def _is_ours(path: Path, kind: str) -> bool:
    try:
        return KINDS[kind].is_ours(path)
    except OSError as broken:
        raise CannotWrite(path, f"the file there cannot be read, so it is not replaced: {why(broken)}") from None


def write_text(path: Path, text: str, kind: str) -> None:
    """Write the text as UTF-8, without secrets; until all is written, what stood there stays. Raises `CannotWrite`."""
    with written_whole(path, kind) as beside, beside.open("wb") as file:
        file.write(redacted(text).encode("utf-8", errors="replace"))


@contextmanager
def written_whole(path: Path, kind: str) -> Iterator[Path]:
    """A new file beside `path`, to be written and closed; it takes that place at the end. Raises `CannotWrite`."""
    refuse_what_is_not_ours(path, kind)
    beside = path.with_name(f".{token_hex(6)}{UNFINISHED}")
    try:
        make_folders(path.parent)
        new_file(beside).close()
        yield beside
        sync(beside)
        refuse_what_is_not_ours(path, kind)
        _keep_mode(path, beside)
        beside.replace(path)
        sync(path.parent)
    except OSError as broken:
        text = f"it cannot be written: {why(broken)}; the previous file is unchanged"
        raise CannotWrite(path, text) from broken
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def make_folders(folder: Path) -> None:
    """Make it and what is above it, for its owner alone, where it is not there."""
    for part in reversed([part for part in (folder, *folder.parents) if not part.exists()]):
        part.mkdir(mode=OWNERS_ALONE, exist_ok=True)


def new_file(path: Path) -> BinaryIO:
    """A file that was not there before, so that nothing is followed and nothing is emptied. Raises `CannotWrite`."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        return os.fdopen(os.open(path, flags, OWNER_ONLY), "wb")
    except OSError as broken:
        raise CannotWrite(path, f"it cannot be written: {why(broken)}") from broken


def _keep_mode(old: Path, new: Path) -> None:
    """Whom its owner has let in stays let in."""
    with suppress(FileNotFoundError):
        new.chmod(stat.S_IMODE(old.stat().st_mode))


def sync(path: Path) -> None:
    """Let the disk have it: the bytes of a file, or the names in a folder, where the system can do that."""
    is_folder = path.is_dir()
    try:
        handle = os.open(path, os.O_RDONLY if is_folder else os.O_RDWR)
    except OSError:
        if is_folder:  # Windows opens no folder
            return
        raise
    try:
        os.fsync(handle)
    except OSError:
        if not is_folder:
            raise
    finally:
        os.close(handle)
