"""What machines of a kind share is what each of them hears when it is asked by itself."""

from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

from failback.reprotect import Choices, Estate, Plan, VirtualMachine
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.judging.check import Report, check_estate
from failback.scenarios.judging.rows import Section
from failback.scenarios.judging.shared_verdicts import Shared, SharedVerdicts

from .agreement import located_of
from .drawn_estates import FEW, free

FOLDER: Final = Path(__file__).parents[3] / "scenarios" / "library"
STORIES: Final = sorted(path for folder in (FOLDER, FOLDER / "rules") for path in folder.glob("*.yaml"))


def each_by_itself(_: SharedVerdicts, vm: VirtualMachine, section: Section, asked: Choices, planned: Choices) -> Shared:
    return section.nothing


def both(monkeypatch: pytest.MonkeyPatch, estate: Estate, plan: Plan) -> tuple[Report, Report]:
    shared = check_estate(estate, plan)
    with monkeypatch.context() as patched:
        patched.setattr(SharedVerdicts, "of", each_by_itself)
        return shared, check_estate(estate, plan)


def test_in_every_story_the_findings_are_those_of_machines_that_are_asked_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for story in STORIES:
        scenario = load_scenario(resolve(str(story)))
        shared, alone = both(monkeypatch, scenario.estate, scenario.plan)
        assert shared.items == alone.items, story.name


def test_in_drawn_estates_the_findings_are_those_of_machines_that_are_asked_one_by_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(free(begun=True, counts=FEW))
    def agree(drawn: dict[str, Any]) -> None:
        scenario = located_of(drawn, tmp_path).scenario
        shared, alone = both(monkeypatch, scenario.estate, scenario.plan)
        assert shared.items == alone.items

    agree()
