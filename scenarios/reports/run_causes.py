"""What a run found, grouped by cause as a check groups it: for the terminal, the page and JUnit alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from failback.reprotect import (
    OWN_FILE,
    PROOFS,
    STEPS,
    ObjectKind,
    Proof,
    Requirement,
    by_code,
    by_id,
    filled,
    filled_for_all,
    object_name,
    person_of,
    steps_for_all,
    with_helpers,
)
from failback.scenarios.checks.causes import Cause, Observed, causes
from failback.scenarios.run.result import Finding, Result
from failback.scenarios.text.name_lists import listed, others_named

_NO_PROOF: Final = Proof("", "")


@dataclass(frozen=True, slots=True)
class RunCause:
    """A cause with its findings; `row` is the rule that was broken, if the reason is one or the message names one."""

    cause: Cause
    findings: tuple[Finding, ...]
    row: Requirement | None
    who: str
    file: str = ""
    estate_file: str = ""
    """The files of the run's scenario, where it was loaded from one."""

    @property
    def first(self) -> Finding:
        """The finding that came first."""
        return min(self.findings, key=lambda finding: finding.at_s)

    @property
    def times(self) -> int:
        """How often it was found."""
        return sum(finding.times for finding in self.findings)

    @property
    def proof(self) -> Proof:
        """The value that is wanted, and how a person sees that it is so."""
        proof = PROOFS.get(self.row.id, _NO_PROOF) if self.row else _NO_PROOF
        return Proof(self._here(filled(proof.wanted, self._names)), self._filled(proof.seen_by))

    @property
    def steps(self) -> tuple[str, ...]:
        """Where somebody clicks, or what they type, to do it; the remedy that was recorded where no rule has steps."""
        steps, cause = STEPS.get(self.row.id, ()) if self.row else (), self.cause
        told = steps_for_all(steps, self._names, machines=cause.items, objects=cause.objects, words=others_named)
        return tuple(map(self._here, told)) or (self.first.remedy or "none known",)

    @property
    def person(self) -> str:
        """Who acts, and in which step."""
        person = person_of(self.who, self.cause.kind, self.cause.items, {})
        return with_helpers(person, self.steps) if self.row else person

    def _filled(self, text: str) -> str:
        cause = self.cause
        told = filled_for_all(text, self._names, machines=cause.items, objects=cause.objects, words=others_named)
        return self._here(told)

    def _here(self, text: str) -> str:
        return text.replace(OWN_FILE, self.file or OWN_FILE)

    @property
    def _names(self) -> Mapping[str, str]:
        """Those that the first finding gives: a result has no estate."""
        first, kind = self.cause.observed[0], self.cause.kind.replace(" ", "_")
        thing = object_name(self.row, first.item, first.object) if self.row else first.object
        own = {"machine": first.item, "object": thing, kind: first.object, "estate_file": self.estate_file}
        return {**own, **_people(self.cause.items)}

    @property
    def objects(self) -> str:
        """The objects at fault with their kind; empty where each machine is itself at fault."""
        return "" if self.cause.is_the_machines_own else f"{self.cause.kind} {listed(self.cause.objects)}"

    @property
    def items(self) -> str:
        """All machines, numbered neighbours as ranges."""
        return listed(self.cause.items)

    @property
    def applied(self) -> Finding | None:
        """A finding about which failback did something by itself."""
        return next((finding for finding in self.findings if finding.applied), None)


def _people(items: Sequence[str]) -> Mapping[str, str]:
    """What texts call the machines of a cause and their owners."""
    every, several = listed(items), len(items) > 1
    owners = f"the owner{'s' if several else ''} of {every}"
    members = {"members": every, "each_member": f"each of {every}" if several else every}
    return {"one_machine": items[0], "owner": f"the owner of {items[0]}", "owners": owners, **members}


def run_causes(result: Result) -> tuple[RunCause, ...]:
    """All causes of a run, what stopped machines first."""
    who = {item.name: item.who for item in result.items}
    by_observed: dict[Observed, list[Finding]] = {}
    for finding in result.findings:
        by_observed.setdefault(_observed(finding), []).append(finding)
    made = (_run_cause(cause, by_observed, who) for cause in causes(by_observed))
    return tuple(replace(each, file=result.file, estate_file=result.estate_file) for each in made)


def _run_cause(cause: Cause, by_observed: dict[Observed, list[Finding]], who: dict[str, str]) -> RunCause:
    findings = tuple(finding for each in cause.observed for finding in by_observed[each])
    row = _row(findings[0])
    return RunCause(cause, findings, row, row.who if row else who.get(findings[0].item, ""))


def _observed(finding: Finding) -> Observed:
    row, own = _row(finding), finding.object == finding.item
    kind = ObjectKind.VIRTUAL_MACHINE if own or row is None else row.kind_of_object
    return Observed(finding.rule, finding.status, kind.value, finding.object, finding.item, finding.message)


def _row(finding: Finding) -> Requirement | None:
    """The rule; for a reason that is none (gave_up), the one whose code the message shows."""
    words = (word.strip(":;,.") for word in finding.message.split())
    return by_id(finding.rule) or next((row for word in words if (row := by_code(word)) is not None), None)


def _numbered(steps: Sequence[str]) -> Iterator[str]:
    """One step a line, as a check shows them."""
    if len(steps) == 1:
        yield f"do: {steps[0]}"
        return
    yield from (f"{'do: ' if n == 1 else '    '}{n}. {step}" for n, step in enumerate(steps, 1))


def cause_lines(each: RunCause) -> Sequence[str]:
    """What was found, who does what, and what proves it: for the terminal and for JUnit."""
    return tuple(_cause_lines(each))


def _cause_lines(each: RunCause) -> Iterator[str]:
    if each.row is not None:
        yield f"rule: {each.row.title}"
    yield f"found: {each.first.message}"
    if each.proof.wanted:
        yield f"wanted: {each.proof.wanted}"
    if each.person:
        yield f"who: {each.person}"
    yield from _numbered(each.steps)
    if each.proof.seen_by:
        yield f"proof: {each.proof.seen_by}"
