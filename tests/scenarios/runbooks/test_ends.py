"""A leg, a wave and the whole plan end when their last step does: in each run, so in the middle and in the band too."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Final

import pytest

from failback.reprotect import Plan, Together, Wave
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.runbooks.night_plan import night_plan, wave_rows
from failback.scenarios.runbooks.pilot import pilot
from failback.scenarios.runbooks.pilot_end import pilot_end
from failback.scenarios.runbooks.pilot_rows import as_json
from failback.scenarios.runbooks.pilot_settling import restricted
from failback.scenarios.runbooks.pilot_times import last_end
from failback.scenarios.runbooks.planned_requests import PlannedRequest, PlannedTime, end_of_all
from failback.scenarios.runbooks.rows import ON_SITE_STEP, Step, all_steps, span_words
from failback.scenarios.runbooks.runbook import Runbook, runbook
from failback.scenarios.runbooks.sheets import csv_text
from failback.scenarios.text.spreadsheet_cells import BOM

RUNS: Final = 6
SEEDS: Final = (1, 2, 3)
_MOMENT: Final = re.compile(r"\w{3} \d+ \w{3} \d\d:\d\d")


def in_waves(scenario: Scenario) -> Plan:
    names = tuple(scenario.estate.virtual_machines)
    half = len(names) // 2
    return replace(scenario.plan, waves=(Wave("first", names[:half]), Wave("second", names[half:])), recovery_plans=())


def together(scenario: Scenario) -> Plan:
    names = tuple(scenario.estate.virtual_machines)
    entry = Together("shop", (names[:1], names[1:3]))
    return replace(scenario.plan, recovery_plans=(), together=(entry,))


def as_written(scenario: Scenario) -> Plan:
    return scenario.plan


PLANS: Final = {
    "classic": ("first_drill", in_waves),
    "modernised": ("first_drill_modernised", in_waves),
    "together": ("first_drill_modernised", together),
    "recovery plans": ("first_drill", as_written),
    "recovery plan of three groups": ("plan_of_three_groups", as_written),
    "both": ("both_architectures_side_by_side", as_written),
    "seeded": ("seed_ahead", as_written),
}


@cache
def made(name: str, seed: int) -> Runbook:
    file, plan = PLANS[name]
    scenario = load_scenario(resolve(file))
    return runbook(replace(scenario, seed=seed, plan=plan(scenario)), RUNS)


def moments(found: Runbook, text: str) -> list[datetime]:
    """The dates that people read in a text."""
    year = found.scenario.starts_at.year
    return [datetime.strptime(f"{year} {each}", "%Y %a %d %b %H:%M") for each in _MOMENT.findall(text)]


def moment(found: Runbook, text: str) -> datetime:
    (at,) = moments(found, text)
    return at


def by_leg(found: Runbook) -> Mapping[tuple[str, str], list[Step]]:
    legs: dict[tuple[str, str], list[Step]] = {}
    for step in all_steps(found):
        if not step.stopped_by:
            legs.setdefault((step.wave, step.leg), []).append(step)
    return legs


def last_of(found: Runbook, steps: list[Step]) -> tuple[datetime, datetime]:
    """The last planned end, and the last end in the band."""
    return max(moment(found, step.ends) for step in steps), max(moment(found, step.latest) for step in steps)


def spans(found: Runbook) -> Iterator[tuple[list[Step], str]]:
    """The steps of each wave and of the whole plan, and the span that stands above them."""
    steps = [step for one in by_leg(found).values() for step in one]
    yield steps, span_words(found, found.requests)
    for wave, _, span, _ in wave_rows(found):
        yield [step for step in steps if step.wave == wave], span


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", PLANS)
def test_no_leg_ends_before_one_of_its_steps(name: str, seed: int) -> None:
    found = made(name, seed)
    rows = {(row.wave, row.leg): row for row in night_plan(found) if not row.leg.startswith(ON_SITE_STEP)}
    assert list(rows) == list(by_leg(found))
    for leg, steps in by_leg(found).items():
        ends, latest = last_of(found, steps)
        assert moment(found, rows[leg].ends) >= ends, leg
        assert moment(found, rows[leg].latest) >= latest, leg


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", PLANS)
def test_no_wave_and_no_plan_ends_before_one_of_its_steps(name: str, seed: int) -> None:
    found = made(name, seed)
    for steps, words in spans(found):
        _, span_ends, _, span_latest = moments(found, words)
        ends, latest = last_of(found, steps)
        assert span_ends >= ends, words
        assert span_latest >= latest, words


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ["classic", "modernised"])
def test_no_wave_begins_before_the_commits_of_the_wave_ahead_have_ended(name: str, seed: int) -> None:
    found = made(name, seed)
    rows = {(row.wave, row.leg): row for row in night_plan(found)}
    ahead = moment(found, rows["first", "Commit failback"].ends)
    assert moment(found, rows["second", "Reprotect to on-premises"].begins) >= ahead


@pytest.mark.parametrize("name", PLANS)
def test_the_sheet_of_steps_keeps_to_the_ends_of_the_page(name: str) -> None:
    found = made(name, 1)
    rows = [row for row in csv.DictReader(io.StringIO(csv_text(found).removeprefix(BOM))) if row["step"].isdigit()]
    _, span_ends, _, span_latest = moments(found, span_words(found, found.requests))
    assert max(moment(found, row["planned end"]) for row in rows) <= span_ends
    assert max(moment(found, row["latest end"]) for row in rows) <= span_latest


@pytest.mark.parametrize("seed", SEEDS)
def test_a_pilot_ends_as_its_plan_does(seed: int) -> None:
    scenario = replace(load_scenario(resolve("first_drill_modernised")), seed=seed)
    chosen = pilot(scenario)
    found = runbook(restricted(scenario, chosen.machines), RUNS)
    end = pilot_end(scenario, scenario, found.requests)
    _, ends, _, latest = moments(found, span_words(found, found.requests))
    assert (f"{end.middle:%d %H:%M}", f"{end.latest:%d %H:%M}") == (f"{ends:%d %H:%M}", f"{latest:%d %H:%M}")
    for group in as_json(scenario, chosen, found.requests)["groups"]:
        mine = [one for one in found.requests if set(one.items) & set(group["machines"])]
        assert group["protected_again_s"] >= max(one.ends.middle_s for one in mine if one.ends)


def one_request(*ended: float | None) -> PlannedRequest:
    request = made("modernised", 1).requests[0]
    known = sorted(at for at in ended if at is not None)
    time = PlannedTime(known[len(known) // 2], known[0], known[-1])
    return replace(request, ends=time, ended=ended)


def test_the_last_end_is_counted_in_each_run() -> None:
    """Each of two ends first in some run, so that the last end is later than that of either."""
    early, late = one_request(10.0, 30.0, 11.0), one_request(31.0, 12.0, 32.0)
    last = end_of_all((early, late))
    assert last
    assert last.middle_s == 31.0
    assert last_end((early, late)) == last


def test_a_step_that_few_runs_have_does_not_end_after_its_leg() -> None:
    often, seldom = one_request(10.0, 11.0, 12.0), one_request(None, None, 90.0)
    last = end_of_all((often, seldom))
    assert last
    assert last.middle_s == last.high_s == 90.0


def test_nothing_that_happens_has_no_end() -> None:
    assert end_of_all(()) is None
    assert end_of_all((replace(one_request(1.0), ends=None),)) is None
