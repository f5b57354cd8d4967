"""One bar for a command: the end that it states holds from a third of the way on."""

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.predictions import expected_plays
from failback.scenarios.predictions.assumptions import cases_of
from failback.scenarios.predictions.expected_plays import (
    CASES,
    CONDITION,
    ENDS,
    LAST_GO,
    LEVERS,
    MEASUREMENTS,
    PLAN,
    SEEDS,
    expected_parts,
)
from failback.scenarios.predictions.question import Question
from failback.scenarios.predictions.sampling import Share
from failback.scenarios.study import progress as progress_module
from failback.scenarios.study.progress import Forecast, Part, begin_part, left_words, progress

CORES = 2


class FakeClock:
    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@dataclass(frozen=True)
class Recorded:
    """A prediction as it was measured: each call's part, plays and CPU seconds, and whether it stayed on one core."""

    scenario: str
    cutover: bool
    hours: float
    late: tuple[bool, ...]
    calls: tuple[tuple[str, int, float, int], ...]


IN_TIME = (False,) * 6
ROWS = {
    "seed_ahead, cutover": Recorded(
        "seed_ahead",
        True,
        60,
        IN_TIME,
        (
            (SEEDS, 42, 0.594, 2),
            (SEEDS, 42, 0.649, 2),
            (SEEDS, 42, 0.637, 2),
            (SEEDS, 42, 0.645, 2),
            (SEEDS, 42, 0.599, 2),
            (SEEDS, 28, 0.35, 1),
            (SEEDS, 28, 0.34, 1),
            (SEEDS, 28, 0.386, 1),
            (SEEDS, 7, 0.084, 1),
            (CASES, 135, 3.37, 2),
            (LEVERS, 14, 0.427, 2),
            (ENDS, 28, 0.827, 2),
            (MEASUREMENTS, 28, 0.757, 2),
            (LAST_GO, 14, 0.326, 1),
            (LAST_GO, 14, 0.303, 1),
            (LAST_GO, 7, 0.158, 1),
            (LAST_GO, 7, 0.144, 1),
        ),
    ),
    "first_drill_modernised, cutover": Recorded(
        "first_drill_modernised",
        True,
        12,
        IN_TIME,
        (
            (SEEDS, 42, 1.183, 2),
            (SEEDS, 42, 1.246, 2),
            (SEEDS, 42, 1.176, 2),
            (SEEDS, 42, 1.16, 2),
            (CASES, 135, 6.048, 2),
            (LEVERS, 14, 0.713, 2),
            (ENDS, 28, 1.371, 2),
            (MEASUREMENTS, 28, 1.293, 2),
            (LAST_GO, 7, 0.309, 1),
            (LAST_GO, 7, 0.317, 1),
        ),
    ),
    "first_drill_modernised, start": Recorded(
        "first_drill_modernised",
        False,
        5,
        (False, False, True, False, True, True),
        (
            (CASES, 135, 6.228, 2),
            (LEVERS, 28, 1.337, 2),
            (ENDS, 28, 1.321, 2),
            (CONDITION, 7, 0.363, 2),
            (CONDITION, 7, 0.379, 2),
            (CONDITION, 7, 0.381, 2),
            (CONDITION, 7, 0.371, 2),
            (MEASUREMENTS, 28, 1.297, 2),
        ),
    ),
    "seed_ahead, start": Recorded(
        "seed_ahead",
        False,
        5,
        (True,) * 6,
        ((CASES, 135, 3.604, 2), (LEVERS, 42, 1.211, 2), (ENDS, 28, 0.849, 2), (MEASUREMENTS, 28, 0.768, 2)),
    ),
    "five_hundred_machines, cutover": Recorded(
        "five_hundred_machines",
        True,
        60,
        (True, False, True, False, True, True),
        (
            (SEEDS, 6, 5.315, 2),
            (SEEDS, 6, 5.991, 2),
            (SEEDS, 6, 6.033, 2),
            (SEEDS, 6, 5.846, 2),
            (CASES, 20, 48.491, 2),
            (LEVERS, 6, 16.274, 2),
            (LEVERS, 1, 1.431, 1),
            (ENDS, 4, 11.981, 2),
            (CONDITION, 1, 2.405, 1),
            (CONDITION, 1, 2.109, 1),
            (CONDITION, 1, 2.136, 1),
            (CONDITION, 1, 2.312, 1),
            (MEASUREMENTS, 4, 11.758, 2),
        ),
    ),
    "five_hundred_machines, start": Recorded(
        "five_hundred_machines",
        False,
        60,
        (True, False, True, False, True, True),
        (
            (CASES, 20, 48.6, 2),
            (LEVERS, 6, 15.7, 2),
            (ENDS, 4, 10.9, 2),
            (PLAN, 1, 2.6, 1),
            (CONDITION, 1, 2.3, 1),
            (CONDITION, 1, 2.3, 1),
            (CONDITION, 1, 2.4, 1),
            (CONDITION, 1, 2.3, 1),
            (MEASUREMENTS, 4, 10.4, 2),
        ),
    ),
}


def question_of(row: Recorded) -> Question:
    scenario = load_scenario(resolve(row.scenario))
    friday = datetime(2026, 6, 5, 18, tzinfo=UTC)
    by = datetime.fromtimestamp(friday.timestamp() + 3600 * row.hours, UTC)
    start = datetime(2026, 6, 1, tzinfo=UTC) if row.cutover else friday
    return Question(scenario, start, by, 0.9, cutover=friday if row.cutover else None, today=date(2026, 6, 1))


def stated_ends(row: Recorded, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[float, float]]:
    """At the end of each play: how long it took so far, and the whole as it is stated then."""
    monkeypatch.setattr(expected_plays, "workers_or_all", lambda _: CORES)
    question, clock, part = question_of(row), FakeClock(), ""
    cases = cases_of(question.scenario)
    shares = [Share(0 if late else 1, 1) for late in row.late]
    answered = [FakeCase(share) for share in shares]
    forecast = Forecast(expected_parts(question, cases), clock)
    for name, plays, cpu_s, cores in row.calls:
        if name != part:
            known = expected_parts(question, cases, answered) if part == CASES else {}  # type: ignore[arg-type]
            forecast.begin(name, known)
            part = name
        used = min(cores, plays)
        rounds = -(-plays // used)
        forecast.expect(rounds)
        for _ in range(rounds):
            clock.now_s += cpu_s / plays
            forecast.advance(1.0)
            assert forecast.left_s is not None
            yield clock.now_s, clock.now_s + forecast.left_s


@dataclass(frozen=True)
class FakeCase:
    in_time: Share


@pytest.mark.parametrize("name", ROWS)
def test_from_a_third_of_the_way_on_the_stated_end_is_right_within_a_fifth(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stated = list(stated_ends(ROWS[name], monkeypatch))
    whole_s = stated[-1][0]
    off = {round(at_s / whole_s, 2): end_s / whole_s - 1 for at_s, end_s in stated if at_s >= whole_s / 3}
    assert {at: round(by, 2) for at, by in off.items() if abs(by) > 0.2} == {}


def test_a_part_that_is_over_takes_nothing_more_and_one_that_takes_longer_is_not_done() -> None:
    clock = FakeClock()
    forecast = Forecast({"one": Part(10), "two": Part(5, 0.5)}, clock)
    forecast.advance(4)
    clock.now_s = 8.0
    assert (forecast.total, forecast.left_s) == (15, 22.0)
    forecast.begin("two")
    assert (forecast.total, forecast.left_s) == (9, 10.0)
    forecast.expect(20)
    assert forecast.total == 14
    for _ in range(30):
        forecast.advance(1)
    assert forecast.total == forecast.done == 19


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_command_has_one_bar_under_its_name_whatever_is_played_within_it(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress_module, "REFRESH_S", 0.0)
    with progress("predict", {"cases": Part(4), "levers": Part(4)}):
        for part in ("cases", "levers"):
            begin_part(part)
            with progress("runs", {"runs": Part(4)}) as advance:
                for _ in range(4):
                    advance(1)
    shown = terminal.getvalue()
    assert "predict" in shown
    assert "runs" not in shown
    assert "50%" in shown
    assert "100%" in shown


def test_without_a_terminal_nothing_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("predict", {"cases": Part(4)}) as advance:
        advance(4)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, ""), (0.0, ""), (3, "about 10 s left"), (61, "about 70 s left"), (400, "about 7 min left")],
)
def test_what_is_left_is_said_as_exactly_as_it_is_known(seconds: float | None, words: str) -> None:
    assert left_words(seconds) == words
