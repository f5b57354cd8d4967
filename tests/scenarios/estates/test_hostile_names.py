"""Names from an export that mean to be more than names: through import, check and runbook they stay text."""

import csv
import io
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest

from failback.reprotect import UNSAFE
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.html_page import write_page
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.runbooks.command import Extra, run_runbook
from failback.scenarios.text.spreadsheet_cells import BOM

from .rvtools_export import Site, Vm, write
from .test_import import HOSTILE, data

NAMES = [*HOSTILE[:-1], "O'Brien; rm -rf /", "| a | b |", "+1-2", "\u202b\u05d0\u05d1\u202c"]
NETWORK, ADDRESS = "<img src=x onerror=alert(1)>", "=HYPERLINK(1)"


class Tags(HTMLParser):
    """The tags of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An estate of such machines, the page of its check, and its runbook in all formats."""
    there = tmp_path_factory.mktemp("hostile")
    adapters = (("00:50:56:00:00:01", NETWORK, ADDRESS),)
    site = Site(vms=tuple(Vm(name, f"vm-{n}", adapters=adapters) for n, name in enumerate(NAMES)))
    out, estate = write(site, there / "out"), there / "estate.yaml"
    run_import(ImportRequest((out,), estate, 500, "modernised"))
    boxes = "appliances: [{name: box, host: esx-1, datastore: ds-1}]\n"
    estate.write_text(estate.read_text("utf-8") + boxes, encoding="utf-8")
    write_page(run_check(CheckRequest(str(estate))), there / "check.html")
    run_runbook(str(estate), 1, there / "runbook", Extra(workbook=True))
    return there


def test_no_name_is_lost(folder: Path) -> None:
    found = data(folder / "out", architecture="modernised")
    assert len(found["virtual_machines"]) == len(NAMES)


@pytest.mark.parametrize("page", ["check.html", "runbook/runbook.html"])
def test_no_name_is_markup_in_a_page(folder: Path, page: str) -> None:
    text, seen = (folder / page).read_text("utf-8"), Tags()
    seen.feed(text)
    assert not {"script", "img", "iframe"} & {tag for tag, _ in seen.tags}
    assert not [name for _, attrs in seen.tags for name, _ in attrs if name.startswith("on")]
    assert "<script>alert(1)</script>" in seen.text
    assert not UNSAFE.search(text.replace("\n", ""))


def test_no_name_is_a_formula_in_a_sheet(folder: Path) -> None:
    text = (folder / "runbook" / "steps.csv").read_text("utf-8").removeprefix(BOM)
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row if cell]
    assert any("cmd|" in cell for cell in cells)
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r"]
    book = openpyxl.load_workbook(folder / "runbook" / "runbook.xlsx")
    shown = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(ADDRESS in str(cell.value) for cell in shown)
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in shown)


def test_no_name_breaks_a_table_of_the_text(folder: Path) -> None:
    lines = (folder / "runbook" / "runbook.md").read_text("utf-8").splitlines()
    rows = [line.replace("\\|", "") for line in lines if line.startswith("|")]
    heads = [row for row, after in pairwise(rows) if set(after) == {"|", " ", "-"}]
    assert heads
    assert {row.count("|") for row in rows} == {head.count("|") for head in heads}
    assert not [line for line in lines if re.search(r"(?<!\\)<(script|img)", line)]
