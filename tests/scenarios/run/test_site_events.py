"""Claims about machines that somebody turns off or deletes in vSphere at any moment: the drill goes on and says why."""

from dataclasses import replace

import pytest

from failback.reprotect import Phase, VsphereRefused
from failback.scenarios import Result, RunAborted, load_scenario, play, resolve
from failback.simulator import Fault, FaultKind, MemoryVsphere, Trigger

LENDERS = {"one_vm": "mt-linux", "one_modernised_vm": "appliance-01"}
DEEDS = (FaultKind.POWER_OFF, FaultKind.DESTROY_VM, FaultKind.CANCEL_JOB)


def _befallen(name: str, kind: FaultKind, what: str, phase: Phase, after_s: float = 30.0) -> Result:
    scenario = load_scenario(resolve(name))
    fault = Fault(kind, what, when=Trigger("app-01", phase), after_s=after_s)
    return play(replace(scenario, faults=(*scenario.faults, fault)))


@pytest.mark.parametrize("kind", DEEDS, ids=lambda kind: kind.value)
@pytest.mark.parametrize(("name", "disk_host"), LENDERS.items())
def test_whatever_befalls_a_machine_in_whatever_phase_the_drill_ends_and_no_checker_complains(
    name: str, disk_host: str, kind: FaultKind
) -> None:
    for what in ("app-01", disk_host):
        for phase in Phase:
            result = _befallen(name, kind, what, phase)
            assert not any(result.checkers.values()), (what, phase, result.checkers)
            stopped = [item for item in result.items if item.stopped_by]
            assert stopped or result.items[0].phase == Phase.REPLICATING_TO_AZURE.value, (what, phase)


@pytest.mark.parametrize(("name", "disk_host"), LENDERS.items())
def test_a_failback_whose_lender_is_deleted_after_its_check_fails_and_names_it(name: str, disk_host: str) -> None:
    result = _befallen(name, FaultKind.DESTROY_VM, disk_host, Phase.FAILING_BACK, after_s=120.0)
    found = next(finding for finding in result.findings if finding.rule == "FB-VSPHERE")
    assert found.message == f"The virtual machine {disk_host} is not in vSphere any more."
    assert disk_host in found.remedy


def test_who_gives_up_says_what_the_items_health_says() -> None:
    result = _befallen("one_vm", FaultKind.POWER_OFF, "mt-linux", Phase.RESYNCING_TO_ON_PREMISES)
    found = next(finding for finding in result.findings if finding.rule == "78022")
    assert found.message.startswith("not home 720 h after the run began; its health shows 78022")
    assert found.remedy


def test_a_failback_to_a_host_that_does_not_respond_fails_and_names_the_host() -> None:
    scenario = load_scenario(resolve("one_vm"))
    host = scenario.estate.virtual_machines["app-01"].host
    when = Trigger("app-01", Phase.FAILING_BACK)
    gone = Fault(FaultKind.CHANGE_FACTS, host, when=when, after_s=120.0, facts={"connected": False})
    result = play(replace(scenario, faults=(gone,)))
    assert f"the host {host} of app-01 does not respond" in " ".join(f.message for f in result.findings)
    assert result.items[0].phase == Phase.REPLICATING_TO_ON_PREMISES.value


def test_what_vsphere_refuses_to_a_fault_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise VsphereRefused("the machine is locked")

    monkeypatch.setattr(MemoryVsphere, "take_snapshot", refuse)
    with pytest.raises(RunAborted, match="locked") as broken:
        _befallen("one_vm", FaultKind.TAKE_SNAPSHOT, "mt-linux", Phase.RESYNCING_TO_ON_PREMISES)
    assert isinstance(broken.value.cause, VsphereRefused)
