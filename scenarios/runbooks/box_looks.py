"""Where a rule of a leg is looked at and which value counts, with the names of the machines and servers at hand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from failback.reprotect import (
    OWN_FILE,
    Operation,
    OsFamily,
    RequestDefaults,
    Requirement,
    cases_of,
    configuration_server,
    filled,
    look_at_step,
    names_of,
    object_name,
)
from failback.scenarios.checks.told import in_vault
from failback.scenarios.files.applications import owners_of
from failback.scenarios.text.name_lists import listed

from .runbook import Runbook, Section

_EACH: Final = "each machine"
_HOME: Final = Operation.REPROTECT_TO_ON_PREMISES
"""The request that names the servers: what comes after it uses the same."""


def look_words(found: Runbook, section: Section, rule: Requirement) -> str:
    """One sentence; for each operating system where it depends on that."""
    items = list(dict.fromkeys(item for request in section.happening for item in request.items))
    machines = found.scenario.estate.virtual_machines
    said: dict[str, list[OsFamily]] = {}
    for system in dict.fromkeys(machines[item].os for item in items):
        said.setdefault(_look(found, rule, items, system), []).append(system)
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"on {each.value.capitalize()}: {text}" for text, systems in said.items() for each in systems)


def _look(found: Runbook, rule: Requirement, items: Sequence[str], system: OsFamily) -> str:
    estate, first = found.scenario.estate, items[0]
    choices = _defaults(found).choose(first, _HOME)
    cases = {**cases_of(estate, first, choices, first), "windows": system is OsFamily.WINDOWS}
    text = filled(look_at_step(rule.id), _names(found, rule, items), cases)
    return in_vault(text.replace(OWN_FILE, found.file or OWN_FILE), found.report.vault)


def _names(found: Runbook, rule: Requirement, items: Sequence[str]) -> Mapping[str, str]:
    first, estate = items[0], found.scenario.estate
    if len(items) == 1:
        owners = owners_of(found.scenario.applications)
        named = names_of(estate, first, _defaults(found).choose(first, _HOME), first, rule)
        owner = f"the {owners[first]}" if first in owners else named["owner"]
        return {**named, "owner": owner, "owners": owner}
    servers = {kind: listed(names) for kind, names in _servers(found, items).items() if names}
    return {**servers, "machine": _EACH, "owner": "its owner", "owners": "the owner of each machine"} | {
        "object": object_name(rule, _EACH, _EACH, servers)
    }


def _servers(found: Runbook, items: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Kind -> the servers of these machines, each once."""
    asked = [_defaults(found).choose(item, _HOME) for item in items]
    names = {kind: [getattr(one, kind) for one in asked] for kind in ("appliance", "master_target", "process_server")}
    names["configuration_server"] = list(_configuration_servers(found, items))
    return {kind: list(dict.fromkeys(filter(None, several))) for kind, several in names.items()}


def _configuration_servers(found: Runbook, items: Sequence[str]) -> Iterator[str]:
    for item in items:
        if (server := configuration_server(found.scenario.estate, item)) is not None:
            yield server.name


def _defaults(found: Runbook) -> RequestDefaults:
    return found.report.defaults or RequestDefaults(found.scenario.estate, found.scenario.plan)
