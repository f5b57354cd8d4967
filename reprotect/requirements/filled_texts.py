"""Steps and proofs with the names of real objects in them: `{machine}` becomes web-01.

Where nobody says which object it is, its kind stands there. Inside of backticks is a command, which somebody may paste
into a shell: a name that is more than letters, digits, dots, dashes and underscores stays out of it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate, VirtualMachine, configuration_server, known
from failback.reprotect.item import Architecture

from .predicates_shared import (
    appliance,
    home_datastores,
    master_target,
    mates,
    process_server,
    recovery_plans_of,
    target_host,
)
from .row import ObjectKind, Requirement

GENERIC: Final[Mapping[str, str]] = {
    "machine": "the machine",
    "object": "the object at fault",
    "master_target": "the master target",
    "appliance": "the appliance",
    "process_server": "the process server",
    "configuration_server": "the configuration server",
    "host": "the host",
    "own_host": "the machine's host",
    "datastore": "the datastore",
    "retention_drive": "the retention drive",
    "group": "the replication group",
    "plan": "the recovery plan",
    "data_server": "the process server or appliance",
    "holder": "the other machine",
}
"""Every name that a text may ask for, and what stands there where nobody knows it."""
_NAME: Final = re.compile(r"\{([a-z_]+)\}")
_SAFE: Final = re.compile(r"[\w.-]+", re.ASCII)
_BY_SECTION: Final = {
    "hosts": "host",
    "datastores": "datastore",
    "master_targets": "master_target",
    "appliances": "appliance",
    "process_servers": "process_server",
    "configuration_servers": "configuration_server",
}
"""Section of the object at fault -> the name that it gives."""


_OF_THE_MACHINE: Final = frozenset({ObjectKind.VIRTUAL_MACHINE, ObjectKind.REPLICATION_GROUP, ObjectKind.RECOVERY_PLAN})
"""Kinds of object that a machine's name stands for."""


def filled(text: str, names: Mapping[str, str] | None = None) -> str:
    """The text with these names."""
    parts = text.split("`")
    return "`".join(_put(part, names or {}, command=bool(n % 2)) for n, part in enumerate(parts))


def filled_in_general(text: str, row: Requirement) -> str:
    """The text for a page about the rule, where the object at fault is only known by its kind."""
    kind = "machine" if row.kind_of_object is ObjectKind.VIRTUAL_MACHINE else row.kind_of_object.value
    return filled(text, {"object": f"the {kind}"})


def filled_for_all(
    text: str,
    names: Mapping[str, str],
    *,
    machines: Sequence[str],
    objects: Sequence[str],
    words: Callable[[Sequence[str]], str] = ", ".join,
) -> str:
    """The text for the first of these machines and objects at fault; the others are named behind, as `words` has it."""
    noun, others = ("machine", machines[1:]) if "{machine}" in text else ("object", objects[1:])
    if not others or f"{{{noun}}}" not in text:
        return filled(text, names)
    return f"{filled(text, names)}; do the same for {words(others)}"


def object_name(row: Requirement, item: str, thing: str) -> str:
    """What stands for the object at fault.

    A rule about another kind of object blames the machine where it has none: then nothing has the object's name.
    """
    stands = thing != item or row.kind_of_object in _OF_THE_MACHINE
    return thing if stands else f"the {row.kind_of_object.value}"


def _put(text: str, names: Mapping[str, str], *, command: bool) -> str:
    def name_for(found: re.Match[str]) -> str:
        key = found[1]
        if key not in GENERIC:
            return found[0]
        name = names.get(key, "")
        if command:
            return name if _SAFE.fullmatch(name) else key.upper().replace("_", "-")
        return name or GENERIC[key]

    return _NAME.sub(name_for, text)


def names_of(estate: Estate, item: str, choices: Choices, thing: str, row: Requirement) -> Mapping[str, str]:
    """The names that go with a finding about this machine, whose object at fault is `thing`."""
    vm, host = estate.virtual_machines[item], target_host(estate, item, choices)
    parts = {
        "master_target": master_target(estate, item, choices),
        "appliance": appliance(estate, item, choices),
        "process_server": process_server(estate, choices),
        "configuration_server": configuration_server(estate, item),
        "host": host,
    }
    found = {key: part.name for key, part in parts.items() if part is not None}
    found |= {
        "machine": item,
        "object": object_name(row, item, thing),
        "own_host": vm.host,
        "group": f"replication group {vm.replication_group}" if vm.replication_group else "",
    }
    found |= {"plan": ", ".join(_plans(estate, item)), "holder": _holder(vm)}
    found["data_server"] = found.get("process_server" if vm.architecture is Architecture.CLASSIC else "appliance", "")
    found |= {"datastore": home_datastores(estate, item, choices)[0], "retention_drive": choices.retention_drive or ""}
    return found | {key: thing for section, key in _BY_SECTION.items() if thing in getattr(estate, section)}


def _plans(estate: Estate, item: str) -> Iterable[str]:
    """The recovery plans that have it; where none has, those of its group."""
    return dict.fromkeys(
        plan.name
        for names in ((item,), mates(estate, item))
        for name in names
        for plan in recovery_plans_of(estate, name)
    )


def _holder(vm: VirtualMachine) -> str:
    """The machine to which a disk of this one is attached (B06)."""
    return next((disk.held_by for disk in vm.disks if known(disk.held_by) and disk.held_by), "")
