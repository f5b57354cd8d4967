"""The datastores of a pilot: those that the most important tier needs, and those with a fault to fix first."""

from collections.abc import Iterable, Iterator, Mapping
from math import inf

from failback.reprotect import Operation, RequestDefaults, VirtualMachine
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import CheckedMachine, Report, Status


def stores_of(scenario: Scenario) -> Mapping[str, str]:
    """Machine -> the datastore that it comes home to, where the estate describes that datastore."""
    estate, defaults = scenario.estate, RequestDefaults(scenario.estate, scenario.plan)
    found = {vm.name: _store_of(defaults, vm) for vm in estate.virtual_machines.values()}
    return {name: store for name, store in found.items() if store in estate.datastores}


def _store_of(defaults: RequestDefaults, vm: VirtualMachine) -> str:
    return defaults.choose(vm.name, Operation.REPROTECT_TO_ON_PREMISES).datastore or vm.datastore


def important_stores(ranks: Mapping[str, float], stores: Mapping[str, str]) -> frozenset[str]:
    """Those to which the most important tier comes home, where there are several tiers and several datastores."""
    first = min(ranks.values(), default=inf)
    if len(set(ranks.values())) < 2 or len(set(stores.values())) < 2:
        return frozenset()
    return frozenset(store for name, store in stores.items() if ranks[name] == first)


def stores_tried(names: Iterable[str], stores: Mapping[str, str], among: frozenset[str]) -> frozenset[str]:
    """The properties of those of `among` that these machines come home to."""
    return frozenset(f"datastore {stores[name]}" for name in names if stores.get(name) in among)


def store_faults(scenario: Scenario, report: Report, kinds: tuple[Status, ...]) -> Mapping[str, tuple[str, ...]]:
    """Machine -> what is known to be wrong with its own datastore, by rule; a pilot proves nothing about it."""
    stores = stores_of(scenario)
    found = {one.item: tuple(_faults(one, stores.get(one.item), kinds)) for one in report.items}
    return {name: told for name, told in found.items() if told}


def _faults(machine: CheckedMachine, store: str | None, kinds: tuple[Status, ...]) -> Iterator[str]:
    rules = dict.fromkeys(one.rule for one in machine.of(*kinds) if store in {blocker.name for blocker in one.blockers})
    if rules:
        yield f"on datastore {store}: fix {', '.join(rules)} first"
