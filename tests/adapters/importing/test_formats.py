"""Each format yields its records: what people have beside RVTools and `az rest`."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from failback.adapters.importing.files import Blob
from failback.adapters.importing.read import read_paths
from failback.adapters.importing.records import CannotImport
from failback.adapters.importing.tables import decoded
from failback.reprotect import Phase

ITEM_ID = "/Subscriptions/s/resourceGroups/g/x/replicationProtectedItems/i1"
POWERSHELL_ITEM = {
    "ID": ITEM_ID,
    "Name": "i1",
    "FriendlyName": "app-01",
    "ActiveLocation": "Recovery",
    "ProtectionState": "UnplannedFailoverCommitted",
    "ReplicationHealth": "Normal",
    "ReplicationProvider": "InMageAzureV2",
    "PolicyFriendlyName": "24-hour",
    "LastSuccessfulFailoverTime": "/Date(1551215725417)/",
    "ProviderSpecificDetails": {
        "OSType": "Windows",
        "MultiVmGroupName": "shop",
        "AgentVersion": "9.65.0.0",
        "LastHeartbeat": "/Date(1551215785417)/",
        "ProtectedDiskDetails": [{"Id": "d0", "Name": "Disk0"}],
    },
}
TYPE_NAME = "Microsoft.Azure.Commands.RecoveryServices.SiteRecovery.ASRInMageAzureV2SpecificRPIDetails"
CUT = POWERSHELL_ITEM | {"ProviderSpecificDetails": TYPE_NAME}


def saved(folder: Path, name: str, body: Any, encoding: str = "utf-8") -> Path:
    (folder / name).write_text(body if isinstance(body, str) else json.dumps(body), encoding=encoding)
    return folder / name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_powershell_s_objects_are_read_in_the_encodings_that_it_writes(tmp_path: Path, encoding: str) -> None:
    (item,) = read_paths([saved(tmp_path, "items.json", [POWERSHELL_ITEM], encoding)]).items
    assert (item.name, item.phase, item.policy) == ("app-01", Phase.FAILOVER_COMMITTED, "24-hour")
    assert (item.facts["os"], item.facts["replication_group"]) == ("windows", "shop")
    assert item.facts["agent_registered"] is True
    assert not item.full, "PowerShell shows no sizes"


def test_what_convertto_json_cut_at_its_depth_is_absent_and_no_text(tmp_path: Path) -> None:
    (item,) = read_paths([saved(tmp_path, "items.json", CUT)]).items
    assert item.phase is Phase.FAILOVER_COMMITTED
    assert "os" not in item.facts
    assert "Microsoft.Azure.Commands" not in json.dumps(item.facts, default=str)


def test_an_item_of_powershell_and_its_single_read_are_one(tmp_path: Path) -> None:
    details = {"instanceType": "InMageAzureV2", "protectedDisks": [{"diskName": "Disk0", "diskCapacityInBytes": 2**35}]}
    arm = {"id": ITEM_ID.lower(), "properties": {"friendlyName": "app-01", "providerSpecificDetails": details}}
    paths = [saved(tmp_path, "a.json", [POWERSHELL_ITEM]), saved(tmp_path, "b.json", arm)]
    (item,) = read_paths(paths).items
    assert item.disks[0]["size_gib"] == 32
    assert item.facts["os"] == "windows"


@pytest.mark.parametrize("envelope", ["value", "data", "array", "pages joined", "one object"])
def test_rows_are_found_in_every_envelope(tmp_path: Path, envelope: str) -> None:
    details = {"instanceType": "InMageRcm", "osType": "Linux"}
    row = {"id": ITEM_ID, "properties": {"friendlyName": "app-01", "providerSpecificDetails": details}}
    other = row | {"id": ITEM_ID + "2"}
    bodies: dict[str, Any] = {
        "value": {"value": [row, other]},
        "data": {"count": 2, "data": [row, other], "total_records": 2, "skip_token": None},
        "array": [row, other],
        "pages joined": json.dumps({"value": [row], "nextLink": "https://x"}) + "\n" + json.dumps({"value": [other]}),
        "one object": [[row], other],
    }
    reading = read_paths([saved(tmp_path, "items.json", bodies[envelope])])
    assert len(reading.items) == 2
    assert reading.notes == []


def test_a_shared_vault_s_other_items_are_counted_by_name(tmp_path: Path) -> None:
    properties = {"friendlyName": "hv-01", "providerSpecificDetails": {"instanceType": "HyperVReplicaAzure"}}
    reading = read_paths([saved(tmp_path, "items.json", {"id": ITEM_ID, "properties": properties})])
    assert [(other.name, other.provider) for other in reading.others] == [("hv-01", "HyperVReplicaAzure")]
    assert reading.items == []


@pytest.mark.parametrize("kind", ["networkInterfaces", "virtualMachines"])
def test_resources_beside_the_vault_are_counted_and_not_lost_in_silence(tmp_path: Path, kind: str) -> None:
    details = {"instanceType": "InMageRcm", "osType": "Linux"}
    item = {"id": ITEM_ID, "properties": {"friendlyName": "app-01", "providerSpecificDetails": details}}
    other = {"id": f"/subscriptions/s/resourceGroups/g/providers/Microsoft.X/{kind}/app-01", "properties": {}}
    reading = read_paths([saved(tmp_path, "all.json", [item, other])])
    assert [item.name for item in reading.items] == ["app-01"]
    ((what, count),) = reading.left_out.items()
    assert (count, "in Azure" in what) == (1, True)


def test_a_list_of_a_cmdb_says_what_its_columns_say(tmp_path: Path) -> None:
    head = "Machine;OS;OS version;Architecture;Disks GiB;Application;Memory GiB;Static IP;Downtime agreed;Colour"
    text = f'{head}\napp-01;Windows Server 2019;2019;Modernised;"40; 200";shop;16;yes;no;blue\n;;;;;;;;;\n;x;;;;;;;;\n'
    reading = read_paths([saved(tmp_path, "cmdb.csv", text)])
    (machine,) = reading.rows
    assert machine.name == "app-01"
    assert machine.facts == {
        "os": "windows",
        "os_version": "2019",
        "architecture": "modernised",
        "tier": "shop",
        "memory_gib": 16.0,
        "static_ip": True,
        "downtime_agreed": False,
        "disks": (40.0, 200.0),
    }
    assert reading.left_out == {"rows without a machine's name": 1}


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        *(("cp1252", name) for name in ("Ger\u00e4t-01", "caf\u00e9_01", "Bob\u2019s server", "t\u00e9l\u00e9phone")),
        *(("cp932", name) for name in ("DB\u6771-01", "\u672c\u756aweb", "\u2460\u53f7\u6a5f", "\u9ad9\u6a4b")),
    ],
)
def test_a_name_of_windows_is_read_as_it_was_written_be_it_the_only_one(encoding: str, name: str) -> None:
    assert decoded(Blob("list.csv", f"machine;os\r\n{name};linux\r\n".encode(encoding))).split(";")[1][4:] == name


def test_export_csv_of_windows_powershell_is_a_list(tmp_path: Path) -> None:
    text = '#TYPE Selected.ASRReplicationProtectedItem\n"FriendlyName","ProtectionStatus"\n"app-01","Protected"\n'
    assert [row.name for row in read_paths([saved(tmp_path, "items.csv", text, "utf-16")]).rows] == ["app-01"]


def test_the_at_scale_csv_is_a_list_of_names(tmp_path: Path) -> None:
    text = "VAULT_NAME,SOURCE_MACHINE_NAME,TARGET_MACHINE_NAME,ACCOUNT_NAME\nv,app-01,app-01-az,root\n"
    (row,) = read_paths([saved(tmp_path, "input.csv", text)]).rows
    assert (row.name, row.facts, row.origin.format) == ("app-01", {}, "at-scale CSV")


def test_a_uuid_that_is_not_the_machines_does_not_lose_its_disks(tmp_path: Path) -> None:
    """A batch export may call the UUID of a disk just `UUID`."""
    book = Workbook()
    sheets: dict[str, list[list[Any]]] = {
        "vInfo": [["vInfoVMName", "vInfoUUID"], ["app", "5000-1"]],
        "vDisk": [
            ["vDiskVMName", "vDiskName", "vDiskUUID", "vDiskCapacityMiB"],
            ["app", "Hard disk 1", "6000-9", 1024],
        ],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "export.xlsx")
    (machine,) = read_paths([tmp_path / "export.xlsx"]).machines
    assert machine.disks is not None
    assert [disk["size_gib"] for disk in machine.disks] == [1]


@pytest.mark.parametrize(("size", "gib"), [(262144, 128), (262144 * 2**20, 128)])
def test_a_hosts_memory_that_no_host_has_in_mib_is_in_bytes(tmp_path: Path, size: int, gib: float) -> None:
    lines = {
        "RVTools_tabvInfo.csv": "vInfoVMName\napp\n",
        "RVTools_tabvHost.csv": f"vHostName,vHostMemorySize,vHostOverallMemoryUsage\nesx-1,{size},50\n",
    }
    for name, text in lines.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (host,) = read_paths([tmp_path]).parts
    assert host.facts["free_memory_gib"] == gib


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("machine,os,home within\nweb-1,Ubuntu,30 h\n", 30.0),
        ("machine,os,home within (h)\nweb-1,Ubuntu,30\n", 30.0),
        ("machine,os,return within h\nweb-1,Ubuntu,1.5\n", 1.5),
        ("machine,os,return within\nweb-1,Ubuntu,2 d\n", 48.0),
        ("machine,os,home within\nweb-1,Ubuntu,\n", None),
    ],
)
def test_a_list_says_until_when_its_machines_must_be_home_in_the_words_of_new(
    text: str, hours: float | None, tmp_path: Path
) -> None:
    file = tmp_path / "machines.csv"
    file.write_text(text, encoding="utf-8")
    (row,) = read_paths([file]).rows
    assert row.facts.get("return_within_h") == hours


def test_a_time_until_home_without_a_unit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "machines.csv"
    file.write_text("machine,os,home within\nweb-1,Ubuntu,30\n", encoding="utf-8")
    with pytest.raises(CannotImport, match="the time until web-1 must be home is '30'; write it as 2 h or 30 min"):
        read_paths([file])
