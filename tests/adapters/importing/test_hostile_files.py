"""Files that are not what they seem: one paragraph each, nothing executed, nothing silently lost."""

import csv
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from failback.adapters.importing import files
from failback.adapters.importing.files import Blob, blobs_of
from failback.adapters.importing.read import read_paths
from failback.adapters.importing.records import CannotImport

HEAD = ["VM", "Powerstate", "CPUs", "OS according to the configuration file", "VM ID"]


def rvtools_csv(folder: Path, *rows: list[str], name: str = "RVTools_tabvInfo.csv") -> Path:
    folder.mkdir(exist_ok=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *rows])
    return folder


def refused(path: Path) -> str:
    with pytest.raises(CannotImport) as told:
        read_paths([path])
    assert "\n" not in str(told.value)
    return str(told.value)


def test_a_workbook_that_is_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (files.RATIO_FROM_BYTES + 1))
    assert "unpack to far more" in refused(path)


def test_a_zip_whose_files_together_are_too_large_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "UNPACKED_MAX_BYTES", 1000)
    with zipfile.ZipFile(tmp_path / "exports.zip", "w") as archive:
        archive.writestr("a.csv", b"x" * 600)
        archive.writestr("b.csv", b"x" * 600)
    assert "it is not opened" in refused(tmp_path / "exports.zip")


def test_a_file_of_two_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2 * 10**9)
    assert "2.0 GB" in refused(path)


@pytest.mark.parametrize("name", ["old.xls", "old.bin"])
def test_the_old_format_of_excel_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512)
    assert "old .xls format" in refused(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 and nothing more", "damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (b"a;b\n1;2\n", "its columns are not known"),
        (b"", "empty"),
        (b'{"value": [{"id": 1}', "not JSON"),
        (b'{"colour": "blue"}', "it contains no object of a vault"),
        (b'{"error": {"code": "AuthorizationFailed", "message": "no"}}', "an error of Azure (AuthorizationFailed: no)"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_a_wrong_kind_of_file_is_named_with_what_is_expected(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "file").write_bytes(content)
    assert words in refused(tmp_path / "file")


def test_a_workbook_with_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "vInfo"  # type: ignore[union-attr]
    book.active.append(HEAD)  # type: ignore[union-attr]
    book.save(tmp_path / "good.xlsx")
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{entities}]><worksheet>&e9;</worksheet>'
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "bomb.xlsx", "w") as bad:
        for name in good.namelist():
            bad.writestr(name, bomb if name.startswith("xl/worksheets/sheet") else good.read(name))
    assert "bomb.xlsx" in refused(tmp_path / "bomb.xlsx")


def test_a_formula_is_never_evaluated(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "vInfo"
    sheet.append(HEAD)
    sheet.append(["=1+1", "poweredOn", 2, "Ubuntu Linux (64-bit)", "vm-1"])
    sheet.append(["app", "poweredOn", 2, '=HYPERLINK("http://evil","x")', "vm-2"])
    book.save(tmp_path / "formula.xlsx")
    reading = read_paths([tmp_path / "formula.xlsx"])
    (machine,) = reading.machines
    assert machine.name == "app"
    assert "os" not in machine.facts
    assert reading.left_out == {"rows of vInfo without a name in column VM": 1}


def test_names_of_every_kind_arrive_as_they_were_written(tmp_path: Path) -> None:
    names = ['say "hi"', "two\nlines", "<b>bold</b>", "\u202egnp.exe", "x" * 300, "=cmd|' /C calc'!A0"]
    rows = [[name, "poweredOn", "2", "Ubuntu", f"vm-{n}"] for n, name in enumerate(names)]
    assert [m.name for m in read_paths([rvtools_csv(tmp_path / "out", *rows)]).machines] == names


def test_a_column_that_is_missing_leaves_its_fact_unknown_and_the_rest_is_read(tmp_path: Path) -> None:
    with (tmp_path / "RVTools_tabvInfo.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["VM", "Firmware"], ["app", "efi"]])
    reading = read_paths([tmp_path / "RVTools_tabvInfo.csv"])
    assert "vInfo has no column Template, Powerstate, Host, Path, Memory; what these say is unknown" in reading.notes[1]
    (machine,) = reading.machines
    assert (machine.name, machine.facts.get("firmware")) == ("app", "efi")
    assert not {"os", "powered_on", "memory_gib"} & machine.facts.keys()


def test_an_answer_without_a_word_in_it_is_of_a_request_that_failed(tmp_path: Path) -> None:
    (tmp_path / "items.json").write_bytes(b"\xef\xbb\xbf \n")
    assert "the request that wrote it may have failed" in refused(tmp_path / "items.json")


def test_a_document_is_refused_under_its_own_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "letter.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    assert refused(tmp_path / "letter.docx").startswith("letter.docx: this is not a workbook")


def test_half_of_a_list_is_told(tmp_path: Path) -> None:
    item = {
        "id": "/a/b/replicationProtectedItems/x",
        "properties": {"providerSpecificDetails": {"instanceType": "A2A"}},
    }
    page = {"value": [item], "nextLink": "https://management.azure.com/next"}
    (tmp_path / "items.json").write_text(json.dumps(page), encoding="utf-8")
    assert "next page is missing" in read_paths([tmp_path / "items.json"]).notes[0]


def test_an_export_without_vinfo_says_what_to_export(tmp_path: Path) -> None:
    rvtools_csv(tmp_path / "out", ["a", "b", "c", "d", "e"], name="RVTools_tabvDisk.csv")
    assert "no sheet vInfo" in refused(tmp_path / "out")


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "nowhere.csv" in refused(tmp_path / "nowhere.csv")


def test_a_file_in_a_zip_is_read_like_one_in_a_folder(tmp_path: Path) -> None:
    folder = rvtools_csv(tmp_path / "out", ["app", "poweredOn", "2", "Ubuntu", "vm-1"])
    with zipfile.ZipFile(tmp_path / "out.zip", "w") as archive:
        archive.write(folder / "RVTools_tabvInfo.csv", "x/RVTools_tabvInfo.csv")
    assert [machine.name for machine in read_paths([tmp_path / "out.zip"]).machines] == ["app"]


def test_no_folder_of_this_computer_is_in_a_name(tmp_path: Path) -> None:
    (blob,) = blobs_of(rvtools_csv(tmp_path / "out", ["app"]))
    assert blob == Blob("out/RVTools_tabvInfo.csv", blob.content)
