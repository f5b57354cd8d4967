"""Somebody deletes a machine while its way home waits: only that machine stops, or its group before the reprotect."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from failback.adapters import DATACENTER, VsphereHands, VsphereSession
from failback.reprotect import Line, Operation, Phase
from failback.scenarios import load_scenario
from failback.scenarios.outputs.run_folders.history_file import HistoryFile
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.run.worlds import lab_site
from failback.simulator import Fault, FaultKind
from failback.simulator.arm import ArmMock, Response, serve

from .live_site import failback

FACTOR: Final = 5_000
HOME: Final = "replicating_to_azure"
WAITS: Final = Phase.REPLICATING_TO_ON_PREMISES
STORY: Final = """
name: three_home
estate:
  link: {bandwidth_mbit_per_s: 500}
  virtual_machines:
    - {name: app-01, os: windows, host: esx-01, datastore: gold, at: failover_committed, disks: [{size_gib: 20}]}
    - {name: app-02, os: windows, host: esx-01, datastore: gold, at: failover_committed, disks: [{size_gib: 20}]}
    - {name: app-03, os: windows, host: esx-01, datastore: gold, at: failover_committed, disks: [{size_gib: 20}]}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 4096}]
  appliances: [{name: appliance-01, host: esx-01, datastore: gold}]
plan:
  waves: [{name: night, items: [app-01, app-02, app-03], seed_opens_s: 0, opens_s: 18000}]
  attempts_max: 1
  retry_delay_s: 1
"""
GROUP: Final = (
    STORY.replace("app-01, os", "app-01, replication_group: pair, os")
    .replace("app-02, os", "app-02, replication_group: pair, os")
    .replace("plan:\n", "  recovery_plans: [{name: both, groups: [[app-01, app-02]]}]\nplan:\n")
)
ALONE_AND_GROUP: Final = pytest.mark.parametrize("site", [STORY, GROUP], indirect=True, ids=["alone", "group"])


@dataclass
class Site:
    """A vault and a vCenter, and a folder with what is typed."""

    mock: ArmMock
    vcenter: VsphereSession
    folder: Path
    patch: pytest.MonkeyPatch

    def runs(self) -> int:
        """The exit code of the run."""
        given = ("--world", "azure", "--settings", f"{self.folder}/settings.json", "--out", f"{self.folder}/night")
        return failback(self.patch, "run", f"{self.folder}/s.yaml", *given)

    def breaks_off(self) -> None:
        """The run is interrupted once it has seen that app-01 is replicated home, and its machine on site."""
        write, waits = HistoryFile.write, list[bool]()

        def writing(file: HistoryFile, line: Line) -> None:
            write(file, line)
            if line.item == "app-01" and line.name == "ItemSeen" and line.data["phase"] == WAITS.value:
                waits.append(True)
            if line.item == "app-01" and line.name == "VmSeen" and waits:
                raise KeyboardInterrupt

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(HistoryFile, "write", writing)
            assert self.runs() == 4

    def resumes(self) -> int:
        """The exit code of the run that goes on."""
        return failback(self.patch, "resume", f"{self.folder}/night", "--settings", f"{self.folder}/settings.json")

    def lines(self) -> list[Line]:
        """Its history."""
        return [one.line for one in read_journal(self.folder / "night/history.jsonl").lines]

    def ends(self) -> dict[str, str]:
        """Where the machines ended."""
        return dict(self._result()["items"])

    def stopped(self) -> dict[str, str]:
        """Which of them stopped, and why."""
        found = self._result()["findings"]
        return {each["item"]: each["message"] for each in found if each["status"] == "stopped"}

    def _result(self) -> Any:
        return json.loads((self.folder / "night/result.json").read_text("utf-8"))

    def when_it_waits(self, act: Callable[[], None]) -> None:
        """Act once, when app-01 is replicated home and waits for the hour of its wave."""
        handle, done = self.mock.handle, list[bool]()

        def heard(method: str, url: str, headers: Any, body: bytes) -> Response:
            if not done and self.mock.world.vault.items["app-01"].phase is WAITS:
                done.append(True)
                act()
            return handle(method, url, headers, body)

        self.patch.setattr(self.mock, "handle", heard)


@pytest.fixture
def site(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    (tmp_path / "s.yaml").write_text(request.param, encoding="utf-8")
    with ExitStack() as stack:
        lab = stack.enter_context(lab_site(load_scenario(tmp_path / "s.yaml"), clock=f"real:{FACTOR}"))
        served = stack.enter_context(serve(lab.mock))
        at = lab.session.settings
        monkeypatch.setenv("FAILBACK_VSPHERE_PASSWORD", at.password)
        azure = {"subscription": lab.mock.subscription, "resource_group": lab.mock.resource_group}
        azure |= {"vault": lab.mock.vault_name, "base_url": served.base_url, "ca_file": str(served.ca_file)}
        vsphere = {"host": at.host, "port": at.port, "user": at.user, "within": DATACENTER, "verify": False}
        clock = {"poll_s": 0.05, "factor": FACTOR}
        settings = {"azure": azure, "vsphere": vsphere, "clock": clock}
        (tmp_path / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        yield Site(lab.mock, stack.enter_context(VsphereSession(at)), tmp_path, monkeypatch)


@pytest.mark.vcsim
@ALONE_AND_GROUP
def test_a_machine_that_is_deleted_in_vcenter_while_its_failback_waits_stops_by_itself(site: Site) -> None:
    """Its group stands together for the reprotect only, which is done."""
    site.when_it_waits(lambda: VsphereHands(site.vcenter).destroy_vm("app-01"))
    assert site.runs() == 1
    assert site.ends() == {"app-01": "replicating_to_on_premises", "app-02": HOME, "app-03": HOME}
    assert site.stopped() == {"app-01": "The virtual machine app-01 is not in vSphere any more."}
    assert VsphereHands(site.vcenter).look(["app-01"]) == {}, "and nobody has made another"


@pytest.mark.vcsim
@pytest.mark.parametrize(
    ("site", "operation", "home"),
    [
        (STORY, Operation.REPROTECT_TO_ON_PREMISES, ["app-02", "app-03"]),
        (STORY, Operation.FAILBACK, ["app-02", "app-03"]),
        (GROUP, Operation.REPROTECT_TO_ON_PREMISES, ["app-03"]),
        (GROUP, Operation.FAILBACK, ["app-02", "app-03"]),
    ],
    indirect=["site"],
    ids=["reprotect", "failback", "reprotect of a group", "failback of a group"],
)
def test_a_machine_that_is_deleted_in_azure_stops_by_itself_and_its_group_only_before_its_reprotect(
    site: Site, operation: Operation, home: list[str]
) -> None:
    """The mock has no machine in Azure that could be gone: all that is seen of it here is that its next job fails."""
    site.mock.world.faults.fire(Fault(FaultKind.FAIL_JOB, "app-01", operation=operation, times=99))
    assert site.runs() == 1
    assert [name for name, phase in site.ends().items() if phase == HOME] == home
    assert site.stopped()["app-01"] == "The task was made to fail."


@pytest.mark.vcsim
@pytest.mark.parametrize("site", [STORY], indirect=True)
def test_a_machine_that_was_deleted_in_vcenter_before_the_run_goes_on_is_missed_at_its_first_look(site: Site) -> None:
    site.breaks_off()
    seen = len(site.lines())
    VsphereHands(site.vcenter).destroy_vm("app-01")
    assert site.resumes() == 1
    assert site.ends() == {"app-01": "replicating_to_on_premises", "app-02": HOME, "app-03": HOME}
    after = [
        line for line in site.lines()[seen:] if line.name in ("VmSeen", "StartOperation") and line.item == "app-01"
    ]
    assert (after[0].name, after[0].data["powered_on"]) == ("VmSeen", None)
