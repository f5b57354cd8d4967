"""A world that lives on: the process is forked where a drill is to be disturbed, and the fork plays it to its end.

SimPy's processes are running generators, which cannot be copied; a fork of the process copies them. It costs some
milliseconds, where playing the drill once more up to each step would double the work. Where a system has no fork, each
case is played from its start.
"""

import gc
import os
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

T = TypeVar("T")
CAN_FORK: Final = hasattr(os, "fork")


@dataclass(slots=True)
class Forks:
    """Forks at work, at most `workers` of them; each hands one value back."""

    workers: int
    results: list[Any] = field(default_factory=list)
    _open: dict[int, int] = field(default_factory=dict)

    def split(self) -> bool:
        """Fork. True in the fork, which must end with `hand_back`; False where the first goes on."""
        while len(self._open) >= self.workers:
            self._take_one()
        read_end, write_end = os.pipe()
        pid = os.fork()
        if pid:
            os.close(write_end)
            self._open[pid] = read_end
            return False
        os.close(read_end)
        self._open = {0: write_end}
        return True

    def hand_back(self, value: object) -> None:
        """End this fork with its value."""
        with os.fdopen(self._open[0], "wb") as pipe:
            pickle.dump(value, pipe)
        os._exit(0)

    def all(self) -> list[Any]:
        """What all forks have handed back."""
        while self._open:
            self._take_one()
        return self.results

    def _take_one(self) -> None:
        """The oldest: the results keep the order of the steps."""
        pid = next(iter(self._open))
        with os.fdopen(self._open.pop(pid), "rb") as pipe:
            content = pipe.read()
        os.waitpid(pid, 0)
        if not content:
            raise RuntimeError(f"a fork (process {pid}) ended without a result")
        self.results.append(pickle.loads(content))  # of our own process


def in_forks(workers: int, play: Callable[[Callable[[], bool]], object]) -> Iterator[Any]:
    """Play once; wherever `play` asks and is told True, it is a fork and goes on by itself."""
    forks = Forks(workers)
    was_enabled = gc.isenabled()
    gc.freeze()
    gc.disable()  # a fork lives for some milliseconds, and a collection would copy what it shares with the first
    try:
        value = play(forks.split)
        if 0 in forks._open:
            forks.hand_back(value)
    except BaseException:
        if 0 in forks._open:
            os._exit(1)
        raise
    finally:
        gc.unfreeze()
        if was_enabled:
            gc.enable()
    yield from forks.all()
