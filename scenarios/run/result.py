"""The result of a run: what ended how, as the stable `result.json`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from failback.reprotect.driver import Leg
from failback.scenarios.judging.judged import JudgedAlike

from .evidence import Evidence


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that bit. `status` is stopped, mended (a later try worked) or noticed.

    `applied` is what failback did about it by itself: deleted all snapshots of mt-01. Empty where it did nothing.
    """

    rule: str
    object: str
    item: str
    stage: str
    status: str
    message: str
    remedy: str
    at_s: float
    times: int = 1
    applied: str = ""


@dataclass(frozen=True, slots=True)
class ItemResult:
    """How one item ended. `stopped_by` is a rule id or a reason, `who` must act; both empty when it is home."""

    name: str
    architecture: str
    phase: str
    stopped_by: str = ""
    message: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """All of it. Times are virtual seconds since the start."""

    label: str
    scenario: str
    title: str
    world: str
    seed: int
    verdict: str
    duration_s: float
    starts_at: str
    items: tuple[ItemResult, ...]
    legs: tuple[Leg, ...]
    findings: tuple[Finding, ...]
    checkers: Mapping[str, tuple[str, ...]]
    surprises: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What whoever reads the result must know of how it came about; empty for a run that came to its end."""
    judged: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """For each rule that was asked before the run: how many machines met it, broke it, and so on."""
    judged_alike: tuple[JudgedAlike, ...] = ()
    """Machines of which as many rules said each thing; of each machine the counts add up to all rules."""
    not_exercised: tuple[str, ...] = ()
    """Checkers that found nothing because nothing happened that could have broken their rule."""
    passed_over: tuple[str, ...] = ()
    """The servers that were passed over where the plan names none, and why, in sentences."""
    judged_machines: Mapping[str, str] = field(default_factory=dict, compare=False)
    """For each machine a letter for each rule (see `judging.judged`); not written to the file, which stays small."""
    evidence: Evidence | None = None
    """The estate, the targets, the answers at gates and the faults; None where nobody kept them."""
    file: str = field(default="", compare=False)
    """The path of the scenario that was played; empty for one of the library, or one that was made in Python."""
    estate_file: str = field(default="", compare=False)
    """The path of the file in which its estate stands, which may be the same."""
    time_zone: str | None = None
    """The name of the time zone in which dates are shown; None: the UTC offset of `starts_at`."""

    def as_json(self) -> dict[str, Any]:
        """Return the contents of result.json. `items` maps names to final phases; `item_details` has their details."""
        return {
            "label": self.label,
            "scenario": self.scenario,
            **({"file": self.file, "estate_file": self.estate_file} if self.file else {}),
            "title": self.title,
            "starts_at": self.starts_at,
            **({"time_zone": self.time_zone} if self.time_zone else {}),
            "world": self.world,
            "seed": self.seed,
            "verdict": self.verdict,
            "duration_s": round(self.duration_s, 6),
            "items": {item.name: item.phase for item in self.items},
            "item_details": [_plain(item) for item in self.items],
            "legs": [_leg(leg) for leg in self.legs],
            "findings": [_plain(finding) for finding in self.findings],
            "checkers": {name: list(violations) for name, violations in self.checkers.items()},
            "surprises": list(self.surprises),
            "versions": dict(self.versions),
            **({"judged": {rule: dict(answers) for rule, answers in self.judged.items()}} if self.judged else {}),
            **({"judged_alike": [asdict(each) for each in self.judged_alike]} if self.judged_alike else {}),
            **({"not_exercised": list(self.not_exercised)} if self.not_exercised else {}),
            **({"passed_over": list(self.passed_over)} if self.passed_over else {}),
            **({"notes": list(self.notes)} if self.notes else {}),
            **({"evidence": self.evidence.as_json()} if self.evidence else {}),
        }


def _plain(part: ItemResult | Finding) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__slots__}


def _leg(leg: Leg) -> dict[str, Any]:
    return {
        "item": leg.item,
        "leg": leg.leg.value,
        "start_s": leg.start_s,
        "job_end_s": leg.job_end_s,
        "end_s": leg.end_s,
        "outcome": leg.outcome,
    }
