"""One bar for a whole command, with an end that holds: work that is done, of what its parts are known to take.

Work is counted in plays that follow one another, so that neither a loaded computer nor the number of its cores moves
the share that is done. What a part takes is known beforehand from a table; where a search takes more or less than
that, the whole is corrected when its part ends.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import ceil
from typing import Final, Protocol


class Advance(Protocol):
    """What is called when work is done."""

    def __call__(self, work: float, /) -> None: ...


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a command: how much it is expected to take, and how much of it one play counts as."""

    work: float
    weight: float = 1.0


NONE: Final[Mapping[str, Part]] = {}
REFRESH_S: Final = 0.1


class Forecast:
    """How much of a command is done, and how long the rest takes. `clock` gives seconds."""

    def __init__(self, parts: Mapping[str, Part], clock: Callable[[], float] = time.monotonic) -> None:
        self._parts, self._clock, self._began_s = dict(parts), clock, clock()
        self._left = {name: part.work for name, part in parts.items()}
        self._part = next(iter(parts))
        self.done = 0.0

    def begin(self, part: str, better: Mapping[str, Part] = NONE) -> None:
        """All work is for this part from now on, and those before it are over; `better`: what is known by now."""
        self._part, over = part, list(self._left)[: list(self._left).index(part)]
        self._left |= {name: known.work for name, known in better.items()} | dict.fromkeys(over, 0.0)

    def advance(self, plays: float) -> None:
        """So much is done."""
        work = plays * self._parts[self._part].weight
        self.done += work
        self._left[self._part] = max(0.0, self._left[self._part] - work)

    def expect(self, plays: float) -> None:
        """The part that is under way takes so many more at least."""
        work = plays * self._parts[self._part].weight
        self._left[self._part] = max(work, self._left[self._part])

    @property
    def total(self) -> float:
        """All work: what is done, and what is expected."""
        return self.done + sum(self._left.values())

    @property
    def left_s(self) -> float | None:
        """Seconds until the end; None while nothing is done."""
        return (self._clock() - self._began_s) * (self.total - self.done) / self.done if self.done else None


class _Bar:
    """A forecast, and what shows it."""

    def __init__(self, forecast: Forecast, show: Callable[[Forecast], None]) -> None:
        self._forecast, self._show = forecast, show

    def begin(self, part: str, better: Mapping[str, Part]) -> None:
        self._forecast.begin(part, better)
        self._show(self._forecast)

    def expect(self, plays: float) -> None:
        self._forecast.expect(plays)

    def advance(self, plays: float) -> None:
        self._forecast.advance(plays)
        self._show(self._forecast)


_OPEN: Final[ContextVar[_Bar | None]] = ContextVar("progress", default=None)


@contextmanager
def progress(name: str, parts: Mapping[str, Part]) -> Iterator[Advance]:
    """The bar of a command on a terminal, silence elsewhere. Within it, others do their work for it and show none."""
    outer = _OPEN.get()
    if outer is not None:
        outer.expect(sum(part.work for part in parts.values()))
        yield outer.advance
        return
    with _shown(name, parts) as bar:
        token = _OPEN.set(bar)
        try:
            yield bar.advance
        finally:
            _OPEN.reset(token)


def begin_part(name: str, better: Mapping[str, Part] = NONE) -> None:
    """The command goes on with this part; `better`: what parts take, where that is known by now."""
    bar = _OPEN.get()
    if bar is not None:
        bar.begin(name, better)


@contextmanager
def _shown(name: str, parts: Mapping[str, Part]) -> Iterator[_Bar]:
    forecast = Forecast(parts)
    if not sys.stderr.isatty() or forecast.total < 2:
        yield _Bar(forecast, lambda _: None)
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    from failback.scenarios.text.terminal_console import console

    columns = (TextColumn(name), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[left]}"))
    screen = console(stderr=True)
    # auto_refresh is off, as it takes a thread, and processes are forked meanwhile
    with Progress(*columns, console=screen, transient=True, redirect_stderr=False, auto_refresh=False) as bar:
        task, shown_s = bar.add_task("", total=forecast.total, left=""), [0.0]

        def show(now: Forecast) -> None:
            bar.update(task, completed=now.done, total=now.total, left=left_words(now.left_s))
            if time.monotonic() - shown_s[0] >= REFRESH_S:
                shown_s[0] = time.monotonic()
                bar.refresh()

        yield _Bar(forecast, show)


def left_words(left_s: float | None) -> str:
    """The time that is left, for people: to the minute, or to ten seconds in the last ones."""
    if not left_s:
        return ""
    if left_s >= 120:
        return f"about {left_s / 60:.0f} min left"
    return f"about {10 * ceil(left_s / 10)} s left"
