"""Stretches: what is drawn of a leg, which is its job, its resync, or a try that came to nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from failback.reprotect import Operation
from failback.reprotect.driver import Leg
from failback.scenarios.run.result import Result


@dataclass(frozen=True, slots=True)
class Stretch:
    """One bar. `kind` is job, resync, failed or cancelled; `is_open`: still under way when the run ended."""

    item: str
    leg: Operation
    kind: str
    start_s: float
    end_s: float
    is_open: bool = False

    @property
    def length_s(self) -> float:
        """Its length in virtual seconds."""
        return self.end_s - self.start_s


def stretches(result: Result) -> tuple[Stretch, ...]:
    """All of a run, in the order in which the legs began."""
    return tuple(stretch for leg in result.legs for stretch in _of(leg, result.duration_s))


def by_item(result: Result) -> Mapping[str, tuple[Stretch, ...]]:
    """The same per item, items in the result's order; one without legs has none."""
    sorted_out: dict[str, list[Stretch]] = {item.name: [] for item in result.items}
    for stretch in stretches(result):
        sorted_out.setdefault(stretch.item, []).append(stretch)
    return {name: tuple(found) for name, found in sorted_out.items()}


def _of(leg: Leg, over_s: float) -> Iterator[Stretch]:
    end_s = over_s if leg.end_s is None else leg.end_s
    came_to_nothing = leg.outcome in ("failed", "cancelled")
    if leg.job_end_s is None:
        kind = leg.outcome if came_to_nothing else "job"
        yield Stretch(leg.item, leg.leg, kind, leg.start_s, end_s, leg.end_s is None)
        return
    yield Stretch(leg.item, leg.leg, "job", leg.start_s, leg.job_end_s)
    if leg.end_s is None or leg.end_s > leg.job_end_s:
        kind = leg.outcome if came_to_nothing else "resync"
        yield Stretch(leg.item, leg.leg, kind, leg.job_end_s, end_s, leg.end_s is None)
