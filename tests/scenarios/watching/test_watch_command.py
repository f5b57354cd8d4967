"""The commands `watch` and `note`: the folder of a night, what is published, and who else may use it."""

import csv
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from failback.reprotect import Choices, Operation
from failback.scenarios import load_scenario, resolve
from failback.scenarios.cli.entry import run
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.servers.mock_server import mock_of
from failback.scenarios.watching import command
from failback.scenarios.watching.changes import tell, without_secrets
from failback.scenarios.watching.folder import alone
from failback.scenarios.watching.watch import Watch
from failback.simulator.arm import ArmMock, serve

STORY = "one_modernised_vm"
WATCH = ("watch", STORY, "--world", "lab", "--once", "--out")


@pytest.fixture(scope="module")
def arm() -> Iterator[ArmMock]:
    mock = mock_of(load_scenario(resolve(STORY)), "real:1")
    with serve(mock, tls=False) as served, pytest.MonkeyPatch.context() as patched:
        patched.setenv("FAILBACK_MOCK", served.base_url)
        patched.delenv("FAILBACK_VCSIM", raising=False)
        yield mock


@pytest.fixture
def typed(arm: ArmMock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    def type_(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["failback", *words])
        code = run()
        return code, *capsys.readouterr()

    return type_


def lines_of(folder: Path) -> list[Any]:
    return [one.line for one in read_journal(folder / "history.jsonl").lines]


def test_one_look_prints_the_table_and_leaves_a_page_and_a_history(typed: Any, tmp_path: Path) -> None:
    code, out, err = typed(*WATCH, str(tmp_path / "night"))
    assert (code, err) == (0, "")
    assert "app-01" in out
    assert "nothing here is real" in out
    assert 'content="failback watch"' in (tmp_path / "night" / "watch.html").read_text("utf-8")
    assert [line.name for line in lines_of(tmp_path / "night")] == ["WatchBegan", "ItemSeen", "Progress"]


def test_a_watch_that_begins_again_goes_on_with_its_history(typed: Any, tmp_path: Path) -> None:
    typed(*WATCH, str(tmp_path))
    before = (tmp_path / "history.jsonl").read_bytes()
    assert typed(*WATCH, str(tmp_path))[0] == 0
    after = (tmp_path / "history.jsonl").read_bytes()
    assert after.startswith(before)
    assert [line.n for line in lines_of(tmp_path)] == list(range(1, len(lines_of(tmp_path)) + 1))
    assert [line.name for line in lines_of(tmp_path)].count("WatchBegan") == 1


def test_a_line_that_was_cut_off_is_dropped_and_a_damaged_one_is_refused(typed: Any, tmp_path: Path) -> None:
    typed(*WATCH, str(tmp_path))
    history = tmp_path / "history.jsonl"
    whole = history.read_bytes()
    history.write_bytes(whole + b'{"data":{"ite')
    assert typed(*WATCH, str(tmp_path))[0] == 0
    history.write_bytes(whole.replace(b"app-01", b"app-02", 1))
    code, _, err = typed(*WATCH, str(tmp_path))
    assert code == 2
    assert "does not match its checksum" in err


def test_one_watch_at_a_time_uses_a_folder(typed: Any, tmp_path: Path) -> None:
    with alone(tmp_path):
        code, _, err = typed(*WATCH, str(tmp_path))
    assert code == 2
    assert "another watch goes on there" in err


def test_the_folder_of_a_run_is_not_used_for_a_watch_nor_resumed(typed: Any, tmp_path: Path) -> None:
    typed("run", "one_vm", "--out", str(tmp_path / "run"))
    code, _, err = typed(*WATCH, str(tmp_path / "run"))
    assert (code, "it holds something else than a watch" in err) == (2, True)
    typed(*WATCH, str(tmp_path / "night"))
    code, _, err = typed("resume", str(tmp_path / "night"))
    assert (code, "this night was watched, not run" in err) == (2, True)


def test_what_is_published_are_three_files_that_say_the_same(typed: Any, tmp_path: Path) -> None:
    bridge = tmp_path / "bridge"
    bridge.mkdir()
    assert typed(*WATCH, str(tmp_path / "night"), "--publish", str(bridge))[0] == 0
    assert sorted(path.name for path in bridge.iterdir()) == ["watch.html", "watch.json", "watch.md"]
    data = json.loads((bridge / "watch.json").read_text("utf-8"))
    assert data["machines"][0]["item"] == "app-01"
    assert "| app-01 |" in (bridge / "watch.md").read_text("utf-8")


def test_a_decision_is_in_the_history_the_page_and_the_report(typed: Any, tmp_path: Path) -> None:
    typed(*WATCH, str(tmp_path))
    text = "wave 3 waits; <script>alert(1)</script>"
    assert typed("note", str(tmp_path), text)[:2] == (0, "Noted.\n")
    assert lines_of(tmp_path)[-1].data["text"] == text
    typed(*WATCH, str(tmp_path))
    page = (tmp_path / "watch.html").read_text("utf-8")
    assert "wave 3 waits; &lt;script&gt;" in page
    code, _, err = typed("report", str(tmp_path))
    assert code == 0
    assert f": {text}" in err
    assert "wave 3 waits; &lt;script&gt;" in (tmp_path / "report.html").read_text("utf-8")


def test_a_decision_during_a_watch_waits_for_its_next_look(typed: Any, tmp_path: Path) -> None:
    typed(*WATCH, str(tmp_path))
    with alone(tmp_path):
        code, out, _ = typed("note", str(tmp_path), "go")
    assert (code, out) == (0, "Noted; the watch in progress adds it to its history at its next read.\n")
    typed(*WATCH, str(tmp_path))
    assert [line.data["text"] for line in lines_of(tmp_path) if line.name == "Decision"] == ["go"]
    assert not list(tmp_path.glob("decisions*"))


def test_a_decision_for_a_folder_without_a_watch_is_refused(typed: Any, tmp_path: Path) -> None:
    code, _, err = typed("note", str(tmp_path), "go")
    assert (code, "no watch was kept here" in err) == (2, True)
    typed(*WATCH, str(tmp_path / "night"))
    assert typed("note", str(tmp_path / "night"), "  ")[0] == 2


def test_an_interval_of_a_second_is_refused(typed: Any, tmp_path: Path) -> None:
    code, _, err = typed(*WATCH, str(tmp_path), "--every", "1")
    assert (code, "give 10 to 3600 seconds" in err) == (2, True)


def test_a_lab_without_a_mock_says_how_to_start_one(typed: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.delenv("FAILBACK_MOCK")
    code, _, err = typed(*WATCH, str(tmp_path))
    assert (code, "failback mock" in err) == (2, True)


def test_a_mock_whose_time_looking_would_move_is_refused(typed: Any, tmp_path: Path, monkeypatch: Any) -> None:
    with serve(mock_of(load_scenario(resolve(STORY)), "poll"), tls=False) as served:
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        code, _, err = typed(*WATCH, str(tmp_path))
    assert (code, "--clock real:60" in err) == (2, True)


def test_a_watch_goes_on_until_all_are_home_and_tells_a_program_what_changed(
    typed: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    """The machine is failed back; while the watch waits, somebody commits that."""
    text = resolve(STORY).read_text("utf-8").replace("- name: app-01", "- name: app-01\n      at: failed_back", 1)
    story = tmp_path / "story.yaml"
    story.write_text(text, encoding="utf-8")
    scenario = load_scenario(story)
    told: list[tuple[str, ...]] = []

    def tell_the_bridge(_: Any, changes: Any) -> str:
        told.append(tuple(changes))
        return ""

    monkeypatch.setattr(command, "tell", tell_the_bridge)
    mock = mock_of(scenario, "real:1")

    def somebody_commits(watch: Any) -> None:
        world = mock.state.world
        world.vault.begin(world.vault.items["app-01"], Operation.COMMIT_FAILBACK, Choices(), None)
        world.catch_up(world.env.now + 3600)

    monkeypatch.setattr(Watch, "wait", somebody_commits)
    with serve(mock, tls=False) as served:
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        code, out, err = typed(
            "watch", str(story), "--world", "lab", "--out", str(tmp_path / "night"), "--on-change", "tell-the-bridge"
        )
    assert (code, err) == (0, "")
    assert [changes[-1] for changes in told] == ["app-01: failback committed"]
    assert "app-01: failback committed" in out
    assert "1 home" in out


def test_all_times_are_those_of_the_zone_that_was_asked_for(typed: Any, tmp_path: Path, monkeypatch: Any) -> None:
    """A deadline in one zone beside predicted times in another would be read wrong at night."""
    story = tmp_path / "story.yaml"
    text = resolve(STORY).read_text("utf-8").replace("- name: app-01", "- name: app-01\n      at: failed_back", 1)
    story.write_text(text, encoding="utf-8")
    with serve(mock_of(load_scenario(story), "real:1"), tls=False) as served:
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        words = ["watch", str(story), "--world", "lab", "--once", "--tz", "Asia/Tokyo", "--by", "Mon 06:00"]
        code, out, err = typed(*words, "--out", str(tmp_path / "night"), "--publish", str(tmp_path / "shared"))
    assert (code, err) == (0, "")
    told = json.loads((tmp_path / "shared/watch.json").read_text("utf-8"))
    low = datetime.fromisoformat(told["ahead"]["whole"]["low"]).astimezone(ZoneInfo("Asia/Tokyo"))
    for text in (out, *((tmp_path / "shared" / name).read_text("utf-8") for name in ("watch.html", "watch.md"))):
        plain = " ".join(text.split())
        assert f"all home between {low:%a %H:%M} and" in plain
        assert "UTC" not in plain
        assert f"at {low:%a}" in plain


def test_without_a_zone_times_are_those_of_the_scenario_s_start(typed: Any, tmp_path: Path, monkeypatch: Any) -> None:
    story = tmp_path / "story.yaml"
    text = resolve(STORY).read_text("utf-8").replace("- name: app-01", "- name: app-01\n      at: failed_back", 1)
    story.write_text(f"{text}\nstarts_at: '2026-06-05T18:00:00+09:00'\n", encoding="utf-8")
    with serve(mock_of(load_scenario(story), "real:1"), tls=False) as served:
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        words = ["watch", str(story), "--world", "lab", "--once", "--by", "Mon 06:00"]
        code, _, err = typed(*words, "--out", str(tmp_path / "night"), "--publish", str(tmp_path / "shared"))
    assert (code, err) == (0, "")
    assert "UTC" not in (tmp_path / "shared/watch.md").read_text("utf-8")


def test_the_program_of_on_change_gets_the_changes_and_none_of_our_secrets(tmp_path: Path) -> None:
    told = tmp_path / "told"
    copy = f"import sys; open({str(told)!r}, 'w', encoding='utf-8').write(sys.stdin.read())"
    assert tell((sys.executable, "-c", copy), ["web: failing back", "db: home"]) == ""
    assert told.read_text("utf-8") == "web: failing back\ndb: home\n"
    assert "could not be run" in tell((str(tmp_path / "nothing"),), ["x"])
    assert "ended with 3" in tell((sys.executable, "-c", "raise SystemExit(3)"), ["x"])
    given = {
        "FAILBACK_AZURE_TOKEN": "t",
        "FAILBACK_VSPHERE_PASSWORD": "p",
        "FAILBACK_VCSIM": "https://u:p@h",
        "PATH": "/",
    }
    assert without_secrets(given) == {"PATH": "/"}


def test_the_rest_of_a_night_is_printed_from_the_folder_of_its_watch(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    scenario = tmp_path / "night.yaml"
    text = resolve(STORY).read_text("utf-8").replace("- name: app-01\n", "- name: app-01\n      at: failed_back\n", 1)
    scenario.write_text(text, "utf-8")
    with serve(mock_of(load_scenario(scenario), "real:1"), tls=False) as served:
        monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
        scenario.write_text(resolve(STORY).read_text("utf-8"), "utf-8")  # the file says that it still has to go
        watch = ["watch", str(scenario), "--world", "lab", "--once", "--start", "2026-06-05 22:00"]
        monkeypatch.setattr(sys, "argv", ["failback", *watch, "--out", str(tmp_path / "night")])
        assert run() == 0
    rest = ["runbook", str(scenario), "--runs", "1", "--remaining", str(tmp_path / "night")]
    monkeypatch.setattr(sys, "argv", ["failback", *rest, "--out", str(tmp_path / "rest")])
    assert run() == 0, capsys.readouterr().err
    with (tmp_path / "rest" / "steps.csv").open(encoding="utf-8-sig", newline="") as file:
        _, *steps = csv.reader(file)
    assert [row[2] for row in steps if row[0].isdigit()] == ["Commit failback", "Reprotect to Azure"]
    assert [row[2].split(" ")[0] for row in steps if row[0] == "on site"] == ["A07", "A07"]
    monkeypatch.setattr(sys, "argv", ["failback", *rest[:-1], str(tmp_path), "--out", str(tmp_path / "other")])
    assert run() == 2
    assert "no watch was kept here" in capsys.readouterr().err
