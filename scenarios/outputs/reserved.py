"""Keeps two commands that write the same outputs at once from mixing them."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .folders import ensure_writable
from .lock import LOCK, Busy, locked
from .refusal import CannotWrite


@contextmanager
def reserved(folder: Path, files: Mapping[str, str]) -> Iterator[None]:
    """The folder is there for these files, whose kinds are given, and no other command writes there in the block.

    Raises `CannotWrite` where one does, or where something stands in the way.
    """
    ensure_writable(folder, files)
    with _alone(folder, LOCK, folder):
        yield


@contextmanager
def reserved_file(path: Path) -> Iterator[None]:
    """No other command keeps its runs in this file while the block lasts. Raises `CannotWrite` where one does."""
    with _alone(path.parent, f".{path.name[-100:]}.lock", path):
        yield


@contextmanager
def _alone(folder: Path, lock: str, what: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder, lock))
        except Busy:
            text = "another command is writing there; wait until it ends, or give another place with --out"
            raise CannotWrite(what, text) from None
        yield
