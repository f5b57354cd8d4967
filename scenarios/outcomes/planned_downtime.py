"""How long machines and applications are down as planned: in the middle of the runs, and in 90 % of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import Scenario
from failback.scenarios.text.plain_words import by_the_clock, h_min

from .application_downtime import Span, application_downtime
from .bands import band
from .planned_runs import middle_spans


@dataclass(frozen=True, slots=True)
class PlannedDown:
    """Seconds after the start of the way home; `least_s`, `most_s`: how long it lasts in 90 % of the runs."""

    begins_s: float
    ends_s: float
    least_s: float
    most_s: float

    def lasts_s(self, start: datetime) -> float:
        """From begin to end, as the times beside it show it."""
        return by_the_clock(start, self.begins_s, self.ends_s)

    def lasts_words(self, start: datetime) -> tuple[str, str]:
        """How long, and the band around it."""
        return lasts_words(self.lasts_s(start), self.least_s, self.most_s)


def lasts_words(middle_s: float, least_s: float, most_s: float) -> tuple[str, str]:
    """A downtime in the middle of the runs, and in 90 % of them; that is empty where they do not differ."""
    middle, least, most = map(h_min, (middle_s, min(least_s, middle_s), max(most_s, middle_s)))
    return middle, "" if least == most else f"{least} to {most}"


def planned_down(spans: Sequence[Span]) -> PlannedDown:
    """Of the span of each run, one at least."""
    begins, ends = zip(*spans, strict=True)
    return PlannedDown(median(begins), median(ends), *band([ends_s - begins_s for begins_s, ends_s in spans]))


def application_downs(
    scenario: Scenario, one: Application, runs: Sequence[Mapping[str, Span]], waves: Mapping[str, str]
) -> Mapping[str, PlannedDown]:
    """Wave -> from its first machine there until its last has been checked, counted in each run.

    It begins with the first of its machines as planned, and does not end before one of them. `runs`: in each, machine
    -> its span; `waves`: machine -> its wave.
    """
    by_run = [application_downtime(scenario, one, run, waves).by_wave for run in runs]
    found: dict[str, PlannedDown] = {}
    for wave, (begins_s, ends_s) in application_downtime(scenario, one, middle_spans(runs), waves).by_wave.items():
        whole = planned_down([spans[wave] for spans in by_run if wave in spans])
        found[wave] = replace(whole, begins_s=begins_s, ends_s=max(ends_s, whole.ends_s))
    return found
