"""A run against real or mock endpoints outlives its terminal: it says so at its beginning, and goes on in silence."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from failback.scenarios.interrupts import HANGUP, outliving_terminal

if TYPE_CHECKING:
    from failback.scenarios.outputs.run_folders.run_folder import RunFolder


_STREAMS: Final = (("stdin", os.O_RDONLY), ("stdout", os.O_WRONLY), ("stderr", os.O_WRONLY))


@contextmanager
def outlives_its_terminal(folder: "RunFolder | None") -> Iterator[None]:
    """A run that is kept in a folder and can be told something; any other ends with its terminal."""
    from failback.scenarios.run.player import DURABLE

    if folder is None or HANGUP is None or folder.identity.world not in DURABLE:
        yield
        return
    terminals = [each for each in _STREAMS if _is_terminal(getattr(sys, each[0]))]
    with outliving_terminal(lambda: _silence(terminals)):
        if terminals:  # only now is it true
            with suppress(OSError):  # the terminal may close while this is written
                print(where(folder), file=sys.stderr, flush=True)
        yield


def where(folder: "RunFolder") -> str:
    """Where the run is, and how to reach it from another terminal."""
    return (
        f"If this terminal closes, the run goes on as {folder.identity.place}, in the folder {folder.folder}. "
        f"`failback tell {folder.folder} pause` pauses it, and `abandon` ends it."
    )


def _is_terminal(stream: Any) -> bool:
    """Asked at the beginning: a terminal that has gone is none."""
    return stream is not None and stream.isatty()


def _silence(terminals: Iterable[tuple[str, int]]) -> None:
    """Nobody reads or types there any more: reading or writing would fail. The folder has everything."""
    for name, flags in terminals:
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, flags)
            os.dup2(nowhere, getattr(sys, name).fileno())
            os.close(nowhere)
