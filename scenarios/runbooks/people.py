"""Who is needed: a row for each person whom a step, box or sheet names, with what it is for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect import AZURE, NETWORK, PERSONS
from failback.scenarios.checks.import_tasks import import_tasks
from failback.scenarios.files.applications import owners_of
from failback.scenarios.judging.check import Status
from failback.scenarios.outcomes.work_on_site import work_before_check

from .causes import asked_for_work, known_later, not_home, tasks
from .leg_rules import leg_rules
from .on_site import all_acts, how_to, of_records_later, open_work, preparations, prepared_before
from .runbook import Runbook
from .told_in_plan import stay_in_azure

_OF_THE_VAULT: Final = "owner of the vault"
INSIDE: Final = "administrator of "
"""How the role inside of a machine begins."""
PEOPLE_HEADS: Final = ("role", "acts on", "name", "telephone")
_INSIDE: Final = re.compile(rf"(?<!local ){INSIDE}")
_ROLES: Final = {role: re.compile(rf"\b{re.escape(role)}\b") for role in (*PERSONS, _OF_THE_VAULT)}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """`role`, and `acts_on`: for what. Names and numbers that no file tells are written in by hand."""

    role: str
    acts_on: str
    name: str = ""
    phone: str = ""


def lead_and_owners(found: Runbook) -> Iterator[PersonRow]:
    """Who leads, and the owner of each application."""
    yield PersonRow("leads the return and decides go or no-go", "every wave")
    for one in found.applications:
        name = one.name or "machines without a tier"
        yield PersonRow(f"owner of {name}", "agrees to downtime and commit", one.owner, one.phone)


def people(found: Runbook) -> tuple[PersonRow, ...]:
    """Roles of the company, then the administrators of the machines, a row an application."""
    rules: dict[str, dict[str, None]] = {role: {} for role in _ROLES}
    for rule, text in _texts(found):
        for role, name in _ROLES.items():
            if name.search(text):
                rules[role][rule] = None
    always = {AZURE: "each step in the portal", NETWORK: "addresses"}
    rows = ((role, "; ".join(filter(None, (always.get(role), _rules(ids))))) for role, ids in rules.items())
    return (*(PersonRow(PERSONS.get(role, role), words) for role, words in rows if words), *_administrators(found))


def _rules(ids: Iterable[str]) -> str:
    named = list(filter(None, ids))
    return ", ".join(named) if named else "what the import could not settle" if list(ids) else ""


def _texts(found: Runbook) -> Iterator[tuple[str, str]]:
    """The rule, and each text that may name a person; without a rule for what the import notes."""
    for task in import_tasks(found.scenario, found.file):
        yield "", " ".join((task.who, *task.steps))
    for row in (
        *(each for status in Status for each in tasks(found, status)),
        *asked_for_work(found),
        *known_later(found),
    ):
        yield row.rule, " ".join((row.who, *row.steps))
    for stop in not_home(found):
        yield stop.rule, " ".join((stop.who, *stop.steps))
    yield from ((act.rule.id, act.who) for act in all_acts(found))
    for rules in leg_rules(found):
        yield from ((box.rule.id, f"{box.who} {box.look}") for box in (*rules.boxes, *rules.after))
    unsure = [each for section in found.sections for each in open_work(found, section)]
    early = (how for how, _ in prepared_before(found))
    for how in (*preparations(found), *of_records_later(found), *early, *how_to(found, all_acts(found), unsure)):
        yield how.rule, " ".join((how.who, *how.steps))


def _administrators(found: Runbook) -> Iterator[PersonRow]:
    """Those of the machines that need work inside: by application, whose owner knows whom to ask."""
    needed = _work_inside(found)
    owners = owners_of(found.scenario.applications)
    for machines in found.applications.values():
        mine = [vm.name for vm in machines if vm.name in needed]
        if mine:
            rules = dict.fromkeys(rule for name in mine for rule in needed[name])
            knows = f"; the {owners[mine[0]]} knows who that is" if mine[0] in owners else ""
            yield PersonRow(f"{INSIDE}{', '.join(mine)}", f"{', '.join(rules)}{knows}")


def _work_inside(found: Runbook) -> Mapping[str, Mapping[str, None]]:
    """Machine -> the rules for which its administrator is needed."""
    work = [(name, told.cause.rule) for told in found.told if _INSIDE.search(told.person) for name in told.cause.items]
    work += [(act.machine, act.rule.id) for act in all_acts(found) if not act.of_record]
    rules, away = work_before_check(found.scenario.estate), stay_in_azure(found.stops)
    work += [(name, row.id) for row, names in rules.items() for name in names if name not in away]
    needed: dict[str, dict[str, None]] = {}
    for name, rule in work:
        needed.setdefault(name, {})[rule] = None
    return needed
