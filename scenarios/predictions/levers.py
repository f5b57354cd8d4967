"""What moves the end most: each assumption and each purchase alone, from a low to a high value, with the same luck."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from statistics import fmean
from typing import Final, TypeAlias

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.study.variants import Value, key_named
from failback.scenarios.text.language import wording

from .assumptions import SLOW_LINE, is_calibrated
from .purchase import Purchase

Values: TypeAlias = Mapping[str, Value]
Known: TypeAlias = Mapping[tuple[tuple[str, Value], ...], Sequence[Answer]]
"""Runs of the expected case by what was set otherwise in it."""
SCAN_SPAN, JOBS_SPAN = 2.0, 2.0
"""By what the rate of the scan and the durations of jobs are divided and multiplied [inferred]."""
MIB_S: Final = "MiB/s"


_WORDS: Final = {
    "blocks that differ": wording("blocks that differ"),
    "reading of the disks": wording("scan rate"),
    "durations of jobs": wording("job durations"),
    "network line": wording("bandwidth"),
    "appliances": wording("number of appliances"),
    "master targets": wording("number of master targets"),
    "process servers": wording("number of process servers"),
    "people": wording("people in each shift"),
}


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that may be otherwise, at its two ends; an end that sets nothing is the scenario as it is."""

    name: str
    low: Values
    high: Values
    low_words: str
    high_words: str

    @property
    def words(self) -> str:
        """Its name on pages; `name` is the one in files."""
        return _WORDS.get(self.name, self.name)


@dataclass(frozen=True, slots=True)
class LeverEffect:
    """What became of it: hours until all are home, the mean of the runs; infinite where somebody never was."""

    lever: Lever
    low_h: float
    base_h: float
    high_h: float

    @property
    def width_h(self) -> float:
        """How far the ends lie apart."""
        found = (self.low_h, self.base_h, self.high_h)
        return max(found) - min(found) if max(found) < inf else inf


def levers(scenario: Scenario, offers: Sequence[Purchase]) -> tuple[Lever, ...]:
    """Those of this scenario. What was calibrated is known, and stays."""
    return (*_unknown(scenario), _line(scenario), *_servers(scenario, offers))


def key_of(values: Values) -> tuple[tuple[str, Value], ...]:
    """What was set, as a key."""
    return tuple(sorted(values.items()))


def missing(found: Sequence[Lever], known: Known) -> list[Values]:
    """Ends that nobody has played yet."""
    ends = [end for lever in found for end in (lever.low, lever.high)]
    return [end for end in ends if key_of(end) not in known]


def moved(found: Sequence[Lever], known: Known, runs: int) -> tuple[LeverEffect, ...]:
    """How far each moves the end, in the first `runs` runs; the widest first."""
    base_h = _mean_h(known[()], runs)
    rows = (
        LeverEffect(lever, _mean_h(known[key_of(lever.low)], runs), base_h, _mean_h(known[key_of(lever.high)], runs))
        for lever in found
    )
    return tuple(sorted(rows, key=lambda row: -row.width_h))


def _unknown(scenario: Scenario) -> Iterator[Lever]:
    """What nobody knows who has not measured it."""
    if not is_calibrated(scenario):
        yield Lever(
            "blocks that differ", {"changed_fraction": 0.0}, {"changed_fraction": 1.0}, wording("none"), wording("all")
        )
    if scenario.calibration is not None:
        return
    scan = scenario.site.scan_mib_per_s
    low, high = scan / SCAN_SPAN, scan * SCAN_SPAN
    words = f"{low:g} {MIB_S}", f"{high:g} {MIB_S}"
    yield Lever("reading of the disks", {"scan_mib_per_s": low}, {"scan_mib_per_s": high}, *words)
    jobs = {"duration_factor": 1 / JOBS_SPAN}, {"duration_factor": JOBS_SPAN}
    yield Lever("durations of jobs", *jobs, wording("half"), wording("twice"))


def _line(scenario: Scenario) -> Lever:
    now = scenario.estate.link.bandwidth_mbit_per_s
    low, high = now * SLOW_LINE, now * 2
    return Lever("network line", {"bandwidth": low}, {"bandwidth": high}, f"{low:g} Mbit/s", f"{high:g} Mbit/s")


def _servers(scenario: Scenario, offers: Sequence[Purchase]) -> Iterator[Lever]:
    """From what there is to what could be bought."""
    for offer in offers:
        if offer.name != "bandwidth":
            now, more = key_named(offer.name).now(scenario), offer.values[offer.name]
            yield Lever(offer.name.replace("_", " "), {}, offer.values, f"{now}", f"{more}")


def _mean_h(answers: Sequence[Answer], runs: int) -> float:
    return fmean([inf if answer.home_s is None else answer.home_s / 3600 for answer in answers[:runs]])
