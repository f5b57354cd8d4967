"""Pictures say in words what they show, and no colour has two meanings."""

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.outcomes.answers import answer
from failback.scenarios.outcomes.pictures import CAUSE_COLOURS, CURVES, ENDS, LEG_COLOURS, Picture, distribution, gantt
from failback.scenarios.outcomes.way_home import way_home


def test_no_colour_has_two_meanings() -> None:
    colours = [*CURVES, *ENDS.values(), *LEG_COLOURS.values(), *CAUSE_COLOURS.values()]
    assert len(colours) == len(set(colours))


def test_a_picture_without_words_of_its_own_tells_its_title_its_axes_and_what_is_drawn() -> None:
    pytest.importorskip("matplotlib")
    picture = distribution({"one appliance": [1.0, 2.0]}, by_h=3.0)
    assert picture.alt == (
        "When everything is home. across: hours since the way home began; up: runs that are home by then (%); "
        "drawn: one appliance, to be home by"
    )
    assert Picture(picture.figure, "said otherwise").alt == "said otherwise"


def test_a_gantt_names_its_legs_and_causes() -> None:
    pytest.importorskip("matplotlib")
    told = gantt(answer(way_home(load_scenario(resolve("one_modernised_vm"))), 1)).alt
    assert "Reprotect to on-premises" in told
    assert "jobs" in told
