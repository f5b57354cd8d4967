"""The line of assumptions: each number that moves the times is in it, and a default is called one."""

from dataclasses import replace
from datetime import date

from failback.scenarios.files.calibration import Calibration
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.predictions.times_assume import times_assume


def story() -> Scenario:
    return load_scenario(resolve("one_vm"))


def test_each_number_is_named_and_a_default_is_called_one() -> None:
    scenario = story()
    bare = replace(scenario, site=type(scenario.site)())
    disks = {n: replace(vm, disks=tuple(replace(d, changed_fraction=None, churn_mib_per_s=None) for d in vm.disks))
             for n, vm in bare.estate.virtual_machines.items()}  # fmt: skip
    bare = replace(bare, estate=replace(bare.estate, virtual_machines=disks), calibration=None)
    assert times_assume(bare) == (
        f"Times assume: all of the link's {bare.estate.link.bandwidth_mbit_per_s:,g} Mbit/s, 25 % of the data changed "
        "in Azure (default), 0 GiB more written there per day (default), each disk read at 29.9 MiB/s (default). "
        "None of this was measured: `failback calibrate` reads it from earlier jobs."
    )


def test_what_the_scenario_gives_is_no_default() -> None:
    scenario = story()
    site = replace(scenario.site, changed_fraction=0.1, churn_mib_per_s=1.0, scan_mib_per_s=50.0)
    vms = {
        name: replace(vm, disks=tuple(replace(disk, changed_fraction=None) for disk in vm.disks))
        for name, vm in scenario.estate.virtual_machines.items()
    }
    said = times_assume(replace(scenario, site=site, estate=replace(scenario.estate, virtual_machines=vms)))
    assert "10 % of the data changed in Azure, " in said
    assert "each disk read at 50 MiB/s." in said
    assert "(default)" not in said
    disks = sum(len(vm.disks) for vm in vms.values())
    assert f"{disks * 86_400 / 1024:,.0f} GiB more written there per day" in said


def test_a_calibration_says_what_it_measured() -> None:
    measured = Calibration(date(2026, 6, 5), "model", 240)
    said = times_assume(replace(story(), calibration=measured))
    assert said.endswith("The durations of jobs were measured: calibrated 2026-06-05 on 240 steps of earlier runs.")
    assert "(default)" not in said.partition("written there")[0]
