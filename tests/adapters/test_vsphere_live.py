"""Every change that the adapters can make in a vSphere, found by introspection, is refused by one that may be live."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

import pytest

from failback.adapters import (
    ReadOnly,
    SoapProxy,
    VcsimSource,
    VsphereHands,
    VsphereSession,
    VsphereSettings,
    build_estate,
    open_proxy,
    open_vcsim,
    reset_estate,
    vsphere_steps,
)
from failback.adapters import vsphere_changes as changes
from failback.adapters.vsphere_places import read_places
from failback.adapters.vsphere_rim import READS
from failback.reprotect import Act, ApplyRemedy, Estate, OnPremisesHands, Unreachable

pytestmark = pytest.mark.vcsim
Live = tuple[VsphereSession, SoapProxy]


@pytest.fixture(params=["it does not identify itself as a simulator", "the settings declare it to be a tunnel"])
def live(request: pytest.FixtureRequest, hands: VsphereHands, session: VsphereSession) -> Iterator[Live]:
    """A session on what may be a live vCenter, with the small estate in it, and what writes down each of its calls."""
    tunnel = "tunnel" in request.param
    if not tunnel:
        request.getfixturevalue("proxies_hide_the_simulator")
    hands.attach_disks("web", "mt")
    with open_proxy(session.settings) as proxy, VsphereSession(replace(proxy.settings, tunnel=tunnel)) as opened:
        yield opened, proxy


def arrived(proxy: SoapProxy) -> set[str]:
    """Calls that came to the vCenter and were no reads."""
    return set(proxy.methods) - READS


def refused(proxy: SoapProxy, act: Callable[[], Any]) -> None:
    with pytest.raises(ReadOnly):
        act()
    assert not arrived(proxy)


# What the adapters offer, and something for each of its arguments

HANDS: Final = {
    "power_on": ("web-2",),
    "power_off": ("web",),
    "take_snapshot": ("web", "s"),
    "remove_snapshots": ("mt",),
    "attach_disks": ("web-2", "mt"),
    "return_disks": ("web", "mt"),
    "create_vm": ("new", "esx1", "gold", [2**30]),
    "destroy_vm": ("web-2",),
}
LOOKS: Final = {"look", "datastores_of"}
ACTS: Final = (
    ApplyRemedy("web", "R04", Act.DELETE_SNAPSHOTS, "mt", None, "k"),
    ApplyRemedy("web", "R24", Act.MOUNT_DATASTORE, "silver", "esx2", "k"),
)


def public(kind: object) -> set[str]:
    return {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}


def test_the_hands_have_no_call_that_is_not_tried_here() -> None:
    assert public(VsphereHands) == public(OnPremisesHands) == HANDS.keys() | LOOKS


@pytest.mark.parametrize("call", HANDS)
def test_hands_change_nothing_in_a_live_vsphere(live: Live, call: str) -> None:
    session, proxy = live
    refused(proxy, lambda: getattr(VsphereHands(session), call)(*HANDS[call]))


def test_no_change_of_the_module_of_changes_reaches_a_live_vsphere(live: Live) -> None:
    session, proxy = live
    vm = VsphereHands(session)._see("web-2")["web-2"].ref
    new = changes.NewVm("new", "esx1", "gold", (2**30,))
    known = {"session": session, "vm": vm, "doing": "changing", "name": "s", "changes": [], "new": new}
    known["places"] = read_places(session)
    tried = [call for name, call in inspect.getmembers(changes, inspect.isfunction) if _is_change(name, call)]
    assert len(tried) >= 7
    for call in tried:
        values = {name: known[name] for name in inspect.signature(call).parameters}
        refused(proxy, partial(call, **values))


def _is_change(name: str, call: Any) -> bool:
    own = call.__module__ == changes.__name__ and not name.startswith("_")
    return own and "session" in inspect.signature(call).parameters


def test_no_remedy_reaches_a_live_vsphere(live: Live) -> None:
    session, proxy = live
    tables = vsphere_steps(session)
    assert tables.keys() == {command.act for command in ACTS}
    for command in ACTS:
        assert tables[command.act].holds(command) is False
        refused(proxy, partial(tables[command.act].do, command))


def test_no_estate_is_built_or_reset_in_a_live_vsphere(live: Live, estate: Estate) -> None:
    session, proxy = live
    more = replace(estate, hosts={**estate.hosts, "esx3": replace(estate.hosts["esx1"], name="esx3")})
    refused(proxy, lambda: build_estate(session, more))
    refused(proxy, lambda: reset_estate(session, estate))


def test_the_same_calls_do_reach_a_simulator(hands: VsphereHands, session: VsphereSession) -> None:
    hands.attach_disks("web", "mt")
    with open_proxy(session.settings) as proxy, VsphereSession(proxy.settings) as through:
        for call, values in HANDS.items():
            proxy.methods.clear()
            getattr(VsphereHands(through), call)(*values)
            assert arrived(proxy), call


# What it is, is found out once


def test_a_session_asks_once_what_it_speaks_with(session: VsphereSession) -> None:
    with open_proxy(session.settings) as proxy, VsphereSession(proxy.settings) as through:
        through.change("making", lambda content: content.rootFolder.CreateDatacenter(name="one"))
        through.change("making", lambda content: content.rootFolder.CreateDatacenter(name="two"))
        assert proxy.methods["RetrievePropertiesEx"] == 1
        through._forget()
        through.change("making", lambda content: content.rootFolder.CreateDatacenter(name="three"))
        assert proxy.methods["RetrievePropertiesEx"] == 2


@pytest.mark.parametrize("answer", [KeyError("a type that nobody knows"), ValueError("no number"), RuntimeError()])
def test_a_vcenter_whose_answer_cannot_be_read_is_live(
    session: VsphereSession, monkeypatch: pytest.MonkeyPatch, answer: Exception
) -> None:
    def unreadable(_: object) -> bool:
        raise answer

    monkeypatch.setattr("failback.adapters.vsphere_session.says_vcsim", unreadable)
    with pytest.raises((ReadOnly, Unreachable), match=r"does not identify itself as a simulator|cannot be understood"):
        session.guard.refuse_live("a change")


def test_a_vcenter_that_is_gone_is_unreachable_and_not_called_live() -> None:
    session = VsphereSession(VsphereSettings("127.0.0.1", "u", "p", port=1, verify=False))
    with pytest.raises(Unreachable):
        session.change("powering off", lambda _: pytest.fail("sent"))


@pytest.mark.parametrize("vsphere", [{"host": "vcenter.example"}, {"host": "127.0.0.1", "tunnel": True}])
def test_a_proxy_hides_no_vcenter_that_is_elsewhere(vsphere: dict[str, Any]) -> None:
    with pytest.raises(ReadOnly), open_proxy(VsphereSettings(user="u", password="p", **vsphere)):
        pass


def test_a_vcsim_that_is_not_on_this_machine_is_refused_before_any_login() -> None:
    source = VcsimSource("FAILBACK_VCSIM", url="https://user:secret@vcenter.example/sdk")
    with pytest.raises(ReadOnly, match="not on this computer") as no, open_vcsim(source):
        pass
    assert "secret" not in str(no.value)
