"""The command `aftercare`: what it reads, what it writes, how it ends."""

import csv
import json
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from failback.scenarios import load_scenario, resolve
from failback.scenarios.cli.entry import run
from failback.scenarios.files.loader import load_default_durations, load_estate
from failback.scenarios.files.schema import Scenario
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import serve

from . import after_return as there

NASTY = "<script>alert(1)</script>|*_`=1+1"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def type_(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["failback", "aftercare", *map(str, words)])
        code = run()
        return code, *capsys.readouterr()

    return type_


def test_exports_after_a_return_give_a_page_markdown_tasks_json_and_a_workbook(typed: Any, tmp_path: Path) -> None:
    now = there.exports(tmp_path, {"web": "replicating_to_azure", "sql": "failed_back"})
    out = tmp_path / "out"
    code, printed, err = typed(there.before(tmp_path), now, "--out", out, "--xlsx")
    assert (code, err) == (1, "")
    assert "sql: open: committed." in printed
    names = {path.name for path in out.iterdir()} - {".gitignore"}
    assert names == {"aftercare.html", "aftercare.md", "aftercare.json", "aftercare.xlsx", "tasks.csv"}
    found = json.loads((out / "aftercare.json").read_text("utf-8"))
    assert [(m["name"], m["committed"]["state"]) for m in found["machines"]] == [("web", "done"), ("sql", "open")]
    assert found["complete"] is False
    rows = list(csv.reader((out / "tasks.csv").read_text("utf-8-sig").splitlines()))
    assert rows[0][:4] == ["task", "owner", "due", "what"]
    assert ("commit", "sql") in {(row[0], row[6]) for row in rows}
    assert {row[1] for row in rows[1:]} >= {"Azure administrator", "backup team", "monitoring team", "licence manager"}


def test_a_later_import_is_read_as_well_and_says_what_it_does_not_know(typed: Any, tmp_path: Path) -> None:
    before = there.before(tmp_path)
    later = tmp_path / "later.yaml"
    later.write_text(there.BEFORE.replace("failover_committed", "replicating_to_azure"), encoding="utf-8")
    code, printed, _ = typed(before, "--after", later, "--out", tmp_path / "out")
    assert code == 0, "what is unknown is said, and is not open"
    assert "new recovery point: 2 unknown." in printed
    assert "disks in Azure: unknown, because no list of them was read." in printed


def test_a_machine_that_is_no_more_in_the_vault_is_said_to_be_unprotected(typed: Any, tmp_path: Path) -> None:
    text = there.BEFORE.replace("name: web,", "name: other,")
    now = there.exports(tmp_path, {"sql": "replicating_to_azure"}, text)
    code, printed, _ = typed(there.before(tmp_path), now, "--out", tmp_path / "out")
    assert code == 1
    assert "web: open: protected again." in printed


def test_json_on_the_terminal_is_that_of_the_file(typed: Any, tmp_path: Path) -> None:
    before = there.before(tmp_path)
    code, printed, _ = typed(before, "--after", before, "--out", tmp_path / "out", "--json")
    assert code == 1
    assert printed == (tmp_path / "out" / "aftercare.json").read_text("utf-8")


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)


def test_names_that_are_code_stay_text_in_every_output(typed: Any, tmp_path: Path) -> None:
    text = there.BEFORE.replace("name: web,", f"name: '{NASTY}',")
    now = there.exports(tmp_path, {"sql": "failed_back"}, text)
    there.in_azure(now, "disks", [there.disk("=cmd|' /C calc'!A0", None), there.disk("\x1b[2Ja\u202eb", None)])
    code, printed, _ = typed(there.before(tmp_path, text), now, "--out", tmp_path / "out", "--currency", "=1")
    assert code == 1
    assert "\x1b" not in printed
    page = (tmp_path / "out" / "aftercare.html").read_text("utf-8")
    tags = Tags()
    tags.feed(page)
    assert "script" not in tags.seen
    assert not {"\x1b", "\u202e"} & set(page)
    markdown = (tmp_path / "out" / "aftercare.md").read_text("utf-8")
    assert r"\<script>" in markdown
    assert r"\|\*\_\`=1+1" in markdown
    cells = list(csv.reader((tmp_path / "out" / "tasks.csv").read_text("utf-8-sig").splitlines()))
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in cells for cell in row)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "There is nothing to compare with"),
        (("--after", "BEFORE", "x.json"), "--after cannot be combined with paths"),
        (("--world", "sim"), "an aftercare reads files, or world azure or lab"),
        (("--world", "lab", "x.json"), "World lab reads the mock and no files"),
        (("--world", "lab"), "FAILBACK_MOCK is not set"),
        (("--after", "BEFORE", "--architecture", "x"), "it is classic or modernised"),
        (("nowhere.json",), "nowhere.json"),
        (("--after", "nowhere.yaml"), "nowhere.yaml"),
        (("--after", "BEFORE", "--price", "disk=x"), "give WHAT=AMOUNT"),
        (("--after", "BEFORE", "--prices", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_bad_input_ends_in_one_paragraph(
    typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.delenv("FAILBACK_MOCK", raising=False)
    monkeypatch.chdir(tmp_path)
    before = str(there.before(tmp_path))
    code, _, err = typed(before, *(before if word == "BEFORE" else word for word in words), "--out", tmp_path / "out")
    assert code == 2
    assert said in err
    assert err.count("\n") <= 2


def test_a_mock_whose_clock_reading_moves_is_refused(
    typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(mock_of(load_scenario(resolve("one_vm")), "poll"), tls=False) as served:
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        monkeypatch.delenv("FAILBACK_VCSIM", raising=False)
        code, _, err = typed("one_vm", "--world", "lab", "--out", tmp_path / "out")
    assert (code, "mode poll" in err) == (2, True)


def test_a_machine_that_somebody_deleted_in_azure_runs_nowhere_and_is_not_to_be_brought_home(
    typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = there.BEFORE.replace("disks: [{size_gib: 16}]", "disks: [{size_gib: 16}], azure: {exists: false}")
    before = there.before(tmp_path, text)
    vault = mock_of(Scenario("gone", load_estate(before), load_default_durations()), "step")
    with serve(vault, tls=False) as served:
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        monkeypatch.delenv("FAILBACK_VCSIM", raising=False)
        code, _, _ = typed(there.before(tmp_path), "--world", "lab", "--out", tmp_path / "out")
    found = json.loads((tmp_path / "out" / "aftercare.json").read_text("utf-8"))
    assert code == 1
    said = {machine["name"]: machine["committed"]["seen"] for machine in found["machines"]}
    assert said == {
        "web": "it runs nowhere: its machine in Azure was deleted",
        "sql": "runs in Azure, unprotected",
    }
    tasks = {task["task"]: task["which machines"] for task in found["tasks"]}
    assert tasks == {"return": "sql", "lost": "web"}


def test_a_mock_that_does_not_answer_ends_with_exit_code_3(
    typed: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILBACK_MOCK", "http://127.0.0.1:9")
    assert typed("one_vm", "--world", "lab", "--out", tmp_path / "out")[0] == 3
