"""The file that a history is written into while a run goes on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from failback.adapters.redaction import redacted
from failback.reprotect import Line
from failback.scenarios.outputs.folders import make
from failback.scenarios.outputs.refusal import CannotWrite, why
from failback.scenarios.outputs.writing import new_file, refuse_what_is_not_ours, sync

from .journal import sealed

NAME: Final = "history.jsonl"
_ENDS_THERE: Final = "the history cannot be written ({}), so the run ends here; make room, or give another folder"
_STOPS_THERE: Final = (
    "the history cannot be written ({}), so nothing more was asked of anybody; make room, and go on with "
    "`failback resume`"
)


class HistoryFile:
    """Takes lines. A durable one has checksums, keeps no line in memory, and can be told to let the disk have all."""

    def __init__(self, path: Path, file: BinaryIO, *, durable: bool) -> None:
        self._path, self._file, self._durable = path, file, durable

    def write(self, line: Line) -> None:
        """One line. Raises `CannotWrite`."""
        text = redacted(line.as_json()).encode("utf-8", errors="replace")
        with self._told():
            self._file.write((sealed(text) if self._durable else text) + b"\n")
            if self._durable:
                self._file.flush()

    def sync(self) -> None:
        """Let the disk have all lines so far, where they are to outlive the machine. Raises `CannotWrite`."""
        if self._durable:
            with self._told():
                self._file.flush()
                os.fsync(self._file.fileno())

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as broken:
            words = _STOPS_THERE if self._durable else _ENDS_THERE
            raise CannotWrite(self._path, words.format(why(broken))) from broken


@contextmanager
def history_file(folder: Path, *, durable: bool = True) -> Iterator[HistoryFile]:
    """`folder`/history.jsonl, anew. Raises `CannotWrite`.

    `durable`: as a run needs that touches something outside this process; a simulation can be played again.
    """
    try:
        make(folder)
    except OSError as broken:
        raise CannotWrite(folder, f"the folder cannot be created: {why(broken)}; give another folder") from None
    path = folder / NAME
    refuse_what_is_not_ours(path, "history")
    path.unlink(missing_ok=True)
    with _closed_safely(path, new_file(path)) as file:
        sync(folder)
        yield HistoryFile(path, file, durable=durable)


@contextmanager
def history_continued(folder: Path, size_bytes: int) -> Iterator[HistoryFile]:
    """The same file from where an earlier run has left it: what follows `size_bytes` goes. Raises `CannotWrite`."""
    path = folder / NAME
    refuse_what_is_not_ours(path, "history")
    try:
        file = path.open("r+b")
        file.truncate(size_bytes)
        file.seek(0, os.SEEK_END)
        _end_line(path, file)
    except OSError as broken:
        raise CannotWrite(path, f"the history cannot be continued: {why(broken)}") from broken
    with _closed_safely(path, file):
        yield HistoryFile(path, file, durable=True)


def _end_line(path: Path, file: BinaryIO) -> None:
    """A last line that lacks nothing but its end gets it."""
    if file.tell() and not path.read_bytes().endswith(b"\n"):
        file.write(b"\n")


@contextmanager
def _closed_safely(path: Path, file: BinaryIO) -> Iterator[BinaryIO]:
    """The file, with the disk at the end. What breaks a run off is not hidden by what the disk says after it."""
    try:
        yield file
    except BaseException:
        with suppress(OSError):
            file.close()
        raise
    try:
        with file:
            file.flush()
            os.fsync(file.fileno())
    except OSError as broken:
        raise CannotWrite(
            path, f"the history cannot be written: {why(broken)}; make room, or give another folder"
        ) from broken
