"""Predicted beside actual: bands, what lies outside, and a report that can be written again."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.scenarios.calibrations.synthetic import SyntheticVault
from failback.scenarios.cli import run
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.reports.comparing import Compared, ComparedSide, Comparison, compare
from failback.scenarios.reports.comparing_page import as_json, summary, write_pages

SMALL = """\
name: small
estate:
  link: {bandwidth_mbit_per_s: 1000}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 900, free_gib: 800}]
  appliances: [{name: appliance-01}]
  virtual_machines: [{name: web-01, os: linux, host: esx-01, datastore: gold, disks: [{size_gib: 10}]}]
"""


@pytest.fixture
def small(tmp_path: Path) -> str:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    return str(tmp_path / "small.yaml")


def played(small: str, folder: Path, scan_mib_per_s: float = 31.0) -> Path:
    scenario = load_scenario(small)
    slow = replace(scenario, site=replace(scenario.site, scan_mib_per_s=scan_mib_per_s))
    return SyntheticVault(scenario, slow, 3).write_drills(folder, [1])[0]


def ran(monkeypatch: Any, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["failback", *words])
    return run()


def test_a_run_of_the_same_model_lies_mostly_inside_the_band(small: str, tmp_path: Path) -> None:
    found = compare(small, str(played(small, tmp_path)))
    assert found.judged == 7
    assert len(found.outside) <= 2


def test_a_site_that_scans_slower_is_told_by_leg_and_machine(small: str, tmp_path: Path) -> None:
    found = compare(small, str(played(small, tmp_path, scan_mib_per_s=3.0)))
    assert {"reprotect_to_on_premises", "whole"} <= {row.leg for row in found.outside if row.verdict == "longer"}
    assert "web-01, Reprotect to on-premises, took " in summary(found)


def test_two_runs_are_compared_without_a_band(small: str, tmp_path: Path) -> None:
    first, second = (str(played(small, tmp_path / name, rate)) for name, rate in (("a", 31.0), ("b", 15.5)))
    found = compare(first, second)
    assert {row.verdict for row in found.rows} == {"no band"}
    resync = next(row for row in found.rows if row.leg == "reprotect_to_on_premises")
    assert resync.difference_s == pytest.approx(10 * 1024 / 31, abs=0.001)
    assert "Give the scenario" in summary(found)
    assert re.match(r"\S+ took .+ for everything, \S+ took .+\. No band", summary(found))


def test_a_leg_that_was_not_done_is_said_so(small: str, tmp_path: Path) -> None:
    drill = played(small, tmp_path)
    lines = (drill / "history.jsonl").read_text("utf-8").splitlines(keepends=True)
    (drill / "history.jsonl").write_text("".join(lines[: len(lines) // 2]), encoding="utf-8")
    assert "not done" in {row.verdict for row in compare(small, str(drill), 5).rows}


def test_a_band_of_few_runs_is_said_to_be_too_narrow(small: str, tmp_path: Path) -> None:
    actual = str(played(small, tmp_path))
    assert "A band of 5 runs is too narrow for 90 %; play at least 20." in summary(compare(small, actual, runs=5))
    assert "narrower" not in summary(compare(small, actual, runs=20))


def test_a_run_of_other_machines_is_refused_by_name(small: str, tmp_path: Path) -> None:
    actual = str(played(small, tmp_path))
    with pytest.raises(BadInput, match=r"none of its machines \(web-01\) is one of one_vm"):
        compare("one_vm", actual, runs=1)


def test_pages_say_simulation_model_and_calibration(small: str, tmp_path: Path) -> None:
    found = compare(small, str(played(small, tmp_path)), 5)
    write_pages(found, tmp_path / "out")
    for name in ("compare.html", "compare.md"):
        text = (tmp_path / "out" / name).read_text("utf-8")
        assert "simulation" in text
        assert "model failback " in text
        assert "not calibrated" in text
    data = json.loads((tmp_path / "out" / "compare.json").read_text("utf-8"))
    assert data == json.loads(json.dumps(as_json(found)))
    assert data["predicted"]["label"] == "simulation"


def test_the_command_prints_json_and_takes_two_sources_only(
    small: str, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    drill, out = str(played(small, tmp_path)), str(tmp_path / "out")
    assert ran(monkeypatch, "report", "--compare", small, drill, "--runs", "5", "--out", out, "--json") == 0
    assert json.loads(capsys.readouterr().out)["judged"] == 7
    assert ran(monkeypatch, "report", "--compare", small) == 2
    assert "needs two sources" in capsys.readouterr().err


def test_a_report_written_again_is_the_same(small: str, tmp_path: Path, monkeypatch: Any) -> None:
    assert ran(monkeypatch, "run", small, "--out", str(tmp_path)) == 0
    before = {name: (tmp_path / name).read_bytes() for name in ("report.html", "junit.xml")}
    for name in before:
        (tmp_path / name).unlink()
    assert ran(monkeypatch, "report", str(tmp_path)) == 0
    assert before == {name: (tmp_path / name).read_bytes() for name in before}


def test_a_folder_without_a_run_is_refused(small: str, tmp_path: Path, monkeypatch: Any, capsys: Any) -> None:
    assert ran(monkeypatch, "report", str(tmp_path / "nothing")) == 2
    assert "this is not a folder" in capsys.readouterr().err
    with pytest.raises(BadInput, match=r"cannot be read: .*; expected the folder of a run .* with its history\.jsonl"):
        compare(small, str(tmp_path / "nothing"))


HALF = {
    "nothing": (r"result\.json: there is no result", r"history cannot be read", r"history cannot be read"),
    "run.json": (r"result\.json: there is no result", r"history cannot be read", r"history cannot be read"),
    "a result cut in the middle": (
        r"this is not the result of a run",
        r"history cannot be read",
        r"history cannot be read",
    ),
    "a history cut at its first lines": (r"", r"no leg was completed", r"no source contains a date"),
}


def half_written(whole: Path, folder: Path, what: str) -> None:
    folder.mkdir()
    match what:
        case "run.json":
            (folder / "run.json").write_bytes((whole / "run.json").read_bytes())
        case "a result cut in the middle":
            (folder / "result.json").write_bytes((whole / "result.json").read_bytes()[:500])
        case "a history cut at its first lines":
            (folder / "history.jsonl").write_bytes((whole / "history.jsonl").read_bytes()[:3000])


@pytest.mark.parametrize("what", HALF)
def test_a_folder_that_is_half_written_is_read_as_far_as_it_goes_or_refused_in_one_paragraph(
    what: str, small: str, tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    assert ran(monkeypatch, "run", small, "--out", str(tmp_path / "whole")) == 0
    half, out = tmp_path / "half", str(tmp_path / "out")
    half_written(tmp_path / "whole", half, what)
    commands = (
        ("report", str(half)),
        ("report", "--compare", small, str(half), "--runs", "2", "--out", out),
        ("calibrate", str(half), "--out", str(tmp_path / "fit.yaml"), "--min-measurements", "1"),
    )
    for words, refusal in zip(commands, HALF[what], strict=True):
        capsys.readouterr()
        code = ran(monkeypatch, *words)
        (*_, last) = [line for line in capsys.readouterr().err.splitlines() if line] or [""]
        assert code == (2 if refusal else 0), (words, last)
        assert re.search(refusal, last), (words, last)


def _row(name: str, verdict: str, leg: str = "failback") -> Compared:
    return Compared(name, leg, 36_000.0, 32_400.0, 39_600.0, 37_800.0, 1800.0, verdict)


def test_the_summary_rounds_as_the_table_does() -> None:
    side = ComparedSide("runs", {}, tuple({} for _ in range(20)))
    row = Compared("all", "whole", 3398.0, 2879.0, 3959.0, 2950.0, -448.0, "inside")
    said = summary(Comparison(side, side, (row,)))
    assert said.startswith("Promised: 57 min for everything (48 min to 1 h 6 min). It took 49 min")


def test_the_summary_says_what_was_promised_what_came_and_how_many_misses_are_to_be_expected() -> None:
    side = ComparedSide("runs", {}, tuple({} for _ in range(20)))
    rows = [_row(f"vm-{n:02}", "longer" if n < 12 else "inside") for n in range(99)]
    found = Comparison(side, side, (*rows, _row("all", "inside", "whole")))
    said = summary(found)
    assert said.startswith("Promised: 10 h for everything (9 h to 11 h). It took 10 h 30 min, inside the band. ")
    assert "about 10 would lie outside; 12 do, no more than chance explains." in said
    assert said.endswith("vm-04, Failback, took 10 h 30 min, promised 9 h to 11 h; and 7 more.")
    late = Comparison(side, side, tuple(_row(f"vm-{n:02}", "longer" if n < 40 else "inside") for n in range(100)))
    assert "40 do, more than chance explains." in summary(late)
