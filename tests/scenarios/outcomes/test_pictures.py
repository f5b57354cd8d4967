"""Pictures: what they show follows from the numbers, and equal numbers give equal drawings."""

import re
from dataclasses import replace
from functools import cache
from html import unescape

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.pictures import (
    ROWS_MAX,
    Picture,
    distribution,
    gantt,
    tornado,
    utilisation,
)
from failback.scenarios.outcomes.way_home import way_home

PNG = b"\x89PNG\r\n\x1a\n"


@cache
def answered(name: str) -> Answer:
    return answer(way_home(load_scenario(resolve(name))), 1)


def words(picture: Picture) -> str:
    return " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg()))


def test_a_gantt_names_every_machine_and_what_the_end_waited_for() -> None:
    found = answered("first_drill_modernised")
    shown = words(gantt(found))
    assert all(item.item in shown for item in found.items)
    assert all(f"{cause} {seconds / 3600:.1f} h" in shown for cause, seconds in found.causes.items())


def test_every_picture_says_that_it_is_a_simulation() -> None:
    drawn = (
        gantt(answered("first_drill_modernised")),
        distribution({"": [1.0, 2.0]}),
        tornado({"bandwidth": (3.0, 1.0)}, 2.0),
        utilisation({"link": [(0.0, 1.0, 2.0), (60.0, 0.0, 2.0)]}),
    )
    assert all("simulation" in words(picture) and picture.png().startswith(PNG) for picture in drawn)


@pytest.mark.slow
def test_of_many_machines_the_gantt_shows_some_and_always_the_last() -> None:
    found = answered("five_hundred_machines")
    shown = words(gantt(found))
    last = max(found.items, key=lambda item: item.home_s or 0.0).item
    assert last in shown
    assert f"{len(found.items) - ROWS_MAX} more machines are not shown" in shown


@pytest.mark.parametrize("name", [r"$\frac{$", "a$b$c", "\U0001f600 \ue000", "<b>&amp;", "%s{}"])
def test_a_name_is_text_in_a_picture(name: str) -> None:
    found = answered("one_vm")
    (item,) = found.items
    legs = tuple(replace(leg, item=name) for leg in found.legs)
    drawn = gantt(replace(found, items=(replace(item, item=name),), legs=legs))
    assert name in unescape(words(drawn))
    assert drawn.png().startswith(PNG)


def test_equal_numbers_give_equal_drawings() -> None:
    first, second = (distribution({"one": [3.0, 1.0, None]}, by_h=2.0) for _ in range(2))
    assert (first.svg(), first.png()) == (second.svg(), second.png())


def test_the_widest_bar_of_a_tornado_is_on_top() -> None:
    shown = words(tornado({"narrow": (2.1, 1.9), "wide": (1.0, 5.0)}, 2.0))
    axes = tornado({"narrow": (2.1, 1.9), "wide": (1.0, 5.0)}, 2.0).figure.axes[0]
    assert "narrow" in shown
    assert [label.get_text() for label in axes.get_yticklabels()] == ["narrow", "wide"]  # rows count upwards


def test_runs_that_never_come_home_keep_the_curve_below_one_hundred() -> None:
    line = distribution({"": [1.0, 2.0, None, None]}).figure.axes[0].lines[0]
    assert max(line.get_ydata()) == 50


def test_runs_of_which_none_comes_home_have_a_name_but_no_curve() -> None:
    (axes,) = distribution({"calm": [4.0], "flood": [None]}).figure.axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["calm", "flood (never)"]
