"""The file that a history is written into while a run goes on."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from failback.adapters.redaction import redacted
from failback.reprotect import Line
from failback.scenarios.outputs.folders import make
from failback.scenarios.outputs.refusal import CannotWrite, why
from failback.scenarios.outputs.writing import new_file, refuse_what_is_not_ours


@contextmanager
def history_file(folder: Path | None, *, at_once: bool = True) -> Iterator[Callable[[Line], None] | None]:
    """A sink that writes each line to `folder`/history.jsonl as it happens. Raises `CannotWrite`.

    `at_once`: no line waits in memory, as a run needs that touches something real; a simulation can be played again.
    """
    if folder is None:
        yield None
        return
    make(folder)
    path = folder / "history.jsonl"
    refuse_what_is_not_ours(path, "history")
    path.unlink(missing_ok=True)
    with _lines_to(path) as file:

        def write(line: Line) -> None:
            try:
                file.write((redacted(line.as_json()) + "\n").encode("utf-8", errors="replace"))
                if at_once:
                    file.flush()
            except OSError as broken:
                raise CannotWrite(path, _ENDS_THERE.format(why(broken))) from broken

        yield write


_ENDS_THERE: Final = "the history cannot be written ({}), so the run ends here; make room, or give another folder"


@contextmanager
def _lines_to(path: Path) -> Iterator[BinaryIO]:
    """The file, with the disk at the end. What breaks a run off is not hidden by what the disk says after it."""
    file = new_file(path)
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
