"""Where nobody knows the vCenter of a machine, the only one that its servers know is named; of several none is."""

from pathlib import Path
from typing import Any

import pytest

from failback.scenarios.checks.told import told_causes

from .agreement import report_of
from .known_estates import machine, servers


@pytest.mark.parametrize(("vcenters", "named"), [(["vc"], "vc"), (["vc", "vc-2"], "VCENTER")])
def test_the_only_one_is_named(tmp_path: Path, vcenters: list[str], named: str) -> None:
    vm = machine("a", "classic", at="failover_committed", vcenter="unknown")
    estate: dict[str, Any] = {"link": {"bandwidth_mbit_per_s": 500}, **servers("classic"), "virtual_machines": [vm]}
    estate["configuration_servers"][0] |= {"vcenters": vcenters, "vcenter_connected": False}
    told = told_causes(report_of({"name": "one", "estate": estate, "plan": {}}, tmp_path))
    [steps] = [" ".join(each.steps) for each in told if each.cause.rule == "R09"]
    assert f"`Test-NetConnection {named} -Port 443`" in steps
    assert ("as VCENTER" in steps) == (named == "VCENTER")
