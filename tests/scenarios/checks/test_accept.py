"""Accepted findings stay visible and counted, end, and never cover a documented refusal."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from failback.scenarios.checks.accept import Accepted, accepted, read_acceptances
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.files.yaml_source import BadInput

TODAY = date(2026, 6, 1)
ENTRY = "{{rule: {rule}, object: {object}, reason: planned, name: Ada, expires: {expires}}}"


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
    text = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines: [{name: web, os: linux, host: esx, datastore: gold, disks: [{size_gib: 40}]}]
hosts: [{name: esx, datastores: [gold], edition: free}]
datastores: [{name: gold}]
appliances: [{name: box, host: esx, datastore: gold}]
"""
    (tmp_path / "estate.yaml").write_text(text, encoding="utf-8")
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
