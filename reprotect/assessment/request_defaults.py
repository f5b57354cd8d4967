"""The values of one request: what the plan says, for the item over for all, and by the rules where it says nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from functools import cached_property
from itertools import product
from typing import Final, TypeAlias, TypeVar, assert_never

from failback.reprotect.choices import Choices
from failback.reprotect.estate import Appliance, Estate, MasterTarget, VirtualMachine, configuration_server, known
from failback.reprotect.item import Architecture, Operation, OsFamily
from failback.reprotect.plan import Plan

from .server_choice import ServerChoice
from .server_weights import PassedOver

LOG_STORAGE_ACCOUNT: Final = "failbacklogs"
"""Name of the cache storage account where neither the plan nor the appliance names one (A04)."""
LATEST: Final = "latest"
"""The recovery point of failback where the plan names none (F03)."""
COMMON_POINTS: Final = frozenset({None, LATEST, "latest_app_consistent"})
"""Recovery points that one request for a whole recovery plan can ask for: any other is one item's own."""
ALWAYS_SHUT_DOWN: Final = frozenset({Architecture.MODERNISED})
"""Whose failback shuts the machine in Azure down in any case: its request has no field for that (A11)."""

_NOTHING: Final = Choices()

T = TypeVar("T")


class RequestDefaults:
    """Chooses the values of requests for one estate and plan. All machines' servers are chosen together, once."""

    def __init__(self, estate: Estate, plan: Plan) -> None:
        self._estate, self._plan = estate, plan
        self._homeward = ServerChoice(estate, plan, self._targets, self._options)
        self._outward: dict[tuple[object, ...], Mapping[str, None]] = {}
        self._names = {
            **{("master_target", os): _of_family(estate, os) for os in OsFamily},
            **{("appliance", os): tuple(estate.appliances) for os in OsFamily},
        }

    def choose(self, item: str, operation: Operation, tried: Collection[str] = frozenset()) -> Choices:
        """The values for this request. A retry passes over the appliances `tried` while another is healthy (A10)."""
        match operation:
            case Operation.REPROTECT_TO_ON_PREMISES:
                return next(iter(self.instead(item, tried)), self._homeward.chosen[item])
            case Operation.REPROTECT_TO_AZURE:
                return self._towards_azure(self._estate.virtual_machines[item], tried)
            case Operation.FAILOVER:
                return Choices(shut_down_source=_shut_down(self._wanted(item)))
            case Operation.FAILBACK:
                wanted = self._wanted(item)
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

    def instead(self, item: str, tried: Collection[str]) -> tuple[Choices, ...]:
        """Other requests homeward after these were tried: through every other server that is as fit."""
        return self._homeward.instead(item, tried) if tried else ()

    def passed_over(self, item: str) -> tuple[PassedOver, ...]:
        """The servers that were passed over for this machine on its way home, and why."""
        return tuple(dict.fromkeys(self._homeward.passed_over(item)))

    def passed_over_by_kind(self) -> tuple[PassedOver, ...]:
        """The same for the first of each kind of machine, and the servers that serve nobody."""
        return tuple(dict.fromkeys(self._homeward.passed_over_by_kind()))

    def _wanted(self, item: str) -> Choices:
        return merged(self._plan.choices, self._plan.item_choices.get(item, _NOTHING))

    def _targets(self, vm: VirtualMachine) -> Sequence[str]:
        wanted, kind = self._wanted(vm.name), _THROUGH[vm.architecture]
        named = getattr(wanted, kind)
        return (named,) if named else self._names[kind, vm.os]

    def _options(self, vm: VirtualMachine, target: str | None) -> Iterable[Choices]:
        return _TOWARDS_SITE[vm.architecture](self._estate, vm, self._wanted(vm.name), target)

    def _towards_azure(self, vm: VirtualMachine, tried: Collection[str]) -> Choices:
        """The servers to which the rules object least."""
        return _TOWARDS_AZURE[vm.architecture](self, vm, tried)

    def _classic_towards_azure(self, vm: VirtualMachine, _: Collection[str]) -> Choices:
        fit = self._fittest(vm, self._on_site_first)
        return Choices(process_server=_first(fit), account=self._wanted(vm.name).account or _account(self._estate, vm))

    def _modernised_towards_azure(self, vm: VirtualMachine, tried: Collection[str]) -> Choices:
        """Of those that are as fit the one that it came home through."""
        wanted, home = self._wanted(vm.name), self._homeward.chosen[vm.name].appliance
        fit: Collection[str] = self._fittest(vm, self._boxes)
        if tried:
            fit = [name for name in fit if name not in tried] or fit
        name = wanted.appliance or (home if home in fit else _first(fit))
        return Choices(appliance=name, account=wanted.account)

    @cached_property
    def _boxes(self) -> Mapping[str, Choices]:
        return {name: Choices(appliance=name) for name in self._estate.appliances}

    @cached_property
    def _on_site_first(self) -> Mapping[str, Choices]:
        servers = self._estate.process_servers
        on_site = sorted(servers, key=lambda name: servers[name].in_azure is not False)
        return {name: Choices(process_server=name) for name in on_site}

    def _fittest(self, vm: VirtualMachine, asked: Mapping[str, Choices]) -> Mapping[str, None]:
        """The best of these servers for the way to Azure; once for machines that are alike."""
        key = vm.architecture, vm.os, vm.configuration_server, vm.vcenter
        if key not in self._outward:
            weigh = {name: self._homeward.weight(vm, _OUTWARD, choices) for name, choices in asked.items()}
            least = min(weigh.values(), default=None)
            self._outward[key] = dict.fromkeys(name for name in asked if weigh[name] == least)
        return self._outward[key]


def choose(
    estate: Estate, plan: Plan, item: str, operation: Operation, tried: Collection[str] = frozenset()
) -> Choices:
    """The values for one request, see `RequestDefaults`; who asks for many machines keeps one of those."""
    return RequestDefaults(estate, plan).choose(item, operation, tried)


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


def _classic_towards_site(estate: Estate, vm: VirtualMachine, wanted: Choices, name: str | None) -> Iterator[Choices]:
    target = estate.master_targets.get(name or "")
    drives = () if target is None else tuple(drive.name for drive in target.retention_drives)
    parts = (_named(wanted.process_server, estate.process_servers), _named(wanted.retention_drive, drives))
    account = wanted.account or _account(estate, vm)
    for store, drive, server in product(_stores(estate, vm, wanted, target), parts[1], parts[0]):
        yield Choices(name, server, datastore=store, retention_drive=drive, account=account)


def _modernised_towards_site(
    estate: Estate, vm: VirtualMachine, wanted: Choices, name: str | None
) -> Iterator[Choices]:
    box = estate.appliances.get(name or "")
    log = wanted.log_storage_account or _log_storage_account(box, vm)
    for store in _stores(estate, vm, wanted, box):
        yield Choices(appliance=name, datastore=store, log_storage_account=log, account=wanted.account)


_Options: TypeAlias = Callable[[Estate, VirtualMachine, Choices, str | None], Iterator[Choices]]
_TOWARDS_SITE: Final[dict[Architecture, _Options]] = {
    Architecture.CLASSIC: _classic_towards_site,
    Architecture.MODERNISED: _modernised_towards_site,
}
_THROUGH: Final = {Architecture.CLASSIC: "master_target", Architecture.MODERNISED: "appliance"}
"""The field of a request that says through which server the disks come home."""
_Outward: TypeAlias = Callable[[RequestDefaults, VirtualMachine, Collection[str]], Choices]
_TOWARDS_AZURE: Final[dict[Architecture, _Outward]] = {
    Architecture.CLASSIC: RequestDefaults._classic_towards_azure,
    Architecture.MODERNISED: RequestDefaults._modernised_towards_azure,
}
_OUTWARD: Final = (Operation.REPROTECT_TO_AZURE,)


def _named(wanted: str | None, names: Iterable[str]) -> tuple[str | None, ...]:
    """The one that the plan names, or all; None where there is none."""
    return (wanted,) if wanted else tuple(names) or (None,)


def _of_family(estate: Estate, os: OsFamily) -> tuple[str, ...]:
    """The master targets of this family (M01): another is no choice, unless there is no other."""
    ours = tuple(target.name for target in estate.master_targets.values() if target.os is os)
    return ours or tuple(estate.master_targets)


def _stores(
    estate: Estate, vm: VirtualMachine, wanted: Choices, target: MasterTarget | Appliance | None
) -> tuple[str | None, ...]:
    """The machine's own (original location); where it is gone (T04) the target's, or another of the target's host."""
    if wanted.datastore or vm.exists_on_premises is not False:
        return ((wanted.datastore or vm.datastore) or None,)
    if target is None:
        return (vm.datastore or None,)
    host = estate.hosts.get(target.host)
    mounted = () if host is None else host.mounted
    return tuple(dict.fromkeys(name for name in (target.datastore, *mounted) if name)) or (None,)


def _log_storage_account(box: Appliance | None, vm: VirtualMachine) -> str:
    """The machine's own, or else the first that the appliance is known to be able to use (A04)."""
    accounts = box.log_storage_accounts if box is not None else None
    usable = accounts if known(accounts) and accounts else (vm.log_storage_account or LOG_STORAGE_ACCOUNT,)
    return vm.log_storage_account if vm.log_storage_account in usable else usable[0]


def _account(estate: Estate, vm: VirtualMachine) -> str | None:
    """One that its own configuration server keeps (F08)."""
    server = configuration_server(estate, vm.name)
    accounts = server.accounts if server is not None else ()
    return next((account for account in accounts if vm.os.value in account), _first(accounts))


def _first(things: Iterable[T]) -> T | None:
    return next(iter(things), None)
