"""A finding of several machines names the owner of each where its steps ask one, and nobody shuts one down unasked."""

import re
from dataclasses import replace

from failback.reprotect import STEPS
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import check_estate

OWNERS = {"web-01": "owner of application shop: Ann", "sql-01": "owner of application erp: Bob"}


def snapshots_of(*names: str) -> ToldCause:
    scenario = load_scenario(resolve("first_drill_modernised"))
    machines = dict(scenario.estate.virtual_machines)
    machines |= {name: replace(machines[name], snapshots=("old",)) for name in names}
    estate = replace(scenario.estate, virtual_machines=machines)
    report = replace(check_estate(estate, scenario.plan), owners={**OWNERS, "web-02": OWNERS["web-01"]})
    return next(told for told in told_causes(report) if told.cause.rule == "R05")


def test_the_steps_for_the_others_name_their_owners() -> None:
    told = snapshots_of("web-01", "sql-01")
    assert set(told.cause.items) == {"web-01", "sql-01"}
    assert all(f"the {owner}" in " ".join(told.steps) for owner in OWNERS.values())


def test_one_owner_of_all_is_named_once() -> None:
    told = snapshots_of("web-01", "web-02")
    assert " ".join(told.steps).count("Ann") == 1


def test_a_machine_that_is_no_machine_of_the_finding_is_not_shut_down_without_its_owner() -> None:
    for rule, steps in STEPS.items():
        down = [
            step for step in steps if re.search(r"\{other_machine\} > (Power > Shut Down|Disable replication)", step)
        ]
        assert not down or any("ask {other_owner}: when may" in step for step in steps), rule
