"""How machines are divided among waves or appliances: the disks of a master target itself count in each wave."""

from pathlib import Path
from typing import Any

from failback.scenarios.checks.told import told_causes

from .agreement import report_of
from .known_estates import machine, servers


def test_each_wave_leaves_room_for_the_master_targets_own_disks(tmp_path: Path) -> None:
    vms = [machine(name, "classic", 15, at="failover_committed") for name in "abcdefgh"]
    estate: dict[str, Any] = {"link": {"bandwidth_mbit_per_s": 500}, **servers("classic"), "virtual_machines": vms}
    told = told_causes(report_of({"name": "many", "estate": estate, "plan": {}}, tmp_path))
    [split] = [" ".join(each.steps) for each in told if each.cause.rule == "M04"]
    assert "a, b, c; d, e, f; g, h" in split
