"""Scripts of a runbook: the drill's requests in order, and nothing in them that a shell or a query reads otherwise."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Parser

from failback.reprotect import Wave
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.runbooks.command import Extra, run_runbook
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.runbooks.scripts import LEG_WORDS, ScriptKind, left_out, scripts


def made(scenario: Scenario, kind: ScriptKind = ScriptKind.AZ) -> dict[str, str]:
    return dict(scripts(runbook(scenario, 1), kind))


def without_plans(name: str) -> Scenario:
    scenario = load_scenario(resolve(name))
    return replace(scenario, plan=replace(scenario.plan, recovery_plans=()))


def named(name: str) -> Scenario:
    scenario = load_scenario(resolve("one_modernised_vm"))
    vm = replace(scenario.estate.virtual_machines["app-01"], vsphere_name=name)
    return replace(scenario, estate=replace(scenario.estate, virtual_machines={"app-01": vm}))


@pytest.mark.parametrize("name", ["one_modernised_vm", "first_drill_modernised", "first_drill", "plan_of_three_groups"])
@pytest.mark.parametrize("kind", ScriptKind)
def test_the_lists_have_the_requests_of_the_drill_in_its_order(name: str, kind: ScriptKind) -> None:
    found = runbook(load_scenario(resolve(name)), 1)
    files = scripts(found, kind)
    rows = [row for file, text in files.items() if file.endswith(".csv") for row in csv.DictReader(io.StringIO(text))]
    order = list(dict.fromkeys(request.wave for request in found.requests))
    requests = sorted(found.requests, key=lambda request: order.index(request.wave))
    wanted = [(item, LEG_WORDS[r.operation], r.subject if r.by_plan else "") for r in requests for item in r.items]
    assert [(row["machine"], row["leg"], row["plan"]) for row in rows] == wanted


def test_a_wave_has_a_script_and_a_list_of_its_own() -> None:
    scenario = without_plans("first_drill_modernised")
    first, *rest = scenario.estate.virtual_machines
    waves = (Wave("pilot", (first,)), Wave("rest", tuple(rest)))
    found = made(replace(scenario, plan=replace(scenario.plan, waves=waves)))
    assert list(found) == ["wave-1.sh", "wave-1.csv", "wave-2.sh", "wave-2.csv"]
    assert "# Wave pilot of plan" in found["wave-1.sh"]
    assert {row.split(",")[0] for row in found["wave-1.csv"].splitlines()[1:]} == {first}


@pytest.mark.parametrize("name", ["a'b", 'a"b', "a,b", "a`id`", "a$(id)", "a\\b", "a\nb", "a;b", "a|b", "a&b", "a*"])
def test_a_name_that_a_shell_would_read_otherwise_is_refused(name: str) -> None:
    with pytest.raises(BadInput, match="cannot stand in a script"):
        made(named(name))


def test_a_name_with_blanks_and_letters_of_any_alphabet_stands_in_a_script() -> None:
    assert "業務 01 (alt),reprotect," in made(named("業務 01 (alt)"))["wave-1.csv"]


def test_a_refused_script_leaves_no_file(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    text = resolve("one_modernised_vm").read_text(encoding="utf-8").replace("app-01", "app$01")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="cannot stand in a script"):
        run_runbook(str(path), 1, tmp_path / "out", Extra(script=ScriptKind.AZ))
    assert not [path for path in (tmp_path / "out").iterdir() if path.name != ".gitignore"]


def test_what_a_rule_stops_is_named_as_left_out() -> None:
    scenario = without_plans("first_drill_modernised")
    first, *rest = scenario.estate.virtual_machines.values()
    machines = {vm.name: vm for vm in (replace(first, target="hyper-v"), *rest)}
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)), 1)
    assert left_out(found) == (first.name,)
    assert f"\n{first.name},failback," not in scripts(found, ScriptKind.AZ)["wave-1.csv"]


@pytest.mark.parametrize("name", ["one_modernised_vm", "first_drill_modernised", "first_drill"])
def test_the_powershell_scripts_are_right_by_its_grammar(name: str) -> None:
    parser = Parser(Language(tree_sitter_powershell.language()))
    files = made(load_scenario(resolve(name)), ScriptKind.PS1)
    texts = [text for file, text in files.items() if file.endswith(".ps1")]
    assert texts
    assert not any(parser.parse(text.encode()).root_node.has_error for text in texts)
    assert all("This script was never run" in text for text in texts)
    assert parser.parse(texts[0].replace("foreach (", "foreach ", 1).encode()).root_node.has_error


def test_an_item_that_was_never_failed_over_has_no_leg_behind_it() -> None:
    script = made(load_scenario(resolve("one_modernised_vm")))["wave-1.sh"]
    behind = [line for line in script.splitlines() if line.strip().startswith("behind=")]
    assert ["InMageRcm/InitialReplicationInProgress" in line for line in behind] == [False, False, False, False, True]
