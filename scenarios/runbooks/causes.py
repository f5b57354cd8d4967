"""What stands at the top of a runbook: who does not come home as planned, who may not, why, and what to do."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import by_id
from failback.scenarios.judging.check import CheckFinding, Status
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import LEG_WORDS, machines

from .runbook import Runbook


@dataclass(frozen=True, slots=True)
class Task:
    """One cause among the findings, and the machines that it concerns."""

    rule: str
    title: str
    who: str
    remedy: str
    seen: str
    machines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotHome:
    """One reason for which machines do not come home in the plan as played. `check`: what the check says of it."""

    leg: str
    rule: str
    title: str
    why: str
    check: str
    machines: tuple[str, ...]
    remedy: str
    who: str


def names_words(names: Sequence[str], everybody: Sequence[str]) -> str:
    """Machines for people: that it is all of them, all but some, or their names, numbered neighbours as a range."""
    but = [name for name in everybody if name not in set(names)]
    if len(everybody) > 1 and not but:
        return f"all {len(everybody)}"
    if but and len(names) > 2 * len(but):
        return f"all but {listed(but)}"
    return listed(names)


_TO_KNOW: Final = frozenset({Status.ADVICE, Status.AFTER_RETURN})
"""Findings that stop no machine, and that people act on all the same."""


def tasks(findings: Sequence[CheckFinding], status: Status) -> tuple[Task, ...]:
    """The findings of this status, one for each rule and cause, those of the fewest machines first."""
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    rows = {finding.rule: finding.requirement for finding in findings}
    for finding in findings:
        if finding.status is status and (finding.can_block or status in _TO_KNOW):
            for thing, said in _causes(finding):
                things, names = found.setdefault((finding.rule, said), ([], []))
                things.append(thing)
                names.append(finding.item)
    made = (
        Task(rule, rows[rule].title, rows[rule].who, rows[rule].remedy, _told_of(things, said), _once(names))
        for (rule, said), (things, names) in found.items()
    )
    return tuple(sorted(made, key=lambda task: len(task.machines)))


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _told_of(things: Sequence[str], said: str) -> str:
    """One question about several hosts is one row that names them all."""
    named = listed(_once([thing for thing in things if thing]))
    return f"{named}: {said}" if named else said


def not_home(found: Runbook) -> tuple[NotHome, ...]:
    """Who stops in the simulation, one row for each leg and reason."""
    said = {(f.item, f.rule): f.status for f in found.findings}
    groups: dict[tuple[str, str, str, str, str], list[str]] = {}
    for stop in found.stops:
        why, status = _of_any(stop.message, stop.item), said.get((stop.item, stop.rule))
        key = (LEG_WORDS[stop.operation].name, stop.rule, why, _CHECK[status], stop.who)
        groups.setdefault(key, []).append(stop.item)
    return tuple(
        NotHome(leg, rule, *_row(rule, why), check, tuple(names), _remedy(rule), who)
        for (leg, rule, why, check, who), names in groups.items()
    )


_CHECK: Final = {
    Status.BLOCKS: "blocks",
    Status.UNKNOWN: "unknown: the simulation assumes the worse",
    Status.AFTER_RETURN: "",
    Status.ADVICE: "",
    None: "",
}


def _row(rule: str, why: str) -> tuple[str, str]:
    row = by_id(rule)
    return ("" if row is None else row.title), why


def _remedy(rule: str) -> str:
    row = by_id(rule)
    return "" if row is None else row.remedy


def doubtful(found: Runbook) -> tuple[str, ...]:
    """Machines that come home in the simulation although a rule that can stop them could not be judged."""
    stopped = {stop.item for stop in found.stops}
    unsure = {f.item for f in found.findings if f.status is Status.UNKNOWN and f.can_block}
    return tuple(name for name in found.scenario.estate.virtual_machines if name in unsure - stopped)


def outcome_words(found: Runbook) -> str:
    """Who comes home as planned, in one sentence."""
    total, stopped = len(found.scenario.estate.virtual_machines), len(found.stops)
    if not stopped:
        return f"{machines(total)}: as planned, {'it comes' if total == 1 else 'all come'} home."
    come, do = ("comes" if total - stopped == 1 else "come"), ("does" if stopped == 1 else "do")
    return f"{machines(total)}: as planned, {total - stopped} {come} home and {stopped} {do} not."


def _causes(finding: CheckFinding) -> Iterator[tuple[str, str]]:
    """What is so, and of what each open question is, with "each machine" for the machine itself.

    So machines with one cause stand together, and a question that is asked of each host stands once.
    """
    told = [_of_any(f"{b.name}: {b.sentence}", finding.item) for b in finding.blockers]
    if told:
        yield "", "; ".join(dict.fromkeys(told))
        return
    for gap in finding.gaps:
        thing, colon, fact = _of_any(gap.fact, finding.item).partition(": ")
        yield (thing, f"{fact} ({gap.how})") if colon else ("", f"{thing} ({gap.how})")


def _of_any(words: str, item: str) -> str:
    """The same said of whichever machine it is."""
    if words.startswith(f"{item}:"):
        words = "each machine" + words.removeprefix(item)
    return re.sub(rf"(?<![\w-]){re.escape(item)}(?![\w-])", "this machine", words)
