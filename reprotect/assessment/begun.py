"""What has been asked already of machines that stand on their way when a plan begins, and through what they return.

A file says in which phase a machine stands. What its requests asked for is taken to be what the plan would ask for now
[assumed], but for the server that has its disks, which the estate may name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Estate, VirtualMachine, room_left_gib
from failback.reprotect.evolve import evolved
from failback.reprotect.item import LEGS, Architecture, Operation, Phase, Unknown
from failback.reprotect.lifecycle import under_way
from failback.reprotect.phases import Side, phase_row
from failback.reprotect.plan import Plan

from .request_defaults import RequestDefaults, merged, through

Asked = Mapping[Operation, Choices]
_THROUGH: Final[Mapping[Architecture, Callable[[VirtualMachine], Choices]]] = {
    Architecture.CLASSIC: lambda vm: Choices(vm.returns_through or None, vm.process_server or None),
    Architecture.MODERNISED: lambda vm: Choices(appliance=vm.returns_through or None),
}
"""What takes the disks and carries the changes, by architecture."""
_NOTHING: Final = Choices()
_HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES


def rests_at(architecture: Architecture, phase: Phase) -> Phase:
    """Where an item rests, or resyncs, in this phase: where a job runs, the phase from which it came."""
    move = under_way(architecture, phase)
    return phase if move is None or move.done is phase else move.phase


def runs_on_site(architecture: Architecture, phase: Phase) -> bool:
    """Whether the machine on site is on; a job that runs counts as just begun."""
    return phase_row(rests_at(architecture, phase)).runs is Side.SITE


def failback_runs(vm: VirtualMachine) -> bool:
    """Whether its failback runs when the plan begins: it takes what it needs at once, and nobody holds it back."""
    move = under_way(vm.architecture, vm.at)
    return move is not None and move.operation is Operation.FAILBACK


def reprotect_runs(vm: VirtualMachine) -> bool:
    """Whether the job of its reprotect home runs when the plan begins: it has disk slots, and may yet lose them."""
    move = under_way(vm.architecture, vm.at)
    return move is not None and move.operation is _HOMEWARD and move.running is vm.at


def resyncs_home(vm: VirtualMachine) -> bool:
    """Whether its reprotect home was done and its resync runs when the plan begins."""
    move = under_way(vm.architecture, vm.at)
    return move is not None and move.operation is _HOMEWARD and move.done is vm.at


def stands_at(vm: VirtualMachine, phase: Phase) -> VirtualMachine:
    """The same machine in this phase, powered on or off on site as it is there."""
    return replace(vm, at=phase, powered_on=runs_on_site(vm.architecture, phase))


def in_phases(estate: Estate, phases: Mapping[str, Phase]) -> Estate:
    """The estate with its machines where somebody has seen them; nothing else that is said of them changes."""
    machines = estate.virtual_machines
    moved = {n: evolved(machines[n], at=p) for n, p in phases.items() if n in machines and machines[n].at is not p}
    return replace(estate, virtual_machines={**machines, **moved}) if moved else estate


def as_begun(estate: Estate, plan: Plan) -> Plan:
    """The plan with the servers that have the disks of machines on their way, and those that carry their changes."""
    there = {*estate.master_targets, *estate.appliances, *estate.process_servers, ""}
    holders = [vm for vm in estate.virtual_machines.values() if _holds(vm)]
    own = {vm.name: _THROUGH[vm.architecture](vm) for vm in holders if {vm.returns_through, vm.process_server} <= there}
    named = {name: choices for name, choices in own.items() if choices != _NOTHING}
    if not named:
        return plan
    under = {name: merged(plan.item_choices.get(name, _NOTHING), choices) for name, choices in named.items()}
    return replace(plan, item_choices={**plan.item_choices, **under})


def asked_before(estate: Estate, plan: Plan) -> Mapping[str, Asked]:
    """Of each machine on its way: what its reprotect home asked for, if it did, and the job that runs."""
    away = [vm for vm in estate.virtual_machines.values() if _is_away(vm)]
    if not away:
        return {}
    under = as_begun(estate, plan)
    defaults = RequestDefaults(estate, under)
    asked = {vm.name: {o: defaults.choose(vm.name, o) for o in _asked(vm)} for vm in away}
    promised = _promised(estate, asked)
    later = RequestDefaults(evolved(estate, room_promised=promised), under) if promised else defaults
    runs = [vm.name for vm in away if promised and reprotect_runs(vm)]
    return {**asked, **{name: {_HOMEWARD: later.choose(name, _HOMEWARD)} for name in runs}}


def _is_away(vm: VirtualMachine) -> bool:
    return vm.at is not Phase.REPLICATING_TO_AZURE


def _asked(vm: VirtualMachine) -> Iterator[Operation]:
    if LEGS.index(_HOMEWARD) < phase_row(vm.at).legs_behind:
        yield _HOMEWARD
    move = under_way(vm.architecture, vm.at)
    if move is not None and move.operation is not _HOMEWARD:
        yield move.operation
    elif move is not None and move.running is vm.at:
        yield _HOMEWARD


def _holds(vm: VirtualMachine) -> bool:
    return phase_row(vm.at).holds_slots


def with_returning(estate: Estate, plan: Plan) -> Estate:
    """The estate with who returns through what as it begins; what somebody has read of that stays."""
    if not any(map(_holds, estate.virtual_machines.values())):
        return estate
    asked = asked_before(estate, plan)
    holders = (vm.name for vm in estate.virtual_machines.values() if _holds(vm))
    by = {name: target for name in holders if (target := through(asked[name][_HOMEWARD])) is not None}
    promised = _promised(estate, asked)
    read = {} if isinstance(estate.returning_through, Unknown) else estate.returning_through
    return evolved(estate, returning_through={**by, **read}, room_promised={**promised, **estate.room_promised})


def _promised(estate: Estate, asked: Mapping[str, Asked]) -> Mapping[str, float]:
    """GiB per datastore that new disks which are being written still need; what is free is counted without it."""
    found: defaultdict[str, float] = defaultdict(float)
    for name in asked:
        vm = estate.virtual_machines[name]
        if (left := room_left_gib(vm)) and resyncs_home(vm):
            chosen, gone = asked[name][_HOMEWARD].datastore, vm.exists_on_premises is False
            found[((chosen or vm.datastore) if gone else (vm.datastore or chosen)) or ""] += left
    return found
