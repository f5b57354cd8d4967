"""A box for a rule says where it is looked at and which value counts, and stands where that can be seen."""

import re
from dataclasses import replace
from typing import Final

import pytest

from failback.reprotect import NOTICES, REQUIREMENTS, Operation, Requirement, Stage, filled_in_general, look_at_step
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.leg_rules import leg_rules
from failback.scenarios.runbooks.planned_requests import HOMEWARD
from failback.scenarios.runbooks.runbook import runbook

BOXED: Final = [
    row for row in REQUIREMENTS if any(p.operation in HOMEWARD and p.stage not in NOTICES for p in row.where)
]
"""The rules that may stand as a box of a leg."""
PLACE: Final = re.compile(
    r"Azure portal|vSphere client|PowerCLI|`|sign in|email or ticket|the dialog|in SCENARIO\.yaml"
)
OF_A_REPAIR: Final = re.compile(r"step \d|-restored|no reprotect of|lists none of")


@pytest.mark.parametrize("row", BOXED, ids=lambda row: row.id)
def test_each_rule_that_may_be_a_box_names_a_place_and_a_value(row: Requirement) -> None:
    look = filled_in_general(look_at_step(row.id), row)
    assert PLACE.search(look), look
    assert not OF_A_REPAIR.search(look), f"{row.id} speaks of a repair that nobody has made: {look}"
    place, _, value = look.rpartition(" > ")
    assert value or place, look


@pytest.mark.parametrize("name", ["one_vm", "one_modernised_vm", "first_drill", "first_drill_modernised"])
def test_each_box_on_the_pages_has_where_how_and_who(name: str) -> None:
    found = runbook(load_scenario(resolve(name)), 1)
    boxes = [box for rules in leg_rules(found) for box in (*rules.boxes, *rules.after)]
    assert {"F01", "B11"} <= {box.rule.id for box in boxes}
    page = texts(found)["runbook.md"]
    for box in boxes:
        assert PLACE.search(box.look), box
        assert f"**{box.rule.id}** {box.rule.title}: " in page
        assert box.who
        assert not re.search(r"[{}]|\[\[", re.sub(r"`[^`]*`", "", box.look)), box.look


@pytest.mark.parametrize("name", ["one_vm", "first_drill_modernised"])
def test_what_is_seen_only_after_a_step_stands_behind_it(name: str) -> None:
    found = runbook(load_scenario(resolve(name)), 1)
    for section, rules in zip(found.sections, leg_rules(found), strict=True):
        for boxes, seen_after in ((rules.boxes, False), (rules.after, True)):
            for box in boxes:
                stages = {point.stage for point in box.rule.where if point.operation is section.operation}
                assert (stages == {Stage.REPLICATION}) == seen_after
        if section.operation is Operation.REPROTECT_TO_ON_PREMISES:
            assert "R31" in {box.rule.id for box in rules.after}
    for page in (texts(found)[file] for file in ("runbook.md", "runbook.html")):
        title = next(row.title for row in REQUIREMENTS if row.id == "R31")
        leg = page[page.rindex(": Reprotect to on-premises") :]
        assert leg.index("planned begin") < leg.index(title)


def test_machines_of_two_systems_have_a_look_for_each() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    assert len({vm.os for vm in scenario.estate.virtual_machines.values()}) > 1
    found = runbook(replace(scenario, name="two"), 1)
    for rules in leg_rules(found):
        for box in (*rules.boxes, *rules.after):
            if "[[windows?" in look_at_step(box.rule.id):
                assert "on Windows: " in box.look
                assert "on Linux: " in box.look
