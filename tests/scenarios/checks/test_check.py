"""The check: every unmet rule with its object and remedy, what nobody knows, and the way home of each machine."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from failback.reprotect import (
    LEGS,
    REQUIREMENTS,
    STEPS,
    UNKNOWN,
    Broken,
    Estate,
    Noted,
    Operation,
    OsFamily,
    Phase,
    Plan,
    Requirement,
    Stage,
    Unsure,
    as_asked,
    choose,
    judged,
)
from failback.reprotect.requirements.cases import decided
from failback.scenarios import load_scenario, play, resolve
from failback.scenarios.checks.command import CheckRequest, as_value, run_check
from failback.scenarios.checks.finding_lines import cause_head, lines_of
from failback.scenarios.checks.page import print_report
from failback.scenarios.checks.told import told_causes
from failback.scenarios.files.loader import library, load_estate
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.judging.check import Location, Readiness, Report, Status, check_estate
from failback.scenarios.judging.judged import judged_of
from failback.simulator import reachable

ENTRY = "import sys; from failback.scenarios.cli.main import main; sys.argv[0] = 'failback'; main()"
BROKEN = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines:
  - {name: web, os: linux, architecture: classic, host: esx, datastore: gold, replication_group: shop,
     static_ip: true, disks: [{size_gib: 40}]}
  - {name: sql, os: windows, architecture: classic, host: esx, datastore: gold, replication_group: shop,
     disks: [{size_gib: 40}]}
  - {name: app, os: windows, host: esx, datastore: gold, exists_on_premises: false, disks: [{size_gib: 40}]}
hosts: [{name: esx, datastores: [gold]}]
datastores: [{name: gold}]
configuration_servers: [{name: cs, up: false}]
process_servers: [{name: ps}]
master_targets: [{name: mt, os: linux, host: esx, datastore: gold, snapshots: [patch]}]
"""


def failback(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", ENTRY, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=120, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "estate.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return path


@pytest.fixture
def report(file: Path) -> Report:
    return run_check(CheckRequest(str(file))).report


def rules(report: Report, item: str, *statuses: Status) -> list[str]:
    return [finding.rule for each in report.items if each.item == item for finding in each.of(*statuses)]


def one(name: str, **facts: Any) -> Report:
    """The check of a library scenario whose only machine has other facts."""
    scenario = load_scenario(resolve(name))
    machines = {n: replace(vm, **facts) for n, vm in scenario.estate.virtual_machines.items()}
    return check_estate(replace(scenario.estate, virtual_machines=machines), scenario.plan)


# What is found


def test_every_unmet_rule_is_told_not_the_first_alone(report: Report) -> None:
    assert {"R02", "R04", "R06"} <= set(rules(report, "web", Status.BLOCKS))


def test_an_object_a_remedy_and_somebody_who_must_act_are_named(report: Report) -> None:
    snapshot = next(finding for finding in report.of(Status.BLOCKS) if finding.rule == "R04")
    assert [(b.name, "patch" in b.sentence) for b in snapshot.blockers] == [("mt", True)]
    assert "snapshots" in snapshot.requirement.remedy
    assert snapshot.requirement.who


def test_what_is_a_rule_is_a_finding_here_and_a_mistake_elsewhere(file: Path, report: Report) -> None:
    with pytest.raises(BadInput) as refused:
        load_estate(file)
    assert {"R06", "M01", "A01"} <= {word for word in str(refused.value).replace(")", "(").split("(") if word}
    assert "R06" in rules(report, "sql", Status.BLOCKS)
    assert "A01" in rules(report, "app", Status.BLOCKS)


def test_a_mistake_that_is_no_rule_stays_a_mistake(file: Path) -> None:
    file.write_text(BROKEN.replace("host: esx, datastore: gold, replication_group", "host: nowhere, replication_group"))
    with pytest.raises(BadInput, match="nowhere"):
        run_check(CheckRequest(str(file)))


def test_work_after_the_return_blocks_nothing() -> None:
    report = one("one_vm", static_ip=True, os=OsFamily.LINUX)
    assert "G01" in rules(report, report.items[0].item, Status.AFTER_RETURN, Status.ADVICE)
    assert report.readiness is not Readiness.NOT_READY


@pytest.mark.parametrize("story", ["disk_was_added_in_azure", "added_disk_stays_behind", "excluded_disk_is_lost"])
def test_what_is_done_before_the_return_is_called_so_and_told_before_what_is_unknown(story: str) -> None:
    done = run_check(CheckRequest(story))
    told = told_causes(done.report)
    [saved] = [each for each in told if each.cause.rule in {"G03", "A08", "G09"}]
    words = dict(lines_of(saved, whole=True, checked=(story, "sim")))
    assert "does not block" in cause_head(saved)
    assert "data is lost if nobody acts before the return" in cause_head(saved)
    assert "before the failback" in words["do"] or "before the commit" in words["do"]
    assert "still lists it" in words["again"], "the disk stays as it is"
    assert "lost" in words["why"]
    assert told.index(saved) < min(n for n, each in enumerate(told) if each.cause.status in {"unknown", "advice"})


@pytest.mark.parametrize(
    "row", [row for row in REQUIREMENTS if row.stage is Stage.AFTER_RETURN], ids=lambda row: row.id
)
def test_what_is_called_work_after_the_return_is_at_most_prepared_before(row: Requirement) -> None:
    steps = [decided(step) for step in STEPS[row.id]]
    early = [n for n, step in enumerate(steps) if step.startswith(("before the failback", "before the commit"))]
    assert not early or "after the failback" in "".join(steps[max(early) + 1 :])
    assert not row.remedy.startswith("before")


def test_a_rule_that_holds_with_a_note_is_advice_and_blocks_nothing() -> None:
    warned, normal = (one("one_vm", replication_health=health) for health in ("warning", "normal"))
    assert rules(warned, warned.items[0].item, Status.ADVICE) == ["F01", *rules(normal, "app-01", Status.ADVICE)]
    assert (warned.readiness, warned.unsure) == (normal.readiness, normal.unsure)


def test_a_run_tells_such_a_note_once_and_comes_home() -> None:
    scenario = load_scenario(resolve("one_vm"))
    machines = {n: replace(vm, replication_health="warning") for n, vm in scenario.estate.virtual_machines.items()}
    result = play(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)))
    assert [finding.status for finding in result.findings if finding.rule == "F01"] == ["noticed"]
    assert result.items[0].stopped_by == ""


def test_a_rule_that_bites_at_several_places_is_one_finding_with_all_of_them(report: Report) -> None:
    down = next(finding for finding in report.of(Status.BLOCKS) if finding.rule == "R02")
    assert {bite.operation for bite in down.points} >= {Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK}
    assert len(down.blockers) == 1


def test_the_rows_are_judged_as_the_table_does() -> None:
    scenario = load_scenario(resolve("first_drill"))
    report = check_estate(scenario.estate, scenario.plan)
    for item in report.items:
        assert {finding.rule for finding in item.findings} == set(by_the_table(scenario.estate, item.item))


def by_the_table(estate: Estate, item: str) -> list[str]:
    """Rules that the table's own door finds unmet or unsure, asked stage by stage."""
    asked = as_asked(estate, Plan())
    found = []
    for operation in LEGS:
        choices = choose(estate, Plan(), item, operation)
        for stage in Stage:
            judgements = judged(estate if stage is Stage.REPLICATION else asked, item, stage, operation, choices)
            found += [j.requirement.id for j in judgements if isinstance(j.verdict, Broken | Noted | Unsure)]
    return found


@pytest.mark.parametrize("name", sorted(library()))
def test_every_scenario_of_the_library_can_be_checked(name: str) -> None:
    done = run_check(CheckRequest(name))
    assert [item.item for item in done.report.items] == list(done.located.scenario.estate.virtual_machines)
    assert json.loads(json.dumps(as_value(done)))["headline"] == done.report.headline


# Where a machine comes home to


@pytest.mark.parametrize(
    ("facts", "location", "why"),
    [
        ({}, Location.ORIGINAL, "T01"),
        ({"exists_on_premises": False}, Location.ALTERNATE, "T04"),
        ({"source": "physical"}, Location.ALTERNATE, "T07"),
        ({"exists_on_premises": UNKNOWN}, Location.UNKNOWN, "look in vCenter"),
    ],
)
def test_the_location_is_told_with_its_reason(facts: dict[str, Any], location: Location, why: str) -> None:
    (item,) = one("one_vm", **facts).items
    assert item.location is location
    assert why in item.why


# What nobody knows


def test_what_nobody_knows_is_neither_met_nor_broken() -> None:
    report = one("one_vm", exists_on_premises=UNKNOWN)
    assert report.readiness is Readiness.NOT_ENOUGH_KNOWN
    rules = f"{len(report.unsure - report.later)} of {len(report.rules)} rules"
    assert report.headline == f"unknown facts: {rules} that could block a machine cannot be judged"
    assert not report.blocks(unknown_blocks=False)
    assert report.blocks(unknown_blocks=True)


def test_a_fact_that_nobody_knows_is_named_with_who_would_know() -> None:
    report = one("one_vm", in_configuration_database=UNKNOWN)
    gaps = [gap for finding in report.of(Status.UNKNOWN) if finding.rule == "R03" for gap in finding.gaps]
    assert gaps
    assert all(gap.fact and gap.how for gap in gaps)


def test_nothing_unknown_and_nothing_broken_is_ready() -> None:
    report = one("one_vm")
    known = replace(report, items=tuple(replace(i, findings=()) for i in report.items), unsure=frozenset())
    assert known.headline == "ready"


def test_a_reading_changes_what_is_judged() -> None:
    """C01 in its strict reading: a snapshot of the machine itself blocks."""
    scenario = load_scenario(resolve("one_vm"))
    machines = {n: replace(vm, snapshots=("before",)) for n, vm in scenario.estate.virtual_machines.items()}
    estate = replace(scenario.estate, virtual_machines=machines)
    merged = check_estate(estate, scenario.plan)
    strict = check_estate(replace(estate, readings={"C01": "strict"}), scenario.plan)
    assert merged.readiness is not Readiness.NOT_READY
    assert strict.readiness is Readiness.NOT_READY


# What lies ahead


def test_what_lies_behind_an_item_is_not_asked_about() -> None:
    scenario = load_scenario(resolve("one_vm"))
    (name,) = scenario.estate.virtual_machines
    home = check_estate(scenario.estate, scenario.plan, {name: Phase.FAILBACK_COMMITTED})
    whole = check_estate(scenario.estate, scenario.plan)
    assert home.rules < whole.rules
    assert "R03" not in home.rules


def test_a_target_that_runs_is_told_only_while_the_machine_returns() -> None:
    scenario = load_scenario(resolve("one_vm"))
    (name,) = scenario.estate.virtual_machines
    (target,) = list(scenario.estate.master_targets)[:1]
    returning = replace(scenario.estate, returning_through={name: target})
    under_way = check_estate(returning, scenario.plan, {name: Phase.RESYNCING_TO_ON_PREMISES})
    assert "R33" in rules(under_way, name, Status.BLOCKS)
    before = check_estate(scenario.estate, scenario.plan)
    assert "R33" not in rules(before, name, Status.BLOCKS)
    asked = {key: judged_of(report).by_rule().get("R33", {}) for key, report in (("now", under_way), ("then", before))}
    assert asked["then"] == {}, "nobody can call it met before the machine is a replication target"
    assert asked["now"]["broken"] == 1
    assert "R33" not in before.rules


# The command line


def test_blockers_exit_1_and_the_first_line_says_it(file: Path) -> None:
    done = failback("check", str(file), cwd=file.parent)
    assert (done.returncode, done.stdout.splitlines()[0]) == (1, "not ready"), done.stderr


def test_unknown_facts_exit_0_or_1_as_asked(tmp_path: Path) -> None:
    plain = failback("check", "one_vm", cwd=tmp_path)
    strict = failback("check", "one_vm", "--unknown-blocks", cwd=tmp_path)
    assert plain.stdout.startswith("unknown facts: ")
    assert (plain.returncode, strict.returncode) == (0, 1)


def test_json_has_the_findings_of_each_machine(file: Path) -> None:
    data = json.loads(failback("check", str(file), "--json", cwd=file.parent).stdout)
    assert (data["verdict"], data["blocks"], data["world"]) == ("not_ready", True, "sim")
    assert [item["item"] for item in data["items"]] == ["web", "sql", "app"]
    assert [item["location"] for item in data["items"]] == ["original", "original", "alternate"]
    row = next(row for row in data["findings"] if row["rule"] == "R04" and row["item"] == "web")
    assert (row["id"], row["status"], row["object"]) == ("R04:mt:web", "blocks", "mt")
    cause = data["causes"][row["cause"]]
    assert (cause["kind_of_object"], cause["objects"]) == ("master target", ["mt"])
    assert {"stage", "remedy", "who", "wanted", "proof", "source", "sure"} <= cause.keys()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("no_such_file",), "no_such_file"),
        (("one_vm", "--world", "mars"), "mars"),
        (("one_vm", "--reading", "C99=strict"), "C99"),
        (("one_vm", "--reading", "C03=nonsense"), "nonsense"),
        (("one_vm", "--rule", "A99"), "A99"),
    ],
)
def test_bad_input_exits_2_and_names_it(arguments: tuple[str, ...], word: str, tmp_path: Path) -> None:
    done = failback("check", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr


def test_a_vault_that_is_not_there_exits_3(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("azure: {subscription: s, resource_group: g, vault: v, base_url: 'http://127.0.0.1:9'}\n")
    done = failback("check", "one_vm", "--world", "azure", "--settings", str(settings), cwd=tmp_path)
    assert done.returncode == 3
    assert "127.0.0.1:9" in done.stderr


def test_the_table_fits_a_narrow_terminal(report: Report) -> None:
    console = Console(width=80, record=True, file=io.StringIO())
    print_report(report, console)
    lines = console.export_text().splitlines()
    assert lines[0] == "not ready"
    assert max(map(len, lines)) <= 80


# Size


def test_the_cost_is_linear_in_machines() -> None:
    """Counted, not timed: twice the machines are asked about twice as often."""
    scenario = load_scenario(resolve("one_vm"))
    assert calls(scenario.estate, 40) == pytest.approx(2 * calls(scenario.estate, 20), rel=0.05)


def calls(estate: Estate, count: int) -> int:
    """Python calls that a check of so many copies of the machine takes."""
    (vm,) = estate.virtual_machines.values()
    machines = {f"vm-{n}": replace(vm, name=f"vm-{n}") for n in range(count)}
    many = replace(estate, virtual_machines=machines)
    many = replace(many, reachable=reachable(many))
    made = [0]

    def count_calls(_: Any, event: str, __: Any) -> None:
        made[0] += event == "call"

    check_estate(many, Plan())
    sys.setprofile(count_calls)
    try:
        check_estate(many, Plan())
    finally:
        sys.setprofile(None)
    return made[0]
