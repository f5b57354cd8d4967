"""Whose slots are taken when a drill begins: of machines on their way home, if it is known through which server."""

from dataclasses import replace

import pytest

from failback.reprotect import Disk, Drill, Estate, Link, MasterTarget, OsFamily, Phase, Plan, VirtualMachine
from failback.reprotect.assessment import RequestDefaults
from failback.reprotect.drill.item_drill import TurnCame
from failback.reprotect.drill.slot_queue import SlotQueue
from failback.reprotect.item import Architecture


def queue(phase: Phase, returning_through: dict[str, str]) -> SlotQueue:
    """Of two machines with 35 disks each, for one master target: `early` begins in this phase."""
    disks = tuple(Disk(1.0) for _ in range(35))
    machines = [
        VirtualMachine(name, OsFamily.LINUX, disks, Architecture.CLASSIC, "esx", "gold") for name in ("early", "late")
    ]
    estate = Estate(
        {vm.name: vm for vm in machines},
        Link(100.0),
        master_targets={"mt": MasterTarget("mt", OsFamily.LINUX, "esx", "gold")},
        returning_through=returning_through,
    )
    items = dict(Drill(estate, Plan()).items)
    items["early"] = replace(items["early"], phase=phase)
    return SlotQueue(estate, RequestDefaults(estate, Plan()), items, {}, {})


@pytest.mark.parametrize(
    ("phase", "through", "goes"),
    [
        (Phase.REPLICATING_TO_ON_PREMISES, {"early": "mt"}, False),
        (Phase.REPLICATING_TO_ON_PREMISES, {}, True),
        (Phase.FAILOVER_COMMITTED, {"early": "mt"}, True),
    ],
    ids=["on its way through it", "on its way through nobody knows what", "not on its way"],
)
def test_slots_are_taken_by_machines_that_return_through_a_known_server(
    phase: Phase, through: dict[str, str], goes: bool
) -> None:
    turns = [each.item for each in queue(phase, through).line_up(("late",)) if isinstance(each, TurnCame)]
    assert turns == (["late"] if goes else [])
