"""A watch: what it shows of a night that others run, how seldom it asks, and what it does when nothing can be seen."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import requests
import responses

from failback.adapters import BadSettings, VaultLook
from failback.reprotect import (
    HOMEWARD,
    LEGS,
    Architecture,
    ItemSeen,
    Line,
    Phase,
    Progress,
    Unreachable,
    VmFacts,
    end_of,
)
from failback.reprotect.driver import LegReader
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.watching.clock import NightClock
from failback.scenarios.watching.measured import measured
from failback.scenarios.watching.pages import html
from failback.scenarios.watching.record import CLOCK, LOOK_FAILED, LOOKED_AGAIN, Record
from failback.scenarios.watching.sending import homeward
from failback.scenarios.watching.shown import as_json, cells, summary
from failback.scenarios.watching.standing import State
from failback.scenarios.watching.watch import Watch
from failback.simulator.arm import ArmMock, mock

from .hidden_night import as_filed
from .watched_night import Vault, still, watch_over, watched_drill


class Night:
    """A drill and who watches it."""

    def __init__(self, scenario: Scenario, every_s: float) -> None:
        self.lines: list[Line] = []
        self.scenario, self.every_s, self.shown = scenario, every_s, list[Any]()
        self.watch: Watch | None = None
        self.result = watched_drill(scenario, every_s, self._look)

    def _look(self, arm: ArmMock, now_s: float) -> None:
        if self.watch is None:
            estate = self.scenario.estate
            self.vault = Vault(arm, tuple(estate.virtual_machines), tuple(estate.recovery_plans))
            look = self.vault.look()
            self.watch = watch_over(self.scenario, self.vault, look.at, self.lines.append)
            self.watch.begin(look)
        else:
            self.watch.look()
        self.shown.append((now_s, self.watch.standing()))


@pytest.fixture(
    scope="module", params=[("one_vm", 60.0), ("one_modernised_vm", 120.0), ("plan_of_three_groups", 300.0)]
)
def night(request: pytest.FixtureRequest) -> Night:
    name, every_s = request.param
    return Night(load_scenario(resolve(name)), every_s)


def test_what_is_read_from_the_history_of_a_watch_are_the_legs_of_the_drill(night: Night) -> None:
    reader = LegReader()
    for line in night.lines:
        reader.on_line(line)
    run = {(leg.item, leg.leg): leg for leg in night.result.legs if leg.outcome == "done"}
    seen = {(leg.item, leg.leg): leg for leg in reader.legs if leg.outcome == "done"}
    last = max(leg.end_s or 0.0 for leg in run.values())
    assert {key for key in run.keys() - seen.keys() if run[key].end_s != last} == set(), "the last end is not looked at"
    for key, leg in run.items():
        if key not in seen:
            continue
        by_plan = night.scenario.plan.recovery_plans and "reprotect" not in leg.leg.value
        assert seen[key].start_s >= leg.start_s - 1.0 if by_plan else seen[key].start_s == pytest.approx(leg.start_s)
        assert seen[key].end_s == pytest.approx(leg.end_s, abs=night.every_s + 1.0), key


def test_every_machine_is_home_in_the_end_and_none_is_before(night: Night) -> None:
    assert night.shown[-1][1].over or {row.state for row in night.shown[-1][1].rows} == {State.RUNNING, State.HOME}
    away = set()
    for now_s, stands in night.shown:
        away |= {row.item for row in stands.rows if row.state is not State.HOME}
        for row in stands.rows:
            ends = [leg.end_s for leg in night.result.legs if (leg.item, leg.leg) == (row.item, LEGS[4])]
            assert row.state is not State.HOME or row.item not in away or now_s >= ends[-1] - 1


def test_the_progress_of_a_resync_is_told_in_bytes(night: Night) -> None:
    told = [row for _, stands in night.shown for row in stands.rows if row.percent is not None]
    assert any(row.scanned_bytes and row.transferred_bytes and 0 < row.percent < 100 for row in told)
    assert all("GiB compared" in cells(row)[5] for row in told if row.scanned_bytes is not None)


def test_how_old_the_newest_recovery_point_is_stands_beside_a_machine_that_replicates(night: Night) -> None:
    told = [row for _, stands in night.shown for row in stands.rows if row.rpo_s is not None]
    assert told
    assert all(cells(row)[6] == f"{row.rpo_s} s" for row in told)
    assert all(as_json(stands)["machines"] for _, stands in night.shown)


def test_a_night_as_planned_is_not_late_and_nothing_holds_it_up(night: Night) -> None:
    assert not any(stands.blocks for _, stands in night.shown)


# How seldom it asks


def thousand(phase: str = "failover_committed") -> Scenario:
    scenario = load_scenario(resolve("one_modernised_vm"))
    vm = next(iter(scenario.estate.virtual_machines.values()))
    names = [f"vm-{n:04}" for n in range(1000)]
    machines = {name: replace(vm, name=name, at=Phase(phase), resync_done_fraction=0.3) for name in names}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))


def lists_of(asked: list[str]) -> list[str]:
    return [each for each in asked if each.endswith(("/replicationProtectedItems", "/replicationJobs"))]


@pytest.mark.slow
def test_a_thousand_machines_are_looked_at_within_the_budget_of_reads() -> None:
    scenario = thousand()
    arm = still(scenario)
    with mock(arm):
        vault = Vault(arm, tuple(scenario.estate.virtual_machines))
        looks = [vault.look(400) for _ in range(4)]
    assert len(looks[0].items) == 1000, "those that were not read alone are known by the list"
    assert [look.waiting for look in looks] == [600, 200, 0, 0]
    singles = [len(asked) - len(lists_of(asked)) for asked in vault.asked]
    assert singles == [400, 400, 200, 0], "where nothing changes, two lists are all that is asked"
    assert all(method.startswith("GET ") for asked in vault.asked for method in asked)
    assert max(len(lists_of(asked)) for asked in vault.asked) <= 12


def test_machines_that_resync_are_read_in_turn() -> None:
    scenario = thousand("resyncing_to_on_premises")
    few = dict(list(scenario.estate.virtual_machines.items())[:9])
    scenario = replace(scenario, estate=replace(scenario.estate, virtual_machines=few))
    arm = still(scenario)
    with mock(arm):
        vault = Vault(arm, tuple(few))
        vault.look()
        for _ in range(3):
            arm.state.world.catch_up(arm.state.world.env.now + 60)
            vault.look(3)
    read = [[each for each in asked if each not in lists_of(asked)] for asked in vault.asked[1:]]
    assert [len(each) for each in read] == [3, 3, 3]
    assert len({name for each in read for name in each}) == 9


def test_a_resync_that_was_not_read_again_does_not_count_as_standing_still() -> None:
    scenario, watches = as_filed(Architecture.MODERNISED), list[Watch]()

    def look(arm: ArmMock, _: float) -> None:
        if not watches:
            vault = Vault(arm, tuple(scenario.estate.virtual_machines))
            watches.append(watch_over(scenario, vault, vault.look().at))
        watches[0]._take(watches[0].looks.look(1))

    watched_drill(scenario, 240.0, look)
    homes = [homeward(machine) for machine in watches[0].recorder.record.machines.values()]
    assert min(map(len, homes)) >= 3
    assert all(one.done != other.done for home in homes for one, other in pairwise(home))


def test_a_resync_that_was_read_again_and_did_nothing_stands_still_since_then(still_night: Any) -> None:
    watch, _, _ = still_night
    (name,) = watch.recorder.record.machines
    seen = ItemSeen(name, Architecture.MODERNISED, Phase.RESYNCING_TO_ON_PREMISES, True, (), 10)
    done = {name: Progress(10, 5, None, (10,))}
    for second in (60, 120, 180):
        at = watch.recorder.zero + timedelta(seconds=second)
        watch._take(VaultLook(at, {name: seen}, done, fresh={name: at}))
    assert watch.recorder.record.machines[name].stalled_since_s == 60.0
    assert len(homeward(watch.recorder.record.machines[name])) == 2, "it is written down once"


def test_the_rates_of_a_night_are_told_by_when_each_item_was_read() -> None:
    """Reads take a while: here every other look is slow, by a minute before each item that it reads alone."""
    scenario, watches, looks = as_filed(Architecture.MODERNISED), list[Watch](), list[int]()
    line = scenario.estate.link.bandwidth_mbit_per_s

    def look(arm: ArmMock, _: float) -> None:
        if not watches:
            vault = Vault(arm, tuple(scenario.estate.virtual_machines))
            watches.append(watch_over(scenario, vault, vault.look().at))
            vault.before = lambda url: passes_a_minute(arm, url)
        looks.append(1)
        watches[0].look()

    def passes_a_minute(arm: ArmMock, url: str) -> None:
        if len(looks) % 2 and "/replicationProtectedItems/" in url:
            arm.world.catch_up(arm.world.env.now + 60.0)

    watched_drill(scenario, 240.0, look)
    found = measured(watches[0].recorder.record, scenario)
    assert found.line_mbit_per_s == pytest.approx(line, rel=0.01)
    assert found.scan_mib_per_s == pytest.approx(scenario.site.scan_mib_per_s, rel=0.01)


# What cannot be seen


@pytest.fixture
def still_night() -> Iterator[tuple[Watch, Vault, ArmMock]]:
    scenario = load_scenario(resolve("one_modernised_vm"))
    arm = still(scenario)
    with mock(arm):
        vault = Vault(arm, tuple(scenario.estate.virtual_machines))
        look = vault.look()
        watch = watch_over(scenario, vault, look.at, chance=lambda: 1.0)
        watch.begin(look)
        yield watch, vault, arm


def test_a_vault_that_cannot_be_seen_is_told_once_and_asked_again(still_night: Any) -> None:
    watch, vault, _ = still_night
    vault.broken = Unreachable("The vault cannot be reached.")
    assert watch.look() == ("the vault cannot be seen: The vault cannot be reached.",)
    assert watch.look() == ()
    assert watch.standing().lost == "The vault cannot be reached."
    assert "this is the last look" in " ".join(summary(watch.standing()))
    assert html(watch.standing(), 60).count("this is the last look") == 1
    vault.broken = None
    assert watch.look() == ("the vault can be seen again",)
    assert watch.standing().lost == ""
    assert [told.kind for told in watch.recorder.record.told] == [LOOK_FAILED, LOOKED_AGAIN]


def test_the_wait_after_looks_that_fail_grows_up_to_ten_minutes(still_night: Any) -> None:
    watch, vault, _ = still_night
    slept: list[float] = []
    watch.sleep = slept.append
    vault.broken = BadSettings("There is no vault.")
    for _ in range(6):
        watch.look()
        watch.wait()
    vault.broken = None
    watch.look()
    watch.wait()
    assert slept == [120.0, 240.0, 480.0, 600.0, 600.0, 600.0, 60.0]


ODD_ANSWERS = {
    "the page of a proxy with status 200": {"status": 200, "body": "<html>Sign in</html>"},
    "a list without a value": {"status": 200, "body": '{"error": null}'},
    "a token that has ended": {"status": 401, "body": '{"error": {"code": "ExpiredAuthenticationToken"}}'},
    "throttling": {"status": 429, "body": "{}", "headers": {"Retry-After": "0"}},
    "a service that is down": {"status": 503, "body": "", "headers": {"Retry-After": "0"}},
    "a connection that is lost": {"body": requests.ConnectionError("gone")},
}


@pytest.mark.parametrize("answer", ODD_ANSWERS.values(), ids=ODD_ANSWERS.keys())
def test_whatever_answers_in_place_of_the_vault_is_told_in_a_paragraph_and_tried_again(answer: Any) -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    arm = still(scenario)
    vault = Vault(arm, tuple(scenario.estate.virtual_machines))
    with mock(arm):
        look = vault.look()
        watch = watch_over(scenario, vault, look.at)
        watch.begin(look)
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:
        import re

        net.add("GET", re.compile("https://management.azure.com/.*"), **answer)
        (told,) = watch.look()
    assert told.startswith("the vault cannot be seen: ")
    assert "\n" not in told
    with mock(arm):
        assert watch.look() == ("the vault can be seen again",)


def test_two_items_of_one_name_are_told_as_ambiguous() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    (name,) = scenario.estate.virtual_machines
    at = scenario.starts_at
    watch = watch_over(scenario, Vault(still(scenario), (name,)), at)
    twice = VaultLook(at, {}, unclear={name: f"2 items named '{name}'"})
    assert watch.begin(twice) == (
        f"{name}: ambiguous: the vault has 2 items named '{name}'; nobody can tell which one is meant, so rename one",
    )
    (row,) = watch.standing().rows
    assert row.state is State.UNSEEN
    assert watch.standing().blocks


def test_a_machine_whose_replication_somebody_disables_is_told_once_and_the_night_goes_on() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    first, *others = scenario.estate.virtual_machines
    arm = still(scenario)
    with mock(arm):
        vault = Vault(arm, (first, *others))
        watch = watch_over(scenario, vault, scenario.starts_at)
        watch.begin(vault.look())
        before = {row.item: row.state for row in watch.standing().rows}
        del arm.world.vault.items[first]
        told = [line for _ in range(3) for line in watch.look()]
    assert told == [f"{first}: the vault has no protected item of this name"]
    now = {row.item: row.state for row in watch.standing().rows}
    assert now.pop(first) is State.UNSEEN
    assert now == {name: before[name] for name in others}


def test_an_item_that_goes_between_the_list_and_its_own_read_is_missed_by_the_next_look() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    (name,) = scenario.estate.virtual_machines
    arm = still(scenario)
    with mock(arm):
        vault = Vault(arm, (name,))

        def disabled(url: str) -> None:
            if "/replicationProtectedItems/" in url:
                arm.world.vault.items.pop(name, None)

        vault.before = disabled
        assert (tuple(vault.look().items), vault.look().missing) == ((name,), (name,))
    assert any("/replicationProtectedItems/" in asked for asked in vault.asked[0]), "and it was read alone"


def test_two_items_of_one_name_in_the_vault_are_found_and_neither_is_taken() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    (name,) = scenario.estate.virtual_machines
    arm = still(scenario)
    handle = arm.handle

    def doubled(method: str, url: str, headers: Any, body: bytes) -> Any:
        answer = handle(method, url, headers, body)
        if "/replicationProtectedItems?" in url:
            import json

            rows = json.loads(answer.body)["value"]
            other = {**rows[0], "id": rows[0]["id"] + "-b", "name": rows[0]["name"] + "-b"}
            return replace(answer, body=json.dumps({"value": [*rows, other]}).encode())
        return answer

    arm.handle = doubled  # type: ignore[method-assign]
    with mock(arm):
        look = Vault(arm, (name,)).look()
    assert look.items == {}
    assert look.unclear[name].startswith(f"2 items named '{name}' (ids ")


# The clock


@pytest.mark.parametrize("jump_s", [3600, -3600])
def test_a_clock_that_jumps_by_an_hour_is_told_and_the_night_goes_on(still_night: Any, jump_s: int) -> None:
    watch, vault, _ = still_night
    walls = iter(range(0, 10**6, 60))
    zero = watch.recorder.zero
    watch.clock = NightClock(zero, 0.0, wall=lambda: float(next(walls)))
    look = vault.look()
    at = zero
    seconds = []
    for minute in range(1, 8):
        at = zero + timedelta(minutes=minute, seconds=jump_s if minute > 3 else 0)
        watch._take(replace(look, at=at))
        seconds.append(watch.recorder.record.now_s if watch.recorder.record.now_s else 0.0)
    told = [each.text for each in watch.recorder.record.told if each.kind == CLOCK]
    assert len(told) == 1
    assert ("went back by" in told[0]) == (jump_s < 0)
    assert ("1 h 1 min passed at the vault and 1 min here" in told[0]) == (jump_s > 0)
    assert seconds == sorted(seconds)


# What holds a machine up


def test_a_machine_that_was_switched_on_on_site_while_it_is_a_target_is_held_up(still_night: Any) -> None:
    watch, vault, _ = still_night
    (name,) = watch.recorder.record.machines
    seen = ItemSeen(name, Architecture.MODERNISED, Phase.RESYNCING_TO_ON_PREMISES, True, (), 10)
    vault.site = {name: VmFacts(name, True, ("[ds] a.vmdk",), ())}
    watch._take(VaultLook(watch.recorder.zero, {name: seen}))
    (row,) = watch.standing().rows
    assert row.state is State.BLOCKED
    assert [each.id for each in row.holds if not each.by_file] == ["R33"]
    assert row.who


def test_a_machine_that_is_home_and_that_somebody_deletes_on_site_is_told_once_and_held_up(still_night: Any) -> None:
    watch, vault, _ = still_night
    (name,) = watch.recorder.record.machines
    seen = ItemSeen(name, Architecture.MODERNISED, Phase.FAILED_BACK, True)
    vault.site = {name: VmFacts(name, True, ("[ds] a.vmdk",), ())}
    watch._take(VaultLook(watch.recorder.zero, {name: seen}))
    assert watch.standing().rows[0].state is not State.BLOCKED
    vault.site = {}
    told = [watch._take(VaultLook(watch.recorder.zero + timedelta(minutes=n), {name: seen})) for n in (1, 2)]
    assert told == [(f"{name}: on site it is not there",), ()]
    (row,) = watch.standing().rows
    assert row.state is State.BLOCKED
    assert [each.text for each in row.holds] == ["it was moved home, but the vCenter shows no machine of this name"]
    assert row.who == "VMware administrator"
    vault.site = None
    watch._take(VaultLook(watch.recorder.zero + timedelta(minutes=3), {name: seen}))


def test_a_health_error_is_told_with_its_rule_and_who_must_act(still_night: Any) -> None:
    watch, _, _ = still_night
    (name,) = watch.recorder.record.machines
    at = watch.recorder.zero
    seen = ItemSeen(name, Architecture.CLASSIC, Phase.REPLICATING_TO_ON_PREMISES, True, ("78022",))
    changes = watch._take(VaultLook(at, {name: seen}))
    assert f"{name}: health error 78022" in changes
    (row,) = watch.standing().rows
    assert row.state is State.BLOCKED
    assert row.who
    assert as_json(watch.standing())["machines"][0]["holds"][0]["text"].startswith("health error 78022")


def test_a_machine_that_the_plan_would_have_moved_by_now_is_due_and_late(still_night: Any) -> None:
    watch, _, _ = still_night
    (name,) = watch.recorder.record.machines
    seen = ItemSeen(name, Architecture.MODERNISED, end_of(LEGS[1]), True)
    _, end = watch.watched.plan.legs[name, HOMEWARD]
    watch._take(VaultLook(watch.recorder.zero + timedelta(seconds=end + 3600), {name: seen}))
    (row,) = watch.standing().rows
    assert row.state is State.DUE
    assert row.who == "whoever runs the plan"
    assert cells(row)[7] == "1 h late"


def test_a_record_of_nothing_says_nothing() -> None:
    assert Record(()).legs == ()
