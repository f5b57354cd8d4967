"""A remedy in a live vCenter goes through the door of consent. Vault and vCenter are tunnels to stand-ins here."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from failback.adapters import (
    DATACENTER,
    Override,
    SiteRemedies,
    SoapProxy,
    VsphereHands,
    VsphereInventory,
    VsphereSession,
    load_settings,
    open_proxy,
)
from failback.adapters.vsphere import SeenVm
from failback.adapters.vsphere_changes import Hardware, NewVm, create
from failback.adapters.vsphere_places import read_places
from failback.adapters.vsphere_rim import READS
from failback.adapters.vsphere_tasks import wait_for
from failback.reprotect import ApplyRemedy, RemedyAnswer
from failback.scenarios import load_scenario
from failback.scenarios.consent.approval import approval_name, place_id
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.run.worlds import lab_site
from failback.simulator.arm import serve

from .consent_site import AZURE, SETTINGS, ConsentSite, listen, settings_of

pytestmark = pytest.mark.vcsim
BACKUP: Final = "nightly-backup"
CLASSIC: Final = """
name: classic_home
estate:
  link: {bandwidth_mbit_per_s: 500}
  virtual_machines:
    - name: app-01
      os: linux
      architecture: classic
      host: esx-01
      datastore: gold
      at: failover_committed
      disks: [{size_gib: 40}]
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 4096}]
  configuration_servers: [{name: cs-01}]
  process_servers: [{name: ps-azure}]
  master_targets:
    - name: mt-linux
      os: linux
      host: esx-01
      datastore: gold
      disk_enable_uuid: true
      retention_drives: [{name: /mnt/retention}]
plan:
  remedies: {R04: apply}
  retry_delay_s: 1
"""
CONFIRMED: Final = ("--confirm-remedy", "mt-linux")


@dataclass
class LiveSite:
    """A vault and a vCenter that are declared to be tunnels. `proxy` writes down what arrives at the vCenter."""

    vault: ConsentSite
    proxy: SoapProxy
    session: VsphereSession

    def changes(self) -> list[str]:
        """What arrived at the vCenter and was no read."""
        return sorted(set(self.proxy.methods) - READS)

    def snapshots(self) -> tuple[str, ...]:
        """Those of the master target, as the vCenter has them."""
        return VsphereInventory(self.session).look(["mt-linux"])["mt-linux"].snapshots

    def is_approved_by(self, who: str) -> None:
        """Who has approved the plan for this vault and this vCenter; nobody else has. Then Alice signs in."""
        settings = load_settings(self.vault.folder / "settings.yaml", os.environ)
        until = self.vault.mock.epoch + timedelta(hours=12)
        (self.vault.folder / "name").write_text(approval_name(self.vault.subject_hash, place_id(settings), until))
        self.vault.is_approved_by(who)

    def commands(self) -> list[str]:
        """The remedies in the history of the night, with what became of them."""
        lines = read_journal(self.vault.folder / "night/history.jsonl").lines
        return [one.line.name for one in lines if one.line.name in ("ApplyRemedy", "RemedyApplied", "RemedyFailed")]


def told(vault: ConsentSite, proxy: SoapProxy, port: int | None = None) -> None:
    """The settings of a person who names both."""
    azure = json.loads(settings_of(vault.mock, vault.served))
    at = proxy.settings
    vsphere = {"host": at.host, "port": port or at.port, "user": at.user, "within": DATACENTER, "tunnel": True}
    vsphere |= {"ca_file": str(at.ca_file)}
    (vault.folder / "settings.yaml").write_text(json.dumps(azure | {"vsphere": vsphere}), encoding="utf-8")


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSite]:
    """Both, with a rehearsal, a check and Bob's approval; then a backup takes a snapshot of the master target."""
    (tmp_path / "s.yaml").write_text(CLASSIC, encoding="utf-8")
    story = load_scenario(tmp_path / "s.yaml")
    with ExitStack() as stack:
        lab = stack.enter_context(lab_site(story, clock="poll"))
        vault = ConsentSite(lab.mock, stack.enter_context(serve(lab.mock, tls=False)), tmp_path, monkeypatch)
        listen(vault)
        proxy = stack.enter_context(open_proxy(lab.session.settings))
        target = VsphereInventory(lab.session).see(["mt-linux"])["mt-linux"].ref._GetMoId()
        proxy.push([Override(target, "guest.toolsStatus", "toolsOk")])  # which no vcsim says
        lab.world.catch_up(3600.0)  # its agent has registered
        monkeypatch.setenv("FAILBACK_VSPHERE_PASSWORD", proxy.settings.password)
        told(vault, proxy)
        vault.has_all_consent()
        site = LiveSite(vault, proxy, lab.session)
        site.is_approved_by("bob")
        VsphereHands(lab.session).take_snapshot("mt-linux", BACKUP)
        proxy.methods.clear()
        yield site


def runs(live: LiveSite, *more: str) -> int:
    """The run with everything that Alice can type, and `more`."""
    vault = live.vault
    given = ("--vault-name", vault.mock.vault_name, "--rehearsed", "DIR/rehearsal", "--checked", "DIR/check")
    legs = ("--open-legs", "reprotect_to_on_premises")
    return vault.types("run", "DIR/s.yaml", "--world", "azure", *SETTINGS, *given, *legs, "--out", "DIR/night", *more)


def resumes(live: LiveSite, *more: str) -> int:
    """The same for `resume`."""
    vault = live.vault
    given = ("--vault-name", vault.mock.vault_name, "--rehearsed", "DIR/rehearsal", "--checked", "DIR/check")
    return vault.types("resume", "DIR/night", *SETTINGS, *given, "--open-legs", "reprotect_to_on_premises", *more)


@pytest.mark.parametrize("who", ["alice", "app:robot"])
def test_without_the_approval_of_another_person_no_remedy_is_sent(
    who: str, live: LiveSite, capsys: pytest.CaptureFixture[str]
) -> None:
    live.is_approved_by(who)
    assert runs(live, *CONFIRMED) == 2
    assert "Consent is missing: (1) approval: " in capsys.readouterr().err
    assert (live.changes(), live.vault.changes(), live.snapshots()) == ([], [], (BACKUP,))


def test_with_all_consent_a_confirmed_remedy_is_carried_out_and_written_down(live: LiveSite) -> None:
    assert runs(live, *CONFIRMED) == 0
    assert live.changes() == ["RemoveAllSnapshots_Task"]
    assert (live.snapshots(), live.commands()) == ((), ["ApplyRemedy", "RemedyApplied"])


def test_consent_does_not_replace_the_name_that_confirms_a_remedy(live: LiveSite) -> None:
    assert runs(live) == 1
    assert (live.changes(), live.snapshots()) == ([], (BACKUP,))
    assert "RemedyApplied" not in live.commands()


def test_an_approval_for_one_vcenter_opens_no_other(live: LiveSite, capsys: pytest.CaptureFixture[str]) -> None:
    """One person alone could otherwise have the remedies carried out wherever a machine has the same name."""
    with open_proxy(live.session.settings) as other:
        told(live.vault, other)
        assert runs(live, *CONFIRMED) == 2
        assert "no approval of this plan for this vault and vCenter" in capsys.readouterr().err
        assert not set(other.methods) - READS
    assert (live.vault.changes(), live.snapshots()) == ([], (BACKUP,))


@pytest.mark.parametrize(
    ("was_sent", "code", "left"),
    [(False, 1, (BACKUP,)), (True, 0, ())],
    ids=["before it was sent", "after it was done"],
)
def test_a_remedy_of_a_run_that_died_is_looked_at_and_never_sent_again(
    was_sent: bool, code: int, left: tuple[str, ...], live: LiveSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is not in effect may be on its way, so a person is asked, and here nobody is there to say yes."""
    apply = SiteRemedies.apply

    def dies(remedies: SiteRemedies, command: ApplyRemedy) -> RemedyAnswer:
        if was_sent:
            apply(remedies, command)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SiteRemedies, "apply", dies)
        assert runs(live, *CONFIRMED) == 4
    assert live.commands() == ["ApplyRemedy"]
    assert (resumes(live, *CONFIRMED), live.snapshots()) == (code, left)
    assert live.proxy.methods["RemoveAllSnapshots_Task"] == was_sent
    assert live.commands() == ["ApplyRemedy", "RemedyApplied" if was_sent else "RemedyFailed"]


def test_a_run_with_a_remedy_is_not_resumed_without_consent(live: LiveSite, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: Any) -> RemedyAnswer:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SiteRemedies, "apply", dies)
        assert runs(live, *CONFIRMED) == 4
    sent = list(live.vault.changes())
    assert live.vault.types("resume", "DIR/night", *SETTINGS, *CONFIRMED) == 2
    assert (live.vault.changes(), live.changes(), live.snapshots()) == (sent, [], (BACKUP,))


def test_of_two_machines_with_one_uuid_only_the_one_of_that_name_is_changed(
    live: LiveSite, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy of the master target has its BIOS UUID and a snapshot of its own."""
    [target] = seen(live, "mt-linux")
    uuid = live.session.read("looking", lambda _: str(target.ref.config.uuid))
    copy, doing = NewVm("mt-copy", "esx-01", "gold", (), Hardware(bios_uuid=uuid)), "copying"
    wait_for(live.session, {doing: create(live.session, read_places(live.session), copy, doing)})
    VsphereHands(live.session).take_snapshot("mt-copy", BACKUP)
    capsys.readouterr()
    live.vault.types("check", "DIR/s.yaml", *AZURE)
    assert "one BIOS UUID: mt-copy, mt-linux" in " ".join(capsys.readouterr().out.split())
    live.proxy.methods.clear()
    assert runs(live, *CONFIRMED) == 0
    assert live.proxy.methods["RemoveAllSnapshots_Task"] == 1
    findings = json.loads((live.vault.folder / "night/result.json").read_text("utf-8"))["findings"]
    assert [each["object"] for each in findings if each["rule"] == "same_uuid"] == ["mt-linux"]
    assert (live.snapshots(), [each.facts.snapshots for each in seen(live, "mt-copy")]) == ((), [(BACKUP,)])


def seen(live: LiveSite, name: str) -> list[SeenVm]:
    """This machine, as the vCenter has it."""
    return list(VsphereInventory(live.session).see([name]).values())
