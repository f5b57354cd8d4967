"""What failback says it has mended is mended, as another client of the same vcsim sees it; and nothing else is."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import vim

from failback.adapters import (
    DATACENTER,
    RunningVcsim,
    SiteRemedies,
    VcsimMissing,
    VsphereHands,
    VsphereSession,
    build_estate,
    find_vcsim,
    load_settings,
    start_vcsim,
)
from failback.reprotect import (
    REMEDIES,
    ApplyRemedy,
    Line,
    RemedyAnswer,
    RemedyApplied,
    RemedyPolicy,
    Through,
    masked,
)
from failback.scenarios import Confirmation, Result, Scenario, library, load_scenario, play, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, serve

SNAPSHOT, MOUNT = "snapshot_is_deleted_by_failback", "datastore_is_mounted_by_failback"
BACKUP = "nightly-backup"


def played(story: Scenario, world: str, **more: Any) -> tuple[Result, list[Line]]:
    """The result and the history of this story in this world."""
    lines: list[Line] = []
    return play(story, world=world, on_line=lines.append, **more), lines


def asking(policy: RemedyPolicy, name: str) -> Scenario:
    """A story with another word about its remedy."""
    story = load_scenario(resolve(name))
    return replace(story, plan=replace(story.plan, remedies=dict.fromkeys(story.plan.remedies, policy)))


def applied() -> dict[str, str]:
    """Rule to the story in which the plan lets failback carry out its remedy."""
    stories = (load_scenario(path) for path in library().values())
    return {r: s.name for s in stories for r, policy in s.plan.remedies.items() if policy is RemedyPolicy.APPLY}


def _without(reason: str) -> NoReturn:
    if os.environ.get("FAILBACK_REQUIRE_VCSIM"):
        pytest.fail(reason)
    pytest.skip(reason)  # never in CI, which requires a vcsim


@pytest.fixture
def vcsim(monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningVcsim]:
    """A vcsim that outlives the runs which adopt it, so that somebody else can look at it afterwards."""
    try:
        binary = find_vcsim().binary
    except VcsimMissing as missing:
        _without(str(missing))
    if binary is None:
        _without("FAILBACK_VCSIM is an address: these tests start a vcsim of their own")
    with start_vcsim(binary) as running:
        monkeypatch.setenv("FAILBACK_VCSIM", running.url)
        yield running


class SomebodyElse:
    """Another client of the vcsim: pyvmomi by itself, nothing of ours."""

    def __init__(self, running: RunningVcsim) -> None:
        at = running.settings()
        connect: Any = SmartConnect
        self._vcenter = connect(
            host=at.host, port=at.port, user=at.user, pwd=at.password, disableSslCertValidation=True
        )

    def _named(self, kind: type, name: str) -> Any:
        content = self._vcenter.RetrieveContent()
        view = content.viewManager.CreateContainerView(content.rootFolder, [kind], True)
        found = [each for each in view.view if each.name == name]
        view.Destroy()
        assert len(found) == 1
        return found[0]

    def snapshots(self, vm: str) -> list[str]:
        """Names of its snapshots."""
        tree = getattr(self._named(vim.VirtualMachine, vm), "snapshot", None)  # vcsim leaves it out where there is none
        return [each.name for each in tree.rootSnapshotList] if tree else []

    def datastores(self, host: str) -> set[str]:
        """Names of the datastores that it mounts."""
        return {each.name for each in self._named(vim.HostSystem, host).datastore}

    def leave(self) -> None:
        """Log out."""
        disconnect: Any = Disconnect
        disconnect(self._vcenter)


@pytest.fixture
def somebody(vcsim: RunningVcsim) -> Iterator[SomebodyElse]:
    other = SomebodyElse(vcsim)
    yield other
    other.leave()


def test_every_remedy_that_failback_carries_out_has_a_story_in_which_it_does() -> None:
    assert applied().keys() == {remedy.rule for remedy in REMEDIES}


@pytest.mark.parametrize("rule", [remedy.rule for remedy in REMEDIES])
def test_in_its_story_failback_applies_it_and_without_its_leave_the_story_ends_otherwise(rule: str) -> None:
    name = applied()[rule]
    result, lines = played(load_scenario(resolve(name)), "sim")
    assert result.verdict == "as_expected"
    assert [line.data["already"] for line in lines if line.name == "RemedyApplied"] == [False]
    assert [finding.applied != "" for finding in result.findings if finding.rule == rule] == [True]
    never, heard = played(asking(RemedyPolicy.NEVER, name), "sim")
    assert not [line for line in heard if line.name == "ApplyRemedy"]
    assert never.verdict == "otherwise" or never.duration_s > result.duration_s


@pytest.mark.vcsim
@pytest.mark.slow
@pytest.mark.parametrize("rule", [remedy.rule for remedy in REMEDIES])
def test_sim_and_lab_mend_alike(rule: str) -> None:
    story = load_scenario(resolve(applied()[rule]))
    (in_sim, sim_lines), (in_lab, lab_lines) = played(story, "sim"), played(story, "lab")
    assert (in_lab.verdict, in_lab.findings) == ("as_expected", in_sim.findings)
    assert [masked(line) for line in lab_lines] == [masked(line) for line in sim_lines]


@pytest.mark.vcsim
def test_the_snapshot_is_gone_from_the_vcsim_only_where_the_plan_lets_failback_delete_it(
    somebody: SomebodyElse,
) -> None:
    played(asking(RemedyPolicy.NEVER, SNAPSHOT), "lab")
    assert somebody.snapshots("mt-linux") == [BACKUP]
    result, _ = played(load_scenario(resolve(SNAPSHOT)), "lab")
    assert result.verdict == "as_expected"
    assert somebody.snapshots("mt-linux") == []


@pytest.mark.vcsim
def test_the_datastore_is_mounted_in_the_vcsim_only_where_the_plan_lets_failback_mount_it(
    somebody: SomebodyElse,
) -> None:
    played(asking(RemedyPolicy.NEVER, MOUNT), "lab")
    assert somebody.datastores("esx-11") == {"silver"}
    result, _ = played(load_scenario(resolve(MOUNT)), "lab")
    assert result.verdict == "as_expected"
    assert somebody.datastores("esx-11") == {"silver", "gold"}


@pytest.mark.vcsim
@pytest.mark.parametrize("remedy", [r for r in REMEDIES if r.through is not Through.VAULT], ids=lambda r: r.rule)
def test_a_remedy_that_is_only_said_to_be_applied_does_not_bring_anything_home(
    remedy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lie(_: SiteRemedies, command: ApplyRemedy) -> RemedyAnswer:
        return RemedyApplied(command.item, command.rule, command.object, command.key)

    monkeypatch.setattr(SiteRemedies, "apply", lie)
    result, lines = played(load_scenario(resolve(applied()[remedy.rule])), "lab")
    assert result.verdict == "otherwise"
    assert [item.stopped_by for item in result.items] == [remedy.rule]
    assert len([line for line in lines if line.name == "ApplyRemedy"]) == 3


# World azure: the same, and nothing without a typed name


def live(running: RunningVcsim, confirmation: Confirmation | None, folder: Path) -> tuple[Result, list[Line]]:
    """The snapshot's story in world azure, against two local servers with a person's settings."""
    story = load_scenario(resolve(SNAPSHOT))
    at = running.settings(DATACENTER)
    with VsphereSession(at) as session:
        build_estate(session, story.estate)
        mock = ArmMock(World(spec_of(story), hands=VsphereHands(session)), epoch=story.starts_at, clock="real:2000")
        with serve(mock) as served:
            file = folder / "settings.yaml"
            file.write_text(
                f"azure: {{subscription: {mock.subscription}, resource_group: {mock.resource_group},\n"
                f"  vault: {mock.vault_name}, credential: token,\n"
                f"  base_url: '{served.base_url}', ca_file: '{served.ca_file}'}}\n"
                f"vsphere: {{host: {at.host}, port: {at.port}, user: {at.user}, verify: false,\n"
                f"  within: {DATACENTER}}}\n"
                "clock: {poll_s: 0.05, factor: 2000}\n",
                encoding="utf-8",
            )
            secrets = {"FAILBACK_AZURE_TOKEN": "token", "FAILBACK_VSPHERE_PASSWORD": at.password}
            settings = load_settings(file, secrets)
            return played(story, "azure", settings=settings, confirmation=confirmation)


@pytest.mark.vcsim
@pytest.mark.parametrize("confirmation", [None, Confirmation(["mt-other"]), Confirmation(ask=lambda _: "yes")])
def test_in_azure_nothing_is_touched_whose_name_nobody_has_typed(
    confirmation: Confirmation | None, vcsim: RunningVcsim, somebody: SomebodyElse, tmp_path: Path
) -> None:
    result, lines = live(vcsim, confirmation, tmp_path)
    assert somebody.snapshots("mt-linux") == [BACKUP]
    assert [item.stopped_by for item in result.items] == ["R04"]
    assert "--confirm-remedy mt-linux" in result.items[0].message
    assert not [line for line in lines if line.name == "RemedyApplied"]


@pytest.mark.vcsim
@pytest.mark.parametrize("confirmation", [Confirmation(["mt-linux"]), Confirmation(ask=lambda _: "mt-linux ")])
def test_in_azure_a_typed_name_lets_the_remedy_happen(
    confirmation: Confirmation, vcsim: RunningVcsim, somebody: SomebodyElse, tmp_path: Path
) -> None:
    result, _ = live(vcsim, confirmation, tmp_path)
    assert somebody.snapshots("mt-linux") == []
    assert [item.phase for item in result.items] == ["replicating_to_azure"]
