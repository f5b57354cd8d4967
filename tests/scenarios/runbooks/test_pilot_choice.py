"""Whom a pilot passes over although no rule blocks them, what it costs, and what a shorter one would try."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from failback.reprotect import Operation, Phase
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import DoubtBecause, InDoubt, Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.runbooks.pilot import pilot
from failback.scenarios.runbooks.pilot_command import limit_of, run_pilot
from failback.scenarios.runbooks.pilot_hours import working_hours_lines
from failback.scenarios.runbooks.pilot_limits import PilotChoice, Why
from failback.scenarios.runbooks.pilot_options import Limit
from failback.scenarios.runbooks.pilot_rows import as_json, pilot_rows
from failback.scenarios.runbooks.pilot_settling import restricted
from failback.scenarios.runbooks.pilot_times import last_end
from failback.scenarios.runbooks.pilot_words import notes, told_lines
from failback.scenarios.runbooks.planned_requests import planned_requests
from failback.scenarios.text.name_lists import listed


def story(name: str = "first_drill_modernised") -> Scenario:
    return load_scenario(resolve(name))


def changed(scenario: Scenario, facts: Mapping[str, Mapping[str, Any]]) -> Scenario:
    """The story with other facts of some of its machines."""
    vms = {name: replace(vm, **facts.get(name, {})) for name, vm in scenario.estate.virtual_machines.items()}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=vms))


def chosen_first(scenario: Scenario) -> str:
    """A machine that goes by itself, in whose place another can go."""
    return next(group.machines[0] for group in pilot(scenario).groups if len(group.machines) == 1)


TWIN = "4213a6f0-91c2-0d44-8e1f-000000c1001a"


@pytest.mark.parametrize("fact", ["bios_uuid", "instance_uuid"])
def test_a_machine_that_shares_its_uuid_is_passed_over_with_the_reason(fact: str) -> None:
    scenario = story()
    first = chosen_first(scenario)
    other = next(name for name in scenario.estate.virtual_machines if name not in pilot(scenario).machines)
    twins = changed(scenario, {first: {fact: TWIN}, other: {fact: TWIN.upper()}})
    found = pilot(twins)
    assert not {first, other} & set(found.machines)
    (told,) = (line for line in told_lines(twins, found) if line.startswith("Passed over"))
    assert "UUID" in told
    assert first in told
    assert other in told
    assert as_json(twins, found)["in_doubt"][0]["machines"] == sorted((first, other))


def test_a_machine_that_runs_twice_is_passed_over() -> None:
    scenario = story()
    vms = scenario.estate.virtual_machines
    away = changed(scenario, {name: {"at": Phase.FAILOVER_COMMITTED, "powered_on": False} for name in vms})
    first = chosen_first(away)
    found = pilot(changed(away, {first: {"powered_on": True}}))
    assert first not in found.machines
    assert [one.machines for one in found.doubts] == [(first,)]


@pytest.mark.parametrize("why", DoubtBecause)
def test_a_machine_of_which_the_imported_files_contradict_each_other_is_passed_over(why: DoubtBecause) -> None:
    scenario = story()
    first = chosen_first(scenario)
    doubted = replace(scenario, in_doubt=(InDoubt(why, (first,)),))
    assert first not in pilot(doubted).machines
    (told,) = (line for line in told_lines(doubted, pilot(doubted)) if line.startswith(f"Passed over: {first}."))
    assert "delete it in the estate file under `sources: machines_in_doubt`" in told
    taken = pilot(doubted, PilotChoice((first,)))
    assert first in taken.machines, "a person may decide otherwise"
    assert any(line.startswith(f"Careful: {first} is in the pilot") for line in told_lines(doubted, taken))


def test_what_only_a_machine_in_doubt_has_is_named_with_what_to_do() -> None:
    scenario = changed(story(), {"web-01": {"firmware": "efi-of-its-own"}})
    doubted = replace(scenario, in_doubt=(InDoubt(DoubtBecause.DIFFERS, ("web-01",)),))
    (left,) = (one for one in pilot(doubted).untried if one.name == "firmware efi-of-its-own")
    assert left.why is Why.DOUBT
    told = "\n".join(told_lines(doubted, pilot(doubted)))
    assert "To try it: clear that up, or --with web-01" in told


def test_a_machine_that_a_rule_blocks_is_passed_over_with_the_rule() -> None:
    scenario = story()
    first = chosen_first(scenario)
    blocked = changed(scenario, {first: {"target": "hyper-v"}})
    found = pilot(blocked)
    assert found.blocked == {first: ("R15",)}
    assert any(line.startswith(f"Passed over: {first}. Blocked now by R15 ") for line in told_lines(blocked, found))


def slow_one(**facts: Any) -> Scenario:
    """One machine with a disk that is many times as large as the others, and with a firmware that only it tries."""
    scenario = story()
    vm = scenario.estate.virtual_machines["sql-01"]
    disks = (*vm.disks[:-1], replace(vm.disks[-1], size_gib=4000.0))
    return changed(scenario, {"sql-01": {"disks": disks, "firmware": "efi-of-its-own", **facts}})


def test_what_the_slowest_machine_costs_is_told_with_a_choice_that_takes_less() -> None:
    scenario = slow_one()
    found = pilot(scenario)
    assert "sql-01" in found.machines
    assert found.shorter is not None
    assert found.shorter.without[0] == "sql-01"
    assert "largest disk (4,000 GiB)" in found.shorter.loses
    requests = planned_requests(restricted(scenario, found.machines), 1)
    other = planned_requests(restricted(scenario, found.shorter.machines), 1)
    told = "\n".join(told_lines(scenario, found, requests, other))
    assert "Shorter: with --without sql-01" in told
    assert "largest disk (4,000 GiB)" in told.partition("It does not try: ")[2]
    assert set(pilot(scenario, PilotChoice((), found.shorter.without)).machines) == set(found.shorter.machines)


def test_a_shorter_choice_repeats_what_was_asked_for_before() -> None:
    """The options are typed as they are printed: without the earlier ones, the machine left out would be back."""
    scenario, asked = slow_one(), PilotChoice(("web-01",), ("pg-01",))
    found = pilot(scenario, asked)
    assert found.shorter is not None
    requests = planned_requests(restricted(scenario, found.machines), 1)
    other = planned_requests(restricted(scenario, found.shorter.machines), 1)
    told = "\n".join(told_lines(scenario, found, requests, other))
    assert "Shorter: with --with web-01 --without pg-01 --without sql-01" in told
    typed = PilotChoice(found.shorter.taken, found.shorter.without)
    assert set(pilot(scenario, typed).machines) == set(found.shorter.machines)


def test_each_group_tells_what_it_takes_from_the_times_of_the_plan() -> None:
    scenario = slow_one()
    found = pilot(scenario)
    requests = planned_requests(restricted(scenario, found.machines), 1)
    rows = {row.machines: row for row in pilot_rows(scenario, found, requests)}
    assert all("protected again after" in row.takes for row in rows.values())
    data = {tuple(one["machines"]): one for one in as_json(scenario, found, requests)["groups"]}
    home = last_end(requests, ("sql-01",), Operation.COMMIT_FAILBACK)
    assert home is not None
    assert data["sql-01",]["home_s"] == home.middle_s


LIMIT_OF_ALL_BUT_THE_SLOWEST = 0.9


def in_time_for_all_but_the_slowest() -> tuple[Scenario, Limit]:
    """By when the pilot must end, so that the one with the large disk is too late."""
    scenario = slow_one()
    end = last_end(planned_requests(restricted(scenario, pilot(scenario).machines), 1))
    assert end is not None
    return scenario, Limit(LIMIT_OF_ALL_BUT_THE_SLOWEST * end.middle_s, 2)


def test_of_two_choices_the_one_that_ends_before_the_way_home_begins_is_taken_and_the_other_is_told() -> None:
    scenario, limit = in_time_for_all_but_the_slowest()
    found = pilot(scenario, limit=limit)
    end = last_end(planned_requests(restricted(scenario, found.machines), 2))
    assert end is not None
    assert end.high_s <= limit.seconds
    assert "sql-01" not in found.machines
    assert found.longer is not None
    assert found.longer.machines == pilot(scenario).machines
    assert "largest disk (4,000 GiB)" in found.longer.tries
    (left,) = (one for one in found.untried if one.name == "largest disk (4,000 GiB)")
    assert (left.why, left.offers) == (Why.TOO_LATE, ("sql-01",))
    told = "\n".join(told_lines(scenario, found))
    assert "Left out for time: sql-01. With --with sql-01, the pilot would also try " in told
    assert "Only sql-01 could, and with sql-01 the pilot would end after the way home begins." in told
    assert as_json(scenario, found)["longer"]["left_out_for_time"] == ["sql-01"]


def test_the_longer_choice_is_made_as_it_is_told_and_in_the_time_that_is_told() -> None:
    scenario, limit = in_time_for_all_but_the_slowest()
    longer = pilot(scenario, limit=limit).longer
    assert longer is not None
    typed = tuple(name for name in longer.slow if name in longer.machines)
    assert set(pilot(scenario, PilotChoice(typed), limit).machines) == set(longer.machines), "who asks for it gets it"
    assert longer.late_by_s is not None
    earlier = Limit(limit.seconds + longer.late_by_s, limit.runs)
    assert pilot(scenario, limit=earlier).machines == longer.machines
    assert pilot(scenario, limit=earlier).longer is None


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_where_no_choice_ends_in_time_the_first_one_stays(seconds: float) -> None:
    scenario = slow_one()
    assert pilot(scenario, limit=Limit(seconds, 1)) == pilot(scenario)


def test_nobody_is_told_of_a_shorter_choice_that_saves_little_or_that_somebody_refused() -> None:
    assert pilot(story("one_vm")).shorter is None
    assert pilot(slow_one(), PilotChoice(("sql-01",))).shorter is None


@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised"])
def test_the_back_out_says_what_can_be_done_after_the_commit(name: str) -> None:
    scenario = story(name)
    found = pilot(scenario)
    requests = planned_requests(restricted(scenario, found.machines), 1)
    for row in pilot_rows(scenario, found, requests):
        before, until, after = row.back_out
        assert before.startswith("Until Failback")
        assert until.startswith(("Until Commit", "Never"))
        assert after.startswith("After Commit: the machine runs on site")
        assert "Re-protect to Azure and its resync (until " in after
        assert "new Failover to Azure" in after
        assert "Lost is what is written on site after the recovery point" in after


def test_the_page_about_runbooks_lists_every_reason_why_something_is_not_tried() -> None:
    text = (Path(__file__).parents[3] / "docs" / "runbook.md").read_text("utf-8")
    assert [why.value for why in Why if f"`{why.value}`" not in text] == []


def test_a_largest_disk_that_makes_the_pilot_several_times_as_long_is_left_out_and_said() -> None:
    scenario = slow_one(firmware=story().estate.virtual_machines["sql-01"].firmware)
    found = pilot(scenario)
    assert "sql-01" not in found.machines
    (left,) = (one for one in found.untried if one.name == "largest disk (4,000 GiB)")
    assert (left.why, left.offers) == (Why.TOO_LONG, ("sql-01",))
    told = "\n".join(told_lines(scenario, found))
    assert (
        "Left out for time: sql-01. With --with sql-01, the pilot would also try largest disk (4,000 GiB), but " in told
    )
    assert "Only sql-01 could, and with sql-01 the pilot would take more than 3 times as long." in told
    assert as_json(scenario, found)["longer"]["late_by_s"] is None
    asked = pilot(scenario, PilotChoice(("sql-01",)))
    assert "sql-01" in asked.machines, "who asks for it gets it"
    ends = [last_end(planned_requests(restricted(scenario, one.machines), 1)) for one in (asked, found)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0].middle_s > 3 * ends[1].middle_s


def test_a_failback_in_working_hours_is_told_and_one_at_night_or_at_the_weekend_is_not() -> None:
    def lines(starts_at: str) -> list[str]:
        scenario = replace(story("one_modernised_vm"), starts_at=datetime.fromisoformat(starts_at))
        return list(working_hours_lines(scenario, planned_requests(scenario, 1)))

    (told,) = lines("2026-12-03T07:30:00+01:00")
    (item,) = story("one_modernised_vm").estate.virtual_machines
    assert f"Failback of {item} begins Thu 3 Dec 2026, " in told
    assert f"Commit failback of {item} begins Thu 3 Dec 2026, " in told
    assert lines("2026-12-02T19:05:00+01:00") == []
    assert lines("2026-12-05T07:30:00+01:00") == []


def stored(others: str) -> Scenario:
    """Tier 1 comes home to the datastore gold; `others`: where two of tier 2 do, the rest of them to silver."""
    scenario = story()
    facts: dict[str, dict[str, Any]] = {
        name: {"tier": "2", "datastore": "silver"} for name in scenario.estate.virtual_machines
    }
    facts |= {name: {"tier": "1", "datastore": "gold"} for name in ("sql-01", "sql-02")}
    facts |= {name: {"datastore": others, "tier": "2"} for name in ("web-01", "web-01-win")}
    return changed(scenario, facts)


def test_a_datastore_of_the_most_important_tier_is_tried_by_a_machine_of_another_one() -> None:
    found = pilot(stored("gold"))
    vms = stored("gold").estate.virtual_machines
    assert "gold" in {vms[name].datastore for name in found.machines}
    assert "1" not in {vms[name].tier for name in found.machines}


def test_a_datastore_that_only_the_most_important_tier_has_is_said_not_to_be_tried() -> None:
    scenario = stored("silver")
    found = pilot(scenario)
    (left,) = (one for one in found.untried if one.name == "datastore gold")
    assert left.why is Why.IMPORTANT
    assert any("datastore gold" in line and "leaves tier 1 alone" in line for line in told_lines(scenario, found))


VALUES = {
    "firmware": ("bios", "efi", "efi-of-its-own"),
    "tier": ("1", "2", "3"),
    "datastore": ("gold", "silver"),
    "target": ("vmware", "vmware", "hyper-v"),
}


@pytest.mark.parametrize("seed", range(8))
def test_each_value_of_the_estate_is_tried_or_listed_with_its_reason_and_all_who_have_it(seed: int) -> None:
    draw = Random(seed)
    vms = story().estate.virtual_machines
    facts = {name: {fact: draw.choice(values) for fact, values in VALUES.items()} for name in vms}
    scenario = changed(story(), facts)
    found = pilot(scenario, PilotChoice((), (draw.choice(list(vms)),)))
    tried = {one for group in found.groups for one in found.proves[group.machines]}
    left = {one.name: one for one in found.untried}
    for one in scenario.estate.virtual_machines.values():
        group = scenario.estate.replication_groups.get(one.replication_group or "")
        for name in (f"datastore {one.datastore}", f"operating system {one.os.value}", f"firmware {one.firmware}"):
            assert (name in tried) is not (name in left)
            assert name in tried or one.name in left[name].machines
            assert name in tried or set(group.items if group else (one.name,)) <= set(left[name].machines)
    for each in found.untried:
        assert sorted(name for names in each.reasons.values() for name in names) == sorted(each.machines)
    assert any(name.startswith("largest disk") for name in {*tried, *left})


def on_a_blocked_store(*others: str) -> Scenario:
    """All but `others` come home to silver, which the appliance cannot write to."""
    scenario = story()
    names = scenario.estate.virtual_machines
    scenario = changed(scenario, {n: {"datastore": "gold" if n in others else "silver"} for n in names})
    hosts = {
        name: replace(host, datastores=tuple(one for one in host.mounted if one != "silver"))
        for name, host in scenario.estate.hosts.items()
    }
    return replace(scenario, estate=replace(scenario.estate, hosts=hosts))


def test_a_datastore_that_a_rule_bars_is_named_with_its_machines_the_rule_and_that_the_fix_gives_a_better_pilot() -> (
    None
):
    scenario = on_a_blocked_store("web-01", "web-02")
    found = pilot(scenario)
    barred = [name for name in scenario.estate.virtual_machines if name not in ("web-01", "web-02")]
    (line,) = (line for line in told_lines(scenario, found) if line.startswith("Not tried: datastore silver."))
    assert f"Only {len(barred)} machines could (" in line
    assert "A03 (a datastore that the appliance can read and write) blocks them now." in line
    told = "fix A03 first (`failback check SCENARIO.yaml` says how), then choose the pilot again: that one tries more."
    assert told in line
    (left,) = (one for one in as_json(scenario, found)["not_tried"] if one["what"] == "datastore silver")
    assert (left["rules"], left["machines"]) == (["A03"], barred)


def test_what_brings_an_application_home_whole_is_an_option_or_the_fix_of_what_bars_the_rest() -> None:
    scenario = on_a_blocked_store("web-01", "web-02")
    shop = replace(
        scenario, applications=(Application("shop", ("web-01", "web-02")), Application("b", ("web-01", "sql-01")))
    )
    told = "\n".join(told_lines(shop, pilot(shop, PilotChoice(("web-01",), ("web-02",)))))
    assert "To bring it home whole in the pilot: `--with web-02`." in told
    assert "first fix A03 (a datastore that the appliance can read and write) for sql-01; then `--with sql-01`." in told
    assert "plan: together" not in told


def test_the_pilot_says_how_the_return_goes_on_without_its_machines() -> None:
    scenario = story()
    found = pilot(scenario)
    told = "\n".join(told_lines(scenario, found))
    assert f"the plan of the return still has {listed(found.machines)}" in told
    assert "--remaining later.yaml --start START --out rest`" in told


def test_a_datastore_to_fix_first_is_said_beside_the_machine_on_it() -> None:
    scenario = stored("silver")
    silver = scenario.estate.datastores["silver"]
    full = replace(silver, capacity_gib=20_000.0, free_gib=2_500.0)
    stores = {**scenario.estate.datastores, "silver": full}
    scenario = replace(scenario, estate=replace(scenario.estate, datastores=stores))
    found = pilot(scenario)
    assert found.groups
    assert {row.fix_first for row in pilot_rows(scenario, found)} == {("on datastore silver: fix B16 first",)}
    assert "  on datastore silver: fix B16 first" in told_lines(scenario, found)


def test_an_hour_that_comes_twice_counts_twice_until_the_way_home_begins() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    day, next_day = (replace(story(), starts_at=datetime(2026, 10, n, 12, tzinfo=berlin)) for n in (24, 25))
    limit = limit_of(day, next_day, 1)
    assert limit is not None
    assert limit.seconds == 25 * 3600


def paired() -> tuple[Scenario, str, str]:
    """Two machines of the least important tier, one in doubt; the pilot would choose the other one otherwise."""
    scenario = story()
    first = chosen_first(scenario)
    other = next(name for name in scenario.estate.virtual_machines if name not in pilot(scenario).machines)
    tiers = {name: {"tier": "3"} for name in scenario.estate.virtual_machines}
    ranked = changed(scenario, tiers | {"web-04": {"tier": "1"}, first: {"tier": "4"}, other: {"tier": "4"}})
    shop = Application("shop", (first, other))
    return replace(ranked, applications=(shop,), in_doubt=(InDoubt(DoubtBecause.DIFFERS, (other,)),)), first, other


def test_a_machine_of_an_application_with_one_in_doubt_goes_only_where_no_other_can() -> None:
    scenario, first, other = paired()
    found = pilot(scenario)
    assert first in pilot(replace(scenario, applications=())).machines
    assert first not in found.machines
    (line,) = (line for line in told_lines(scenario, found) if line.startswith(f"Not needed: {first}."))
    assert f"a question is open about {other}, of the same application" in line
    only = changed(scenario, {first: {"firmware": "efi-of-its-own"}})
    assert first in pilot(only).machines
    told = "\n".join(told_lines(only, pilot(only)))
    assert f"clear up first, for its application: {other}: the vault and vCenter contradict each other" in told
    groups = {group["machines"][0]: group for group in as_json(only, pilot(only))["groups"]}
    assert [other in text for text in groups[first]["clear_up"]] == [True]
    assert all(not group["clear_up"] for name, group in groups.items() if name != first)


@pytest.mark.parametrize(("between", "is_chosen"), [("b", False), ("elsewhere", True)])
def test_a_machine_in_doubt_counts_for_all_applications_that_wait_for_its_own(between: str, is_chosen: bool) -> None:
    scenario, first, other = paired()
    waits, doubted = Application("a", (first,), depends_on=("b",)), Application("c", (other,), depends_on=(between,))
    chain = (waits, Application(between, (), depends_on=("c",)), doubted)
    assert (first in pilot(replace(scenario, applications=chain)).machines) is is_chosen


_WITH_A_REASON = ("Passed over: ", "Not needed: ", "Left out for time: ")


def of_every_reason() -> Scenario:
    """One machine blocked, one in doubt, one of the most important tier, one of which its group is in doubt."""
    scenario = changed(story(), {"web-01": {"target": "hyper-v"}, "web-03": {"tier": "1"}})
    vms = {name: replace(vm, tier=vm.tier or "2") for name, vm in scenario.estate.virtual_machines.items()}
    estate = replace(scenario.estate, virtual_machines=vms)
    return replace(scenario, estate=estate, in_doubt=(InDoubt(DoubtBecause.DIFFERS, ("web-02", "pg-01")),))


def test_each_machine_outside_of_the_pilot_has_a_reason_in_words_and_in_json() -> None:
    scenario, choice = of_every_reason(), PilotChoice((), ("web-04",))
    found = pilot(scenario, choice)
    outside = set(scenario.estate.virtual_machines) - set(found.machines)
    data = as_json(scenario, found)["not_chosen"]
    assert sorted(name for one in data for name in one["machines"]) == sorted(outside)
    why = {name: one["why"] for one in data for name in one["machines"]}
    named = ("web-01", "web-02", "pg-02", "web-03", "web-04")
    assert [why[name] for name in named] == ["blocked", "in doubt", "in doubt", "most important tier", "left out"]
    assert "nothing new" in why.values()
    lines = [line for line in told_lines(scenario, found) if line.startswith(_WITH_A_REASON)]
    told = {name for line in lines for name in spelled(line, list(scenario.estate.virtual_machines))}
    assert told == outside


def spelled(line: str, every: list[str]) -> Iterator[str]:
    """The machines that a line is about, with those between the ends of a range."""
    for piece in line.partition(": ")[2].partition(". ")[0].split(", "):
        first, _, last = piece.partition(" to ")
        yield from every[every.index(first) : every.index(last or first) + 1]


def test_of_those_that_are_not_needed_it_is_said_which_machines_try_all_of_it() -> None:
    found = pilot(story())
    tried = {one for group in found.groups for one in group.properties}
    for one in found.not_chosen:
        assert one.why is Why.NOTHING_NEW
        assert set(one.could_try) <= tried
        assert set(one.tried_by) <= set(found.machines)
    assert {name for one in found.not_chosen for name in one.machines}.isdisjoint(found.machines)


def test_a_pilot_that_nobody_can_be_in_names_every_machine_with_its_reason(tmp_path: Path) -> None:
    scenario = of_every_reason()
    vms = scenario.estate.virtual_machines
    tiers = {name: {"tier": "1"} for name in vms if name not in ("web-01", "web-02")}
    file = tmp_path / "mine.yaml"
    file.write_text(resolved_text(changed(scenario, tiers), "x"), "utf-8")
    with pytest.raises(BadInput) as caught:
        run_pilot(str(file), 1, tmp_path / "out", json_wanted=False)
    told = str(caught.value)
    assert "Of the most important tier, which a pilot leaves alone" in told
    assert "sql-01" in told


def tiers_of(scenario: Scenario, *important: str) -> Scenario:
    """These machines of tier 1, pg-01 and pg-02 of tier 2, and the others of tier 3."""
    tiers = {name: {"tier": "3"} for name in scenario.estate.virtual_machines}
    tiers |= {name: {"tier": "2"} for name in ("pg-01", "pg-02")}
    return changed(scenario, tiers | {name: {"tier": "1"} for name in important})


def test_where_a_machine_of_the_next_tier_goes_the_choice_without_it_is_told_as_a_command() -> None:
    scenario = changed(tiers_of(story(), "sql-01", "sql-02"), {"pg-01": {"firmware": "efi-of-its-own"}})
    found = pilot(scenario)
    assert "pg-01" in found.machines
    assert found.less_at_stake is not None
    other = found.less_at_stake.other
    assert "firmware efi-of-its-own" in other.loses
    told = "\n".join(note.line() for note in notes(replace(found, shorter=None), (), ()))
    assert "Less at stake: with --without pg-01" in told
    assert "no machine is of tier 2; it brings home " in told
    again = pilot(scenario, PilotChoice(other.taken, other.without))
    assert set(again.machines) == set(other.machines)
    assert again.less_at_stake is None
    assert as_json(scenario, found)["less_at_stake"]["without"] == list(other.without)


def test_where_an_application_is_in_parts_the_choice_that_leaves_it_alone_is_told() -> None:
    scenario = changed(tiers_of(story(), "web-04"), {"web-01": {"firmware": "own"}, "web-02": {"target": "hyper-v"}})
    scenario = replace(scenario, applications=(Application("shop", ("web-01", "web-02")),))
    found = pilot(scenario)
    assert found.less_at_stake is not None
    assert found.less_at_stake.whole
    assert "web-01" in found.less_at_stake.other.without
    asked = pilot(scenario, PilotChoice(("web-01",)))
    assert asked.less_at_stake is None, "a person wants it so"
