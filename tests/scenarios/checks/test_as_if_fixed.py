"""An estate as if fixed: what the check says to write is written, and only what the check no longer finds is fixed."""

from pathlib import Path

import pytest
import yaml

from failback.scenarios.checks.as_if_fixed import AsIfFixed, as_if_fixed
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import load_located
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import Status, check_estate

from .breaks import BREAKS
from .broken_estates import broken_estate

BOTH = ("R13", "R15", "R17", "R26", "R31", "R32", "T03", "F07", "B08", "B11", "N02", "78093")
MODERNISED = ("A01", "A03", "A05", "A06", "A09", "A15", "A19", "A21", "A22", "A25")
CLASSIC = (
    *("R02", "R03", "R04", "R08", "R09", "R23", "R24", "R30", "T02", "T05", "T11", "F08", "M06", "M07", "M14"),
    *("M17", "M18", "M19", "P03", "P07", "P08", "N01", "N03", "N04", "806", "78022"),
)
FIXED = {"modernised": (*BOTH, *MODERNISED), "classic": (*BOTH, *CLASSIC)}
STAYS = ("R14", "R16", "R18", "R19", "M20", "G10")
"""Rules of which the check says that the machine is taken out of the plan."""


def scenario_of(rule: str, architecture: str, where: Path) -> Scenario:
    path = where / "broken.yaml"
    path.write_text(yaml.safe_dump(broken_estate(BREAKS[architecture][rule], architecture)), encoding="utf-8")
    return load_located(path, LEFT_TO_RULES).scenario


def rules(made: AsIfFixed) -> tuple[set[str], set[str]]:
    return {told.cause.rule for told in made.fixed}, {told.cause.rule for told in made.left}


@pytest.mark.parametrize(("architecture", "rule"), [(a, rule) for a, several in FIXED.items() for rule in several])
def test_what_is_written_after_the_repair_is_fixed_and_the_check_no_longer_finds_it(
    architecture: str, rule: str, tmp_path: Path
) -> None:
    made = as_if_fixed(scenario_of(rule, architecture, tmp_path))
    fixed, _ = rules(made)
    assert rule in fixed
    report = check_estate(made.scenario.estate, made.scenario.plan)
    assert rule not in {finding.rule for finding in report.of(Status.BLOCKS)}


@pytest.mark.parametrize("architecture", BREAKS)
@pytest.mark.parametrize("rule", STAYS)
def test_a_machine_that_has_to_stay_in_azure_is_never_treated_as_fixed(
    architecture: str, rule: str, tmp_path: Path
) -> None:
    scenario = scenario_of(rule, architecture, tmp_path)
    made = as_if_fixed(scenario)
    fixed, left = rules(made)
    assert rule in left
    assert rule not in fixed
    assert made.scenario.estate == scenario.estate, "what does not help is not written"


def test_of_two_findings_the_one_that_can_be_fixed_is(tmp_path: Path) -> None:
    drawn = broken_estate(BREAKS["modernised"]["A03"], "modernised")
    drawn["estate"]["virtual_machines"][1]["migration_completed"] = True
    path = tmp_path / "two.yaml"
    path.write_text(yaml.safe_dump(drawn), encoding="utf-8")
    assert rules(as_if_fixed(load_located(path, LEFT_TO_RULES).scenario)) == ({"A03"}, {"R16"})
