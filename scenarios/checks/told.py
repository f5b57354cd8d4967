"""What a cause tells a person: object, value found and wanted, remedy, how to verify it, how certain the rule is.

One value for terminal, page, JSON, SARIF and the list of tasks. It costs a second look at the rule for one machine of
each cause, never for each finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.reprotect import (
    FACT_SECTIONS,
    PROOFS,
    Certainty,
    Estate,
    FactRead,
    ObjectKind,
    Operation,
    Proof,
    RemedyTarget,
    RequestDefaults,
    Requirement,
    applies,
    certainty_of,
    facts_read,
    open_facts,
    resolves_itself,
)

from .causes import Cause, Observed, causes
from .check import CheckFinding, Report, Status

_KINDS: Final = {section: ObjectKind(section.removesuffix("s").replace("_", " ")) for section in FACT_SECTIONS}
"""Section of the estate -> what its objects are."""
_NO_PROOF: Final = Proof("", "")
_Place: TypeAlias = tuple[str, str, str]
"""Machine, rule and status."""


@dataclass(frozen=True, slots=True)
class ToldCause:
    """A cause of a check. `facts`: what the rule read of the object at fault, or what nobody knows."""

    cause: Cause
    requirement: Requirement
    operation: Operation
    points: tuple[str, ...]
    can_block: bool
    sure: tuple[str, ...]
    facts: tuple[FactRead, ...]
    hows: tuple[str, ...]
    remedy_targets: tuple[RemedyTarget, ...]
    waits_s: float | None
    """Within how many seconds it resolves itself."""

    @property
    def proof(self) -> Proof:
        """The value that is wanted, and how a person sees that it is so."""
        return PROOFS.get(self.cause.rule, _NO_PROOF)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the estate that answer or correct it, each once: `appliances: healthy`."""
        return tuple(dict.fromkeys(f"{fact.section}: {fact.key}" for fact in self.facts))


def told_causes(report: Report) -> tuple[ToldCause, ...]:
    """All causes of a check, what blocks first."""
    kinds, found = _kinds(report.estate), dict[_Place, CheckFinding]()
    seen = list[Observed]()
    for finding in report.of(*Status):
        found[finding.item, finding.rule, finding.status.value] = finding
        seen.extend(observed(finding, kinds))
    defaults = RequestDefaults(report.estate, report.plan)
    return tuple(_told(report, cause, found, defaults) for cause in causes(seen))


def observed(finding: CheckFinding, kinds: Mapping[str, ObjectKind]) -> Iterator[Observed]:
    """Each object that a finding names, once; what is unknown is about the object that its text begins with."""
    row, status, item = finding.requirement, finding.status.value, finding.item
    said: dict[str, dict[str, None]] = {}
    for blocker in finding.blockers:
        said.setdefault(blocker.name, {})[blocker.sentence] = None
    for name, sentences in said.items():
        yield Observed(row.id, status, _kind_of(name, kinds, row), name, item, "; ".join(sentences))
    if finding.gaps:
        for name, facts in _by_subject(finding, kinds).items():
            yield Observed(row.id, status, _kind_of(name, kinds, row), name, item, "; ".join(facts))


def _by_subject(finding: CheckFinding, kinds: Mapping[str, ObjectKind]) -> Mapping[str, Mapping[str, None]]:
    found: dict[str, dict[str, None]] = {}
    for gap in finding.gaps:
        name, colon, fact = gap.fact.partition(": ")
        subject, text = (name, fact) if colon and name in kinds else (finding.item, gap.fact)
        found.setdefault(subject, {})[text] = None
    return found


def _kinds(estate: Estate) -> Mapping[str, ObjectKind]:
    return {name: kind for section, kind in _KINDS.items() for name in getattr(estate, section)}


def _kind_of(name: str, kinds: Mapping[str, ObjectKind], row: Requirement) -> str:
    """Its own kind; that of the rule where the estate has no part of this name: a retention drive, a group."""
    return kinds.get(name, row.kind_of_object).value


def _told(report: Report, cause: Cause, found: Mapping[_Place, CheckFinding], defaults: RequestDefaults) -> ToldCause:
    findings = [found[item, cause.rule, cause.status] for item in cause.items]
    first = findings[0]
    places = dict.fromkeys(point for points in {f.points: None for f in findings} for point in points)
    return ToldCause(
        cause,
        first.requirement,
        first.points[0].operation,
        tuple(f"{point.operation.value}: {point.stage.value}" for point in places),
        any(finding.can_block for finding in findings),
        _sure(report.estate, cause, first.requirement),
        tuple(_facts(report, cause, first, defaults)),
        tuple(dict.fromkeys(gap.how for finding in findings for gap in finding.gaps)),
        tuple({f.remedy_target: None for f in findings if f.remedy_target is not None}),
        first.requirement.waits_s if all(resolves_itself(f.requirement, f.blockers) for f in findings) else None,
    )


def _sure(estate: Estate, cause: Cause, row: Requirement) -> tuple[str, ...]:
    """On what the rule rests; for each architecture where they differ."""
    found = dict.fromkeys(estate.virtual_machines[item].architecture for item in cause.items)
    words = {architecture.value: certainty_of(applies(row, architecture)).value for architecture in found}
    if len(set(words.values())) == 1:
        return tuple(dict.fromkeys(words.values()))
    return tuple(f"{name}: {word}" for name, word in words.items())


def _facts(report: Report, cause: Cause, finding: CheckFinding, defaults: RequestDefaults) -> Iterator[FactRead]:
    """Of the object at fault; a rule of which nobody knows whether it applies has no fact that would answer it."""
    item, row = finding.item, finding.requirement
    if certainty_of(applies(row, report.estate.virtual_machines[item].architecture)) is Certainty.OPEN:
        return
    choices = defaults.choose(item, finding.points[0].operation)
    read = facts_read(row.predicate, report.estate, item, choices)
    if finding.status is Status.UNKNOWN:
        yield from open_facts(read)
        return
    name = cause.observed[0].object
    yield from (fact for fact in read if fact.name == name and fact.value not in ((), None))
