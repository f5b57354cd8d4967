"""A lock on a folder that the operating system drops when its process ends, however that ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from .refusal import CannotWrite, why
from .writing import OWNER_ONLY

LOCK: Final = ".failback.lock"
_FAR_BYTE: Final = 1 << 30
"""Windows locks a range of bytes, and nobody may read what it covers."""


class Busy(Exception):
    """Another process has the lock."""


@contextmanager
def locked(folder: Path, name: str = LOCK) -> Iterator[None]:
    """Hold the folder's lock, or one of its own name there. Raises `Busy`; `CannotWrite` where there can be no lock."""
    path = folder / name
    handle = _taken(path)
    try:
        yield
    finally:
        with suppress(OSError):  # Windows deletes no open file; it is empty and taken again next time
            if not os.fstat(handle).st_size:
                path.unlink()
        os.close(handle)


def _taken(path: Path) -> int:
    """The locked file. One that its last owner deleted meanwhile locks nothing, so it is opened again."""
    while True:
        handle = _opened(path)
        try:
            _lock(handle, path)
            if _is_there(path, handle):
                return handle
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _opened(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        return os.open(path, flags, OWNER_ONLY)
    except OSError as broken:
        raise CannotWrite(path, f"the folder cannot be locked: {why(broken)}; give another folder") from None


def _is_there(path: Path, handle: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except OSError:
        return False


def _lock(handle: int, path: Path) -> None:
    try:
        _LOCK(handle)
    except (BlockingIOError, PermissionError):
        raise Busy from None
    except OSError as broken:
        text = f"the file system there locks no files ({why(broken)}), so two runs could mix; give another folder"
        raise CannotWrite(path, text) from None


def _system_lock() -> Any:
    """What locks an open file here without waiting."""
    try:
        import fcntl
    except ImportError:
        return _windows_lock()
    return lambda handle: fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _windows_lock() -> Any:
    try:
        import msvcrt
    except ImportError:  # a system with neither has no processes to lock out
        return lambda _: None

    def lock(handle: int) -> None:
        os.lseek(handle, _FAR_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

    return lock


_LOCK: Final = _system_lock()
