"""A disk that only vCenter knows counts with its datastore: in lab, check and run stop a machine for it (R24, A03).

Somebody attached a second disk to a machine in a vcsim that runs already. Its datastore is mounted on the machine's
host and not on the host of the master target or appliance, and the file says nothing of the disk.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml
from pyVim.task import WaitForTask
from pyVmomi import vim

from failback.adapters import DATACENTER, VsphereSession, build_estate, find_vcsim, start_vcsim
from failback.reprotect import Standing
from failback.scenarios import load_scenario, play
from failback.scenarios.checks.command import CheckRequest, run_check

from .known_estates import machine, servers


def written(where: Path, architecture: str) -> Path:
    """One machine on a host that mounts one datastore more than that of its server."""
    estate: dict[str, Any] = servers(architecture)
    estate["hosts"].append({**estate["hosts"][0], "name": "esx2", "datastores": ["gold", "silver"]})
    estate["datastores"].append({**estate["datastores"][0], "name": "silver"})
    estate["virtual_machines"] = [machine("app", architecture, host="esx2")]
    estate["link"] = {"bandwidth_mbit_per_s": 500}
    path = where / "one.yaml"
    path.write_text(yaml.safe_dump({"name": "one", "estate": estate, "plan": {}}), encoding="utf-8")
    return path


def attach_a_disk(session: VsphereSession, name: str, store: str) -> None:
    """What a person does in the client: a new disk on this datastore."""

    def attached(content: Any) -> None:
        view = content.viewManager.CreateContainerView(content.rootFolder, [vim.VirtualMachine], True).view
        found = next(vm for vm in view if vm.name == name)
        center = next(each for each in content.rootFolder.childEntity if each.name == DATACENTER)
        content.fileManager.MakeDirectory(f"[{store}] {name}", center, True)
        controller = next(d for d in found.config.hardware.device if isinstance(d, vim.vm.device.VirtualSCSIController))
        datastore = next(each for each in found.runtime.host.datastore if each.name == store)
        file = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(
            fileName=f"[{store}] {name}/{name}_9.vmdk", datastore=datastore, diskMode="persistent", thinProvisioned=True
        )
        disk = vim.vm.device.VirtualDisk(
            key=-1, unitNumber=3, controllerKey=controller.key, capacityInKB=10 * 2**20, backing=file
        )
        change = vim.vm.device.VirtualDeviceSpec(operation="add", fileOperation="create", device=disk)
        WaitForTask(found.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[change])))  # type: ignore[no-untyped-call]

    session.read("attaching a disk", attached)


@pytest.mark.vcsim
@pytest.mark.parametrize(("architecture", "rule"), [("classic", "R24"), ("modernised", "A03")])
def test_a_disk_on_a_datastore_that_the_server_does_not_see_blocks_though_only_vcenter_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, architecture: str, rule: str
) -> None:
    source = find_vcsim()
    if source.binary is None:
        pytest.skip("FAILBACK_VCSIM is an address: this test starts a vcsim of its own.")  # not in CI
    path = written(tmp_path, architecture)
    assert run_check(CheckRequest(str(path))).report.outlooks["app"].standing is Standing.READY
    with start_vcsim(source.binary) as running, VsphereSession(running.settings(DATACENTER)) as session:
        monkeypatch.setenv("FAILBACK_VCSIM", running.url)
        build_estate(session, load_scenario(path).estate)
        attach_a_disk(session, "app", "silver")
        found = run_check(CheckRequest(str(path), "lab"))
        (item,) = play(load_scenario(path), world="lab").items
    assert found.report.outlooks["app"].because == (rule,)
    assert any("silver" in note for note in found.seen.notes)
    assert (item.phase, item.stopped_by) == ("failover_committed", rule)
