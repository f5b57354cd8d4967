"""What stands at the top of a runbook: who does not come home as planned, who may not, why, and what to do."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import ALSO, StepTime, by_id, is_before_check, step_times
from failback.scenarios.checks.finding_lines import SENTENCES_MAX
from failback.scenarios.checks.finding_words import found_words, how_to_find_out, object_words, what_to_do
from failback.scenarios.checks.told import ToldCause
from failback.scenarios.checks.why import worded
from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import LEG_WORDS, machines

from .planned_requests import PlannedStop
from .runbook import Runbook


@dataclass(frozen=True, slots=True)
class Task:
    """One cause among the findings, and the machines that it concerns. `steps` and `careful`: as the check says."""

    rule: str
    title: str
    who: str
    steps: tuple[str, ...]
    careful: str
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
    steps: tuple[str, ...]
    who: str


def names_words(names: Sequence[str], everybody: Sequence[str]) -> str:
    """Machines for people: that it is all of them, all but some, or their names, numbered neighbours as a range."""
    but = [name for name in everybody if name not in set(names)]
    if len(everybody) > 1 and not but:
        return f"all {len(everybody)}"
    if but and len(names) > 2 * len(but):
        return f"all but {listed(but)}"
    return listed(names)


_TO_KNOW: Final = frozenset({Status.ADVICE, Status.BEFORE_RETURN, Status.AFTER_RETURN})
"""Findings that stop no machine, and that people act on all the same."""


def tasks(found: Runbook, status: Status) -> tuple[Task, ...]:
    """The causes of this status that the check tells, those of the fewest machines first.

    Of what is done before the return, without the steps that can only be done later: their boxes stand there.
    """
    times = frozenset({StepTime.BEFORE}) if status.value in _EARLY else frozenset(StepTime)
    made = [_task(told, times) for told in found.told if told.cause.status == status.value and is_a_task(told)]
    return tuple(sorted(made, key=lambda task: len(task.machines)))


def later_tasks(found: Runbook, times: Collection[StepTime], items: Collection[str] | None = None) -> tuple[Task, ...]:
    """Of the causes that stand before the return, the steps of these times; `items`: of these machines alone."""
    early = [told for told in found.told if told.cause.status in _EARLY and is_a_task(told)]
    mine = [told for told in early if items is None or not set(items).isdisjoint(told.cause.items)]
    return tuple(task for task in (_task(told, times) for told in mine) if task.steps)


_EARLY: Final = frozenset({Status.BLOCKS.value, Status.BEFORE_RETURN.value, Status.ADVICE.value})


def _at(steps: Sequence[str], times: Collection[StepTime]) -> tuple[str, ...]:
    """The steps of these times, with the numbers of the check; who else a step is done for stands with each part."""
    numbered = zip(numbered_steps(steps), steps, step_times(steps), strict=True)
    found = [(words, step) for words, step, time in numbered if time in times or step.startswith(ALSO)]
    if all(step.startswith(ALSO) for _, step in found):
        return ()
    places = dict.fromkeys(_PLACES[time] for time in step_times(steps) if time not in times)
    more = (_LATER.format(places=", ".join(places)),) if StepTime.BEFORE in times and places else ()
    return (*(words for words, _ in found), *more)


_LATER: Final = "(The later steps stand where they are done: {places}.)"
_PLACES: Final = {
    StepTime.BEFORE: "Before the return",
    StepTime.ON_SITE: "after the Failback",
    StepTime.COMMIT: "before the Commit",
    StepTime.AFTER: "After the return",
}


def is_a_task(told: ToldCause) -> bool:
    """Whether it has a row in a table of causes."""
    return not told.not_yet and (told.can_block or Status(told.cause.status) in _TO_KNOW)


def asked_for_work(found: Runbook) -> tuple[Task, ...]:
    """What nobody knows and what decides whether machines need work on site before they are checked."""
    return tuple(_task(told) for told in found.told if decides_work(told))


def decides_work(told: ToldCause) -> bool:
    """Whether it does not block, and the answer says whether there is work between failback and check."""
    unknown = told.cause.status == Status.UNKNOWN.value
    return unknown and not told.can_block and not told.not_yet and is_before_check(told.cause.rule)


def without_box(found: Runbook) -> tuple[str, ...]:
    """Rules with findings that block nothing and have no box: advice of which nobody knows whether it is followed."""
    left = (
        each for each in found.told if not (is_a_task(each) or decides_work(each) or (each.not_yet and each.can_block))
    )
    return tuple(dict.fromkeys(each.cause.rule for each in left))


def known_later(found: Runbook) -> tuple[Task, ...]:
    """What can be known only after the reprotect, and could block a machine then."""
    return tuple(_task(told) for told in found.told if told.not_yet and told.can_block)


def _task(told: ToldCause, times: Collection[StepTime] = frozenset(StepTime)) -> Task:
    cause, unknown = told.cause, told.cause.status == Status.UNKNOWN.value
    careful = "" if unknown else told.careful
    steps = how_to_find_out(told) if unknown else what_to_do(told)  # where answers are written stands above the table
    title, seen = told.requirement.title, seen_words(told)
    shown = _at(steps, times)
    return Task(cause.rule, title, _who(told.person, shown), shown, careful, seen, cause.items)


_FOR_STEPS: Final = re.compile(r"^(.+) for steps? ([\d, ]+(?: and \d+)?)$")


def _who(person: str, shown: Sequence[str]) -> str:
    """Who acts in the steps that stand here; the others are named where theirs stand."""
    here = [number[1] for step in shown if (number := re.match(r"(\d+)\. ", step))]
    parts = [(part, _FOR_STEPS.match(part)) for part in person.split("; ")]
    kept = [(part, found and [n for n in re.findall(r"\d+", found[2]) if n in here]) for part, found in parts]
    if not here or not any(numbers for _, numbers in kept):
        return person
    return "; ".join(_only(part, numbers) for part, numbers in kept if numbers is None or numbers)


def _only(part: str, numbers: Sequence[str] | None) -> str:
    if numbers is None:
        return part
    last = f"{', '.join(numbers[:-1])} and {numbers[-1]}" if numbers[1:] else numbers[0]
    return f"{part.rpartition(' for step')[0]} for step{'s' if numbers[1:] else ''} {last}"


def seen_words(told: ToldCause) -> str:
    """What was found or is not known, with the object at fault where that is not the machine itself."""
    thing = "" if told.cause.is_the_machines_own else f"{told.link or object_words(told.cause)}: "
    return f"{thing}{worded(found_words(told, SENTENCES_MAX))}"


def numbered_steps(steps: Sequence[str]) -> tuple[str, ...]:
    """Each with its number, where there are several."""
    return tuple(steps) if len(steps) == 1 else tuple(f"{n}. {step}" for n, step in enumerate(steps, 1))


def not_coming(found: Runbook) -> tuple[str, ...]:
    """Machines that stop before their failback, and so stay in Azure."""
    return tuple(stop.item for stop in found.stops if stop.item not in found.downs)


def not_home(found: Runbook) -> tuple[NotHome, ...]:
    """Who stops in the simulation, one row for each leg and reason."""
    said = {(f.item, f.rule): f.status for f in found.findings}
    groups: dict[tuple[str, str, str, str, tuple[str, ...], str], list[str]] = {}
    for stop in found.stops:
        why, status = _of_any(stop.message, stop.item), said.get((stop.item, stop.rule))
        steps, who = _what_to_do(found, stop)
        key = (LEG_WORDS[stop.operation].name, stop.rule, why, _CHECK[status], steps, who)
        groups.setdefault(key, []).append(stop.item)
    return tuple(
        NotHome(leg, rule, *_row(rule, why), check, tuple(names), steps, who)
        for (leg, rule, why, check, steps, who), names in groups.items()
    )


def told_of(found: Runbook, stop: PlannedStop) -> ToldCause | None:
    """What the check tells of the finding that stops this machine."""
    of_rule = (told for told in found.told if told.cause.rule == stop.rule and stop.item in told.cause.items)
    return next((told for told in of_rule if told.cause.status == Status.BLOCKS.value), None)


def _what_to_do(found: Runbook, stop: PlannedStop) -> tuple[tuple[str, ...], str]:
    """As the check says for this machine, and who does it; else what the rule says of any."""
    if told := told_of(found, stop):
        return (*filter(None, [told.noted.first]), *numbered_steps(what_to_do(told))), told.person
    row = by_id(stop.rule)
    return ((row.remedy,) if row is not None and row.remedy else ()), stop.who


_CHECK: Final = {
    Status.BLOCKS: "blocks",
    Status.UNKNOWN: "unknown: the simulation assumes the worse",
    Status.BEFORE_RETURN: "",
    Status.AFTER_RETURN: "",
    Status.ADVICE: "",
    None: "",
}


def _row(rule: str, why: str) -> tuple[str, str]:
    """Its title, and why without the remedy, which has a place of its own."""
    row = by_id(rule)
    if row is None:
        return "", why
    return row.title, why.removesuffix(row.remedy).rstrip(" .") if row.remedy else why


def doubtful(found: Runbook) -> tuple[str, ...]:
    """Machines that come home in the simulation although a rule that can stop them could not be judged."""
    stopped = {stop.item for stop in found.stops}
    unsure = {f.item for f in found.findings if f.status is Status.UNKNOWN and f.can_block and not f.not_yet}
    return tuple(name for name in found.scenario.estate.virtual_machines if name in unsure - stopped)


def outcome_words(found: Runbook) -> str:
    """Who comes home as planned, in one sentence."""
    total, stopped = len(found.scenario.estate.virtual_machines), len(found.stops)
    if not stopped:
        return f"{machines(total)}: as planned, {'it comes' if total == 1 else 'all come'} home."
    come, do = ("comes" if total - stopped == 1 else "come"), ("does" if stopped == 1 else "do")
    return f"{machines(total)}: as planned, {total - stopped} {come} home and {stopped} {do} not."


def _of_any(words: str, item: str) -> str:
    """The same said of whichever machine it is."""
    if words.startswith(f"{item}:"):
        words = "each machine" + words.removeprefix(item)
    return re.sub(rf"(?<![\w-]){re.escape(item)}(?![\w-])", "this machine", words)
