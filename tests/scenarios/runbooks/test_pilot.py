"""The pilot covers what the plan needs with few machines."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from failback.reprotect import Architecture
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import library, load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import Homecoming, Scenario, Target
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.run.player import play
from failback.scenarios.runbooks.pilot import Pilot, pilot
from failback.scenarios.runbooks.pilot_command import run_pilot
from failback.scenarios.runbooks.pilot_limits import PilotChoice, Why
from failback.scenarios.runbooks.pilot_rows import as_json
from failback.scenarios.runbooks.pilot_settling import restricted
from failback.scenarios.runbooks.pilot_words import told_lines
from failback.scenarios.usage_error import UsageError
from failback.simulator.mobility_agent import REGISTERS_WHEN


def properties_left(found: Pilot) -> dict[str, tuple[str, ...]]:
    """What is not tried, without what costs no machine."""
    return {one.name: one.machines for one in found.untried if one.why not in (Why.WARNING, Why.STORE)}


def story(name: str) -> Scenario:
    return load_scenario(resolve(name))


def test_the_pilot_of_the_first_drill_covers_both_systems_both_targets_and_the_largest_disk() -> None:
    found = pilot(story("first_drill"))
    proved = {one for proves in found.proves.values() for one in proves}
    assert {"operating system linux", "operating system windows", "through mt-linux", "through mt-windows"} <= proved
    assert "largest disk (400 GiB)" in proved
    assert not properties_left(found)
    assert len(found.machines) < 6


def test_no_set_of_fewer_groups_covers_as_much() -> None:
    found = pilot(story("first_drill"))
    assert all(found.proves[group.machines] for group in found.groups), "each group proves something new"


def test_of_two_machines_alike_the_one_without_a_promise_goes_first() -> None:
    scenario = story("first_drill_modernised")
    promised = replace(scenario.estate.virtual_machines["sql-01"], tier="gold")
    machines = dict(scenario.estate.virtual_machines) | {promised.name: promised}
    changed = replace(
        scenario,
        estate=replace(scenario.estate, virtual_machines=machines),
        homecoming=Homecoming(targets=(Target("gold", downtime_s=60.0),)),
    )
    assert "sql-01" in pilot(scenario).machines
    assert "sql-01" not in pilot(changed).machines
    assert "sql-02" in pilot(changed).machines


def test_a_machine_that_others_wait_for_counts_as_promised() -> None:
    scenario = story("first_drill_modernised")
    needed = Application("base", ("sql-01",))
    other = Application("shop", (), depends_on=("base",))
    assert "sql-02" in pilot(replace(scenario, applications=(needed, other))).machines


def tiered(tiers: Mapping[str, str]) -> Scenario:
    """The first drill, with a tier for each machine that is named, and 3 for the others."""
    scenario = story("first_drill_modernised")
    found = scenario.estate.virtual_machines
    vms = {name: replace(vm, tier=tiers.get(name, "3")) for name, vm in found.items()}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=vms))


def test_a_machine_of_the_most_important_tier_stays_and_what_only_it_has_is_named_with_the_option() -> None:
    """Both databases have the largest disk; neither goes early unless somebody says so."""
    scenario = tiered({"sql-01": "1", "sql-02": "1"})
    found = pilot(scenario)
    assert not {"sql-01", "sql-02"} & set(found.machines)
    (left,) = (one for one in found.untried if one.name == "largest disk (400 GiB)")
    assert (left.machines, left.why) == (("sql-01", "sql-02"), Why.IMPORTANT)
    told = "\n".join(told_lines(scenario, found))
    assert "Not tried: largest disk (400 GiB). Only sql-01, sql-02 could, and a pilot leaves tier 1 alone." in told
    assert f"To try it: --with {left.offers[0]} (tier 1)." in told
    taken = pilot(scenario, PilotChoice(left.offers))
    assert left.offers[0] in taken.machines
    assert "largest disk (400 GiB)" not in {one.name for one in taken.untried}


def test_of_two_tiers_below_the_first_the_less_important_goes_wherever_it_can() -> None:
    """Every web server and database but one of each pair is in tier 2; `pg-cluster` is a group of tier 3."""
    names = [name for name in story("first_drill_modernised").estate.virtual_machines if not name.startswith("pg")]
    scenario = tiered({name: "2" for name in names if "-02" not in name} | {"web-04-win": "1"})
    assert {group.rank for group in pilot(scenario).groups} == {3.0}
    assert {group.rank for group in pilot(tiered(dict.fromkeys(names, "2"))).groups} == {3.0}, "2 is the first tier"


def test_the_tier_of_the_application_counts_and_not_that_of_the_machine_alone() -> None:
    """The servers of the most important application have a tier without a number, or a less important one."""
    scenario = tiered({"web-01": "web", "web-02": "4", "web-03": "2"})
    erp = Application("erp", ("web-01", "web-02", "sql-01"), "1")
    found = pilot(replace(scenario, applications=(erp, Application("shop", ("web-03",), "2"))))
    assert set(found.machines).isdisjoint(erp.machines)
    only = replace(scenario.estate.virtual_machines["web-02"], firmware="efi-of-its-own")
    vms = {**scenario.estate.virtual_machines, "web-02": only}
    rare = replace(scenario, applications=(erp,), estate=replace(scenario.estate, virtual_machines=vms))
    told = "\n".join(told_lines(rare, pilot(rare)))
    assert "Not tried: firmware efi-of-its-own. Only web-02 could, and a pilot leaves tier 1 alone." in told
    assert "To try it: --with web-02 (tier 4, application erp: tier 1)." in told


def test_of_machines_alike_those_go_that_leave_no_application_in_parts() -> None:
    scenario = story("first_drill_modernised")
    first, *_ = (group.machines[0] for group in pilot(scenario).groups if len(group.machines) == 1)
    parted = replace(scenario, applications=(Application("shop", (first, "web-04")),))
    found = pilot(parted)
    assert first not in found.machines
    assert len(found.machines) == len(pilot(scenario).machines)


def test_work_after_the_return_that_no_machine_of_the_pilot_needs_is_named() -> None:
    scenario = tiered({"web-01-win": "1"})
    vms = dict(scenario.estate.virtual_machines)
    vms["web-01-win"] = replace(vms["web-01-win"], tools=None)
    found = pilot(replace(scenario, estate=replace(scenario.estate, virtual_machines=vms)))
    (left,) = (one for one in found.untried if one.name.startswith("work after the failback: G02"))
    assert (left.machines, left.offers) == (("web-01-win",), ("web-01-win",))


def test_a_server_through_which_nobody_comes_home_is_named() -> None:
    scenario = story("first_drill_modernised")
    (box,) = list(scenario.estate.appliances.values())[:1]
    boxes = {**scenario.estate.appliances, "spare-box": replace(box, name="spare-box")}
    larger = replace(scenario, estate=replace(scenario.estate, appliances=boxes))
    found = pilot(larger)
    assert [one.why for one in found.untried if one.name == "through spare-box"] == [Why.NO_MACHINE]
    assert "{appliance: spare-box}`" in "\n".join(told_lines(larger, found))


def test_a_pilot_does_not_send_through_a_server_that_is_known_to_be_unhealthy() -> None:
    scenario = story("first_drill_modernised")
    (box,) = list(scenario.estate.appliances.values())[:1]
    boxes = {**scenario.estate.appliances, "spare-box": replace(box, name="spare-box", healthy=False)}
    larger = replace(scenario, estate=replace(scenario.estate, appliances=boxes))
    told = "\n".join(told_lines(larger, pilot(larger)))
    assert "{appliance: spare-box}" not in told
    assert " from coming home through it (A01, a healthy appliance); `failback check SCENARIO.yaml` says how." in told


def test_a_machine_that_is_left_out_or_cannot_go_is_refused_or_named() -> None:
    scenario = story("first_drill_modernised")
    first = pilot(scenario).machines[0]
    assert first not in pilot(scenario, PilotChoice((), (first,))).machines
    for wrong in (PilotChoice(("nobody",)), PilotChoice((first,), (first,))):
        with pytest.raises(UsageError):
            pilot(scenario, wrong)
    vms = dict(scenario.estate.virtual_machines) | {
        first: replace(scenario.estate.virtual_machines[first], target="hyper-v")
    }
    with pytest.raises(UsageError, match="a rule blocks it now"):
        pilot(replace(scenario, estate=replace(scenario.estate, virtual_machines=vms)), PilotChoice((first,)))


def test_a_group_goes_as_a_whole() -> None:
    found = pilot(story("modernised_replication_group"))
    assert set(found.machines) == {"node-1", "node-2", "node-3"}


def test_what_only_a_blocked_machine_has_is_said() -> None:
    scenario = story("first_drill_modernised")
    sql = {n: replace(vm, target="hyper-v") for n, vm in scenario.estate.virtual_machines.items() if "sql" in n}
    machines = dict(scenario.estate.virtual_machines) | sql
    found = pilot(replace(scenario, estate=replace(scenario.estate, virtual_machines=machines)))
    assert not set(found.machines) & set(sql)
    assert properties_left(found)["largest disk (400 GiB)"] == tuple(sql)


def test_the_pilot_alone_can_be_rehearsed() -> None:
    scenario = story("first_drill")
    result = play(restricted(scenario, pilot(scenario).machines))
    assert {item.stopped_by for item in result.items} == {""}


def test_the_command_writes_the_runbook_and_says_what_each_proves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_pilot("first_drill", 1, tmp_path / "pilot", json_wanted=False)
    told = capsys.readouterr().out
    assert "tries first: " in told
    assert "How to back out:\n  Until Failback: " in told
    page = (tmp_path / "pilot" / "runbook.md").read_text("utf-8")
    for text in (told, page.partition("## What the pilot tries")[2].partition("\n## ")[0]):
        assert text.count("Until Failback: ask for nothing more") == 1, "said once for all machines"
    assert "\n  Never" in told
    assert (tmp_path / "pilot" / "runbook.html").is_file()
    run_pilot("first_drill", 1, tmp_path / "pilot", json_wanted=True)
    data = json.loads(capsys.readouterr().out)
    assert data["machines"]
    assert data["not_covered"] == {}


def served_by_two() -> Scenario:
    """The one machine with EFI has a configuration server of its own."""
    scenario = story("one_vm")
    estate, server = scenario.estate, next(iter(scenario.estate.configuration_servers.values()))
    (vm,) = estate.virtual_machines.values()
    servers = {server.name: server, "silent": replace(server, name="silent")}
    small = tuple(replace(disk, size_gib=disk.size_gib / 2) for disk in vm.disks)
    vms = {
        vm.name: replace(vm, configuration_server=server.name, firmware="bios"),
        "small": replace(vm, name="small", configuration_server="silent", disks=small, firmware="efi"),
    }
    return replace(scenario, estate=replace(estate, configuration_servers=servers, virtual_machines=vms))


def never_register(monkeypatch: pytest.MonkeyPatch, *machines: str) -> None:
    """Agents that no fact of the estate explains."""
    monkeypatch.setitem(cast(Any, REGISTERS_WHEN), Architecture.CLASSIC, lambda _, item: item not in machines)


def test_a_machine_that_stops_only_in_the_simulation_is_passed_over_with_its_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    never_register(monkeypatch, "small")
    scenario = served_by_two()
    assert not list(check_estate(scenario.estate, scenario.plan).of(Status.BLOCKS))
    found = pilot(scenario)
    assert "small" not in found.machines
    assert properties_left(found) == {"firmware efi": ("small",)}
    assert [(stop.item, stop.rule) for stop in found.passed_over] == [("small", "R23")]
    told = "\n".join(told_lines(scenario, found))
    assert "Passed over: small. In the simulation, it stops at Reprotect to on-premises (R23" in told
    assert "Not tried: firmware efi. Only small could, and it stops in the simulation." in told
    assert as_json(scenario, found)["passed_over"][0]["machine"] == "small"


def test_an_application_of_which_only_some_machines_come_home_early_is_named() -> None:
    scenario = story("first_drill_modernised")
    early = pilot(scenario).machines
    rest = next(name for name in scenario.estate.virtual_machines if name not in early)
    shop = replace(scenario, applications=(Application("shop", (early[0], rest)),))
    told = "\n".join(told_lines(shop, pilot(shop, PilotChoice(early))))
    assert f"Of shop, only {early[0]} comes home early, and not {rest}." in told
    assert "failback watch" in told


def test_the_printed_pilot_says_who_is_in_parts_until_the_main_return_and_what_the_owner_must_confirm(
    tmp_path: Path,
) -> None:
    scenario = story("first_drill_modernised")
    early = pilot(scenario).machines
    rest = next(name for name in scenario.estate.virtual_machines if name not in early)
    shop, whole = Application("shop", (early[0], rest)), Application("whole", (early[1],))
    file = tmp_path / "whole.yaml"
    file.write_text(resolved_text(replace(scenario, applications=(shop, whole)), "x"), encoding="utf-8")
    run_pilot(str(file), 1, tmp_path / "pilot", json_wanted=False, choice=PilotChoice(early))
    for name, owners in (("runbook.md", "## For the owners"), ("runbook.html", "owner of shop</h2>")):
        text = (tmp_path / "pilot" / name).read_text("utf-8")
        top, _, page = text.partition("People")
        for part in (top, page.partition(owners)[2]):
            assert part.count("From the pilot until the main return, it is in parts, on site and in Azure.") == 1
            assert "Its owner must confirm before the pilot that it works like that, across the link." in part
        stop = f"STOP: as planned, {rest} (not in the pilot) stays in Azure, to which {early[0]} belongs."
        assert stop in text.replace("<strong>", "").replace("</strong>", "")
    asked = [line for line in (tmp_path / "pilot" / "steps.csv").read_text("utf-8").splitlines() if "STOP: as" in line]
    assert len(asked) == 1
    assert ",Failback," in asked[0]
    assert f",{early[0]}," in asked[0]


def test_where_every_machine_stops_in_the_simulation_the_refusal_says_at_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    never_register(monkeypatch, "app-01")
    with pytest.raises(BadInput) as bad:
        run_pilot("one_vm", 1, tmp_path / "pilot", json_wanted=False)
    assert "stops in the simulation" in str(bad.value)
    assert "R23" in str(bad.value)


def test_a_pilot_begins_when_it_is_told_to(tmp_path: Path) -> None:
    run_pilot("one_vm", 1, tmp_path / "pilot", json_wanted=False, start="2026-07-04 02:00")
    assert "Sat 4 Jul 2026, 02:00" in (tmp_path / "pilot" / "runbook.md").read_text("utf-8")


def test_a_start_is_read_with_the_offset_of_the_scenario(tmp_path: Path) -> None:
    """`new --tz Europe/Berlin` writes +01:00 or +02:00, and an operator means the hour on his wall."""
    assert "Start Sat 21 Nov 2026, 02:00 +01:00." in pilot_from("Sat 02:00", tmp_path)


@pytest.mark.parametrize(
    ("start", "begins"), [("Fri 18:00", "Fri 20 Nov 2026, 18:00"), ("Fri 17:59", "Fri 27 Nov 2026, 17:59")]
)
def test_a_weekday_is_the_last_one_before_the_start_of_the_scenario(start: str, begins: str, tmp_path: Path) -> None:
    assert f"Start {begins} +01:00." in pilot_from(start, tmp_path)


def test_a_pilot_after_the_way_home_of_all_machines_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pilot_from("2026-11-28 02:00", tmp_path)
    late = "that is not before the way home of all machines, which begins Fri 27 Nov 2026, 18:00 +01:00"
    assert late in capsys.readouterr().out


def test_a_pilot_does_not_begin_in_the_past(tmp_path: Path) -> None:
    """Of `Sat 02:00`, said on a Saturday at noon a week before the way home, nobody means this morning."""
    with pytest.raises(UsageError, match=r"Sat 21 Nov 2026, 02:00 .*has passed"):
        pilot_from("Sat 02:00", tmp_path, datetime(2026, 11, 21, 12, tzinfo=UTC))
    assert "Start Sun 22 Nov 2026, 02:00 +01:00." in pilot_from(
        "Sun 02:00", tmp_path, datetime(2026, 11, 21, 12, tzinfo=UTC)
    )
    assert "Start Sat 21 Nov" in pilot_from("Sat 02:00", tmp_path, datetime(2027, 1, 1, tzinfo=UTC)), "an old scenario"


def pilot_from(start: str, folder: Path, now: datetime | None = None) -> str:
    """The runbook of a pilot that begins then, of a scenario that begins on Friday 27 November at 18:00 in Berlin."""
    berlin = folder / "berlin.yaml"
    text = library()["one_vm"].read_text("utf-8")
    berlin.write_text(text + "\nstarts_at: '2026-11-27T18:00:00+01:00'\n", encoding="utf-8")
    run_pilot(str(berlin), 1, folder / "pilot", json_wanted=False, start=start, now=now)
    return (folder / "pilot/runbook.md").read_text("utf-8")
