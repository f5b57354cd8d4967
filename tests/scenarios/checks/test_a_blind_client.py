"""What a check says is what a vault does for a client that asks for everything and knows nothing of rules or plans.

Asked in the plan's order and in any other, of machines at home or anywhere on their way. It waits for nobody: who only
falls with a mate of its recovery plan, or behind a wave, comes home, and who falls with its replication group is left
aside. So is what follows from who goes before whom: a wave keeps apart who would meet otherwise. Of a capacity that
several want and not all can have, who gets it depends on the order: the number is compared, where all want as much.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failback.reprotect import DISKS_MAX, Estate, Standing, own_disks
from failback.scenarios.checks.command import CheckRequest, check_located
from failback.scenarios.judging.check import Report

from .agreement import located_of
from .blind_client import comes_home
from .drawn_estates import free
from .known_estates import machine, servers

EXAMPLES: Final = 90
FEW_EXAMPLES: Final = 15
MANY, FEW = 20, 3
"""At least as many machines, and capacities that are too small, are compared."""
SCARCE: Final[tuple[tuple[dict[str, Any], str, dict[str, Any]], ...]] = (
    ({"memory_gib": 40}, "hosts", {"free_memory_gib": 100}),
    ({"memory_gib": 60}, "hosts", {"free_memory_gib": 50}),
    ({"exists_on_premises": False}, "datastores", {"free_gib": 25}),
)
ALLOTTED: Final = ("8038", "B14")
COMES: Final = (Standing.READY, Standing.CLEARS)


@dataclass(slots=True)
class Compared:
    """How many machines, and how many capacities, were compared, by what the check said.

    `with_mates`: machines that a drill stops, or may stop, only for others for which a vault does not wait.
    """

    machines: Counter[Standing] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    with_mates: int = 0


@st.composite
def scarce(draw: st.DrawFn, architecture: str) -> dict[str, Any]:
    """Healthy machines that want as much of a capacity that not all of them can have."""
    wants, section, short = draw(st.sampled_from(SCARCE))
    parts = servers(architecture)
    parts[section][0].update(short)
    vms = [machine(f"m{n}", architecture, **wants) for n in range(draw(st.integers(3, 9)))]
    estate = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": vms, **parts}
    return {"name": "scarce", "estate": estate, "plan": {}}


def surprises(drawn: dict[str, Any], where: Path, seed: int | None, compared: Compared) -> list[Any]:
    """Machines that end otherwise than the check says, and capacities that serve another number."""
    located = located_of(drawn, where)
    report = check_located(located, CheckRequest("drawn")).report
    names = list(report.outlooks)
    order = names if seed is None else Random(seed).sample(names, len(names))
    home = {} if report.refused else comes_home(located.scenario, order)
    return [*_alone(report, home, compared), *_shared(report, home, compared)]


def _alone(report: Report, home: Mapping[str, bool], compared: Compared) -> Iterator[Any]:
    aside = set(_aside(report))
    for name in sorted(home.keys() - aside):
        outlook = report.outlooks[name]
        if (said := _said(report, name)) is None:
            continue
        compared.machines[said] += 1
        compared.with_mates += said is Standing.READY and outlook.standing not in COMES
        if home[name] is not (said is Standing.READY):
            yield name, outlook.standing.value, outlook.because, "home" if home[name] else "stopped"


def _said(report: Report, name: str) -> Standing | None:
    """What is said of it alone: nothing where something of its own is open, or where it falls with its group."""
    outlook, vm = report.outlooks[name], report.estate.virtual_machines[name]
    if outlook.standing in COMES:
        return Standing.READY
    if any(not why.startswith("with ") for why in outlook.because):
        return Standing.BLOCKED if outlook.standing is Standing.BLOCKED else None
    own = next(machine.findings for machine in report.items if machine.item == name)
    unmet = any(finding.can_block and (finding.blockers or finding.gaps) for finding in own)
    return None if unmet or vm.replication_group else Standing.READY


def _aside(report: Report) -> Iterator[str]:
    """Of whom the order decides: who shares what is scarce; who meets, or has mates, by waves or where it stands."""
    estate, ledger = report.estate, report.estate.ledger
    yield from (item for item, _, _ in ledger.lefts)
    yield from (*ledger.apart, *ledger.uneven, *ledger.kept)
    moved = bool(report.plan.waves) or len({vm.at for vm in estate.virtual_machines.values()}) > 1
    for plan in estate.recovery_plans.values():
        lacks = any(estate.virtual_machines[name].recovery_points in (0, None) for name in plan.items)
        yield from plan.items if lacks and moved else ()
    yield from _short_of_slots(report, estate)


def _short_of_slots(report: Report, estate: Estate) -> Iterator[str]:
    """Where some do not come home, and may keep slots that others need."""
    by = estate.returning_through if isinstance(estate.returning_through, Mapping) else {}
    stay = {by[name] for name in by if report.outlooks[name].standing not in COMES}
    for name, target in by.items():
        part = estate.master_targets.get(target) or estate.appliances.get(target)
        short = part is not None and own_disks(estate, part) + estate.ledger.load(target).disks > DISKS_MAX
        yield from (name,) if short and target in stay else ()


def _shared(report: Report, home: Mapping[str, bool], compared: Compared) -> Iterator[Any]:
    """Where all sharers are decided and want as much, as many come home as the check says."""
    lefts = report.estate.ledger.lefts
    for of in sorted({(capacity, name) for _, capacity, name in lefts}):
        sharers = [item for item, *there in lefts if tuple(there) == of and item in home]
        needs = {report.estate.virtual_machines[name].memory_gib for name in sharers}
        outlooks = [report.outlooks[name] for name in sharers]
        others = {why for outlook in outlooks for why in outlook.because} - set(ALLOTTED)
        if not sharers or len(needs) > 1 or others:
            continue
        said, came = sum(each.standing in COMES for each in outlooks), sum(home[name] for name in sharers)
        compared.served[of[0]] += 1
        if said != came:
            yield of, said, came


@pytest.mark.slow
@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_vault_does_what_the_check_says_for_a_client_that_knows_no_rules(
    tmp_path: Path, architecture: str, *, begun: bool
) -> None:
    compared = Compared()

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(free(architecture, begun=begun), st.one_of(st.none(), st.integers(0, 99)))
    def agrees(drawn: dict[str, Any], seed: int | None) -> None:
        assert surprises(drawn, tmp_path, seed, compared) == []

    agrees()
    assert min(compared.machines[each] for each in (Standing.READY, Standing.BLOCKED)) > MANY


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_as_many_come_home_through_what_is_scarce_in_whatever_order_they_ask(tmp_path: Path, architecture: str) -> None:
    compared = Compared()

    @settings(max_examples=FEW_EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(scarce(architecture), st.one_of(st.none(), st.integers(0, 99)))
    def agrees(drawn: dict[str, Any], seed: int | None) -> None:
        assert surprises(drawn, tmp_path, seed, compared) == []

    agrees()
    assert min(compared.served[capacity] for capacity in ("memory", "room")) >= FEW


@pytest.mark.parametrize("plan", [{"recovery_plans": ["p"]}, {"waves": [{"name": "first", "items": ["a"]}]}])
@pytest.mark.parametrize("phase", ["replicating_to_azure", "failover_tested", "resyncing_to_on_premises"])
@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_who_falls_only_with_a_mate_or_behind_a_wave_comes_home_where_nobody_waits(
    tmp_path: Path, architecture: str, phase: str, plan: dict[str, Any]
) -> None:
    vms = [machine(name, architecture, at=phase) for name in "ab"]
    vms[0]["replication_starts"] = False
    plans = [{"name": "p", "groups": [["a", "b"]]}]
    link = {"bandwidth_mbit_per_s": 500}
    estate = {"link": link, "virtual_machines": vms, "recovery_plans": plans, **servers(architecture)}
    compared = Compared()
    assert surprises({"name": "mates", "estate": estate, "plan": plan}, tmp_path, None, compared) == []
    assert compared.machines == {Standing.READY: 1, Standing.BLOCKED: 1}
    assert compared.with_mates == 1
