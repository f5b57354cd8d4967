"""In lab, vCenter says what the rules judge: hardware that a person changes in a vcsim, and what it cannot hold."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pyVmomi import vim

from failback.adapters import (
    DATACENTER,
    RunningVcsim,
    VsphereSession,
    build_estate,
    find_vcsim,
    read_vsphere,
    start_vcsim,
)
from failback.adapters.vsphere_tasks import wait_for
from failback.reprotect import Line
from failback.scenarios import load_scenario, play, resolve
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.judging.check import Status
from failback.scenarios.run import worlds

WHOLE = """\
name: whole
title: Hardware that breaks no rule
estate:
  link: {bandwidth_mbit_per_s: 500}
  virtual_machines:
    - name: app-01
      os: linux
      architecture: classic
      host: esx-01
      datastore: gold
      bios_uuid: 4210a7b0-5c1e-4d8f-9b1a-6f2e8c3d0001
      disk_enable_uuid: true
      memory_gib: 2
      disks: [{size_gib: 40, uuid: 6000c290-5c1e-4d8f-9b1a-6f2e8c3d0001}]
  hosts: [{name: esx-01, datastores: [gold], free_memory_gib: 4}]
  datastores: [{name: gold, capacity_gib: 4096}]
  configuration_servers: [{name: cs-01}]
  process_servers: [{name: ps-azure}]
  master_targets:
    - name: mt-linux
      os: linux
      host: esx-01
      datastore: gold
      retention_drives: [{name: /mnt/retention}]
      bios_uuid: 4210a7b0-5c1e-4d8f-9b1a-6f2e8c3d0002
      disk_uuids: [6000c290-5c1e-4d8f-9b1a-6f2e8c3d0002, 6000c290-5c1e-4d8f-9b1a-6f2e8c3d0003]
      disk_enable_uuid: true
      scsi_controllers: [lsilogic]
"""


def option(value: str) -> Any:
    return vim.vm.ConfigSpec(extraConfig=[vim.option.OptionValue(key="disk.EnableUUID", value=value)])


def one_uuid(_: Any) -> Any:
    return vim.vm.ConfigSpec(uuid="4210a7b0-5c1e-4d8f-9b1a-6f2e8c3d0001")


def paravirtual(_: Any) -> Any:
    device = vim.vm.device.ParaVirtualSCSIController(key=-7, busNumber=3, sharedBus="noSharing")
    return vim.vm.ConfigSpec(deviceChange=[vim.vm.device.VirtualDeviceSpec(operation="add", device=device)])


BY_HAND: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "M07": ("M07", "mt-linux", lambda _: option("FALSE")),
    "T06": ("T06", "app-01", lambda _: option("FALSE")),
    "M05": ("M05", "mt-linux", paravirtual),
    "R11": ("R11", "mt-linux", one_uuid),
    "8038": ("8038", "app-01", lambda _: vim.vm.ConfigSpec(memoryMB=16384)),
}


@pytest.fixture
def staying(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningVcsim]:
    """A vcsim that the check and the runs of a test find."""
    source = find_vcsim()
    if source.binary is None:
        pytest.skip("FAILBACK_VCSIM is an address: this test starts a vcsim of its own.")
    with start_vcsim(source.binary) as running:
        monkeypatch.setenv("FAILBACK_VCSIM", running.url)
        yield running


def broken(path: Path) -> set[str]:
    report = run_check(CheckRequest(str(path), "lab")).report
    return {finding.rule for status in (Status.BLOCKS, Status.ADVICE) for finding in report.of(status)}


@pytest.mark.vcsim
def test_the_hardware_that_the_estate_says_breaks_no_rule(staying: RunningVcsim, tmp_path: Path) -> None:
    file = tmp_path / "whole.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    assert not broken(file) & {rule for rule, _, _ in BY_HAND.values()}


@pytest.mark.vcsim
@pytest.mark.parametrize("what", BY_HAND)
def test_hardware_changed_by_hand_breaks_its_rule(staying: RunningVcsim, tmp_path: Path, what: str) -> None:
    rule, machine, spec = BY_HAND[what]
    file = tmp_path / "whole.yaml"
    file.write_text(WHOLE, encoding="utf-8")
    with VsphereSession(staying.settings(DATACENTER)) as session:
        build_estate(session, load_scenario(file).estate)
        by_hand(session, machine, spec)
    assert rule in broken(file)


def by_hand(session: VsphereSession, machine: str, spec: Callable[[Any], Any]) -> None:
    def change(content: Any) -> Any:
        vm = content.searchIndex.FindByInventoryPath(f"{DATACENTER}/vm/{machine}")
        return vm.ReconfigVM_Task(spec=spec(list(vm.config.hardware.device)))

    wait_for(session, {"changing it by hand": session.change("changing it by hand", change)})


def free_gib(session: VsphereSession, name: str) -> list[Any]:
    found = read_vsphere(session, load_scenario(resolve(name)).estate).found
    return [each.facts.get("free_memory_gib") for each in found if each.section == "hosts"]


@pytest.mark.vcsim
def test_in_a_run_vcenter_says_what_a_vcsim_cannot_hold_and_hears_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    name, text, sessions = "memory_is_freed_in_time", dict[str, list[Any]](), list[VsphereSession]()
    lab_ports: Any = vars(worlds)["lab_ports"]

    def kept(*given: Any) -> Any:
        sessions.append(given[1])
        return lab_ports(*given)

    def hear(line: Line) -> None:
        if line.name in ("RunBegan", "RunEnded"):
            text[line.name] = free_gib(sessions[0], name)

    monkeypatch.setattr(worlds, "lab_ports", kept)
    result = play(load_scenario(resolve(name)), world="lab", on_line=hear)
    assert (result.verdict, text) == (
        "as_expected",
        {"RunBegan": [4.0], "RunEnded": [64.0 - 16.0]},
    )  # the machine is home


@pytest.mark.vcsim
def test_a_run_that_needs_no_proxy_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any) -> Any:
        raise AssertionError("a proxy was put up")

    monkeypatch.setattr("failback.adapters.soap_proxy.open_proxy", never)
    assert play(load_scenario(resolve("one_vm")), world="lab").verdict == "as_expected"
