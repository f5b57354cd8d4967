"""Where each machine comes home to: the page that a person reads says it before the reprotect."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from failback.reprotect import UNKNOWN
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.home_places import home_places
from failback.scenarios.runbooks.pilot_command import run_pilot
from failback.scenarios.runbooks.runbook import runbook


def gone(name: str, exists: object = False) -> Scenario:
    scenario = load_scenario(resolve(name))
    machines = dict(scenario.estate.virtual_machines)
    first = next(iter(machines))
    machines[first] = replace(machines[first], exists_on_premises=exists)  # type: ignore[arg-type]  # or unknown
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))


@pytest.mark.parametrize(
    ("name", "rules"),
    [("first_drill", "T02, T04, T09, T10, R12, R24"), ("first_drill_modernised", "T04, T09, T10, A03, A18")],
)
def test_a_machine_that_is_gone_comes_home_as_a_new_one_and_the_page_says_where(name: str, rules: str) -> None:
    scenario = gone(name)
    first, *rest = scenario.estate.virtual_machines
    places = home_places(scenario)
    assert places[first].startswith("an alternate location: a new machine on datastore ")
    for part in ("host esx-", " (inferred), vCenter ", "through ", f"(rules {rules})"):
        assert part in places[first]
    assert {places[item] for item in rest} == {"its original location"}
    files = texts(runbook(scenario, 1))
    for file in ("runbook.html", "runbook.md"):
        assert places[first] in files[file]
    rows = list(csv.DictReader(io.StringIO(files["steps.csv"].removeprefix("\ufeff"))))
    home = {row["machine or plan"]: row["comes home to"] for row in rows if row["leg"] == "Reprotect to on-premises"}
    assert home == places


def test_where_it_is_the_same_for_all_it_is_said_once() -> None:
    page = texts(runbook(load_scenario(resolve("first_drill_modernised")), 1))["runbook.html"]
    assert page.count("Every machine comes home to its original location.") == 1
    assert "<th>comes home to</th>" not in page


def test_a_place_of_its_own_is_said_above_the_table_and_not_in_a_column_of_it() -> None:
    first, *rest = load_scenario(resolve("first_drill_modernised")).estate.virtual_machines
    files = texts(runbook(gone("first_drill_modernised"), 1))
    lines = (line.removesuffix(": comes home to its original location") for line in files["runbook.md"].splitlines())
    assert sorted(rest) in [sorted(line.removeprefix("- ").split(", ")) for line in lines]
    assert "</span></b>: its original location" in files["runbook.html"]
    for file in ("runbook.html", "runbook.md"):
        assert "Every other machine" not in files[file], "a reader cannot tell which these are"
    assert f'<span class="whole">{first}</span></b>: an alternate location' in files["runbook.html"]
    assert files["runbook.html"].count("(comes home to another place: see above)") == 1
    assert f"- {first}: comes home to an alternate location" in files["runbook.md"]
    assert "<th>comes home to</th>" not in files["runbook.html"]


def test_what_nobody_knows_is_asked() -> None:
    scenario = gone("one_modernised_vm", UNKNOWN)
    assert home_places(scenario)["app-01"].startswith("not known: ")
    assert "look in vCenter" in home_places(scenario)["app-01"]


def test_the_pilot_says_it_in_its_words_and_on_its_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = resolve("one_modernised_vm").read_text("utf-8")
    path = tmp_path / "gone.yaml"
    path.write_text(text.replace("- name: app-01\n", "- name: app-01\n      exists_on_premises: false\n", 1), "utf-8")
    run_pilot(str(path), 1, tmp_path / "out", json_wanted=False)
    said = capsys.readouterr().out
    assert "  comes home to an alternate location: a new machine on datastore " in said
    assert "Bring 1 machine of 1 home early; it tries every kind" in said
    for file in ("runbook.html", "runbook.md"):
        page = (tmp_path / "out" / file).read_text("utf-8")
        assert "What the pilot tries" in page
        assert page.count("an alternate location: a new machine") >= 2
