"""One watch: looks, writes down, works out how the night stands; a look that fails is told and tried again."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import inf
from typing import TYPE_CHECKING, Final, Protocol

from failback.reprotect import Phase, Unreachable
from failback.scenarios import interrupts
from failback.scenarios.text.local_time import after

from .ahead import Ahead, ahead, as_plain
from .blockers import by_file
from .checking import Check, check_applications
from .clock import NightClock
from .record import BEGAN, CLOCK, LOOK_FAILED, LOOKED_AGAIN, PLAN_STARTS, PREDICTED
from .recorder import Recorder
from .standing import Standing, Watched, standing

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from failback.adapters import VaultLook
    from failback.reprotect import VmFacts

READS_PER_HOUR: Final = 3000
"""Single reads that a watch of looks every 24 s or more allows itself [inferred].

Azure Resource Manager documents 25 reads per second for each principal since 2024, and 12,000 per hour before.
"""
READS_LEAST: Final = 20
"""Single reads that every look may make."""
PREDICT_EVERY_S: Final = 300.0
"""Seconds between two predictions."""
BACKOFF_MAX_S: Final = 600.0
"""Longest wait after a look that failed."""


def reads_max(every_s: float) -> int:
    """Single reads that one look may make where there is one every so many seconds of the wall."""
    return max(READS_LEAST, int(READS_PER_HOUR * every_s / 3600))


class Looks(Protocol):
    """What a watch looks through."""

    def look(self, reads_max: int) -> "VaultLook":
        """The vault now. Raises `Unreachable`, `NotUnderstood`, `BadSettings`."""
        ...

    def look_on_site(self, names: "Collection[str]") -> "tuple[Mapping[str, VmFacts] | None, str]":
        """The machines on site, and why they could not be seen."""
        ...


@dataclass(slots=True)
class Watch:
    """A night that is being watched. `sleep` and `chance` are the wall's."""

    looks: Looks
    recorder: Recorder
    watched: Watched
    clock: NightClock
    every_s: float
    factor: float = 1.0
    check: Check | None = None
    sleep: Callable[[float], None] = interrupts.sleep
    chance: Callable[[], float] = random.random
    by: datetime | None = None
    predicts: bool = True
    failures: int = 0
    waiting: int = 0
    ahead: Ahead | None = None
    _predicted_s: float = -inf
    _phases: "Mapping[str, Phase]" = field(default_factory=dict)
    _site_told: str = ""

    def begin(self, look: "VaultLook") -> tuple[str, ...]:
        """Take the first look, which was made before the night had a folder."""
        if not self.recorder.record.last_n:
            starts = self.watched.plan.starts_at.isoformat()
            told = {"scenario": self.watched.scenario.name, "world": self.watched.world, PLAN_STARTS: starts}
            self.recorder.note(0.0, BEGAN, told)
        return self._take(look)

    def look(self) -> tuple[str, ...]:
        """Look once; returns a sentence for each change. What goes wrong is told, and counted."""
        from failback.adapters import BadSettings, NotUnderstood

        try:
            look = self.looks.look(reads_max(self.every_s / self.factor))
        except (Unreachable, NotUnderstood, BadSettings) as unseen:
            return self._failed(str(unseen))
        return self._take(look)

    def _take(self, look: "VaultLook") -> tuple[str, ...]:
        t_s, told = self.clock.second(look.at)
        self.recorder.record.looked(t_s)
        self.waiting = look.waiting
        changes = list(self._again(t_s, told))
        vms, why = self.looks.look_on_site(tuple(look.items))
        changes += self._site(t_s, why)
        changes += self.recorder.look(look, t_s, vms)
        if self.check is not None:
            changes += check_applications(self.watched.scenario, self.recorder, t_s, self.check)
        return tuple(changes)

    def _again(self, t_s: float, told: str) -> Iterator[str]:
        if told:
            self.recorder.note(t_s, CLOCK, {"why": told})
            yield told
        if self.recorder.record.lost is not None:
            self.failures = 0
            self.recorder.note(t_s, LOOKED_AGAIN, {"why": "the vault can be seen again"})
            yield "the vault can be seen again"

    def _site(self, t_s: float, why: str) -> Iterator[str]:
        """A vCenter that cannot be seen is told once; the vault is looked at all the same."""
        if why and why != self._site_told:
            self.recorder.note(t_s, CLOCK, {"why": f"the vCenter cannot be seen: {why}"})
            yield f"the vCenter cannot be seen: {why}"
        self._site_told = why

    def _failed(self, why: str) -> tuple[str, ...]:
        self.failures += 1
        lost, now_s = self.recorder.record.lost, self.recorder.record.now_s
        if lost is not None and lost.text == why:
            return ()
        self.recorder.note(now_s, LOOK_FAILED, {"why": why})
        return (f"the vault cannot be seen: {why}",)

    def wait(self) -> None:
        """Until the next look; longer after each look that failed, and not all watchers at once."""
        wait_s = self.every_s / self.factor
        if self.failures:
            wait_s = min(wait_s * 2 ** min(self.failures, 10), max(BACKOFF_MAX_S, wait_s))
            wait_s *= 0.5 + self.chance() / 2
        self.sleep(wait_s)

    def standing(self) -> Standing:
        """How the night stands."""
        record = self.recorder.record
        phases = {name: machine.phase for name, machine in record.machines.items() if machine.phase is not None}
        if phases != self._phases:
            self._phases, self.watched = phases, _judged(self.watched, phases)
        if self.predicts and record.now_s - self._predicted_s >= PREDICT_EVERY_S:
            self._predict()
        stands = standing(self.watched, record, self.recorder.zero, self.waiting)
        return stands if stands.over else replace(stands, ahead=self.ahead)

    def _predict(self) -> None:
        """Anew, from what has really happened; what was said is in the history, so that it can be compared."""
        record, zero = self.recorder.record, self.recorder.zero
        self._predicted_s = record.now_s
        now = after(zero, record.now_s)
        self.ahead = ahead(self.watched.scenario, record, self.watched.plan.starts_at, now, self.by)
        if self.ahead is not None:
            self.recorder.note(record.now_s, PREDICTED, as_plain(self.ahead))


def _judged(watched: Watched, phases: "Mapping[str, Phase]") -> Watched:
    return Watched(watched.scenario, watched.world, watched.plan, by_file(watched.scenario, phases))
