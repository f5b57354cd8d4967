"""The list of tasks: one row per cause, the same in CSV and xlsx, and no cell that runs."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from failback.reprotect import Phase, Plan
from failback.scenarios.checks.tasks import HEADS, TASKS, task_rows, write_tasks
from failback.scenarios.files.loader import load_estate
from failback.scenarios.judging.check import Report, check_estate
from failback.scenarios.outputs.kinds import KINDS
from failback.scenarios.outputs.refusal import CannotWrite

ESTATE = """\
link: {bandwidth_mbit_per_s: 500}
hosts: [{name: esx-01, datastores: [gold]}]
datastores: [{name: gold}]
appliances: [{name: "=box", host: esx-01, datastore: gold, healthy: false}]
defaults: {virtual_machine: {os: linux, host: esx-01, datastore: gold, disks: [{size_gib: 20}]}}
virtual_machines: [{name: web-1}, {name: web-2}, {name: db-1, target: hyper-v}]
"""


@pytest.fixture
def report(tmp_path: Path) -> Report:
    (tmp_path / "e.yaml").write_text(ESTATE, encoding="utf-8")
    estate = load_estate(tmp_path / "e.yaml")
    return check_estate(estate, Plan(), dict.fromkeys(estate.virtual_machines, Phase.FAILOVER_COMMITTED))


def by_rule(rows: list[dict[str, str]], rule: str) -> dict[str, str]:
    (found,) = [row for row in rows if row["rule"].startswith(f"{rule} ")]
    return found


def test_a_cause_is_one_task_with_owner_due_date_proof_and_machines(report: Report) -> None:
    rows = [dict(zip(HEADS, row, strict=True)) for row in task_rows(report, date(2026, 6, 5))]
    dead = by_rule(rows, "A01")
    assert dead["object"] == "appliance =box"
    assert dead["machines"] == "3"
    assert dead["which machines"] == "web-1, web-2, db-1"
    assert dead["due"] == "2026-06-05"
    assert dead["owner"]
    assert dead["how to verify"]
    assert dead["wanted"]
    assert by_rule(rows, "R15")["which machines"] == "db-1"
    assert not any("each machine" in row["object"] for row in rows)


def test_csv_and_workbook_say_the_same_and_no_cell_is_a_formula(report: Report, tmp_path: Path) -> None:
    write_tasks(report, None, tmp_path / "t.csv")
    write_tasks(report, None, tmp_path / "t.xlsx")
    text = (tmp_path / "t.csv").read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["tasks"]
    cells = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    assert cells == rows
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_only_a_list_of_tasks_is_replaced(report: Report, tmp_path: Path) -> None:
    for name in ("t.csv", "t.xlsx"):
        write_tasks(report, None, tmp_path / name)
        assert KINDS[TASKS].is_ours(tmp_path / name)
        write_tasks(report, None, tmp_path / name)
    foreign = tmp_path / "mine.xlsx"
    openpyxl.Workbook().save(foreign)
    with pytest.raises(CannotWrite, match="is not tasks of a check"):
        write_tasks(report, None, foreign)
