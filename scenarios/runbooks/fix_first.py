"""What is known before a pilot: faults that somebody fixes first, since no pilot proves them, and open questions."""

from collections.abc import Iterator
from dataclasses import dataclass

from failback.reprotect import OWN_FILE
from failback.scenarios.checks.finding_lines import SENTENCES_MAX
from failback.scenarios.checks.finding_words import found_words, object_words
from failback.scenarios.checks.told import ToldCause
from failback.scenarios.checks.why import worded
from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted

from .pilot_groups import FAULTS
from .runbook import Runbook


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that does not block and is known before: the rule, the object at fault, what was seen, and who acts."""

    rule: str
    title: str
    object: str
    seen: str
    who: str
    machines: tuple[str, ...]


def faults(made: Runbook) -> tuple[Fault, ...]:
    """Those that the check finds of the pilot's machines and of what they come home through."""
    by_status = {status: [told for told in made.told if told.cause.status == status.value] for status in FAULTS}
    return tuple(_fault(told) for several in by_status.values() for told in several)


def fix_first_lines(made: Runbook) -> Iterator[str]:
    """A line for each fault with object, person and command, then one for what nobody knows yet."""
    file = made.file or OWN_FILE
    for one in faults(made):
        yield (
            f"{one.rule} ({one.title}), {one.object}: {one.seen}. Who: {one.who}. Steps: `failback check {file} --rule "
            f"{one.rule}`."
        )
    unknown = (
        one for one in made.told if one.cause.status == Status.UNKNOWN.value and one.can_block and not one.not_yet
    )
    if rules := dict.fromkeys(one.cause.rule for one in unknown):
        yield (
            f"Not known yet: {counted(len(rules), 'rule')} that could stop these machines ({', '.join(rules)}). "
            f"`failback check {file}` says who looks where."
        )


def _fault(told: ToldCause) -> Fault:
    cause = told.cause
    thing = listed(cause.items) if cause.is_the_machines_own else told.link or object_words(cause)
    seen = worded(found_words(told, SENTENCES_MAX)).rstrip(".")
    return Fault(cause.rule, told.requirement.title, thing, seen, told.person, cause.items)
