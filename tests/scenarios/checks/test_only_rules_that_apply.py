"""No finding is of a rule that does not apply to its machine, and a finding's id hangs on nothing but itself."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

from failback.reprotect import REQUIREMENTS, Architecture, Estate, Holds, Operation, Plan, applies, choose, judged
from failback.scenarios.checks.explained import explained
from failback.scenarios.checks.told import told_causes
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import Report, Status, check_estate
from failback.simulator import reachable

from .agreement import report_of
from .drawn_estates import FEW_MACHINES, free

FOLDER: Final = Path(__file__).parents[3] / "scenarios" / "library"
STORIES: Final = sorted(path for folder in (FOLDER, FOLDER / "rules") for path in folder.glob("*.yaml"))
EXAMPLES: Final = 40
WAY: Final = (
    Operation.FAILOVER,
    Operation.REPROTECT_TO_ON_PREMISES,
    Operation.FAILBACK,
    Operation.COMMIT_FAILBACK,
    Operation.REPROTECT_TO_AZURE,
)
NOT_FOR: Final = {
    architecture: {row.id for row in REQUIREMENTS if applies(row, architecture).answer is Holds.NO}
    for architecture in Architecture
}


def as_if(estate: Estate, architecture: Architecture, exists: bool) -> Estate:
    """The same with all machines of this architecture, which are there or gone."""
    machines = estate.virtual_machines.items()
    made = {n: replace(vm, architecture=architecture, exists_on_premises=exists) for n, vm in machines}
    estate = replace(estate, virtual_machines=made)
    return replace(estate, reachable=reachable(estate))


def ids(report: Report) -> set[tuple[str, str]]:
    return {(each.id, each.status) for told in told_causes(report) for each in told.cause.observed}


def test_each_architecture_has_rules_that_are_not_for_it() -> None:
    assert all(len(rules) > 10 for rules in NOT_FOR.values())


@pytest.mark.parametrize("exists", [True, False], ids=["original", "alternate"])
@pytest.mark.parametrize("architecture", Architecture, ids=lambda each: each.value)
def test_no_story_has_a_finding_of_a_rule_that_is_not_for_the_machine(architecture: Architecture, exists: bool) -> None:
    for story in STORIES:
        scenario = load_scenario(resolve(str(story)))
        estate = as_if(scenario.estate, architecture, exists)
        report = check_estate(estate, scenario.plan)
        found = {finding.rule for finding in report.of(*Status)} | {
            rule for item in report.items for rule in item.rules
        }
        assert not found & NOT_FOR[architecture], story.name
        for name in estate.virtual_machines:
            for operation in WAY:
                choices = choose(estate, scenario.plan, name, operation)
                asked = {each.requirement.id for each in judged(estate, name, None, operation, choices)}
                assert not asked & NOT_FOR[architecture], story.name


def test_the_id_of_a_finding_stays_when_the_estate_is_listed_the_other_way_round() -> None:
    estate = load_scenario(resolve("first_drill")).estate
    turned = replace(estate, virtual_machines=dict(reversed(list(estate.virtual_machines.items()))))
    assert ids(check_estate(turned, Plan())) == ids(check_estate(estate, Plan()))


def test_the_ids_of_other_machines_stay_when_one_is_gone() -> None:
    estate = load_scenario(resolve("first_drill")).estate
    alone = {name: vm for name, vm in estate.virtual_machines.items() if name in ("web-01", "web-02")}
    lone = replace(estate, virtual_machines=alone, replication_groups={}, recovery_plans={})
    assert ids(check_estate(lone, Plan())) <= ids(check_estate(estate, Plan()))


def test_no_drawn_estate_has_a_finding_or_a_remedy_of_a_rule_that_is_not_for_the_machine(tmp_path: Path) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(free(begun=True, counts=FEW_MACHINES))
    def applies_to_each(drawn: dict[str, Any]) -> None:
        report = report_of(drawn, tmp_path)
        for item in report.items:
            not_for = NOT_FOR[report.estate.virtual_machines[item.item].architecture]
            assert not item.rules & not_for
            assert not {finding.rule for finding in item.findings} & not_for
            assert not set(report.outlooks[item.item].because) & not_for
            offered = {finding.rule for finding in item.findings if finding.remedy_target is not None}
            assert not offered & not_for

    applies_to_each()


@pytest.mark.parametrize("architecture", Architecture, ids=lambda each: each.value)
def test_an_explained_rule_says_for_which_architecture_it_does_not_hold(architecture: Architecture) -> None:
    for rule in NOT_FOR[architecture]:
        line = next(line for line in explained(rule) if line.strip().startswith(architecture.value))
        assert "does not apply" in line, rule
