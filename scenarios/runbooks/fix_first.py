"""What is known before a pilot: faults that somebody fixes first, since no pilot proves them, and open questions.

A server whose state is in doubt belongs to both: every machine that comes home through it hangs on it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from failback.reprotect import (
    OWN_FILE,
    Operation,
    RequestDefaults,
    configuration_server,
    names_in_the_vault,
)
from failback.scenarios.checks.finding_lines import SENTENCES_MAX
from failback.scenarios.checks.finding_words import found_words, object_words
from failback.scenarios.checks.import_tasks import import_tasks, who_clears
from failback.scenarios.checks.told import SERVER_KINDS, ToldCause
from failback.scenarios.checks.why import worded
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted

from .causes import is_a_task
from .pilot_groups import FAULTS
from .runbook import Runbook

_STATE: Final = frozenset({"healthy", "up", "connected", "vcenter_connected", "stopped_services", "load_percent"})
"""Facts of a server that say how it is now, and not how it was set up: the last part of a key."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not block and is known before: the rule, the object at fault, what was seen, and who acts.

    Without a rule: what the import noted of a server.
    """

    rule: str
    title: str
    object: str
    seen: str
    who: str
    machines: tuple[str, ...]
    first: str = ""
    """What has to be settled before anybody acts."""
    noted: str = ""
    """By which name the import noted it."""


def faults(made: Runbook) -> tuple[Fault, ...]:
    """What the import could not settle, which comes before any change; then what the check finds; then open states."""
    by_status = {status: [told for told in made.told if told.cause.status == status.value] for status in FAULTS}
    known = (_fault(told) for several in by_status.values() for told in several)
    return (*_noted(made), *known, *(_doubt(told) for told in made.told if _in_doubt(told)))


def fix_first_lines(made: Runbook) -> Iterator[str]:
    """A line for each fault with object, person and command, then one for what else nobody knows yet."""
    yield from (_line(made, one) for one in faults(made))
    if rules := _not_known(made):
        yield f"{rules}. `failback check {made.file or OWN_FILE}` says who looks where."


def fix_first_named(made: Runbook) -> Iterator[str]:
    """The same for the runbook, without what the boxes under *Before the return* say of it."""
    boxes = _boxes(made)
    for one in (each for each in faults(made) if _key(each) in boxes):
        yield f"{_what(one)}{_settled(one, ': ')}" if one.rule else f"{one.object}: {one.seen}"
    yield from filter(None, (_not_known(made),))


def fix_first_without_box(made: Runbook) -> Iterator[str]:
    """What has no box there."""
    boxes = _boxes(made)
    yield from (_line(made, one) for one in faults(made) if _key(one) not in boxes)


def _line(made: Runbook, one: Fault) -> str:
    steps = f" Steps: `failback check {made.file or OWN_FILE} --rule {one.rule}`." if one.rule else f" {_NOTED}"
    first = f" {one.first[0].upper()}{one.first[1:]}." if one.first else ""
    return f"{_what(one)}: {one.seen}.{_settled(one, ' ')} Who: {one.who}.{first}{steps}"


def _what(one: Fault) -> str:
    return f"{one.rule} ({one.title}), {one.object}" if one.rule else one.object


TO_SETTLE: Final = {
    "T08": "To be settled, not fixed: is it gone from the site? If so, it comes home as a new machine, which the pilot "
    "tries, and this finding stays."
}
"""Rule whose finding stays for good where it is true -> what is settled about it before the pilot."""


def _settled(one: Fault, before: str) -> str:
    words = TO_SETTLE.get(one.rule, "")
    return f"{before}{words[0].lower() if before == ': ' else words[0]}{words[1:]}" if words else ""


def _not_known(made: Runbook) -> str:
    unknown = (one for one in made.told if one.is_open_now and not _in_doubt(one))
    rules = dict.fromkeys(one.cause.rule for one in unknown)
    what = f"{counted(len(rules), 'rule')} that could stop these machines ({', '.join(rules)})"
    return f"Not known yet: {what}" if rules else ""


def _boxes(made: Runbook) -> frozenset[tuple[str, str]]:
    """What has a box: a rule with its object, or what the import noted with the server."""
    rules = {(told.cause.rule, _fault(told).object) for told in made.told if is_a_task(told)}
    return frozenset(rules | {("", name) for task in import_tasks(made.scenario, made.file) for name in task.names})


def _key(one: Fault) -> tuple[str, str]:
    return (one.rule, one.object) if one.rule else ("", one.noted)


_NOTED: Final = "The import noted it (`sources: mismatches`): when it is clear, import again."


def _in_doubt(told: ToldCause) -> bool:
    """Whether nobody knows the state of a server."""
    keys = {fact.key.rpartition(".")[2] for fact in told.facts}
    unknown = told.cause.status == Status.UNKNOWN.value
    return unknown and told.cause.kind in SERVER_KINDS and not keys.isdisjoint(_STATE)


def _fault(told: ToldCause) -> Fault:
    cause = told.cause
    thing = listed(cause.items) if cause.is_the_machines_own else told.link or object_words(cause)
    seen = worded(found_words(told, SENTENCES_MAX)).rstrip(".")
    return Fault(cause.rule, told.requirement.title, thing, seen, told.person, cause.items, told.noted.first)


def _doubt(told: ToldCause) -> Fault:
    one = _fault(told)
    return replace(one, seen=f"state not known: {one.seen}")


def _noted(made: Runbook) -> Iterator[Fault]:
    """What the import could not settle about servers through which these machines come home."""
    used = servers_used(made.scenario)
    called = names_in_the_vault(made.scenario.estate)
    for one in made.report.mismatches:
        for name, shown in zip(one.parts(), one.names, strict=False):
            for server in (each for each in used if name in (each, called.get(each))):
                kind, machines = used[server]
                seen = one.in_short() + shown.removeprefix(name)
                who = who_clears(one)
                yield Fault("", "noted by the import", f"{kind} {server}", seen, who, machines, noted=name)


def servers_used(scenario: Scenario) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Server -> its kind in words, and the machines that the plan sends home through it."""
    defaults, found = RequestDefaults(scenario.estate, scenario.plan), dict[tuple[str, str], list[str]]()
    for name in scenario.estate.virtual_machines:
        choices = defaults.choose(name, Operation.REPROTECT_TO_ON_PREMISES)
        for kind in ("appliance", "master_target", "process_server"):
            found.setdefault((kind.replace("_", " "), getattr(choices, kind) or ""), []).append(name)
        if choices.master_target is not None and (server := configuration_server(scenario.estate, name)) is not None:
            found.setdefault(("configuration server", server.name), []).append(name)
    return {server: (kind, tuple(machines)) for (kind, server), machines in found.items() if server}
