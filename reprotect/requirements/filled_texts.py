"""Steps and proofs with the names of real objects in them: `{machine}` becomes web-01.

Where nobody says which object it is, its kind stands there. Inside of backticks is a command, which somebody may paste
into a shell: a name that is more than letters, digits, dots, dashes and underscores stays out of it.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Appliance, Disk, Estate, MasterTarget, VirtualMachine, configuration_server, known
from failback.reprotect.item import Architecture

from .cases import Cases, decided
from .other_parts import others_of
from .persons import ALSO, SAME_FOR
from .predicates_shared import (
    appliance,
    home_datastores,
    home_host,
    label,
    master_target,
    mates,
    process_server,
    recovery_plans_of,
    target_host,
)
from .row import ObjectKind, Requirement
from .value_names import value_names, vcenter_of

OWN_FILE: Final = "SCENARIO.yaml"
"""Stands in texts for the scenario's file, and for the file of its estate where nobody knows it."""
GENERIC: Final[Mapping[str, str]] = {
    "machine": "the machine",
    "one_machine": "the machine",
    "owner": "its application's owner",
    "object": "the object at fault",
    "estate_file": OWN_FILE,
    "master_target": "the master target",
    "appliance": "the appliance",
    "appliance_fqdn": "the full name of the appliance",
    "process_server": "the process server",
    "configuration_server": "the configuration server",
    "host": "the host",
    "own_host": "the machine's host",
    "home_host": "the host where it comes home",
    "datastore": "the datastore",
    "retention_drive": "one that the dialog offers",
    "group": "the replication group",
    "plan": "the recovery plan",
    "one_plan": "one of its recovery plans",
    "data_server": "the process server or appliance",
    "holder": "the other machine",
    "disks": "the disk that is named",
    "disk_sizes": "the disk that is named",
    "vcenter": "the address of vCenter",
    "uuid": "its UUID from before the failover (which its backup has)",
    "target_datastore": "the datastore of the master target",
    "own_datastore": "its datastore from before",
    "all_machines": "the machines that come home through it",
    "target_vcenter": "the vCenter of the master target",
    "receiver": "the master target or appliance",
    "rule": "CODE",
    "needed": "what all machines that come home to it need together",
    "sizes": "what Microsoft's page asks for",
    "drive_size": "1024 GB",
    "common_server": "the server that most of them have",
    "split": "at most 60 disks each",
    "more_servers": "as many as are needed",
    "other_machine": "the other machine",
    "other_owner": "the owner of the other machine",
    "addresses": "as its records say",
    "dns_name": "as its records say",
    "port_group": "the one that its records, such as RVTools, vNetwork, name",
    "room": "",
    "enough": "15 % of its capacity",
    "enough_share": "",
    "lun_size": "the size of all disks that come to it together",
    "servers_there": "",
    "other_datastore": "another datastore that the host mounts, VMFS or vSAN",
    "other_server": "another healthy server",
    "other_process_server": "another healthy process server",
    "other_host": "another licensed host that responds",
    "better_host": "the other host",
    "each_member": "each machine of the replication group",
    "owners": "the owners of its machines",
    "members": "all machines of the replication group",
    "group_name": "the replication group's name",
    "network": "as its Overview in the portal names them",
    "azure_network": "the virtual network that the machine's Overview in the portal shows",
    "release": "16.04",
    "ports": "443 and 9443",
    "port": "9443",
    "services": "the services that do not run",
    "parts": "",
    "manages": "management server",
    "privileges": "the privileges of the role",
    "log_account": "a standard account in the region of the vault",
    "host_manager": "MANAGER",
    "sender": "each machine that sends to it",
    "appliance_vcenter": "its vCenter",
    "valid_process_server": "a process server that it offers",
    "valid_master_target": "a master target that it offers",
    "account_name": "an account that may install on the machine",
    "asked_datastore": "the datastore that the plan asks for",
    "store_for_new": "a VMFS or vSAN datastore",
}
"""Every name that a text may ask for, and what stands there where nobody knows it."""
_NAME: Final = re.compile(r"\{([a-z_]+)\}")
_SAFE: Final = re.compile(r"[\w.-]+", re.ASCII)
_SAFE_LIST: Final = re.compile(r"[\w.-]+(?:, ?[\w.-]+)*", re.ASCII)
_LISTS: Final = frozenset({"all_machines", "members", "ports", "services", "privileges"})
"""Names that stand for several, with commas between them."""
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


def filled(text: str, names: Mapping[str, str] | None = None, cases: Cases | None = None) -> str:
    """The text with these names, for these cases."""
    parts = decided(text, cases).split("`")
    return "`".join(_put(part, names or {}, command=bool(n % 2)) for n, part in enumerate(parts))


OTHERS_THERE: Final = dict.fromkeys(
    ("other_server", "other_datastore", "other_host", "better_host", "other_process_server"), True
) | {
    "no_release": False,
    "log_account": True,
}
"""A page about a rule speaks of a site that has more than one of each."""


def filled_in_general(text: str, row: Requirement) -> str:
    """The text for a page about the rule, where the object at fault is only known by its kind."""
    kind = "machine" if row.kind_of_object is ObjectKind.VIRTUAL_MACHINE else row.kind_of_object.value
    return filled(text, {"object": f"the {kind}"}, OTHERS_THERE)


def filled_for_all(
    text: str,
    names: Mapping[str, str],
    *,
    machines: Sequence[str],
    objects: Sequence[str],
    words: Callable[[Sequence[str]], str] = ", ".join,
    cases: Cases | None = None,
) -> str:
    """The text for the first of these machines and objects at fault; the others are named behind, as `words` has it."""
    text = decided(text, cases)
    noun, others = (_MACHINE, machines[1:]) if _speaks_of(text, _MACHINE) else (_OBJECT, objects[1:])
    others = _but_the_other(others, (text,), names)
    if not others or not _speaks_of(text, noun):
        return filled(text, names, cases)
    return f"{filled(text, names, cases)}; {SAME_FOR} {words(others)}"


def steps_for_all(
    steps: Iterable[str],
    names: Mapping[str, str],
    *,
    machines: Sequence[str],
    objects: Sequence[str],
    words: Callable[[Sequence[str]], str] = ", ".join,
    cases: Cases | None = None,
    first: int = 1,
) -> tuple[str, ...]:
    """The steps for the first of these; the others are named at the step that is to be done for each.

    Where several are, a last step says which. `first`: the number of the first step. A step that no case asks for is
    left out.
    """
    asked = [step for step in (decided(step, cases) for step in steps) if step]
    told = [filled(step, names) for step in asked]
    several = ((_MACHINE, machines[1:]), (_OBJECT, objects[1:]))
    found = ((key, rest) for key, rest in several if rest and any(_speaks_of(step, key) for step in asked))
    key, others = next(found, ((), ()))
    others = _but_the_other(others, asked, names)
    if not others:
        return tuple(told)
    mine = [n for n, step in enumerate(asked) if _speaks_of(step, key)]
    if len(mine) == 1:
        told[mine[0]] += f"; {SAME_FOR} {words(others)}"
        return tuple(told)
    numbers = [str(n + first) for n in mine]
    return (*told, f"{ALSO}s {', '.join(numbers[:-1])} and {numbers[-1]} for {words(others)} too")


_MACHINE: Final = ("{machine}", "{owner}", "{uuid}", "{disks}")
_OBJECT: Final = ("{object}",)
"""What makes a text one that is to be done for each machine, or for each object at fault."""


def _speaks_of(text: str, names: Iterable[str]) -> bool:
    return any(name in text for name in names)


def _but_the_other(others: Sequence[str], texts: Iterable[str], names: Mapping[str, str]) -> Sequence[str]:
    """Without the one that the texts name beside the first: of a pair, one is mended."""
    pair = names.get("other_machine", "") if any("{other_machine}" in text for text in texts) else ""
    return [name for name in others if name != pair]


def steps_in_general(steps: Iterable[str], row: Requirement) -> Sequence[str]:
    """The steps for a page about the rule; one that only a site without another server or datastore needs is left out."""
    return list(filter(None, (filled_in_general(step, row) for step in steps)))


def object_name(row: Requirement, item: str, thing: str, names: Mapping[str, str] | None = None) -> str:
    """What stands for the object at fault; `names`: those of the other parts that go with the machine.

    A rule about another kind of object blames the machine where it has none: then nothing has the object's name.
    """
    kind = row.kind_of_object.value
    stands = thing != item or row.kind_of_object in _OF_THE_MACHINE
    return thing if stands else (names or {}).get(kind.replace(" ", "_")) or f"the {kind}"


def _put(text: str, names: Mapping[str, str], *, command: bool) -> str:
    def name_for(found: re.Match[str]) -> str:
        key = found[1]
        if key not in GENERIC:
            return found[0]
        name = names.get(key, "")
        if command:
            safe = (_SAFE_LIST if key in _LISTS else _SAFE).fullmatch(name)
            return name if safe else key.upper().replace("_", "-")
        return name or GENERIC[key]

    return _NAME.sub(name_for, text)


def names_of(
    estate: Estate, item: str, choices: Choices, thing: str, row: Requirement, disks: Iterable[int] = ()
) -> Mapping[str, str]:
    """The names that go with a finding about this machine; `thing` is at fault, and so are its `disks` by number."""
    vm, host = estate.virtual_machines[item], target_host(estate, item, choices)
    parts = {
        "master_target": master_target(estate, item, choices),
        "appliance": appliance(estate, item, choices),
        "process_server": process_server(estate, choices),
        "configuration_server": configuration_server(estate, item),
        "host": host,
    }
    found = {key: part.name for key, part in parts.items() if part is not None}
    found |= {f"{key}_fqdn": part.full_name for key, part in parts.items() if isinstance(part, Appliance)}
    others = others_of(estate, item, choices, thing)
    others = {**others, "store_for_new": others["other_datastore"] or "the new one"}
    found["home_host"] = home_host(estate, item, choices)
    found = {**_in_stead(vm, others), **found, **others, **_of_the_machine(estate, vm, disks)}
    found |= value_names(estate, item, choices, thing)
    target = estate.master_targets.get(found.get("master_target", ""))
    found["receiver"] = found.get("master_target") or found.get("appliance", "")
    found["target_vcenter"] = _vcenter_of(target, found["receiver"])
    if target is not None:
        found["target_datastore"] = target.datastore
    found["data_server"] = found.get(_DATA_SERVERS[vm.architecture], "")
    drives = target.retention_drives if target else ()
    drive = choices.retention_drive or next((each.name for each in drives), "")
    found |= {"datastore": home_datastores(estate, item, choices)[0], "retention_drive": drive}
    found |= {key: thing for section, key in _BY_SECTION.items() if thing in getattr(estate, section)}
    found["object"], found["rule"] = object_name(row, item, thing, found), row.id
    return found


_DATA_SERVERS: Final = {Architecture.CLASSIC: "process_server", Architecture.MODERNISED: "appliance"}
"""What a machine in Azure sends its data to."""
_RECEIVERS: Final = {Architecture.CLASSIC: "master_target", Architecture.MODERNISED: "appliance"}


def _in_stead(vm: VirtualMachine, others: Mapping[str, str]) -> dict[str, str]:
    """Where nothing that exists is asked for: one that could be."""
    return {_RECEIVERS[vm.architecture]: others["other_server"], "process_server": others["other_process_server"]}


def _vcenter_of(target: MasterTarget | None, name: str) -> str:
    known_one = target.vcenter if target is not None and known(target.vcenter) else None
    return f"vCenter {known_one}" if known_one else f"the vCenter of {name}" if name else ""


def _of_the_machine(estate: Estate, vm: VirtualMachine, disks: Iterable[int]) -> Mapping[str, str]:
    disks = tuple(disks)
    named = [_disk(vm.disks[n], n) for n in disks if n < len(vm.disks)]
    return {
        "machine": vm.name,
        "one_machine": vm.name,
        "owner": f"the owner of {vm.name}",
        **_of_the_group(mates(estate, vm.name) or (vm.name,)),
        "own_host": vm.host,
        "group": f"replication group {vm.replication_group}" if vm.replication_group else "",
        "plan": ", ".join(_plans(estate, vm.name)),
        "one_plan": min(_plans(estate, vm.name), default=""),
        "holder": _holder(vm),
        "disks": ", ".join(named),
        "disk_sizes": ", ".join(disk_size(vm.disks[n], n) for n in disks if n < len(vm.disks)),
        "vcenter": vcenter_of(estate, vm),
        "uuid": f"its old UUID {vm.bios_uuid}" if known(vm.bios_uuid) and vm.bios_uuid else "",
        "addresses": ", ".join(address for adapter in vm.adapters for address in adapter.addresses),
        "dns_name": vm.dns_name,
        "port_group": ", ".join(dict.fromkeys(adapter.network for adapter in vm.adapters if adapter.network)),
    }


def _of_the_group(names: Sequence[str]) -> Mapping[str, str]:
    """Its machines one by one and their owners; a machine without a group stands alone."""
    every = ", ".join(names)
    if len(names) == 1:
        return {"each_member": every, "owners": f"the owner of {every}"}
    return {"each_member": f"each of {every}", "owners": f"the owners of {every}"}


def _disk(disk: Disk, number: int) -> str:
    """By what somebody finds it in the vSphere client: its size, and its UUID where the file has it."""
    uuid = f", UUID {disk.uuid}" if known(disk.uuid) and disk.uuid else ""
    return f"{label(disk, number)} ({disk.size_gib:g} GiB{uuid})"


def disk_size(disk: Disk, number: int) -> str:
    """By what somebody finds it in Edit Settings or in the machine itself, where no UUID is shown."""
    return f"{label(disk, number)} ({disk.size_gib:g} GiB)"


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
