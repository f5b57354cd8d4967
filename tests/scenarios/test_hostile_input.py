"""Numbers and names that nobody can mean end in one paragraph; those that somebody can mean harm no page."""

import csv
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import yaml
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from failback.adapters import VcsimNotBuilt, install_vcsim
from failback.reprotect import UNSAFE
from failback.scenarios.cli import run
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.reports.report import junit_xml, write_report, write_timeline_svg
from failback.scenarios.run.player import play
from failback.scenarios.text.markdown import cells, in_markdown

Tree = dict[str, Any]
ODD = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
FORMULAS = ("=cmd|'/C calc'!A0", "+1", "-x", "@sum")
HOSTILE = (
    *FORMULAS,
    "<img src=x onerror=alert(1)>",
    "a|b`c`[d](http://e)*f*",
    "# h\\",
    "]]>&amp;",
)


def tree(vm: str = "web-01") -> Tree:
    return {
        "name": "small",
        "estate": {
            "link": {"bandwidth_mbit_per_s": 1000},
            "appliances": [{"name": "box"}],
            "virtual_machines": [{"name": vm, "os": "linux", "disks": [{"size_gib": 10}]}],
        },
    }


def written(folder: Path, story: Tree) -> str:
    (folder / "story.yaml").write_text(yaml.safe_dump(story), encoding="utf-8")
    return str(folder / "story.yaml")


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    def ran(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["failback", *words])
        return run()

    return ran


def changed(story: Tree, path: str, value: Any) -> Tree:
    *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    here: Any = story
    for step in way:
        here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
    here[last] = value
    return story


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("poll_s", 1e-9),
        ("poll_s", 1e300),
        ("estate.appliances.0.local_disks", 1_000_000_000),
        ("estate.virtual_machines.0.disks.0.size_gib", 1e300),
        ("estate.link.bandwidth_mbit_per_s", 1e-300),
        ("starts_at", "9999-12-31T23:59:59Z"),
        ("seed", 10**399),
        ("seed", "9" * 400),
        ("plan.recheck_s", 1e-9),
        ("name", "x" * 5000),
        ("name", "\x1b[2J"),
        ("durations.agent_registration", 1e300),
        ("site.churn_mib_per_s", 1e300),
    ],
)
@pytest.mark.parametrize("command", ["run", "check", "lint"])
def test_what_nobody_can_mean_is_one_paragraph(
    ran: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, value: Any, command: str
) -> None:
    assert ran(command, written(tmp_path, changed(tree(), path, value))) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert path.rpartition(".")[2] in line
    assert UNSAFE.search(line) is None
    assert len(line) < 1000


def test_the_slowest_line_and_the_largest_disk_are_played(ran: Callable[..., int], tmp_path: Path) -> None:
    story = changed(tree(), "estate.link.bandwidth_mbit_per_s", 0.001)
    story["estate"]["virtual_machines"][0]["disks"] = [{"size_gib": 65_536, "changed_fraction": 1.0}]
    story |= {"starts_at": "2999-12-31T23:59:59Z", "plan": {"give_up_after_s": 315_360_000.0}}
    assert ran("run", written(tmp_path, story), "--out", str(tmp_path / "out")) == 1


@pytest.mark.parametrize("message", ["0.9", "0.95", "1", "0.001"])
def test_a_share_as_a_percentage_is_asked_about(
    ran: Callable[..., int], capsys: pytest.CaptureFixture[str], message: str
) -> None:
    assert ran("predict", "one_vm", "--start", "Fri 18:00", "--by", "Mon 06:00", "--sure", message) == 2
    assert f"did you mean --sure {min(float(message) * 100, 99.9):g}?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ("run", "x" * 5000),
        ("lint", "x" * 5000),
        ("check", "x" * 5000),
        ("calibrate", "x" * 5000),
        ("report", "x" * 5000),
        ("report", "--compare", "one_vm", "x" * 5000),
        ("run", "one_vm", "--out", "x" * 5000),
        ("whatif", "one_vm", "--runs", "1", "--out", "x" * 5000 + ".csv"),
        ("mock", "x" * 5000),
        ("mock", "--estate", "x" * 5000),
        ("mock", "--ca-file", "x" * 5000),
        ("mock", "--host", ""),
        ("mock", "--host", "x" * 5000),
    ],
    ids=lambda words: " ".join(words)[:20],
)
def test_a_name_that_no_file_or_host_can_have_is_bad_input(
    ran: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert ran(*words) == 2


@pytest.mark.parametrize("cache", ["/dev/null", "/dev/null/x", "/" + "x" * 5000])
def test_a_cache_that_is_no_folder_is_told_before_anything_is_built(
    cache: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAILBACK_CACHE", cache)
    messages: list[str] = []
    with pytest.raises(VcsimNotBuilt, match="Set FAILBACK_CACHE to a folder"):
        install_vcsim(messages.append)
    assert messages == []


class Seen(HTMLParser):
    """The tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.sources: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name == "src"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=ODD, title=ODD, message=ODD)
def test_any_name_is_refused_or_every_page_of_its_run_is_whole(
    tmp_path: Path, name: str, title: str, message: str
) -> None:
    story = tree(name)
    fault = {"kind": "fail_job", "object": name, "operation": "failback", "message": message, "times": 9}
    (tmp_path / "story.json").write_text(json.dumps({**story, "title": title, "faults": [fault]}), encoding="utf-8")
    try:
        scenario = load_scenario(tmp_path / "story.json")
    except BadInput:
        event("refused")
        unfit = name.strip() != name or UNSAFE.search(name) or set(name) & set("\n\t")
        assert unfit or name == "link" or "box" in name.casefold()
        return
    result = play(scenario)
    case = Xml.fromstring(junit_xml(result)).find(".//testcase")
    assert case is not None
    assert case.get("name") == name
    write_timeline_svg(result, tmp_path / "timeline.svg")
    write_report(result, tmp_path / "report.html")
    for page in ("timeline.svg", "report.html"):
        text = (tmp_path / page).read_text(encoding="utf-8")
        assert name in "".join(Xml.fromstring(text).itertext())
        assert UNSAFE.search(text) is None


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_name_is_text_on_every_page(
    ran: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str], hostile: str
) -> None:
    story = written(tmp_path, tree(hostile))
    out = tmp_path / "out"
    assert ran("run", story, "--out", str(out)) == 0
    assert ran("report", "--compare", story, str(out), "--runs", "2", "--out", str(out)) == 0
    capsys.readouterr()
    assert "img" not in Seen((out / "compare.html").read_text(encoding="utf-8")).tags
    page = (out / "compare.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {8}
    assert in_markdown(hostile).lstrip("\\") in page


def test_a_dated_answer_has_names_as_text(
    ran: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vm = {"name": "# vm|<img src=x>", "tier": "g|[o](h)ld", "os": "linux", "disks": [{"size_gib": 500}]}
    story = {**tree(), "name": "a|`c`", "title": "t <img src=x> \x1b]0;x\x07"}
    story["estate"] |= {"virtual_machines": [vm], "link": {"bandwidth_mbit_per_s": 1}}
    story["homecoming"] = {"targets": [{"tier": "g|[o](h)ld", "home_within_s": 60}]}
    words = ("--start", "2026-06-05 18:00", "--by", "2026-06-06 18:00", "--runs", "1", "--out", str(tmp_path))
    assert ran("predict", written(tmp_path, story), *words) == 0
    page = (tmp_path / "answer.md").read_text(encoding="utf-8")
    assert r"Scenario a\|\`c\`, seed 1" in page
    assert r"- \# vm\|\<img src=x>: late" in page
    assert r"| g\|\[o\](h)ld | home within 1 min of the start |" in page
    seen = Seen((tmp_path / "answer.html").read_text(encoding="utf-8"))
    assert {src[:10] for src in seen.sources} <= {"data:image"}
    assert [UNSAFE.search(path.read_text(encoding="utf-8")) for path in tmp_path.glob("answer.*")] == [None] * 3


def test_a_spreadsheet_runs_nothing(ran: Callable[..., int], tmp_path: Path) -> None:
    story = tree(FORMULAS[0])
    disks = [{"size_gib": 10}]
    story["estate"]["virtual_machines"] += [
        {"name": name, "os": "linux", "tier": "@gold", "disks": disks} for name in (*FORMULAS[1:], "web-01")
    ]
    out = tmp_path / "rows.csv"
    assert ran("whatif", written(tmp_path, story), "--runs", "1", "--rows", "item", "--out", str(out)) == 0
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["item"] for row in rows} == {*(f"'{name}" for name in FORMULAS), "web-01"}
    assert {row["tier"] for row in rows} == {"", "'@gold"}
    assert not [cell for row in rows for cell in row.values() if cell[:1] in ("=", "+", "-", "@")]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("a|b", r"a\|b"),
        ("`x`", r"\`x\`"),
        ("first_drill", "first_drill"),
        ("_x_ *y* ~z~", r"\_x\_ \*y\* \~z\~"),
        ("# heading", r"\# heading"),
        ("1. item", r"1\. item"),
        ("2026 is 1.5 h", "2026 is 1.5 h"),
        ("<img src=x>", r"\<img src=x>"),
        ("[a](http://b)", r"\[a\](http://b)"),
        ("&lt; & more", r"\&lt; & more"),
        ("two\nlines\r\nand\x1bmore", "two lines and\ufffdmore"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_text_is_text_in_markdown(text: str, page: str) -> None:
    assert in_markdown(text) == page


@given(st.lists(ODD, min_size=1, max_size=4))
def test_a_row_has_its_cells_and_no_more(row: list[str]) -> None:
    text = cells(row)
    assert text.splitlines() == [text]
    assert len(re.findall(r"(?:^|[^\\])(?:\\\\)*\|", text)) == len(row) - 1
