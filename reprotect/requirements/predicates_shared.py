"""What the predicates share: which server a request means, which disks, how a fact becomes a verdict."""

import re
from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import replace
from functools import wraps
from math import inf
from typing import Final, TypeAlias, cast

from failback.reprotect.choices import Choices
from failback.reprotect.estate import (
    Appliance,
    Datastore,
    Disk,
    Estate,
    Fact,
    Host,
    Left,
    MasterTarget,
    Meeting,
    ProcessServer,
    RecoveryPlan,
    RetentionDrive,
    VirtualMachine,
    known,
)
from failback.reprotect.item import LEGS, Operation, Unknown
from failback.reprotect.phases import phase_row

from .readings import reading
from .verdict import MET, Met, Noted, Verdict, all_of, broken, needs, unknown_fact, unsure

_LIST: Final = "read all that the vault has, and import again: az rest --method get --url"
SEE_APPLIANCES: Final = f'{_LIST} "VAULT/replicationAppliances?api-version=2025-08-01" > replicationAppliances.json'
SEE_CLASSIC_SERVERS: Final = f'{_LIST} "VAULT/replicationFabrics/FABRIC?api-version=2025-08-01" > fabric.json'
"""What would tell the servers of a vault; VAULT is its id behind https://management.azure.com."""
LEGS_TO_REPROTECT: Final = LEGS.index(Operation.REPROTECT_TO_ON_PREMISES)
_LEGS_TO_FAILBACK: Final = LEGS.index(Operation.FAILBACK)
_NUMBER: Final = re.compile(r"\d+")
_Predicate: TypeAlias = Callable[[Estate, str, Choices], Verdict]


def at_either_location(predicate: _Predicate) -> _Predicate:
    """A rule that differs by location: where nobody knows whether the machine exists on site, both are looked at."""

    @wraps(predicate)
    def looked_at(estate: Estate, item: str, choices: Choices) -> Verdict:
        if known(estate.virtual_machines[item].exists_on_premises):
            return predicate(estate, item, choices)
        there, gone = (predicate(each, item, choices) for each in _EITHER.of(estate, estate.virtual_machines[item]))
        if isinstance(there, Met | Noted) and isinstance(gone, Met | Noted):
            return all_of((there, gone))
        return there if type(there) is type(gone) else _location_unknown(item)

    return looked_at


class _Either:
    """An estate as if one machine were there, and as if it were gone; kept, since many rules ask one after the other.

    This is the process's, and changes no answer: it is kept for these very objects, and both estates read the given
    one's live parts. Who asks from another thread at worst makes them once more.
    """

    def __init__(self) -> None:
        self._kept: tuple[Estate, VirtualMachine, tuple[Estate, Estate]] | None = None

    def of(self, estate: Estate, vm: VirtualMachine) -> tuple[Estate, Estate]:
        """Both, the machine there first."""
        kept = self._kept
        if kept is None or kept[0] is not estate or kept[1] is not vm:
            kept = self._kept = estate, vm, (_as_if(estate, vm, exists=True), _as_if(estate, vm, exists=False))
        return kept[2]


_EITHER: Final = _Either()


def _as_if(estate: Estate, vm: VirtualMachine, *, exists: bool) -> Estate:
    machines = cast(MutableMapping[str, VirtualMachine], estate.virtual_machines)
    return replace(estate, virtual_machines=ChainMap({vm.name: replace(vm, exists_on_premises=exists)}, machines))


def _location_unknown(item: str) -> Verdict:
    return unsure(f"{item}: whether the on-premises virtual machine exists", "look in vCenter")


def through(estate: Estate, item: str) -> str | None:
    """The master target or appliance through which the item returns."""
    returning = estate.returning_through
    return None if isinstance(returning, Unknown) else returning.get(item)


def own_disks(estate: Estate, target: MasterTarget | Appliance) -> int:
    """Disks of a master target's or appliance's own that count against its 60 (C14)."""
    counts = isinstance(target, Appliance) or reading(estate, "C14") == "local_and_protected"
    return target.local_disks if counts else 0


def master_target(estate: Estate, item: str, choices: Choices) -> MasterTarget | None:
    """The master target that is asked for, or through which the item returns."""
    return estate.master_targets.get(choices.master_target or through(estate, item) or "")


def appliance(estate: Estate, item: str, choices: Choices) -> Appliance | None:
    """The same of the appliance."""
    return estate.appliances.get(choices.appliance or through(estate, item) or "")


def process_server(estate: Estate, choices: Choices) -> ProcessServer | None:
    """The process server that is asked for."""
    return estate.process_servers.get(choices.process_server or "")


def target_host(estate: Estate, item: str, choices: Choices) -> Host | None:
    """The host of the master target or appliance."""
    target = master_target(estate, item, choices) or appliance(estate, item, choices)
    return None if target is None else estate.hosts.get(target.host)


def home_host(estate: Estate, item: str, choices: Choices) -> str:
    """The host to which the machine comes home: its own, or that of the server through which it is made anew.

    Empty where nobody knows it.
    """
    vm, host = estate.virtual_machines[item], target_host(estate, item, choices)
    if comes_anew(vm):
        return host.name if host is not None else ""
    return vm.host


def comes_anew(vm: VirtualMachine) -> bool:
    """Whether it is known that a new virtual machine is made for it (T04, T07)."""
    return vm.exists_on_premises is False or vm.source == "physical"


def mounting_host(estate: Estate, server: MasterTarget | Appliance | None) -> Host | None:
    """The host of this server, if it is known what it mounts; of its datastores any other says as little as none."""
    host = None if server is None else estate.hosts.get(server.host)
    return host if host is not None and known(host.datastores) else None


def responds(host: Host | None, sentence: str) -> Verdict:
    """Met where the host is not known, or answers vCenter; `sentence` says what hangs on it."""
    if host is None:
        return MET
    return needs(host.connected, host.name, f"the host does not respond, and {sentence}", "look in vCenter")


def retention_drive(estate: Estate, item: str, choices: Choices) -> RetentionDrive | None:
    """The retention drive that is asked for, if the master target has it."""
    target = master_target(estate, item, choices)
    drives = () if target is None else target.retention_drives
    return next((drive for drive in drives if drive.name == choices.retention_drive), None)


def drive_name(estate: Estate, item: str, choices: Choices) -> str:
    """Its name for people: every master target may have one that is called the same."""
    target = master_target(estate, item, choices)
    return f"{choices.retention_drive} of {target.name}" if target else str(choices.retention_drive)


def new_datastore(estate: Estate, choices: Choices) -> Datastore | None:
    """The datastore asked for."""
    return estate.datastores.get(choices.datastore or "")


def machine(estate: Estate, item: str) -> VirtualMachine:
    """The machine."""
    return estate.virtual_machines[item]


def home_datastores(estate: Estate, item: str, choices: Choices) -> tuple[str, ...]:
    """Where its disks will be: on the datastores where they are, or on the chosen one where it is made anew."""
    return (choices.datastore or "",) if is_gone(estate, item) else machine(estate, item).datastores


def is_gone(estate: Estate, item: str) -> bool:
    """Whether it is known that nothing of it is left on site, so that recovery goes to an alternate location."""
    return estate.virtual_machines[item].exists_on_premises is False


def mates(estate: Estate, item: str) -> tuple[str, ...]:
    """The machines of its replication group, itself among them; none when it is in no group."""
    group = estate.replication_groups.get(estate.virtual_machines[item].replication_group or "")
    return () if group is None else group.items


def plan_mates(estate: Estate, item: str) -> tuple[str, ...]:
    """The other machines of its recovery plan that are on their way home; where nobody knows the way, all others."""
    plans = recovery_plans_of(estate, item)
    others = dict.fromkeys(name for plan in plans for group in plan.groups for name in group if name != item)
    returning = estate.returning_through
    return tuple(name for name in others if isinstance(returning, Unknown) or name in returning)


def mates_without_points(estate: Estate, item: str) -> tuple[Meeting, ...]:
    """Those of its recovery plan that lack a recovery point and that it meets, or may meet, on the way home.

    Whoever began with its failback behind it needs none any more.
    """
    if estate.ledger.without_points is not None:
        return estate.ledger.without_points.get(item, ())
    machines = (estate.virtual_machines[name] for name in plan_mates(estate, item))
    lacking = (vm for vm in machines if vm.recovery_points in (0, None))
    return tuple(Meeting(vm.name, True) for vm in lacking if phase_row(vm.at).legs_behind <= _LEGS_TO_FAILBACK)


def in_a_recovery_plan(estate: Estate, item: str) -> bool:
    """Whether a recovery plan of the vault has it."""
    return bool(recovery_plans_of(estate, item))


def recovery_plans_of(estate: Estate, item: str) -> tuple[RecoveryPlan, ...]:
    """The recovery plans of the vault that have it."""
    return tuple(plan for plan in estate.recovery_plans.values() if item in plan.items)


def missing_in(plans: tuple[RecoveryPlan, ...], items: Iterable[str]) -> tuple[str, ...]:
    """Those of these machines that none of the plans has."""
    return tuple(name for name in items if not any(name in plan.items for plan in plans))


def label(disk: Disk, number: int) -> str:
    """A disk's name for people."""
    return disk.name or f"Disk{number}"


def named(disks: tuple[Disk, ...], flag: str) -> str:
    """Names of the disks that have this flag, as a list in a sentence; empty when none has."""
    return ", ".join(label(disk, n) for n, disk in enumerate(disks) if getattr(disk, flag) is True)


def version(text: str) -> tuple[int, ...]:
    """Numbers of a version, for comparison; 9.4.0 is 9.4."""
    numbers = [int(number) for number in _NUMBER.findall(text)]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def lacks(
    fact: Fact[bool], name: str, sentence: str, how: str, *, lasts: bool = False, holds: tuple[str, ...] = ()
) -> Verdict:
    """Met when the fact is false or known absent; `sentence` says what is wrong when it is true."""
    if not known(fact):
        return unsure(unknown_fact(name, sentence, wrong=True), how)
    return broken(name, sentence, lasts=lasts, holds=holds) if fact else MET


def not_below(
    fact: Fact[float], least: float, name: str, what: str, how: str, *, field: str = "", holds: tuple[str, ...] = ()
) -> Verdict:
    """Met when the number is at least this; known absent is nothing at all.

    `field`: how the size stands where somebody sets it, the number in it as `{}`; `holds`: further cases.
    """
    if not known(fact):
        return unsure(f"{name}: {what}", how)
    if (fact or 0.0) >= least:
        return MET
    size = f"sizes={field.format(f'{least:g}')}" if field else f"sizes={what}: {least:g}"
    return broken(name, f"{what}: {fact or 0:g}, expected at least {least:g}", holds=(size, *holds))


def fits(need_gib: float, free_gib: float, left: Left | None, name: str, item: str, what: str) -> Verdict:
    """Whether a need fits into what is free, and into what others before this machine in the plan leave of it."""
    if left is not None and need_gib > left.most_gib and need_gib <= free_gib:
        taken = (
            f"{free_gib:g} GiB {what} are free, and {left.most_gib:g} GiB when those earlier in the plan have theirs"
        )
        return broken(
            name,
            f"{taken}; {item} needs {need_gib:g} GiB{_together(free_gib, left)}",
            holds=(f"needed={_asked_gib(need_gib, left):g} GiB",),
        )
    if need_gib > free_gib:
        return broken(
            name,
            f"{free_gib:g} GiB {what} are free, {item} needs {need_gib:g} GiB{_together(free_gib, left)}",
            holds=(f"needed={_asked_gib(need_gib, left):g} GiB",),
        )
    if left is not None and need_gib > left.least_gib:
        fact = f"{name}: what other machines leave free {what} for {item}, which needs {need_gib:g} of {free_gib:g} GiB"
        return unsure(fact, "find what is unknown of them")
    return MET


def _asked_gib(need_gib: float, left: Left | None) -> float:
    """What has to be free for all that ask for it."""
    return need_gib if left is None or not need_gib < left.asked_gib < inf else left.asked_gib


def _together(free_gib: float, left: Left | None) -> str:
    """What lacks for all: who adds only what one machine needs is asked again for the next."""
    if left is None or not free_gib < left.asked_gib < inf:
        return ""
    lacks_gib = left.asked_gib - free_gib
    return f"; all machines that ask for it need {left.asked_gib:g} GiB together, so {lacks_gib:g} GiB lack"


def whose(one: str, several: str, is_open: Mapping[str, bool]) -> str:
    """Of which of these nobody knows it: `mt-01: its vCenter`, or `web-01 and mt-01: their vCenters`."""
    names = [name for name, unknown in is_open.items() if unknown]
    return f"{' and '.join(names)}: {f'their {several}' if len(names) > 1 else f'its {one}'}"


def not_newer(ours: Fact[str], name: str, theirs: Fact[str], other: str, how: str) -> Verdict:
    """Met when our version is equal to or lower than theirs."""
    if not known(ours) or not known(theirs):
        return unsure(whose("version", "versions", {name: not known(ours), other: not known(theirs)}), how)
    if version(ours or "") <= version(theirs or ""):
        return MET
    return broken(name, f"version {ours} is newer than {theirs} of {other}")
