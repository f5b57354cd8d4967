"""The proxy before a real vcsim: it changes what it was told to change, and nothing else."""

import http.client
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pyVmomi import vim

from failback.adapters import (
    DATACENTER,
    Override,
    RunningVcsim,
    SoapProxy,
    VsphereHands,
    VsphereSession,
    needs_proxy,
    open_proxy,
    overrides_for,
    read_vsphere,
    start_vcsim,
)
from failback.adapters.soap_rewriting import rewritten
from failback.adapters.vsphere_properties import PropertyReader
from failback.reprotect import UNKNOWN, ConfigurationServer, Datastore, Estate, Host, Unreachable


@pytest.fixture
def proxy(vcsim: RunningVcsim, hands: VsphereHands) -> Iterator[SoapProxy]:
    with open_proxy(vcsim.settings(DATACENTER)) as opened:
        yield opened


@pytest.fixture
def through(proxy: SoapProxy) -> Iterator[VsphereSession]:
    with VsphereSession(proxy.settings) as session:
        yield session


def read(session: VsphereSession, kind: Any, *paths: str) -> dict[str, dict[str, Any]]:
    """Values by the object's name and id."""
    rows = session.read("t", lambda content: PropertyReader(content).below(content.rootFolder, kind, "name", *paths))
    return {row.get("name"): dict(row.values) | {"ref": row.ref._GetMoId()} for row in rows}


pytestmark = pytest.mark.vcsim


def test_without_overrides_nothing_differs(session: VsphereSession, through: VsphereSession, estate: Estate) -> None:
    assert read_vsphere(through, estate).found == read_vsphere(session, estate).found


@pytest.mark.parametrize(
    ("kind", "path", "value", "shown"),
    [
        (vim.Datastore, "summary.accessible", False, False),
        (vim.Datastore, "summary.type", "VMFS", "VMFS"),
        (vim.Datastore, "summary.freeSpace", 5 * 2**30, 5 * 2**30),
        (vim.HostSystem, "runtime.connectionState", "notResponding", "notResponding"),
        (vim.HostSystem, "summary.hardware.memorySize", 2**33, 2**33),
        (vim.HostSystem, "config.product.version", "5.5.0", "5.5.0"),
    ],
)
def test_a_leaf_property_shows_what_was_pushed_for_that_object_alone(
    through: VsphereSession, proxy: SoapProxy, kind: Any, path: str, value: Any, shown: Any
) -> None:
    before = read(through, kind, path)
    first, *others = before
    proxy.push([Override(before[first]["ref"], path, value)])
    after = read(through, kind, path)
    assert after[first][path] == shown
    assert all(after[name] == before[name] for name in others)


def test_an_unset_value_can_be_given_and_a_given_one_unset(through: VsphereSession, proxy: SoapProxy) -> None:
    paths = ("summary.maintenanceMode", "summary.uncommitted")
    before = read(through, vim.Datastore, *paths)
    ref = before["gold"]["ref"]
    proxy.push([Override(ref, paths[0], None), Override(ref, paths[1], 7)])
    after = read(through, vim.Datastore, *paths)["gold"]
    assert paths[0] in before["gold"]
    assert paths[0] not in after
    assert after[paths[1]] == 7


def test_one_element_of_a_list_is_reached_by_its_key(through: VsphereSession, proxy: SoapProxy) -> None:
    hosts, stores = read(through, vim.HostSystem), read(through, vim.Datastore)
    esx2 = hosts["esx2"]["ref"]
    proxy.push([Override(stores["gold"]["ref"], f'host["{esx2}"].mountInfo.accessMode', "readOnly")])
    mounts = read(through, vim.Datastore, "host")["gold"]["host"]
    modes = {mount.key._GetMoId(): mount.mountInfo.accessMode for mount in mounts}
    assert modes == {hosts["esx1"]["ref"]: "readWrite", esx2: "readOnly"}


def test_the_edition_of_a_host_shows_what_was_pushed(through: VsphereSession, proxy: SoapProxy, estate: Estate) -> None:
    proxy.push([Override(read(through, vim.HostSystem)["esx1"]["ref"], "assignedLicense.editionKey", "esxBasic")])
    editions = {f.name: f.facts["edition"] for f in read_vsphere(through, estate).found if f.section == "hosts"}
    assert editions == {"esx1": "free", "esx2": "evaluation"}


def test_a_push_replaces_what_was_pushed_before(through: VsphereSession, proxy: SoapProxy) -> None:
    before = read(through, vim.Datastore, "summary.type")
    proxy.push([Override(before["gold"]["ref"], "summary.type", "VMFS")])
    proxy.push([])
    assert read(through, vim.Datastore, "summary.type") == before


def test_changes_go_through_it_to_the_vcsim(proxy: SoapProxy, hands: VsphereHands, through: VsphereSession) -> None:
    VsphereHands(through).take_snapshot("web", "through")
    assert hands.look(["web"])["web"].snapshots == ("through",)


# What an estate says and a vcsim cannot hold


def test_an_estate_of_defaults_needs_no_proxy(estate: Estate) -> None:
    assert not needs_proxy(estate)


def odd(estate: Estate) -> Estate:
    hosts = {
        "esx1": Host(
            "esx1",
            ("silver", "gold"),
            edition="free",
            free_memory_gib=3.0,
            read_only_datastores=("gold",),
            version="6.7.0",
        ),
        "esx2": Host("esx2", ("gold",), connected=False),
    }
    stores = {"silver": Datastore("silver", accessible=False), "gold": Datastore("gold", kind="NFS", free_gib=12.0)}
    servers = {"cs": ConfigurationServer("cs", privileges=("Datastore.Browse", "Network.Assign"))}
    return replace(estate, hosts=hosts, datastores=stores, configuration_servers=servers)


def test_what_a_vcsim_cannot_hold_is_read_back_as_the_estate_says(
    session: VsphereSession, through: VsphereSession, proxy: SoapProxy, estate: Estate
) -> None:
    text = odd(estate)
    proxy.push(overrides_for(session, text))
    facts = {(f.section, f.name): f.facts for f in read_vsphere(through, text, "svc").found}
    esx1, esx2 = facts["hosts", "esx1"], facts["hosts", "esx2"]
    assert needs_proxy(text)
    assert (esx1["edition"], esx1["free_memory_gib"], esx1["version"]) == ("free", 3.0, "6.7.0")
    assert (esx1["read_only_datastores"], esx2["connected"]) == (("gold",), False)
    assert (facts["datastores", "gold"]["kind"], facts["datastores", "gold"]["free_gib"]) == ("NFS", 12.0)
    assert facts["datastores", "silver"]["accessible"] is False
    assert facts["configuration_servers", "cs"]["privileges"] == ("Datastore.Browse", "Network.Assign")


def test_what_the_estate_leaves_unknown_is_taken_out(
    session: VsphereSession, through: VsphereSession, proxy: SoapProxy, estate: Estate
) -> None:
    text = odd(estate)
    assert text.hosts["esx2"].edition is UNKNOWN
    proxy.push(overrides_for(session, text))
    facts = {(f.section, f.name): f.facts for f in read_vsphere(through, text).found}
    assert {"edition", "free_memory_gib", "version"}.isdisjoint(facts["hosts", "esx2"])
    assert "free_gib" not in facts["datastores", "silver"]


# Transport


def test_headers_and_body_leave_in_one_write(proxy: SoapProxy) -> None:
    """Two writes cost about 40 ms each time, the delay of an acknowledgement."""
    context = ssl.create_default_context(cafile=proxy.settings.ca_file)
    way = http.client.HTTPSConnection("127.0.0.1", proxy.settings.port, context=context)
    times = [one_read(way) for _ in range(20)]
    way.close()
    assert sorted(times)[len(times) // 2] < 0.03


def one_read(way: http.client.HTTPSConnection) -> float:
    start = time.perf_counter()
    way.request("GET", "/sdk/vimServiceVersions.xml")
    assert b"urn:vim25" in way.getresponse().read()
    return time.perf_counter() - start


def test_its_certificate_is_verified(proxy: SoapProxy) -> None:
    assert proxy.settings.verify
    context = ssl.create_default_context()
    way = http.client.HTTPSConnection("127.0.0.1", proxy.settings.port, context=context)
    with pytest.raises(ssl.SSLCertVerificationError):
        way.request("GET", "/")
    way.close()


def test_a_vcsim_that_is_gone_is_unreachable_through_it(vcsim_binary: Any, estate: Estate) -> None:
    with start_vcsim(vcsim_binary) as running:
        settings = running.settings()
    with open_proxy(settings) as proxy, VsphereSession(proxy.settings) as through, pytest.raises(Unreachable):
        read_vsphere(through, estate)


def test_an_answer_without_an_overridden_object_is_not_touched() -> None:
    answer = b"<Envelope><Body><objects><obj>vm-1</obj></objects></Body></Envelope>"
    overrides = {"vm-2": (Override("vm-2", "name", "x"),)}
    assert rewritten(b"<RetrievePropertiesEx>", answer, overrides) is answer
