"""The page of a watch: what comes first, what is left out, and how it reads on a telephone."""

import re
from dataclasses import replace
from datetime import timedelta

from failback.adapters import VaultLook
from failback.reprotect import Architecture, ItemSeen, Phase
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.watching.blockers import Holds, by_file
from failback.scenarios.watching.pages import html
from failback.scenarios.watching.record import DECISION, Told
from failback.scenarios.watching.shown import why_words
from failback.scenarios.watching.standing import Standing, late_words
from failback.simulator.arm import mock

from .watched_night import Vault, still, watch_over

STORY = "first_drill_modernised"


def stands_of(scenario: Scenario) -> Standing:
    """Of the first machine a health error was seen, the others are being copied home."""
    arm, names = still(scenario), tuple(scenario.estate.virtual_machines)
    with mock(arm):
        vault = Vault(arm, names)
        look = vault.look()
    watch = watch_over(scenario, vault, look.at)
    codes = {names[-1]: ("78022",)}
    seen = {
        name: ItemSeen(name, Architecture.MODERNISED, Phase.RESYNCING_TO_ON_PREMISES, True, codes.get(name, ()), 10)
        for name in names
    }
    watch.begin(VaultLook(look.at, seen))
    return watch.standing()


def test_whom_somebody_must_look_after_comes_first_and_empty_columns_are_left_out() -> None:
    stands = stands_of(load_scenario(resolve(STORY)))
    page = html(stands, 60)
    rows = re.findall(r'<tr class="(\w+)">', page)
    assert (rows[0], set(rows[1:])) == ("blocked", {"running"})
    assert 'data-label="machine"' in page, "on a telephone each cell says what it is"
    assert not re.search(r'<th scope="col">(RPO|job|wave)</th>', page.partition("<h2>Machines</h2>")[2])


def test_a_machine_in_azure_is_not_said_to_be_on_on_site_by_a_file_from_before() -> None:
    scenario = load_scenario(resolve(STORY))
    phases = dict.fromkeys(scenario.estate.virtual_machines, Phase.REPLICATING_TO_ON_PREMISES)
    told = {each.id for found in by_file(scenario, phases).values() for each in found}
    assert "R33" not in told


def test_what_only_the_estate_file_says_is_marked_so() -> None:
    row = stands_of(load_scenario(resolve(STORY))).rows[0]
    told, seen = Holds("R04", "a snapshot", "somebody", by_file=True), Holds("", "powered off", "somebody")
    assert why_words(replace(row, holds=(told, seen))) == "R04: a snapshot (according to the estate file); powered off"


def test_how_late_one_is_is_said_as_people_say_it() -> None:
    assert [late_words(each) for each in (None, 200.0, 960.0, -5400.0, 90000.0)] == [
        "",
        "on time",
        "16 min late",
        "1 h 30 min early",
        "1 day 1 h late",
    ]


def test_an_event_of_another_day_has_its_date() -> None:
    stands = stands_of(load_scenario(resolve(STORY)))
    long_ago = stands.at - timedelta(days=9)
    page = html(replace(stands, told=((long_ago, Told(0.0, DECISION, "go")),)), 0)
    assert f"{long_ago:%a} {long_ago.day} {long_ago:%b %H:%M}" in page
