"""Segments: what is drawn of a leg, which is its job, its resync, or a try that came to nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from failback.reprotect import Operation
from failback.reprotect.driver import Leg
from failback.scenarios.run.result import Result


@dataclass(frozen=True, slots=True)
class Segment:
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


def segments(result: Result) -> tuple[Segment, ...]:
    """All of a run, in the order in which the legs began."""
    return tuple(segment for leg in result.legs for segment in _of(leg, result.duration_s))


def by_item(result: Result) -> Mapping[str, tuple[Segment, ...]]:
    """The same per item, items in the result's order; one without legs has none."""
    sorted_out: dict[str, list[Segment]] = {item.name: [] for item in result.items}
    for segment in segments(result):
        sorted_out.setdefault(segment.item, []).append(segment)
    return {name: tuple(found) for name, found in sorted_out.items()}


def _of(leg: Leg, over_s: float) -> Iterator[Segment]:
    end_s = over_s if leg.end_s is None else leg.end_s
    came_to_nothing = leg.outcome in ("failed", "cancelled")
    if leg.job_end_s is None:
        kind = leg.outcome if came_to_nothing else "job"
        yield Segment(leg.item, leg.leg, kind, leg.start_s, end_s, leg.end_s is None)
        return
    yield Segment(leg.item, leg.leg, "job", leg.start_s, leg.job_end_s)
    if leg.end_s is None or leg.end_s > leg.job_end_s:
        kind = leg.outcome if came_to_nothing else "resync"
        yield Segment(leg.item, leg.leg, kind, leg.job_end_s, end_s, leg.end_s is None)
