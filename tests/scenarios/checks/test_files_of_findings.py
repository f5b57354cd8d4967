"""Findings name the file in which their fact stands, and a run's report the scenario that was played."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.corrected import ACCEPTED
from failback.scenarios.checks.finding_lines import lines_of
from failback.scenarios.checks.finding_words import what_to_do
from failback.scenarios.checks.told import told_causes
from failback.scenarios.cli.commands import app

from .known_estates import machine, servers

TWICE: dict[str, Any] = {"bios_uuid": "twice", "at": "failover_committed"}


def estate_of(**facts: Any) -> dict[str, Any]:
    """Two machines of one BIOS UUID: one of them with these facts."""
    vms = [machine("a", "modernised", **TWICE, **facts), machine("b", "modernised", **TWICE)]
    estate: dict[str, Any] = {"link": {"bandwidth_mbit_per_s": 500}, **servers("modernised"), "virtual_machines": vms}
    estate["datastores"].append({**estate["datastores"][0], "name": "silver"})
    estate["hosts"][0]["datastores"] = ["gold", "silver"]
    return estate


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scenario whose estate stands in a file of its own, in another folder."""
    (tmp_path / "facts").mkdir()
    facts = estate_of(snapshots=["old"], agent_registered=False, powered_on=True, autostart="unknown")
    (tmp_path / "facts/site.yaml").write_text(yaml.safe_dump(facts), "utf-8")
    plan = {"item_choices": {"b": {"datastore": "silver"}}}
    story = {"name": "night", "estate_file": "facts/site.yaml", "plan": plan}
    (tmp_path / "night.yaml").write_text(yaml.safe_dump(story), "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def again_of(file: str) -> dict[str, str]:
    told = told_causes(run_check(CheckRequest(file)).report)
    lines = {each.cause.rule: dict(lines_of(each, whole=True, checked=(file, "sim"))) for each in told}
    return {rule: each["again"] for rule, each in lines.items() if "again" in each}


@pytest.mark.usefixtures("files")
def test_what_is_corrected_stands_in_the_file_that_has_it() -> None:
    again = again_of("night.yaml")
    assert again["R05"].endswith("still lists it; that does not block"), "a clone leaves the snapshots where they are"
    assert again["A06"].startswith(
        "in facts/site.yaml, under `virtual_machines`, a: write `agent_registered: true`; then"
    )
    assert again["R11"].startswith("in facts/site.yaml, under `virtual_machines`, b: write the new `bios_uuid`; then")
    assert again["B12"].startswith("in facts/site.yaml, write what you saw (virtual_machines: autostart); then")
    assert again["R20"].startswith("in facts/site.yaml, if it comes home to where it was: under `plan` take")
    assert "`exists_on_premises: false` (`plan` is in night.yaml); then" in again["R20"]
    assert "in facts/site.yaml, under `virtual_machines`, a: write `powered_on: false`" in again["R32"]
    assert "out of `plan` (`plan` is in night.yaml)" in again["R32"]
    assert all("`failback check night.yaml --rule" in words for words in again.values())


@pytest.mark.usefixtures("files")
def test_an_estate_file_alone_is_its_own_file() -> None:
    again = again_of("facts/site.yaml")
    assert all(words.startswith("in facts/site.yaml, ") for rule, words in again.items() if rule not in ACCEPTED)


@pytest.mark.usefixtures("files")
def test_what_is_looked_up_is_written_where_the_fact_stands() -> None:
    told = told_causes(run_check(CheckRequest("night.yaml")).report)
    [unknown] = [each for each in told if each.cause.rule == "B12" and each.cause.status == "unknown"]
    *_, written = what_to_do(unknown)
    said = (
        "whoever ran this check: write what was seen into facts/site.yaml, behind the key; or let `failback check night"
    )
    assert written.startswith(said)


def failback(words: list[str]) -> str:
    done = CliRunner().invoke(app, words)
    assert done.exit_code in {0, 1}, done.output
    return done.output


def test_a_run_of_a_file_names_it_in_all_that_it_says(files: Path) -> None:
    texts = {"terminal": failback(["run", "night.yaml", "--out", "out"])}
    result = json.loads((files / "out/result.json").read_text("utf-8"))
    assert (result["file"], result["estate_file"]) == ("night.yaml", "facts/site.yaml")
    texts |= {name: (files / "out" / name).read_text("utf-8") for name in ("report.html", "junit.xml")}
    for name, text in texts.items():
        assert "SCENARIO.yaml" not in text, name
        assert "in night.yaml, under `plan: waves`" in " ".join(text.split()), name
    before = texts["report.html"]
    failback(["report", "out"])
    assert (files / "out/report.html").read_text("utf-8") == before


def test_a_run_of_the_library_has_no_file(tmp_path: Path) -> None:
    failback(["run", "one_modernised_vm", "--out", str(tmp_path / "out")])
    assert "file" not in json.loads((tmp_path / "out/result.json").read_text("utf-8"))
