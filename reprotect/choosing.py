"""The values of one request: what the plan says, for the item over for all, and by the rules where it says nothing."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import fields, replace
from typing import Final, TypeAlias, TypeVar, assert_never

from .choices import Choices
from .estate import Appliance, Estate, MasterTarget, ProcessServer, VirtualMachine
from .item import Architecture, Operation
from .plan import Plan

LOG_STORAGE_ACCOUNT: Final = "failbacklogs"
"""Name of the log storage account where the plan names none (A04)."""
LATEST: Final = "latest"
"""The recovery point of failback where the plan names none (F03)."""

T = TypeVar("T")


def choose(
    estate: Estate, plan: Plan, item: str, operation: Operation, tried: Collection[str] = frozenset()
) -> Choices:
    """The values for this request. A retry passes over the appliances `tried` while another is healthy (A10)."""
    said = laid_over(plan.choices, plan.item_choices.get(item, Choices()))
    match operation:
        case Operation.REPROTECT_TO_ON_PREMISES:
            vm = estate.virtual_machines[item]
            return _TOWARDS_SITE[vm.architecture](estate, vm, said, tried)
        case Operation.REPROTECT_TO_AZURE:
            vm = estate.virtual_machines[item]
            return _TOWARDS_AZURE[vm.architecture](estate, vm, said, tried)
        case Operation.FAILOVER:
            return Choices(recovery_point=said.recovery_point, shut_down_source=_shut_down(said))
        case Operation.FAILBACK:
            return Choices(recovery_point=said.recovery_point or LATEST, shut_down_source=_shut_down(said))
        case Operation.COMMIT_FAILOVER | Operation.COMMIT_FAILBACK | Operation.CANCEL_FAILBACK:
            return Choices()
        case Operation.TEST_FAILOVER | Operation.CLEAN_UP_TEST:
            return Choices()
        case _:
            assert_never(operation)


def through(choices: Choices) -> str | None:
    """The master target or appliance that takes the disks."""
    return choices.master_target or choices.appliance


def laid_over(under: Choices, over: Choices) -> Choices:
    """`over`, and `under` where it says nothing."""
    said = {f.name: getattr(over, f.name) for f in fields(Choices) if getattr(over, f.name) is not None}
    return replace(under, **said)


def as_asked(estate: Estate, plan: Plan) -> Estate:
    """The estate as if every reprotect to on-premises had been asked: what a check of a file needs for R07."""
    names = estate.virtual_machines
    asked = {name: through(choose(estate, plan, name, Operation.REPROTECT_TO_ON_PREMISES)) for name in names}
    return replace(estate, returning_through={name: target for name, target in asked.items() if target is not None})


def _shut_down(said: Choices) -> bool:
    return said.shut_down_source is not False


def _classic_towards_site(estate: Estate, vm: VirtualMachine, said: Choices, _: Collection[str]) -> Choices:
    name = said.master_target or _name(_master_target_for(estate, vm))
    target = estate.master_targets.get(name or "")
    drives = () if target is None else target.retention_drives
    return Choices(
        master_target=name,
        process_server=said.process_server or _name(_process_server(estate, in_azure=True)),
        datastore=said.datastore or _datastore(vm, target),
        retention_drive=said.retention_drive or (drives[0].name if drives else None),
        account=said.account or _account(estate, vm),
    )


def _modernised_towards_site(estate: Estate, vm: VirtualMachine, said: Choices, tried: Collection[str]) -> Choices:
    name = said.appliance or _name(_appliance(estate, tried))
    return Choices(
        appliance=name,
        datastore=said.datastore or _datastore(vm, estate.appliances.get(name or "")),
        log_storage_account=said.log_storage_account or LOG_STORAGE_ACCOUNT,
        account=said.account,
    )


def _classic_towards_azure(estate: Estate, vm: VirtualMachine, said: Choices, _: Collection[str]) -> Choices:
    server = _name(_process_server(estate, in_azure=False))
    return Choices(process_server=server, account=said.account or _account(estate, vm))


def _modernised_towards_azure(estate: Estate, _: VirtualMachine, said: Choices, tried: Collection[str]) -> Choices:
    return Choices(appliance=said.appliance or _name(_appliance(estate, tried)), account=said.account)


_Chooser: TypeAlias = Callable[[Estate, VirtualMachine, Choices, Collection[str]], Choices]
_TOWARDS_SITE: Final[dict[Architecture, _Chooser]] = {
    Architecture.CLASSIC: _classic_towards_site,
    Architecture.MODERNISED: _modernised_towards_site,
}
_TOWARDS_AZURE: Final[dict[Architecture, _Chooser]] = {
    Architecture.CLASSIC: _classic_towards_azure,
    Architecture.MODERNISED: _modernised_towards_azure,
}


def _master_target_for(estate: Estate, vm: VirtualMachine) -> MasterTarget | None:
    """The first of the family (R06, M01) that sees the datastores of the whole group (R07, R24); else the first."""
    family = [target for target in estate.master_targets.values() if target.os is vm.os]
    stores = {mate.datastore for mate in _together(estate, vm) if mate.exists_on_premises is not False}
    return next((target for target in family if stores <= _mounted(estate, target)), _first(family))


def _together(estate: Estate, vm: VirtualMachine) -> tuple[VirtualMachine, ...]:
    group = estate.replication_groups.get(vm.replication_group or "")
    return (vm,) if group is None else tuple(estate.virtual_machines[name] for name in group.items)


def _mounted(estate: Estate, target: MasterTarget) -> frozenset[str]:
    host = estate.hosts.get(target.host)
    return frozenset() if host is None else frozenset(host.datastores)


def _appliance(estate: Estate, tried: Collection[str]) -> Appliance | None:
    """The first healthy one (A01); the first of all where none is, so that the vault's refusal says why."""
    healthy = [box for box in estate.appliances.values() if box.healthy is True]
    fresh = (box for box in healthy if box.name not in tried)
    return next(fresh, _first(healthy) or _first(estate.appliances.values()))


def _process_server(estate: Estate, *, in_azure: bool) -> ProcessServer | None:
    servers = estate.process_servers.values()
    return next((s for s in servers if s.in_azure is in_azure), _first(servers))


def _datastore(vm: VirtualMachine, target: MasterTarget | Appliance | None) -> str | None:
    """The machine's own (original location), or the target's where the machine is gone (T04)."""
    gone = vm.exists_on_premises is False
    return (target.datastore if target and gone else vm.datastore) or None


def _account(estate: Estate, vm: VirtualMachine) -> str | None:
    accounts = [account for server in estate.configuration_servers.values() for account in server.accounts]
    return next((account for account in accounts if vm.os.value in account), _first(accounts))


def _first(things: Iterable[T]) -> T | None:
    return next(iter(things), None)


def _name(thing: MasterTarget | Appliance | ProcessServer | None) -> str | None:
    return None if thing is None else thing.name
