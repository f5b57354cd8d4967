import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from failback.reprotect import LEGS, Operation
from failback.scenarios import Finding, ItemResult, Leg, Result, load_scenario, play, print_timeline, resolve

HOUR_S = 3600.0
NAMES = ("Failover", "Commit failover", "Reprotect to on-premises", "Failback", "Commit failback", "Reprotect to Azure")
STOP = Finding("R04", "mt", "vm-001", "prerequisite_check", "stopped", "it has a snapshot", "delete it", 7500.0, 3)


def whole_way(item: str) -> tuple[Leg, ...]:
    """Six legs of an hour each; a reprotect's job takes the first twenty minutes."""
    return tuple(
        Leg(
            item, leg, n * HOUR_S, n * HOUR_S + (1200 if "reprotect" in leg.value else HOUR_S), (n + 1) * HOUR_S, "done"
        )
        for n, leg in enumerate(LEGS)
    )


def result_of(count: int, **changes: Any) -> Result:
    names = [f"vm-{n:03}" for n in range(1, count + 1)]
    made = Result(
        label="simulation",
        scenario="built_by_hand",
        title="Machines go out and come home",
        world="sim",
        seed=7,
        verdict="as_expected",
        duration_s=6 * HOUR_S,
        starts_at="2026-06-05T18:00:00+00:00",
        items=tuple(ItemResult(name, "modernised", "replicating_to_azure") for name in names),
        legs=tuple(leg for name in names for leg in whole_way(name)),
        findings=(),
        checkers={"every_item_ends": ()},
    )
    return replace(made, **changes)


def stopped() -> Result:
    item = ItemResult("vm-001", "classic", "failover_committed", "R04", "it has a snapshot", "VMware administrator")
    failed = Leg("vm-001", Operation.REPROTECT_TO_ON_PREMISES, 7200.0, None, 7500.0, "failed")
    return result_of(1, items=(item,), legs=(*whole_way("vm-001")[:2], failed), findings=(STOP,), verdict="otherwise")


def piped(result: Result, width: int = 100, encoding: str = "utf-8") -> str:
    """What a file or a pipe gets."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    print_timeline(result, Console(file=stream, width=width))
    stream.flush()
    return raw.getvalue().decode(encoding)


def coloured(result: Result, width: int = 100) -> str:
    stream = io.StringIO()
    print_timeline(result, Console(file=stream, width=width, force_terminal=True, color_system="truecolor"))
    return stream.getvalue()


def line_of(item: str, text: str) -> str:
    return next(line for line in text.splitlines() if line.lstrip().startswith(item)).split()[1]


def test_each_item_has_a_line_with_its_legs_in_order() -> None:
    text = piped(result_of(12))
    for n in range(1, 13):
        legs = line_of(f"vm-{n:03}", text)
        assert "".join(dict.fromkeys(legs)) == "FcRrBCAa"


def test_blocks_are_as_long_as_their_legs() -> None:
    legs = line_of("vm-001", piped(result_of(1), width=8 + 60))
    counts = {letter: legs.count(letter) for letter in "FcRrBCAa"}
    assert all(abs(counts[letter] - 10) <= 1 for letter in "FcBC")
    assert abs(counts["r"] - 2 * counts["R"]) <= 2


def test_a_leg_too_short_for_a_block_gets_one_in_its_order() -> None:
    commit = Leg("vm-001", Operation.COMMIT_FAILOVER, HOUR_S, HOUR_S + 3, HOUR_S + 3, "done")
    around = (
        Leg("vm-001", Operation.FAILOVER, 0.0, HOUR_S, HOUR_S, "done"),
        Leg("vm-001", Operation.REPROTECT_TO_ON_PREMISES, HOUR_S + 3, 5 * HOUR_S, 6 * HOUR_S, "done"),
    )
    legs = line_of("vm-001", piped(result_of(1, legs=(around[0], commit, around[1])), width=50))
    assert "".join(dict.fromkeys(legs)) == "FcRr"
    assert legs.count("c") == 1


def test_the_legend_explains_every_leg() -> None:
    for text in (piped(result_of(1)), coloured(result_of(1))):
        assert all(name in text for name in NAMES)
        assert "changed data is copied home" in text
        assert "resync" in text


def test_colours_tell_legs_apart_where_there_are_some() -> None:
    text = coloured(result_of(1))
    assert "█" in text
    assert "▒" in text
    assert len({part.split("m")[0] for part in text.split("\x1b[") if "█" in part}) == len(LEGS)


def test_without_colour_there_are_no_escapes_and_no_blocks() -> None:
    text = piped(result_of(12))
    assert "\x1b" not in text
    assert "█" not in text


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp932"])
@pytest.mark.parametrize("result", [result_of(12), result_of(100), stopped()])
def test_it_prints_where_there_is_no_unicode(encoding: str, result: Result) -> None:
    assert piped(result, encoding=encoding).isascii()


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
@pytest.mark.parametrize("result", [result_of(0), result_of(12), result_of(500), stopped()])
def test_no_line_is_wider_than_the_console_nor_ends_in_blanks(width: int, result: Result) -> None:
    lines = piped(result, width=width).splitlines()
    assert [line for line in lines if len(line) > width or line != line.rstrip()] == []


def test_a_long_name_is_cut_and_not_the_picture() -> None:
    name = "a-very-long-name-of-a-machine-that-nobody-should-have-given"
    result = result_of(1, items=(ItemResult(name, "classic", "replicating_to_azure"),), legs=whole_way(name))
    (line,) = [line for line in piped(result, width=80).splitlines() if line.startswith("a-very-long")]
    assert len(line) <= 80
    assert "FF" in line


@pytest.mark.parametrize("name", ["業務-01", "業務システムのデータベースサーバー本番環境その一"])
def test_wide_characters_keep_a_machine_on_its_line(name: str) -> None:
    items = tuple(ItemResult(each, "classic", "replicating_to_azure") for each in (name, "web"))
    result = result_of(2, items=items, legs=(*whole_way(name), *whole_way("web")))
    wide, narrow = (line for line in piped(result, width=80).splitlines() if "FF" in line and "aa" in line)
    assert name[:4] in wide
    assert cell_len(wide) == cell_len(narrow) <= 80


def test_markup_in_a_name_is_text() -> None:
    result = result_of(1, items=(ItemResult("[bold]x[/]", "classic", "replicating_to_azure"),), legs=())
    assert "[bold]x[/]" in piped(result)


def test_a_stop_says_what_happened_what_to_do_and_who() -> None:
    text = piped(stopped(), width=200)
    for part in (
        "R04 (vm-001, master target mt): stopped",
        "it has a snapshot",
        "found: ",
        "who: backup administrator (of the site) for step 1; Azure administrator",
        "do: 1. in the backup software, exclude",
        "proof: vSphere client",
        "3 times",
    ):
        assert part in text
    assert "runs in Azure, unprotected" in text
    assert "x" in line_of("vm-001", text)
    assert "Failed attempt" in text


def test_findings_that_differ_in_the_machine_only_are_one() -> None:
    items = [f"vm-{n:03}" for n in range(1, 21)]
    text = piped(result_of(20, findings=tuple(replace(STOP, item=item) for item in items)), width=250)
    (line,) = [line for line in text.splitlines() if "R04" in line]
    assert line.endswith(
        "(vm-001 to vm-020, master target mt): stopped, first raised after 2 h 5 min (Fri 20:05), 60 times"
    )
    assert text.count("found: it has a snapshot") == 1


def test_the_last_line_is_the_verdict_with_the_duration() -> None:
    last = piped(result_of(12), width=300).strip().splitlines()[-1]
    assert last.startswith("The run ended as its scenario expects. All 12 machines are home")
    assert "6 h of virtual time, until Sat 6 Jun 2026, 00:00 UTC" in last


def test_surprises_are_told() -> None:
    text = piped(result_of(1, verdict="otherwise", surprises=("vm-001 ended elsewhere",)))
    assert "The run did not end as its scenario expects: one thing differs." in text
    assert "- vm-001 ended elsewhere" in text


def test_a_violation_is_told() -> None:
    assert "never_ask_twice: k1 was sent twice" in piped(
        result_of(1, checkers={"never_ask_twice": ("k1 was sent twice",)})
    )


def test_simulated_is_labelled_simulated() -> None:
    assert piped(result_of(1)).startswith("SIMULATION ")
    live = piped(result_of(1, label="live", world="azure"))
    assert live.startswith("LIVE ")
    assert "virtual" not in live


def test_five_hundred_items_fit_a_screen() -> None:
    text = piped(result_of(500, findings=(STOP,)))
    assert len(text.splitlines()) < 50
    assert "499 machines of 500 are shown only in the bands" in text
    assert all(name in text for name in NAMES)
    assert "vm-001  FF" in text


def test_the_axis_has_hours_and_times_of_day() -> None:
    lines = piped(result_of(1), width=100).splitlines()
    hours = next(line for line in lines if line.lstrip().startswith("0 h"))
    clocks = lines[lines.index(hours) + 1]
    assert [word for word in hours.split() if word != "h"] == ["0", "1", "2", "3", "4", "5"]
    assert clocks.split() == ["Fri", "18:00", "19:00", "20:00", "21:00", "22:00", "23:00"]
    assert hours.index("3 h") == clocks.index("21:00")


README = Path(__file__).parents[3] / "README.md"


def test_what_the_readme_shows_of_the_demo_is_what_it_prints() -> None:
    """Its beginning and its end: the finding between them is left out."""
    stream = io.StringIO()
    print_timeline(
        play(load_scenario(resolve("first_drill_modernised"))), Console(file=stream, width=88, no_color=True)
    )
    (shown,) = re.findall(r"```text\n(.*?)\n```", README.read_text(encoding="utf-8"), re.DOTALL)
    beginning, end = shown.split("\n[...]\n")
    printed = stream.getvalue().strip()
    assert printed.startswith(f"{beginning}\n"), "paste the output of: COLUMNS=88 failback run first_drill_modernised"
    assert printed.endswith(f"\n{end}")
    assert "Findings: " in printed[len(beginning) : -len(end)]
