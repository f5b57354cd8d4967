"""Accepted findings stay visible and counted, end, and never cover a documented refusal."""

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console

from failback.scenarios import play
from failback.scenarios.checks.accept import Accepted, accepted, read_acceptances
from failback.scenarios.checks.command import CheckDone, CheckRequest, as_value, run_check
from failback.scenarios.checks.html_page import write_page
from failback.scenarios.checks.junit import junit_text
from failback.scenarios.checks.page import print_report
from failback.scenarios.checks.sarif import sarif
from failback.scenarios.checks.tasks import HEADS, task_rows
from failback.scenarios.files.yaml_source import BadInput

TODAY = date(2026, 6, 1)
ENTRY = "{{rule: {rule}, object: {object}, reason: planned, name: Ada, expires: {expires}}}"

FREE = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines: [{name: web, os: linux, host: esx, datastore: gold, disks: [{size_gib: 40}]}]
hosts: [{name: esx, datastores: [gold], edition: free}]
datastores: [{name: gold}]
appliances: [{name: box, host: esx, datastore: gold}]
"""


def accept(tmp_path: Path, rule: str, thing: str, expires: str = "2026-12-31", *, scenario: str = "one_vm") -> Accepted:
    file = tmp_path / "accept.yaml"
    file.write_text(f"accept:\n  - {ENTRY.format(rule=rule, object=thing, expires=expires)}\n", encoding="utf-8")
    return accepted(run_check(CheckRequest(scenario)).report, read_acceptances(file), TODAY)


def machine_of(scenario: str) -> str:
    return next(iter(run_check(CheckRequest(scenario)).seen.estate.virtual_machines))


def test_an_accepted_finding_is_counted_at_its_cause(tmp_path: Path) -> None:
    found = accept(tmp_path, "R17", machine_of("one_vm"))
    (cause,) = [told for told in found.told if found.of(told)]
    ((entry, count),) = found.of(cause).items()
    assert (cause.cause.rule, entry.name, count) == ("R17", "Ada", 1)
    assert found.notes == ()


def test_a_documented_refusal_is_never_covered(tmp_path: Path) -> None:
    name = "master_target_has_a_paravirtual_controller"
    report = run_check(CheckRequest(name)).report
    (thing,) = {b.name for item in report.items for f in item.findings if f.rule == "M05" for b in f.blockers}
    found = accept(tmp_path, "M05", thing, scenario=name)
    assert found.covered == {}
    assert "a documented refusal cannot be accepted" in found.notes[0]
    assert found.still_blocks(unknown_blocks=False)


def test_what_is_inferred_can_be_accepted_and_then_nothing_blocks(tmp_path: Path) -> None:
    """The modernised machine's host has the free edition: documented for classic, inferred for modernised."""
    (tmp_path / "estate.yaml").write_text(FREE, encoding="utf-8")
    found = accept(tmp_path, "R13", "esx", scenario=str(tmp_path / "estate.yaml"))
    assert run_check(CheckRequest(str(tmp_path / "estate.yaml"))).blocks
    assert found.covered
    assert not found.still_blocks(unknown_blocks=False)
    assert found.still_blocks(unknown_blocks=True)
    command = [sys.executable, "-m", "failback", "check", "estate.yaml", "--accept", "accept.yaml", "--today"]
    for today, code, words in (("2026-06-01", 0, "accepted"), ("2027-01-01", 1, "expired on 2026-12-31")):
        done = subprocess.run([*command, today], capture_output=True, text=True, cwd=tmp_path, check=False, timeout=120)
        assert (done.returncode, done.stdout.splitlines()[0]) == (code, "not ready"), done.stderr
        assert words in done.stdout
    done = subprocess.run([*command, "2026-06-01", "--json"], capture_output=True, text=True, cwd=tmp_path, check=False)
    data = json.loads(done.stdout)
    assert (data["verdict"], data["blocks"], data["accepted"][0]["findings"]) == ("not_ready", False, 1)
    assert [row["rule"] for row in data["findings"] if row.get("accepted")] == ["R13"]


def test_an_entry_that_is_over_or_matches_nothing_is_told(tmp_path: Path) -> None:
    name = machine_of("one_vm")
    over = accept(tmp_path, "R17", name, "2026-05-31")
    assert over.covered == {}
    assert "expired on 2026-05-31" in over.notes[0]
    assert accept(tmp_path, "R17", name, "2026-06-01").covered, "the last day counts"
    assert "matches no finding" in accept(tmp_path, "R17", "nobody").notes[0]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("accept: [{rule: R99, object: a, reason: b, name: c, expires: 2026-12-31}]", "R99"),
        ("accept: [{rule: R17, object: a, reason: ' ', name: c, expires: 2026-12-31}]", "reason"),
        ("accept: [{rule: R17, object: a, name: c, expires: 2026-12-31}]", "reason"),
        ("accept: [{rule: R17, object: a, reason: b, name: c, expires: soon}]", "expires"),
        ("accept: [{rule: R17, object: a, reason: b, name: c, expires: 2026-12-31, more: 1}]", "more"),
        ("accept: 7", "accept"),
        ("- a", "expected"),
        ("accept: [", "accept.yaml"),
    ],
)
def test_a_file_that_is_none_is_told_in_a_paragraph(content: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "accept.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        read_acceptances(tmp_path / "accept.yaml")
    assert word in str(refused.value)


TWO = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines:
  - {name: web, os: linux, host: esx, datastore: gold, disks: [{size_gib: 40}]}
  - {name: db, os: linux, host: esx, datastore: gold, disks: [{size_gib: 40}]}
hosts: [{name: esx, datastores: [gold]}]
datastores: [{name: gold}]
appliances: [{name: box, host: esx, datastore: gold}]
"""


@pytest.fixture(scope="module")
def half_accepted(tmp_path_factory: pytest.TempPathFactory) -> CheckDone:
    """Nothing is known of R17: that is accepted for web, and not for db."""
    folder = tmp_path_factory.mktemp("accept")
    (folder / "estate.yaml").write_text(TWO, encoding="utf-8")
    (folder / "accept.yaml").write_text(
        f"accept:\n  - {ENTRY.format(rule='R17', object='web', expires='2026-12-31')}\n", encoding="utf-8"
    )
    entries = read_acceptances(folder / "accept.yaml")
    return run_check(CheckRequest(str(folder / "estate.yaml"), acceptances=entries, today=TODAY))


def test_what_is_accepted_is_counted_and_marked_in_every_output(half_accepted: CheckDone, tmp_path: Path) -> None:
    words = "1 of 2, by Ada until 2026-12-31: planned"
    page = io.StringIO()
    print_report(half_accepted.report, Console(file=page, width=200), accepted=half_accepted.accepted)
    write_page(half_accepted, tmp_path / "check.html")
    html = (tmp_path / "check.html").read_text(encoding="utf-8")
    for text in (page.getvalue(), html, junit_text(half_accepted)):
        assert words in text
        assert "1 finding is accepted" in text
    rows = [dict(zip(HEADS, row, strict=True)) for row in task_rows(half_accepted.report, None, half_accepted.accepted)]
    assert [row["accepted"] for row in rows if row["rule"].startswith("R17")] == [f"{words}"]
    assert all(not row["accepted"] for row in rows if not row["rule"].startswith("R17"))
    data = as_value(half_accepted)
    assert [row["item"] for row in data["findings"] if row.get("accepted")] == ["web"]
    assert [entry["findings"] for entry in data["accepted"]] == [1]


def test_in_sarif_what_is_accepted_is_suppressed_and_the_rest_is_not(half_accepted: CheckDone) -> None:
    places = half_accepted.located.places
    (run,) = sarif(half_accepted.report, places, accepted=half_accepted.accepted)["runs"]
    found = [result for result in run["results"] if result["ruleId"] == "R17"]
    texts = {result["message"]["text"].partition(":")[0]: result.get("suppressions") for result in found}
    assert texts["db"] is None
    (only,) = texts["web"]
    assert (only["status"], only["justification"]) == ("accepted", "accepted by Ada until 2026-12-31: planned")
    assert run["properties"]["accepted"] == 1


def test_a_run_does_not_know_of_what_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "estate.yaml").write_text(FREE, encoding="utf-8")
    assert accept(tmp_path, "R13", "esx", scenario=str(tmp_path / "estate.yaml")).covered
    (item,) = play(run_check(CheckRequest(str(tmp_path / "estate.yaml"))).located.scenario).items
    assert item.stopped_by == "R13"
