"""A live import: the same estate as from files of the same site, few round trips, and nothing lost in silence."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from azure.core.pipeline.transport import RequestsTransport
from pyVmomi import vim

from failback.adapters import VsphereSession, find_vcsim, open_proxy, start_vcsim
from failback.adapters.estate_client import IN_GROUPS
from failback.adapters.importing.live_vsphere import read_live_vsphere
from failback.adapters.settings_file import BadSettings
from failback.adapters.vsphere_properties import ObjectValues, PropertyReader
from failback.adapters.vsphere_rim import READS
from failback.reprotect import Unreachable
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.cli.import_files import ImportOptions, import_files
from failback.scenarios.estates.command import ImportRequest, imported, run_import
from failback.scenarios.estates.handouts import HANDOUTS
from failback.scenarios.estates.live_worlds import read_azure
from failback.simulator.arm import Response

from . import vault_export
from .live_site import Answer, Site, forbidden, live_site, with_others

pytestmark = pytest.mark.vcsim
FILES = Path("e.yaml")
NOW = datetime(2026, 6, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with live_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def site(opened: Site) -> Site:
    """Nothing changes in it, so that all tests share it; what a test made it answer is forgotten."""
    opened.forget()
    return opened


def without_sources(estate: dict[str, Any]) -> dict[str, Any]:
    """An estate but for where it came from; licences are in no saved folder."""
    kept = {key: value for key, value in estate.items() if key != "sources"}
    return kept | {"hosts": [{k: v for k, v in host.items() if k != "edition"} for host in kept["hosts"]]}


def own_path(item: dict[str, Any]) -> str:
    return "/replicationProtectedItems/" + str(item["name"])


def notes_of(estate: dict[str, Any]) -> str:
    return "\n".join(estate["sources"].get("notes", ()))


def test_live_and_from_files_the_same_site_gives_the_same_estate(site: Site, tmp_path: Path) -> None:
    files = vault_export.write(tmp_path / "vault", site.mock)
    (tmp_path / "vms.json").write_text(json.dumps(vault_export.replicas(site.mock)), encoding="utf-8")
    (tmp_path / "nics.json").write_text(json.dumps(vault_export.interfaces(site.mock)), encoding="utf-8")
    of_azure = (tmp_path / "vms.json", tmp_path / "nics.json")
    from_files = imported(ImportRequest((*files, *of_azure, site.folder), FILES, 500))
    live = site.imported()
    assert without_sources(live) == without_sources(from_files)
    told = [(vm["name"], vm["at"], vm.get("azure", {}).get("running")) for vm in live["virtual_machines"]]
    assert told == [("DC0_C0_RP0_VM0", "replicating_to_azure", None), ("web", "failover_committed", True)]


def test_addresses_and_network_in_azure_come_from_the_network_interfaces(site: Site) -> None:
    site.answer = with_addresses("10.8.0.7", "10.8.0.8")
    (home, web) = site.imported()["virtual_machines"]
    assert (web["azure"]["addresses"], web["azure"]["network"]) == (["10.8.0.7", "10.8.0.8"], "hub")
    assert "addresses" not in home.get("azure", {})
    listed = [path for _, path in site.asked if "/networkInterfaces" in path]
    assert len(listed) == 1, "a list for the resource group, not a read for each machine"


def test_network_interfaces_that_may_not_be_read_are_counted(site: Site) -> None:
    site.answer = forbidden("/networkInterfaces")
    estate = site.imported()
    assert "1 of the network interfaces in Azure may not be read" in notes_of(estate)
    assert "network" not in estate["virtual_machines"][1]["azure"]


def with_addresses(*addresses: str) -> Answer:
    """The machine's network interface has these, and another machine's has one of its own."""

    def answer(url: str, response: Response) -> Response:
        if not url.partition("?")[0].endswith("/networkInterfaces"):
            return response
        body = json.loads(response.body)
        (nic,) = body["value"]
        subnet = {"id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/hub/subnets/a"}
        nic["properties"]["ipConfigurations"] = [
            {"name": each, "properties": {"privateIPAddress": each, "subnet": subnet}} for each in addresses
        ]
        stranger = {**nic, "id": nic["id"] + "-2", "properties": {"virtualMachine": {"id": "/subscriptions/s/x"}}}
        return replace(response, body=json.dumps({"value": [stranger, nic]}).encode())

    return answer


def test_a_machine_that_is_no_more_in_azure_is_known_to_be_gone(site: Site) -> None:
    site.answer = without_machines(b'{"value": []}')
    (_, web) = site.imported()["virtual_machines"]
    assert (web["azure"]["exists"], web["azure"]["running"]) == (False, False)


def test_a_machine_that_is_in_another_group_has_moved(site: Site) -> None:
    elsewhere = "/subscriptions/s/resourceGroups/other/providers/Microsoft.Compute/virtualMachines/web"
    site.answer = without_machines(json.dumps({"value": [{"id": elsewhere}]}).encode())
    (_, web) = site.imported()["virtual_machines"]
    assert (web["azure"]["exists"], web["azure"]["moved"], web["azure"].get("running")) == (True, True, None)


def test_machines_in_azure_that_may_not_be_read_are_unknown_and_counted(site: Site) -> None:
    site.answer = forbidden("/virtualMachines/web")
    estate = site.imported()
    assert "1 of the virtual machines in Azure may not be read" in notes_of(estate)
    assert "running" not in estate["virtual_machines"][1].get("azure", {})


def without_machines(named: bytes) -> Answer:
    """Azure has no machine where items say; `named` is its answer to who has the name."""

    def answer(url: str, response: Response) -> Response:
        if "/virtualMachines/" in url:
            return Response(404, (("Content-Type", "application/json"),), b'{"error": {"code": "ResourceNotFound"}}')
        listing = url.partition("?")[0].endswith("/resources")
        return Response(200, (("Content-Type", "application/json"),), named) if listing else response

    return answer


def test_it_only_reads(site: Site) -> None:
    site.imported()
    assert {method for method, _ in site.asked} == {"GET"}
    assert site.proxy.methods.keys() <= READS


def test_the_sources_say_where_and_when_it_was_read(site: Site) -> None:
    files = site.imported()["sources"]["files"]
    assert [(each["file"], each["dated_by"]) for each in files] == [
        (f"vault {site.mock.vault_name}", "read live"),
        ("vCenter 127.0.0.1", "read live"),
    ]
    assert all("dated" in each for each in files)


def test_a_pseudonymised_live_import_names_nothing(
    site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.yaml"
    said = run_import(ImportRequest((), out, 500, redact=True, world="azure", settings=site.settings))
    written = out.read_text(encoding="utf-8") + said + capsys.readouterr().err
    for name in ("DC0_C0", "LocalDS", f"vault {site.mock.vault_name}", "before-patch"):
        assert name not in written


def test_items_of_other_providers_are_counted_and_not_read_one_by_one(site: Site) -> None:
    site.answer = with_others
    estate = site.imported()
    listed = {each["what"]: each["names"] for each in estate["sources"]["mismatches"]}
    assert listed["protected by A2A, which does not come home to VMware; left out"] == ["other-1"]
    assert not any(path.endswith(("/o0", "/o1")) for _, path in site.asked)


def test_what_the_account_may_not_read_in_the_vault_is_unknown_and_counted(site: Site) -> None:
    (first, *_) = vault_export.get(site.mock, "replicationProtectedItems")["value"]
    site.answer = forbidden("/replicationvCenters", "/replicationAppliances", own_path(first))
    notes = notes_of(site.imported())
    assert "the list of replicationvCenters may not be read" in notes
    assert "1 of the replicationProtectedItems may not be read" in notes
    assert "which disks of 1 protected item are replicated, since a list does not say" in notes


def test_without_the_right_to_list_items_it_is_said_in_one_paragraph(site: Site) -> None:
    site.answer = forbidden("/replicationProtectedItems")
    with pytest.raises(Unreachable, match=r"denies access .* Site Recovery Reader"):
        site.imported()


def test_half_a_page_of_a_list_is_not_taken_for_the_whole(site: Site) -> None:
    def half(url: str, response: Response) -> Response:
        listing = url.partition("?")[0].endswith("/replicationProtectedItems")
        return replace(response, body=b"{}") if listing else response

    site.answer = half
    with pytest.raises(Unreachable, match="a page of a list has no value"):
        site.imported()


def test_an_item_whose_answer_nobody_understands_is_counted(site: Site) -> None:
    (first, *_) = vault_export.get(site.mock, "replicationProtectedItems")["value"]

    def odd(url: str, response: Response) -> Response:
        return replace(response, body=b"[]") if url.partition("?")[0].endswith(own_path(first)) else response

    site.answer = odd
    estate = site.imported()
    assert "1 of the replicationProtectedItems gave an answer that cannot be understood" in notes_of(estate)
    assert len(estate["virtual_machines"]) == 2


def test_an_item_that_vanishes_between_the_list_and_its_own_read_is_not_protected_any_more(site: Site) -> None:
    (first, second) = vault_export.get(site.mock, "replicationProtectedItems")["value"]
    error = json.dumps({"error": {"code": "ResourceNotFound", "message": "was not found"}}).encode()

    def gone(url: str, response: Response) -> Response:
        there = not url.partition("?")[0].endswith(own_path(first))
        return response if there else Response(404, (("Content-Type", "application/json"),), error)

    site.answer = gone
    estate = site.imported()
    assert [vm["name"] for vm in estate["virtual_machines"]] == [second["properties"]["friendlyName"]]
    assert "1 of the replicationProtectedItems was gone when it was read by itself, so it counts as gone" in notes_of(
        estate
    )


def test_it_waits_as_long_as_the_service_asks(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(RequestsTransport, "sleep", lambda _, seconds: slept.append(seconds))
    busy = [Response(429, (("Retry-After", "17"),), b"{}")]
    site.answer = lambda _, response: busy.pop() if busy else response
    assert len(site.imported()["virtual_machines"]) == 2
    assert slept == [17]


def test_a_vault_that_does_not_exist_is_said_so(site: Site) -> None:
    error = json.dumps({"error": {"code": "ResourceNotFound", "message": "was not found"}}).encode()
    site.answer = lambda *_: Response(404, (("Content-Type", "application/json"),), error)
    with pytest.raises(BadSettings, match="There is no vault"):
        site.imported()


def test_a_session_that_is_lost_on_the_way_is_renewed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, look = read_azure(site.settings, lambda _: None)
    assert look.machines
    with VsphereSession(site.proxy.settings) as session:
        session.read("looking", lambda content: content.sessionManager.Logout())
        again = read_live_vsphere(session, lambda: NOW, vault.parts)
    assert [machine.id for machine in again.machines] == [machine.id for machine in look.machines]


def test_an_account_for_one_folder_reads_that_folder_and_says_what_is_hidden(site: Site) -> None:
    folder = replace(site.settings.vsphere, within="DC0/vm/Other")  # type: ignore[type-var]  # there is one
    estate = site.imported(settings=replace(site.settings, vsphere=folder))
    gone = next(each for each in estate["sources"]["mismatches"] if each["what"].startswith("protected, but in no"))
    assert [name.partition(" (vault: not deleted, vcenter: ")[0] for name in gone["names"]] == ["DC0_C0_RP0_VM0", "web"]
    assert all("host" not in vm for vm in estate["virtual_machines"])


def test_files_can_come_along(site: Site, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("machine,tier\nweb,gold\n", encoding="utf-8")
    estate = site.imported(tmp_path / "mine.csv")
    assert [vm.get("tier") for vm in estate["virtual_machines"]] == [None, "gold"]


def test_round_trips_grow_with_pages_and_not_with_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    two, twelve = trips("2"), trips("12")
    assert two == twelve
    monkeypatch.setattr("failback.adapters.vsphere_properties.PAGE", 5)
    paged = trips("12")
    assert paged["ContinueRetrievePropertiesEx"] == 2
    assert {k: v for k, v in paged.items() if k != "ContinueRetrievePropertiesEx"} == two


def trips(machines: str) -> dict[str, int]:
    source = find_vcsim()
    assert source.binary is not None
    shape = ("-vm", machines, "-host", "1", "-standalone-host", "0", "-autostart=false")
    with (
        start_vcsim(source.binary, arguments=shape) as running,
        open_proxy(running.settings()) as proxy,
        VsphereSession(proxy.settings) as session,
    ):
        reading = read_live_vsphere(session, lambda: NOW, [])
        assert len(reading.machines) == int(machines)
        return dict(proxy.methods)


def test_the_lab_reads_a_scenario_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "estate.yaml"
    options = ImportOptions([Path("one_vm")], 500, world="lab", out=out)
    assert import_files(options) == 0
    assert "1 virtual machine," in capsys.readouterr().out
    assert "name: app-01" in out.read_text(encoding="utf-8")


OF_AFTERCARE = {f"{provider}/read".casefold() for provider, _ in IN_GROUPS.values()}


def test_the_azure_role_has_the_action_of_every_get_and_no_other(site: Site) -> None:
    site.imported()
    site.answer = without_machines(b'{"value": []}')
    site.imported()
    sent = {action_of(path) for _, path in site.asked} | OF_AFTERCARE
    role = json.loads(HANDOUTS["role"]["azure"].read_text(encoding="utf-8"))
    assert {action.casefold() for action in role["Actions"]} == sent


def action_of(path: str) -> str:
    """The right that a GET needs: the kinds in its path, without the names."""
    provider, *steps = path.rpartition("/providers/")[2].split("/")
    if path.endswith("/resources"):
        return "microsoft.resources/subscriptions/resources/read"
    return f"{provider}/{'/'.join(steps[::2])}/read".casefold()


def test_an_account_that_sees_one_folder_only_leaves_the_rest_unknown_and_counts_it(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A vcsim enforces no permissions, so what vSphere leaves out for such an account is left out here."""
    below = PropertyReader.below

    def seen(reader: PropertyReader, place: Any, kind: Any, *paths: str) -> list[ObjectValues]:
        if kind is not vim.VirtualMachine:
            return []
        rows = [row for row in below(reader, place, kind, *paths) if row.get("name") == "web"]
        hidden = ("config.extraConfig", "runtime.host")
        return [ObjectValues(r.ref, {k: v for k, v in r.values.items() if k not in hidden}, hidden) for r in rows]

    monkeypatch.setattr(PropertyReader, "below", seen)
    estate = site.imported()
    assert "properties of machines, which are unknown: config.extraConfig (1), runtime.host (1)" in notes_of(estate)
    assert "the host of 1 machine may not be read" in notes_of(estate)
    assert "hosts" not in estate
    (_, web) = estate["virtual_machines"]
    assert ("disk_enable_uuid" in web, {disk["held_by"] for disk in web["disks"]}) == (False, {"unknown"})
    out = tmp_path / "estate.yaml"
    run_import(ImportRequest((), out, 500, world="azure", settings=site.settings))
    assert run_check(CheckRequest(str(out))).report.unsure


def test_what_hosts_mount_is_unknown_to_an_account_that_may_not_read_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A vcsim enforces no permissions here either."""
    below = PropertyReader.below

    def seen(reader: PropertyReader, place: Any, kind: Any, *paths: str) -> list[ObjectValues]:
        rows = below(reader, place, kind, *paths)
        if kind is not vim.Datastore:
            return rows
        return [ObjectValues(r.ref, {k: v for k, v in r.values.items() if k != "host"}, ("host",)) for r in rows]

    assert all(isinstance(host["datastores"], list) for host in site.imported()["hosts"])
    monkeypatch.setattr(PropertyReader, "below", seen)
    assert {host["datastores"] for host in site.imported()["hosts"]} == {"unknown"}


def test_a_vcenter_in_which_nothing_may_be_seen_is_said(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PropertyReader, "below", lambda *_: [])
    assert "shows no virtual machine" in notes_of(site.imported())
