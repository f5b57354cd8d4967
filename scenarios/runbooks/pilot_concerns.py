"""What an import could not settle, as far as it concerns the machines of a pilot and the servers that they use."""

from collections.abc import Iterator
from dataclasses import replace

from failback.reprotect import OWN_FILE, Estate, names_in_requests
from failback.scenarios.checks.import_tasks import ImportTask, import_tasks, only
from failback.scenarios.files.schema import Mismatch, MismatchKind, Scenario
from failback.scenarios.text.name_lists import OTHERS_MAX, listed
from failback.scenarios.text.plain_words import counted

from .fix_first import servers_used

_SERVERS = ("appliances", "master_targets", "process_servers", "configuration_servers")


def concerning(pilot: Scenario, whole: Scenario) -> Scenario:
    """The pilot's scenario without what is noted of machines, servers and places with which it has nothing to do."""
    gone = frozenset(_elsewhere(pilot, whole))
    kept = tuple(_kept(one, gone) for one in pilot.mismatches)
    return replace(pilot, mismatches=kept, left_out=())


def elsewhere_words(pilot: Scenario, whole: Scenario, file: str) -> str:
    """What the pilot's runbook leaves out, counted, with the command that shows it; empty where that is nothing."""
    here = {(task.title, name) for task in import_tasks(pilot, file) for name in task.names}
    tasks = [task for task in import_tasks(whole, file) if _outside(task, here)]
    names = tuple(dict.fromkeys(name for task in tasks for name in _outside(task, here)))
    if not tasks:
        return ""
    what = counted(len(tasks), "thing to clear up", "things to clear up")
    return (
        f"Left out here: {what} about {listed(names, OTHERS_MAX)}, which the pilot does not use. "
        f"`failback check {file or OWN_FILE}` lists all under To clear up."
    )


def _outside(task: ImportTask, here: set[tuple[str, str]]) -> list[str]:
    return [name for name in task.names if (task.title, name) not in here]


def _kept(one: Mismatch, gone: frozenset[str]) -> Mismatch:
    """Servers with one address are told together, or not at all."""
    if one.kind is MismatchKind.SAME_ADDRESS and not gone.issuperset(one.parts()):
        return one
    return only(one, lambda name: name not in gone)


def _elsewhere(pilot: Scenario, whole: Scenario) -> Iterator[str]:
    """By all of their names. What is no part of the estate, such as a file or a recovery plan, may concern anybody."""
    called, used = names_in_requests(whole.estate), frozenset(_used(pilot))
    for name in _parts(whole.estate):
        if name not in used:
            yield from filter(None, (name, called.get(name)))
    yield from (name for one in whole.left_out for name in one.machines)


def _parts(estate: Estate) -> Iterator[str]:
    for section in (*_SERVERS, "virtual_machines", "hosts", "datastores"):
        yield from getattr(estate, section)


def _used(pilot: Scenario) -> Iterator[str]:
    """Its machines, the servers through which they come home, and where these stand."""
    machines, servers = pilot.estate.virtual_machines, servers_used(pilot)
    yield from servers
    parts = [part for name in _SERVERS for part in getattr(pilot.estate, name).values() if part.name in servers]
    for part in (*machines.values(), *parts):
        yield from filter(None, (part.name, getattr(part, "host", None), getattr(part, "datastore", None)))
