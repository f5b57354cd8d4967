"""A scenario that was made in Python may have faults that no part can have; the run says so before it begins."""

from dataclasses import replace
from typing import Final

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.player import play
from failback.scenarios.usage_error import UsageError
from failback.simulator import Fault, FaultKind

ONE: Final = load_scenario(resolve("one_modernised_vm"))
APPLIANCE: Final = next(iter(ONE.estate.appliances))


def with_change(name: str, **facts: object) -> Scenario:
    return replace(ONE, faults=(Fault(FaultKind.CHANGE_FACTS, name, at_s=1000.0, facts=facts),))


def test_a_fact_that_the_part_does_not_have_is_refused_before_the_run() -> None:
    """An appliance has `healthy`, not `up`: the run broke off at the second of the fault."""
    with pytest.raises(UsageError, match=f"facts of {APPLIANCE}, to which it gives the fact up. No Appliance has it; "):
        play(with_change(APPLIANCE, up=False))


def test_a_fact_that_is_nearly_right_is_told_its_name() -> None:
    with pytest.raises(UsageError, match=r"did you mean healthy\?"):
        play(with_change(APPLIANCE, health=False))


def test_a_part_that_the_estate_does_not_have_is_refused_before_the_run() -> None:
    with pytest.raises(UsageError, match="facts of nobody, which the estate does not have"):
        play(with_change("nobody", up=False))


@pytest.mark.parametrize(("name", "facts"), [(APPLIANCE, {"healthy": False}), ("link", {"bandwidth_mbit_per_s": 50.0})])
def test_a_fact_that_the_part_has_is_played(name: str, facts: dict[str, object]) -> None:
    changed = [line for line in heard(with_change(name, **facts)) if "Fault" in line]
    assert changed


def heard(scenario: Scenario) -> list[str]:
    lines: list[str] = []
    play(scenario, on_line=lambda line: lines.append(line.name))
    return lines
