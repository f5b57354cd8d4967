"""Folders of `govc object.save`: read by pyvmomi, of a vcsim that govc has filled and saved."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest

from failback.adapters.importing.read import read_paths
from failback.adapters.importing.records import CannotImport, Reading, SiteMachine

SAVED = Path(__file__).parent / "saved" / "vcsim-site.zip"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder, which govc calls by the vCenter's name."""
    where = tmp_path / "vcsim-vc.example"
    with ZipFile(SAVED) as archive:
        archive.extractall(where)
    return where


def one(reading: Reading, name: str) -> SiteMachine:
    return next(machine for machine in reading.machines if machine.name == name)


def rewritten(folder: Path, pattern: str, change: Callable[[str], str]) -> None:
    for file in folder.glob(pattern):
        file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")


def test_machines_hosts_and_datastores_are_read_with_their_facts(folder: Path) -> None:
    reading = read_paths([folder])
    first = one(reading, "DC0_C0_RP0_VM0")
    assert (first.facts["snapshots"], first.facts["disk_enable_uuid"]) == (("before-patch",), True)
    assert [disk["datastore"] for disk in first.disks or ()] == ["LocalDS_0", "LocalDS_1"]
    assert (first.facts["vcenter"], first.facts["powered_on"], first.facts["cores"]) == ("vc.example", True, 1)
    assert one(reading, "web").facts["os"] == "linux"
    assert {part.section for part in reading.parts} == {"hosts", "datastores"}


def test_names_repeat_and_templates_are_left_out(folder: Path) -> None:
    reading = read_paths([folder])
    same = [machine.id for machine in reading.machines if machine.name == "DC0_C0_RP0_VM1"]
    assert len(set(same)) == 2
    assert reading.left_out == {"templates": 1}


def test_the_date_is_the_vcenter_s_own(folder: Path) -> None:
    (origin,) = read_paths([folder]).origins
    assert origin.dated is not None
    assert (origin.dated.date().isoformat(), origin.dated_by) == ("2026-11-27", "vCenter's clock")


def test_a_zip_of_the_folder_says_the_same(folder: Path) -> None:
    zipped, unpacked = read_paths([SAVED]), read_paths([folder])
    assert [machine.id for machine in zipped.machines] == [machine.id for machine in unpacked.machines]


def test_an_object_that_cannot_be_understood_is_counted(folder: Path) -> None:
    rewritten(folder, "*-VirtualMachine-vm-59.xml", lambda text: text.replace("<name>web", "<nonsense>web"))
    reading = read_paths([folder])
    assert reading.left_out["objects VirtualMachine that could not be understood"] == 1
    assert len(reading.machines) == 3


def test_a_document_type_of_its_own_is_not_opened(folder: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    rewritten(folder, "*-VirtualMachine-*.xml", lambda text: bomb + text)
    with pytest.raises(CannotImport, match="no virtual machine in it"):
        read_paths([folder])


def test_what_the_account_could_not_read_is_unknown_and_counted(folder: Path) -> None:
    hidden = "<propSet>\n    <name>config</name>", "<propSet>\n    <name>environmentBrowser</name>"
    rewritten(folder, "*-VirtualMachine-vm-59.xml", lambda text: text.replace(*hidden))
    reading = read_paths([folder])
    web = one(reading, "web")
    assert "disk_enable_uuid" not in web.facts
    assert web.disks is None
    assert any("config.extraConfig (1)" in note for note in reading.notes)


def test_without_its_hosts_nobody_knows_who_else_has_a_disk(folder: Path) -> None:
    for file in folder.glob("*-HostSystem-*.xml"):
        file.unlink()
    reading = read_paths([folder])
    assert {disk["held_by"] for disk in one(reading, "web").disks or ()} == {"unknown"}
    assert any("the host of 5 machines may not be read" in note for note in reading.notes)


def test_xml_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text("<rss/>", encoding="utf-8")
    with pytest.raises(CannotImport, match=r"govc object\.save"):
        read_paths([tmp_path])


def test_cards_tell_their_network_and_mac(folder: Path) -> None:
    (card,) = one(read_paths([folder]), "web").facts["adapters"]
    assert card["network"] == "VM Network"
    (distributed,) = one(read_paths([folder]), "DC0_C0_RP0_VM0").facts["adapters"]
    assert (distributed["network"], distributed["mac"][:8]) == ("DC0_DVPG0", "00:0c:29")
