"""The values of one request: what the plan says, for the item over for all, and by the rules where it says nothing."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from itertools import chain
from typing import Final, TypeAlias, TypeVar, assert_never

from failback.reprotect.choices import Choices
from failback.reprotect.estate import (
    DISKS_MAX,
    Appliance,
    Estate,
    Fact,
    MasterTarget,
    ProcessServer,
    VirtualMachine,
    known,
    slots_of,
)
from failback.reprotect.item import Architecture, Operation, OsFamily
from failback.reprotect.plan import Plan
from failback.reprotect.requirements import own_disks

LOG_STORAGE_ACCOUNT: Final = "failbacklogs"
"""Name of the log storage account where neither the plan nor the appliance names one (A04)."""
LATEST: Final = "latest"
"""The recovery point of failback where the plan names none (F03)."""
COMMON_POINTS: Final = frozenset({None, LATEST, "latest_app_consistent"})
"""Recovery points that one request for a whole recovery plan can ask for: any other is one item's own."""
ALWAYS_SHUT_DOWN: Final = frozenset({Architecture.MODERNISED})
"""Whose failback shuts the machine in Azure down in any case: its request has no field for that (A11)."""

_NOTHING: Final = Choices()

K = TypeVar("K")
T = TypeVar("T")


class RequestDefaults:
    """Chooses the values of requests for one estate and plan. What many machines would look for is looked for once."""

    def __init__(self, estate: Estate, plan: Plan) -> None:
        self._estate, self._plan = estate, plan
        self._servers = _Servers(estate)

    def choose(self, item: str, operation: Operation, tried: Collection[str] = frozenset()) -> Choices:
        """The values for this request. A retry passes over the appliances `tried` while another is healthy (A10)."""
        wanted = merged(self._plan.choices, self._plan.item_choices.get(item, Choices()))
        match operation:
            case Operation.REPROTECT_TO_ON_PREMISES:
                vm = self._estate.virtual_machines[item]
                return _TOWARDS_SITE[vm.architecture](self._servers, vm, wanted, tried)
            case Operation.REPROTECT_TO_AZURE:
                vm = self._estate.virtual_machines[item]
                return _TOWARDS_AZURE[vm.architecture](self._servers, vm, wanted, tried)
            case Operation.FAILOVER:
                return Choices(shut_down_source=_shut_down(wanted))
            case Operation.FAILBACK:
                always = self._estate.virtual_machines[item].architecture in ALWAYS_SHUT_DOWN
                return Choices(
                    recovery_point=wanted.recovery_point or LATEST, shut_down_source=always or _shut_down(wanted)
                )
            case Operation.COMMIT_FAILOVER | Operation.COMMIT_FAILBACK | Operation.CANCEL_FAILBACK:
                return Choices()
            case Operation.TEST_FAILOVER | Operation.CLEAN_UP_TEST:
                return Choices()
            case _:
                assert_never(operation)


def choose(
    estate: Estate, plan: Plan, item: str, operation: Operation, tried: Collection[str] = frozenset()
) -> Choices:
    """The values for one request, see `RequestDefaults`; who asks for many machines keeps one of those."""
    return RequestDefaults(estate, plan).choose(item, operation, tried)


class _Servers:
    """Who could serve a machine, found when first asked for."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._target_for: dict[tuple[OsFamily, frozenset[str], int], MasterTarget | None] = {}

    def master_target(self, vm: VirtualMachine) -> MasterTarget | None:
        """The first of the family (R06, M01) that sees its group's datastores (R07, R24) with room (M03); or any."""
        mates = _together(self.estate, vm)
        stores = frozenset(mate.datastore for mate in mates if mate.exists_on_premises is not False)
        wanted = (vm.os, stores, sum(map(slots_of, mates)))
        if wanted not in self._target_for:
            self._target_for[wanted] = self._seeing(*wanted)
        return self._target_for[wanted]

    def _seeing(self, os: OsFamily, stores: frozenset[str], disks: int) -> MasterTarget | None:
        every = self._family.get(os, ())
        some = self._by_store.get((os, min(stores)), ()) if stores else every
        seeing = [target for target in some if stores <= _mounted(self.estate, target)]
        roomy = (target for target in seeing if own_disks(self.estate, target) + disks <= DISKS_MAX)
        return _first(roomy) or _first(seeing) or _first(every)

    @cached_property
    def _family(self) -> Mapping[OsFamily, Sequence[MasterTarget]]:
        return _grouped((target.os, target) for target in self.estate.master_targets.values())

    @cached_property
    def _by_store(self) -> Mapping[tuple[OsFamily, str], Sequence[MasterTarget]]:
        targets = self.estate.master_targets.values()
        return _grouped(((t.os, store), t) for t in targets for store in _mounted(self.estate, t))

    def appliance(self, store: str | None, disks: int, tried: Collection[str]) -> Appliance | None:
        """The first healthy one (A01) that sees this datastore (A03) with room for these disks (A02); else any."""
        seeing = self._healthy_by_store.get(store or "", ())
        roomy = (box for box in seeing if own_disks(self.estate, box) + disks <= DISKS_MAX)
        fresh = next((box for box in chain(roomy, seeing, self._healthy) if box.name not in tried), None)
        return fresh or _first(seeing) or _first(self._healthy) or _first(self.estate.appliances.values())

    @cached_property
    def _healthy(self) -> Sequence[Appliance]:
        boxes = self.estate.appliances.values()
        return [b for b in boxes if b.healthy is True and all(part.healthy is not False for part in b.parts)]

    @cached_property
    def _healthy_by_store(self) -> Mapping[str, Sequence[Appliance]]:
        return _grouped((store, box) for box in self._healthy for store in _mounted(self.estate, box))

    def in_azure(self, network: Fact[str]) -> ProcessServer | None:
        """The first process server in this network of Azure (P02), else the first in Azure, else the first."""
        servers = self.estate.process_servers.values()
        near = (s for s in servers if s.in_azure and known(network) and s.network == network)
        return _first(near) or _process_server(self.estate, in_azure=True)

    @cached_property
    def on_site(self) -> ProcessServer | None:
        """The first process server on site, else the first."""
        return _process_server(self.estate, in_azure=False)


def through(choices: Choices) -> str | None:
    """The master target or appliance that takes the disks."""
    return choices.master_target or choices.appliance


def merged(under: Choices, over: Choices) -> Choices:
    """`over`, and `under` where it says nothing."""
    if over == _NOTHING:
        return under
    given = {f.name: getattr(over, f.name) for f in fields(Choices) if getattr(over, f.name) is not None}
    return replace(under, **given)


def _shut_down(wanted: Choices) -> bool:
    return wanted.shut_down_source is not False


def _classic_towards_site(servers: _Servers, vm: VirtualMachine, wanted: Choices, _: Collection[str]) -> Choices:
    name = wanted.master_target or _name(servers.master_target(vm))
    target = servers.estate.master_targets.get(name or "")
    drives = () if target is None else target.retention_drives
    return Choices(
        master_target=name,
        process_server=wanted.process_server or _name(servers.in_azure(vm.azure.network)),
        datastore=wanted.datastore or _datastore(vm, target),
        retention_drive=wanted.retention_drive or (drives[0].name if drives else None),
        account=wanted.account or _account(servers.estate, vm),
    )


def _modernised_towards_site(servers: _Servers, vm: VirtualMachine, wanted: Choices, tried: Collection[str]) -> Choices:
    name = wanted.appliance or _name(servers.appliance(wanted.datastore or vm.datastore, slots_of(vm), tried))
    box = servers.estate.appliances.get(name or "")
    return Choices(
        appliance=name,
        datastore=wanted.datastore or _datastore(vm, box),
        log_storage_account=wanted.log_storage_account or _log_storage_account(box),
        account=wanted.account,
    )


def _classic_towards_azure(servers: _Servers, vm: VirtualMachine, wanted: Choices, _: Collection[str]) -> Choices:
    server = _name(servers.on_site)
    return Choices(process_server=server, account=wanted.account or _account(servers.estate, vm))


def _modernised_towards_azure(
    servers: _Servers, vm: VirtualMachine, wanted: Choices, tried: Collection[str]
) -> Choices:
    return Choices(
        appliance=wanted.appliance or _name(servers.appliance(vm.datastore, slots_of(vm), tried)),
        account=wanted.account,
    )


_Rule: TypeAlias = Callable[[_Servers, VirtualMachine, Choices, Collection[str]], Choices]
_TOWARDS_SITE: Final[dict[Architecture, _Rule]] = {
    Architecture.CLASSIC: _classic_towards_site,
    Architecture.MODERNISED: _modernised_towards_site,
}
_TOWARDS_AZURE: Final[dict[Architecture, _Rule]] = {
    Architecture.CLASSIC: _classic_towards_azure,
    Architecture.MODERNISED: _modernised_towards_azure,
}


def _together(estate: Estate, vm: VirtualMachine) -> tuple[VirtualMachine, ...]:
    group = estate.replication_groups.get(vm.replication_group or "")
    return (vm,) if group is None else tuple(estate.virtual_machines[name] for name in group.items)


def _mounted(estate: Estate, target: MasterTarget | Appliance) -> frozenset[str]:
    """What its host mounts read/write (R24, A03)."""
    host = estate.hosts.get(target.host)
    return frozenset() if host is None else frozenset(host.datastores) - frozenset(host.read_only_datastores)


def _log_storage_account(box: Appliance | None) -> str:
    """The first that the appliance is known to be able to use (A04)."""
    accounts = box.log_storage_accounts if box is not None else None
    return accounts[0] if known(accounts) and accounts else LOG_STORAGE_ACCOUNT


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


def _grouped(pairs: Iterable[tuple[K, T]]) -> Mapping[K, Sequence[T]]:
    groups: dict[K, list[T]] = {}
    for key, thing in pairs:
        groups.setdefault(key, []).append(thing)
    return groups


def _first(things: Iterable[T]) -> T | None:
    return next(iter(things), None)


def _name(thing: MasterTarget | Appliance | ProcessServer | None) -> str | None:
    return None if thing is None else thing.name
