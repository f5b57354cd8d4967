"""An estate in a real vcsim: built, adopted, put back."""

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from failback.adapters import RunningVcsim, VsphereHands, VsphereSession, build_estate, reset_estate
from failback.adapters.vsphere_places import read_places
from failback.reprotect import Estate, VmFacts

pytestmark = pytest.mark.vcsim
NAMES = ("web", "web-2", "gone", "mt", "box")


def beginning(hands: VsphereHands) -> dict[str, VmFacts]:
    return dict(hands.look(NAMES))


def test_the_estate_stands_as_it_is_written(hands: VsphereHands) -> None:
    facts = beginning(hands)
    assert list(facts) == ["web", "web-2", "mt", "box"]
    assert [vm.powered_on for vm in facts.values()] == [True, False, True, True]
    assert [vm.host for vm in facts.values()] == ["esx1", "esx2", "esx1", "esx2"]
    assert facts["mt"].snapshots == ("before-patch",)
    assert facts["box"].disks == ()


def test_hosts_and_datastores_are_there(hands: VsphereHands, session: VsphereSession) -> None:
    places = read_places(session)
    assert (set(places.hosts), set(places.datastores)) == ({"esx1", "esx2"}, {"silver", "gold"})


def test_building_twice_changes_nothing(hands: VsphereHands, session: VsphereSession, estate: Estate) -> None:
    before = beginning(hands)
    build_estate(session, estate)
    assert beginning(hands) == before


def test_an_adopted_estate_keeps_a_persons_snapshot(
    hands: VsphereHands, vcsim: RunningVcsim, session: VsphereSession, estate: Estate
) -> None:
    with VsphereSession(vcsim.settings()) as person:
        VsphereHands(person).take_snapshot("mt", "by hand")
        VsphereHands(person).take_snapshot("web", "by hand")
    build_estate(session, estate)
    reset_estate(session, estate)
    facts = beginning(hands)
    assert facts["mt"].snapshots == ("before-patch", "by hand")
    assert facts["web"].snapshots == ("by hand",)


def test_a_drill_cut_off_anywhere_is_put_back(hands: VsphereHands, session: VsphereSession, estate: Estate) -> None:
    before = beginning(hands)
    hands.power_off("web")
    hands.attach_disks("web", "mt")
    hands.power_on("web-2")
    hands.remove_snapshots("mt")
    hands.take_snapshot("web-2", "asr-failback")
    hands.create_vm("gone", "esx1", "gold", [2**30])
    hands.attach_disks("gone", "box")
    reset_estate(session, estate)
    assert beginning(hands) == before


def test_a_lost_machine_and_one_made_elsewhere_are_made_anew(
    hands: VsphereHands, session: VsphereSession, estate: Estate
) -> None:
    before = beginning(hands)
    hands.destroy_vm("web")
    hands.destroy_vm("web-2")
    hands.create_vm("web-2", "esx1", "silver", [2**30])
    reset_estate(session, estate)
    assert beginning(hands) == before


def test_a_datastore_that_only_a_machine_names_is_there(
    session: VsphereSession, estate: Estate, tmp_path: Path
) -> None:
    elsewhere = replace(estate.virtual_machines["web"], datastore="lead")
    build_estate(session, replace(estate, virtual_machines={"web": elsewhere}), tmp_path)
    assert VsphereHands(session).look(["web"])["web"].disks[0] == "[lead] web/web_0.vmdk"


def test_datastores_lie_where_the_caller_says(session: VsphereSession, estate: Estate, tmp_path: Path) -> None:
    build_estate(session, estate, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"silver", "gold"}


def test_without_a_root_datastores_lie_in_the_vcsims_own_directory(
    vcsim: RunningVcsim, session: VsphereSession, estate: Estate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    build_estate(session, estate)
    if any(tmp_path.iterdir()):
        pytest.skip("an old vcsim does not tell its own directory")  # Debian's 0.24; CI builds a newer one
    assert len(list(vcsim.scratch.glob("*/datastores/gold"))) == 1


def test_a_session_elsewhere_is_refused(vcsim: RunningVcsim, estate: Estate) -> None:
    with VsphereSession(vcsim.settings()) as session, pytest.raises(ValueError, match="failback"):
        build_estate(session, estate)
