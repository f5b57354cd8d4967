"""Sentences and pictures of a study follow from its rows."""

from typing import Any

import pandas
import pytest
from matplotlib.colors import to_rgba

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outcomes.pictures import LEG_COLOURS
from failback.scenarios.study import Study
from failback.scenarios.study.column_words import column_words, value_in_words
from failback.scenarios.study.outage import with_outage
from failback.scenarios.study.pictures import home_against, story_bars, swings_picture
from failback.scenarios.study.readable import readable_table
from failback.scenarios.study.sensitivity import Swing
from failback.scenarios.study.stories import side_by_side
from failback.scenarios.study.words import (
    comparison_words,
    knee_words,
    least_words,
    purchase_words,
    summary_table,
    swing_words,
    unknown_words,
    way_words,
)

ONE_VM = load_scenario(resolve("one_vm"))
DRILL = load_scenario(resolve("first_drill"))


def frame_of(*rows: dict[str, Any]) -> pandas.DataFrame:
    """Rows of runs as a study would make them."""
    usual = {"machines": 12, "downtime_mean_min": 8.0, "downtime_max_min": 10.0, "binds": "link", "model": "failback"}
    full = [{"variant": n, "replication": 0, **usual, **row} for n, row in enumerate(rows)]
    return pandas.DataFrame([{**row, "machines_home": 12 if row["home_h"] else 6} for row in full])


def lines(*home_h: tuple[float, float | None, str]) -> pandas.DataFrame:
    return frame_of(*({"bandwidth_mbit_per_s": b, "home_h": h, "binds": cause} for b, h, cause in home_h))


STEEP = lines((50.0, 20.0, "link"), (100.0, 10.0, "link"), (500.0, 4.0, "scan"), (900.0, 4.0, "scan"))


def test_the_least_line_that_is_fast_enough_is_named() -> None:
    words = least_words(STEEP, "bandwidth_mbit_per_s", by_h=12, sure=0.9)
    assert "within 12 hours in 90 % of the runs, 100 Mbit/s is enough (100 %); with 50 Mbit/s it is 0 %." in words


def test_where_no_line_is_fast_enough_the_best_is_named() -> None:
    words = least_words(STEEP, "bandwidth_mbit_per_s", by_h=2, sure=0.9)
    assert "none of these is enough" in words


def test_a_run_that_never_came_home_was_not_in_time() -> None:
    words = least_words(lines((50.0, None, ""), (100.0, 4.0, "scan")), "bandwidth_mbit_per_s", by_h=12, sure=0.5)
    assert "100 Mbit/s is enough (100 %); with 50 Mbit/s it is 0 %" in words


def test_the_point_from_which_more_gains_nothing_is_named_with_what_binds_there() -> None:
    assert knee_words(STEEP, "bandwidth_mbit_per_s") == (
        "Going beyond 500 Mbit/s gains nothing: from there on, the bottleneck is the scan of the disks."
    )
    nearly = lines((50.0, 4.01, "scan"), (100.0, 4.0, "scan"))
    assert "gains less than 0.1 h:" in knee_words(nearly, "bandwidth_mbit_per_s")
    steps = lines((50.0, 20.0, "link"), (100.0, 10.0, "link"))
    assert knee_words(steps, "bandwidth_mbit_per_s").startswith(
        "Up to 100 Mbit/s, each step gains something; there, the bottleneck is the network link"
    )


def grid(*home_h: tuple[int, float, float]) -> pandas.DataFrame:
    return frame_of(*({"appliances": a, "bandwidth_mbit_per_s": b, "home_h": h} for a, b, h in home_h))


def test_the_better_buy_is_the_single_step_that_gains_most() -> None:
    now = {"appliances": 1, "bandwidth_mbit_per_s": 500.0}
    found = grid((1, 500.0, 20.0), (2, 500.0, 12.0), (1, 1000.0, 18.0), (2, 1000.0, 6.0))
    assert purchase_words(found, now).endswith("The better buy is 2 appliances.")
    other = grid((1, 500.0, 20.0), (2, 500.0, 19.0), (1, 1000.0, 10.0), (2, 1000.0, 6.0))
    assert "2 appliances: 1.0 h sooner; 1000 Mbit/s: 10.0 h sooner. The better buy is 1000 Mbit/s." in purchase_words(
        other, now
    )
    assert "1000 Mbit/s: 1.0 h later" in purchase_words(grid((1, 500.0, 20.0), (1, 1000.0, 21.0)), now)
    neither = grid((1, 500.0, 20.0), (2, 500.0, 20.0), (1, 1000.0, 19.9), (2, 1000.0, 6.0))
    assert "no single step up gains much" in purchase_words(neither, now)


def test_chance_is_told_apart_from_what_is_not_known() -> None:
    runs = [(fraction, n) for fraction in (0.1, 1.0) for n in range(5)]
    rows = ({"changed_fraction": f, "replication": n, "home_h": 10 * f + n / 10} for f, n in runs)
    frame = frame_of(*rows)
    frame.insert(1, "changed_fraction", frame.pop("changed_fraction"))
    words = unknown_words(frame, "changed_fraction")
    assert words == "Chance changes the finish time by at most 0.3 h, the changed fraction by at most 9.0 h."


def test_stories_are_told_beside_the_first_one() -> None:
    rows = ({"story": "calm", "home_h": 4.0}, {"story": "storm", "home_h": 6.5}, {"story": "flood", "home_h": None})
    assert comparison_words(frame_of(*rows)) == (
        "Calm: home after 4.0 h. Storm: home after 6.5 h, 2.5 h later. "
        "Flood: in 1 of 1 runs some machines stay in Azure (6 of 12 machines come home)."
    )


def test_a_story_in_which_nobody_comes_home_says_so() -> None:
    lost = frame_of({"story": "flood", "home_h": None}).assign(machines_home=0)
    assert comparison_words(lost) == "Flood: in none of the 1 runs does a machine come home."


def test_chance_that_changes_little_changes_something_all_the_same() -> None:
    rows = ({"changed_fraction": 0.1, "replication": n, "home_h": 10 + n / 1000} for n in range(5))
    frame = frame_of(*rows)
    frame.insert(1, "changed_fraction", frame.pop("changed_fraction"))
    assert unknown_words(frame, "changed_fraction").startswith("Chance changes the finish time by less than 0.1 h")


def test_a_readable_table_has_names_for_people_and_no_number_that_is_none() -> None:
    found = lines((50.0, None, ""), (500.0, 4.0, "scan"))
    table = readable_table(summary_table(found, "bandwidth_mbit_per_s"))
    assert table.index.name == "bandwidth (Mbit/s)"
    assert table["home after, median (h)"].tolist() == ["never", "4"]
    assert table["bottleneck"].tolist() == ["not all came home", "the scan of the disks"]
    assert [name for name in table.columns if "_" in name] == []
    legs = readable_table(pandas.DataFrame({"leg": ["reprotect_to_on_premises"], "took_min": [12.345]}))
    assert legs.index.tolist() == ["Reprotect to on-premises"]
    assert legs["took (min)"].tolist() == ["12.35"]


def test_no_duration_is_cut_in_a_readable_table() -> None:
    key = "task/classic/reprotect_to_on_premises/SwitchReplicationGroupProtectionPreflightTask"
    table = readable_table(pandas.DataFrame({"duration": [key, "agent_registration"], "steps": [3, 4]}))
    assert table.index.tolist() == ["Reprotect to on-premises", ""]
    assert table["task"].tolist() == ["SwitchReplicationGroupProtectionPreflightTask", "agent registration"]
    assert "..." not in table.to_html()


def test_what_moves_the_end_most_is_named_and_what_hardly_does() -> None:
    swings = [Swing("scan_mib_per_s", 15.0, 62.0, 8.0, 4.0, 2.0), Swing("compression_ratio", 1.0, 3.0, 4.0, 4.0, 4.0)]
    assert swing_words(swings) == (
        "What changes the finish time most is the scan rate: with 15 MiB/s, all are home after 8.0 h, with 62 MiB/s, "
        "after 2.0 h. Of little effect: compression ratio."
    )


def test_one_run_says_what_its_end_waited_for() -> None:
    (sample,) = Study(DRILL).samples(backend="serial")
    words = way_words(sample.answer)
    assert words.startswith("All 12 machines are home after 4.5 h. This time consists of: ")
    (sample,) = Study(load_scenario(resolve("someone_powers_on_the_vm"))).samples(backend="serial")
    assert "machines came home." in way_words(sample.answer)


def test_a_table_has_a_row_per_value() -> None:
    table = summary_table(STEEP, "bandwidth_mbit_per_s")
    assert table["home_median_h"].tolist() == [20, 10, 4, 4]
    assert table["binds"].tolist() == ["link", "link", "scan", "scan"]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("bandwidth_mbit_per_s", 500.0, "500 Mbit/s"),
        ("appliances", 2, "2 appliances"),
        ("appliances", 1, "1 appliance"),
        ("changed_fraction", 0.25, "changed fraction 0.25"),
        ("spread", True, "spread True"),
    ],
)
def test_values_are_said_with_what_they_are(column: str, value: Any, words: str) -> None:
    assert value_in_words(column, value) == words


def test_a_unit_stands_behind_the_name() -> None:
    assert column_words("bandwidth_mbit_per_s") == "bandwidth (Mbit/s)"
    assert column_words("appliances") == "appliances"


# Mishaps


def test_an_outage_counts_from_the_share_of_the_undisturbed_way() -> None:
    (calm,) = Study(DRILL).samples(backend="serial")
    down, up = with_outage(DRILL, "mt-windows", 0.5, 30).faults
    assert down.at_s == pytest.approx(0.5 * (calm.answer.home_s or 0))
    assert (up.at_s or 0) - (down.at_s or 0) == pytest.approx(1800)
    assert (down.facts, up.facts) == ({"up": False}, {"up": True})


def test_a_master_target_that_stays_away_keeps_the_whole_plan_in_azure() -> None:
    lost = with_outage(DRILL, "mt-windows", 0.6)
    frame = side_by_side({"calm": DRILL, "lost": lost}, runs=2, backend="serial")
    assert frame.columns[0] == "story"
    assert frame.groupby("story")["machines_home"].max().to_dict() == {"calm": 12, "lost": 0}


def test_an_outage_begins_somewhere_on_the_way() -> None:
    with pytest.raises(BadInput, match="from 0 to 1"):
        with_outage(DRILL, "mt-windows", 60)


# Pictures


def is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG") and len(content) > 5000


def test_the_end_is_drawn_against_what_varies_with_what_binds() -> None:
    picture = home_against(STEEP, "bandwidth_mbit_per_s", by_h=12)
    assert is_png(picture.png())
    (axes,) = picture.figure.axes
    words = [text.get_text() for text in axes.get_legend().get_texts()]
    assert words == [
        "median and 10-90 % of runs",
        "bottleneck: the network link",
        "bottleneck: the scan of the disks",
        "to be home by",
    ]
    assert list(axes.lines[0].get_ydata()) == [20, 10, 4, 4]


def test_a_line_is_drawn_for_each_value_of_another_column() -> None:
    found = grid((1, 500.0, 20.0), (2, 500.0, 12.0), (1, 1000.0, 18.0), (2, 1000.0, 6.0))
    (axes,) = home_against(found, "appliances", per="bandwidth_mbit_per_s").figure.axes
    assert [line.get_label() for line in axes.lines[:2]] == ["500 Mbit/s", "1000 Mbit/s"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "2"]


def test_pictures_of_a_study_say_their_numbers_to_who_cannot_see_them() -> None:
    assert home_against(STEEP, "bandwidth_mbit_per_s").alt.startswith(
        "When everything is home: with 50 Mbit/s after 20.0 h, bottleneck the network link; with 100 Mbit/s after 10.0"
    )
    rows = ({"story": "calm", "home_h": 4.0}, {"story": "flood", "home_h": None})
    assert story_bars(frame_of(*rows)).alt == (
        "What is the effect: calm: 12 of 12 machines come home, all after 4.0 h; flood: 6 of 12 machines come home, "
        "never all of them."
    )
    swings = [Swing("scan_mib_per_s", 15.0, 62.0, 8.0, 4.0, 2.0)]
    assert "scan rate (MiB/s) from 15 to 62: home after 8.0 to 2.0 h" in swings_picture(swings).alt


def test_no_colour_of_a_bar_of_stories_is_that_of_a_leg() -> None:
    rows = ({"story": "calm", "home_h": 4.0}, {"story": "flood", "home_h": None})
    bars = [bar for axes in story_bars(frame_of(*rows)).figure.axes for bar in axes.patches]
    legs = {to_rgba(colour) for colour in LEG_COLOURS.values()}
    assert {bar.get_facecolor() for bar in bars} & legs == set()


def test_stories_are_drawn_with_how_many_come_home_and_when() -> None:
    rows = ({"story": "calm", "home_h": 4.0}, {"story": "flood", "home_h": None})
    left, right = story_bars(frame_of(*rows)).figure.axes
    assert [bar.get_width() for bar in left.patches] == [6, 12]
    assert [bar.get_width() for bar in right.patches] == [4]
    assert [text.get_text().strip() for text in right.texts] == ["never"]


def test_endless_swings_are_not_drawn() -> None:
    never = float("inf")
    swings = [
        Swing("bandwidth_mbit_per_s", 1.0, 9.0, never, 4.0, 2.0),
        Swing("scan_mib_per_s", 15.0, 62.0, 8.0, 4.0, 2.0),
    ]
    (axes,) = swings_picture(swings).figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["scan rate (MiB/s)\n15 to 62"]


def test_a_legend_fits_into_its_picture_and_no_two_values_on_the_axis_touch() -> None:
    close = lines((25.0, 20.0, "link"), (50.0, 10.0, "scan"), (500.0, 4.0, "scan"), (1000.0, 4.0, "scan"))
    picture = home_against(close, "bandwidth_mbit_per_s", by_h=12)
    (axes,) = picture.figure.axes
    assert [label.get_text() for label in axes.get_xticklabels()] == ["25", "", "500", "1000"]
    picture.png()
    assert axes.get_legend().get_window_extent().x1 <= picture.figure.bbox.x1
