"""Hands in a real vcsim: asked twice, done once."""

import pytest

from failback.adapters import VsphereHands, VsphereSession
from failback.adapters.vsphere_changes import reconfigure
from failback.adapters.vsphere_devices import attach, disks_in
from failback.adapters.vsphere_tasks import wait_for
from failback.reprotect import DISKS_MAX, VsphereRefused

pytestmark = pytest.mark.vcsim


def disks(hands: VsphereHands, vm: str) -> tuple[str, ...]:
    return hands.look([vm])[vm].disks


def test_lent_disks_come_back_in_their_order(hands: VsphereHands) -> None:
    own, of_target = disks(hands, "web"), disks(hands, "mt")
    hands.attach_disks("web", "mt")
    assert (disks(hands, "web"), disks(hands, "mt")) == ((), of_target + own)
    hands.return_disks("web", "mt")
    assert (disks(hands, "web"), disks(hands, "mt")) == (own, of_target)


def test_lending_and_returning_twice_is_done_once(hands: VsphereHands) -> None:
    own, of_target = disks(hands, "web"), disks(hands, "mt")
    hands.attach_disks("web", "mt")
    hands.attach_disks("web", "mt")
    assert disks(hands, "mt") == of_target + own
    hands.return_disks("web", "mt")
    hands.return_disks("web", "mt")
    assert disks(hands, "web") == own


def test_a_loan_cut_off_halfway_is_completed(hands: VsphereHands, session: VsphereSession) -> None:
    own, of_target = disks(hands, "web"), disks(hands, "mt")
    seen = hands._inventory.see(["web", "mt"])
    half = attach(disks_in(seen["web"].devices)[:1], seen["mt"].devices, "mt")
    wait_for(session, {"attaching": reconfigure(session, seen["mt"].ref, half, "attaching")})
    hands.attach_disks("web", "mt")
    assert (disks(hands, "web"), disks(hands, "mt")) == ((), of_target + own)


def test_only_disks_of_that_very_machine_return(hands: VsphereHands) -> None:
    own = disks(hands, "web-2")
    hands.attach_disks("web", "mt")
    hands.attach_disks("web-2", "mt")
    hands.return_disks("web", "mt")
    assert disks(hands, "mt")[-1:] == own


def test_sixty_disks_fit_on_a_master_target(hands: VsphereHands) -> None:
    rest = DISKS_MAX - len(disks(hands, "mt"))
    hands.create_vm("many", "esx1", "gold", [2**30] * rest)
    own = disks(hands, "many")
    hands.attach_disks("many", "mt")
    assert disks(hands, "mt")[-rest:] == own
    assert len(disks(hands, "mt")) == DISKS_MAX
    hands.return_disks("many", "mt")
    assert disks(hands, "many") == own


def test_the_sixty_first_disk_is_refused_and_stays_where_it_is(hands: VsphereHands) -> None:
    own = disks(hands, "web")
    hands.create_vm("many", "esx1", "gold", [2**30] * (DISKS_MAX - len(disks(hands, "mt"))))
    hands.attach_disks("many", "mt")
    with pytest.raises(VsphereRefused, match="60 is the limit"):
        hands.attach_disks("web", "mt")
    assert disks(hands, "web") == own


def test_controllers_are_added_to_a_machine_that_has_too_few(hands: VsphereHands) -> None:
    hands.create_vm("many", "esx1", "gold", [2**30] * 40)
    hands.attach_disks("many", "web-2")
    assert len(disks(hands, "web-2")) == 41


def test_all_snapshots_are_merged_and_none_is_no_mistake(hands: VsphereHands) -> None:
    hands.take_snapshot("mt", "another")
    hands.remove_snapshots("mt")
    assert hands.look(["mt"])["mt"].snapshots == ()
    hands.remove_snapshots("mt")


def test_a_snapshot_is_taken_once(hands: VsphereHands) -> None:
    hands.take_snapshot("web", "asr-failback")
    hands.take_snapshot("web", "asr-failback")
    assert hands.look(["web"])["web"].snapshots == ("asr-failback",)


def test_power_asked_twice_is_switched_once(hands: VsphereHands) -> None:
    for switch, powered_on in ((hands.power_off, False), (hands.power_on, True)):
        switch("web")
        switch("web")
        assert hands.look(["web"])["web"].powered_on is powered_on


def test_a_destroyed_machine_is_created_again_with_new_disks(hands: VsphereHands) -> None:
    hands.destroy_vm("web")
    hands.destroy_vm("web")
    assert hands.look(["web"]) == {}
    for _ in range(2):
        hands.create_vm("web", "esx2", "gold", [2**30, 2**31])
    found = hands.look(["web"])["web"]
    assert found.disks == ("[gold] web/web_0.vmdk", "[gold] web/web_1.vmdk")
    assert (found.powered_on, found.host) == (False, "esx2")


def test_an_unknown_datastore_is_refused_before_it_can_end_the_vcsim(hands: VsphereHands) -> None:
    with pytest.raises(VsphereRefused, match="no datastore named 'lead'"):
        hands.create_vm("new", "esx1", "lead", [2**30])
    assert "web" in hands.look(["web"])


def test_a_datastore_that_the_lender_does_not_see_is_refused(hands: VsphereHands) -> None:
    own = disks(hands, "web")
    with pytest.raises(VsphereRefused, match=r"esx2 of box does not see the datastore silver.*R24"):
        hands.attach_disks("web", "box")
    assert disks(hands, "web") == own


def test_a_machine_that_is_not_there_is_named(hands: VsphereHands) -> None:
    with pytest.raises(VsphereRefused, match="no virtual machine nobody"):
        hands.power_on("nobody")
