"""A look-up for servers of both systems has a step for each: a Windows server has neither root nor `nc`."""

from failback.scenarios.checks.told import told_causes
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import check_estate


def test_linux_and_windows_master_targets_get_their_own_command() -> None:
    scenario = load_scenario(resolve("first_drill"))
    report = check_estate(scenario.estate, scenario.plan)
    [told] = [each for each in told_causes(report) if each.cause.rule == "M19"]
    [linux] = [look for look in told.looks if look.startswith("on mt-linux,")]
    [windows] = [look for look in told.looks if look.startswith("on mt-windows,")]
    assert "/dev/tcp/" in linux
    assert "mt-windows" not in linux
    assert "Test-NetConnection" in windows
    assert "as root" not in windows
