"""What the first page of a runbook says before any table."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import Disk, Estate, Link, OsFamily, VirtualMachine, Wave
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import Homecoming, ManualStep, Scenario, SourceFile, SourceVault, Target
from failback.scenarios.outcomes.stand_ins import alike
from failback.scenarios.runbooks.answer_lines import BLANK
from failback.scenarios.runbooks.application_rows import application_rows
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.text.plain_words import h_min
from failback.simulator import Duration

VAULT = SourceVault("rsv-weu", "rg-asr", "6b1f0c52-8f0e-4a55-9a7e-2f4b7c1d9e31")


def first_page(scenario: Scenario) -> tuple[str, str]:
    files = texts(runbook(scenario, 2))
    return files["runbook.html"].partition("<h2>")[0], files["runbook.md"].partition("\n## ")[0]


def test_vault_resource_group_and_subscription_are_on_the_first_page() -> None:
    for page in first_page(replace(load_scenario(resolve("one_modernised_vm")), vaults=(VAULT,))):
        for words in (VAULT.name, VAULT.resource_group, VAULT.subscription):
            assert words in page


def test_where_nobody_told_the_vault_there_are_lines_to_write_it_in() -> None:
    page, text = first_page(load_scenario(resolve("one_modernised_vm")))
    for label in ("vault", "resource group", "subscription"):
        assert f'<dt>{label}</dt><dd><span class="write-in"></span></dd>' in page
    assert text.count(BLANK) == 3


def test_a_scenario_written_down_whole_keeps_its_vault(tmp_path: Path) -> None:
    scenario = replace(load_scenario(resolve("one_modernised_vm")), vaults=(VAULT,))
    file = tmp_path / "whole.yaml"
    file.write_text(resolved_text(scenario, "x"), encoding="utf-8")
    assert load_scenario(file).vaults == (VAULT,)
    steps = run_check(CheckRequest(str(file))).report
    assert steps.vault == VAULT.name


@pytest.mark.parametrize("names", [(), ("a", "b")])
def test_of_no_vault_or_several_no_step_names_one(names: tuple[str, ...]) -> None:
    vaults = tuple(SourceVault(name) for name in names)
    text = texts(runbook(replace(load_scenario(resolve("one_modernised_vm")), vaults=vaults), 1))["runbook.md"]
    assert "Recovery Services vaults > a" not in text
    assert all(f"Vault: {name}." in text for name in names)


def of_two(*applications: Application, **changes: Any) -> Scenario:
    """The drill with twelve machines, each asked for alone, and these applications."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    plan = replace(scenario.plan, recovery_plans=())
    return replace(scenario, **{"plan": plan, "applications": applications, **changes})


def test_an_application_that_is_down_longer_than_it_may_be_is_on_the_first_page_and_on_its_owner_s() -> None:
    shop = Application("shop", ("sql-01", "web-01"), owner="Ann")
    scenario = of_two(shop)
    names = shop.machines
    tiers = {scenario.estate.virtual_machines[name].tier for name in names}
    targets = tuple(Target(tier, downtime_s=60.0) for tier in tiers)
    found = runbook(replace(scenario, homecoming=Homecoming(targets=targets)), 2)
    downs = [found.downs[name] for name in names]
    files = texts(found)
    runs = [[span for down in downs if (span := down.runs[n])] for n in range(2)]
    slowest_s = max(max(end_s for _, end_s in spans) - min(begin_s for begin_s, _ in spans) for spans in runs)
    late = f"(in the slowest of 2 simulated runs): shop by {h_min(slowest_s - 60)} (allowed: 1 min)"
    assert f"Down longer than allowed {late}" in files["runbook.md"]
    for text in (
        files["runbook.md"].partition("For the owners")[2],
        files["runbook.html"].partition("owner of shop</h2>")[2],
    ):
        assert h_min(slowest_s - 60) in text
    enough = replace(scenario, homecoming=Homecoming(targets=(Target(downtime_s=1e6),)))
    assert "Down longer than allowed" not in texts(runbook(enough, 2))["runbook.md"]


def test_a_machine_of_no_application_that_is_down_too_long_is_named_alone() -> None:
    late = of_two(homecoming=Homecoming(targets=(Target(downtime_s=60.0),)))
    for page in first_page(late):
        assert "Down longer than allowed" in page
        assert "sql-01 by " in page


def in_parts(scenario: Scenario) -> tuple[str, str]:
    """The list of applications that come home in parts, in both pages; each of its facts stands nowhere else above."""
    files, head = texts(runbook(scenario, 2)), "Applications that come home in parts"
    page, text = files["runbook.html"].partition("<section class")[0], files["runbook.md"].partition("## People")[0]
    for each in (page, text):
        assert each.count("others in Azure") == each.partition(head)[2].count("others in Azure")
        assert "In several waves" not in each
    html = page.partition(f"{head}</h3>")[2].partition("</section>")[0]
    return html.replace("<b>", "").replace("</b>", ""), text.partition(head)[2].partition("##")[0].replace("**", "")


def test_an_application_in_several_waves_is_named_once_with_its_waves_in_order_of_time() -> None:
    shop = Application("shop", ("web-01", "sql-01"))
    scenario = of_two(shop)
    rest = tuple(name for name in scenario.estate.virtual_machines if name not in shop.machines)
    waves = (Wave("one", ("sql-01", *rest)), Wave("two", ("web-01",)))
    split = replace(scenario, plan=replace(scenario.plan, waves=waves))
    for part in in_parts(split):
        assert part.count("shop: From ") == 1
        assert "some machines run on site and others in Azure (one, two)." in part
    assert all("(one, two)" not in part for part in in_parts(scenario))
    (row,) = application_rows(runbook(split, 1))
    assert row.waves == ("one", "two")
    assert row.down.startswith("one: ")
    assert "; two: " in row.down


def test_between_the_waves_of_an_application_nothing_of_it_is_down() -> None:
    """Machines that come home one after the other on purpose do not make it late: each wave is judged alone."""
    shop = Application("shop", ("web-01", "web-02"))
    scenario = of_two(shop)
    rest = tuple(name for name in scenario.estate.virtual_machines if name not in shop.machines)
    waves = (Wave("one", ("web-01",)), Wave("between", rest), Wave("two", ("web-02",)))
    found = runbook(replace(scenario, plan=replace(scenario.plan, waves=waves)), 1)
    downs = [found.downs[name] for name in shop.machines]
    longest_s = max(down.ends_s - down.begins_s for down in downs)
    assert downs[1].begins_s - downs[0].ends_s > longest_s, "else nothing is tried"
    allowed = Homecoming(targets=(Target(downtime_s=longest_s + 1),))
    late = replace(found.scenario, homecoming=allowed)
    (row,) = application_rows(runbook(late, 1))
    assert row.late_by == ""
    assert row.down.startswith("one: ")
    assert "; two: " in row.down


def test_an_application_that_comes_home_in_parts_is_in_the_list() -> None:
    for part in in_parts(of_two(Application("shop", ("sql-01", "web-01")), Application("one", ("web-02",)))):
        assert "shop: From " in part
        assert "one:" not in part


@pytest.mark.parametrize(("seconds", "warned"), [(0.0, True), (900.0, False)])
def test_a_plan_without_time_for_checks_says_so_before_its_times(seconds: float, warned: bool) -> None:
    steps = (ManualStep("look", Duration(fixed_s=seconds)),) if seconds else ()
    scenario = replace(load_scenario(resolve("one_modernised_vm")), homecoming=Homecoming(manual_steps=steps))
    for page in first_page(scenario):
        assert ("The plan leaves no time to check any machine" in page) is warned
    (down,) = runbook(scenario, 1).downs.values()
    assert down.check_s is not None
    assert down.check_s == pytest.approx(seconds, abs=60)


def test_machines_that_differ_in_their_number_alone_and_are_down_at_once_are_named() -> None:
    pair = Application("databases", ("pg-01", "pg-02"))
    scenario = load_scenario(resolve("first_drill"))
    groups = scenario.estate.replication_groups
    free = replace(scenario, plan=replace(scenario.plan, recovery_plans=(), waves=()), applications=(pair,))
    assert groups, "the two are one replication group, which moves at once whatever anybody wants (R07)"
    assert "pg-01, pg-02" not in first_page(free)[0].partition("The applications")[0]
    webs = replace(free, applications=(Application("shop", ("web-01", "web-02")),))
    assert "stand in for the other" in first_page(webs)[0]
    rest = tuple(name for name in webs.estate.virtual_machines if name != "web-02")
    later = replace(webs.plan, waves=(Wave("one", rest), Wave("two", ("web-02",))))
    assert "web-01, web-02" not in first_page(replace(webs, plan=later))[0]


def test_stand_ins_in_a_wave_with_what_has_no_stand_in_are_not_asked_to_come_home_one_after_the_other() -> None:
    """As `failback new` plans it: the application is down then in any case."""
    webs, rest = ("web-01", "web-02"), ("web-03", "web-04")
    scenario = of_two(Application("shop", (*webs, "sql-01")), Application("other", rest))
    at_once = first_page(scenario)[0].partition("Down at the same time")[2].partition("</")[0]
    assert "web-03, web-04" in at_once
    assert "web-01, web-02" not in at_once
    others = tuple(name for name in scenario.estate.virtual_machines if name not in webs)
    apart = replace(scenario.plan, waves=(Wave("one", others), Wave("two", webs)))
    assert "web-01, web-02" in first_page(replace(scenario, plan=apart))[0].partition("The applications")[0]


@pytest.mark.parametrize(
    ("machines", "found"),
    [
        (("ber-dc01", "ber-dc02", "ber-sql01"), [("ber-dc01", "ber-dc02")]),
        (("dc01.site.example", "dc02.site.example"), [("dc01.site.example", "dc02.site.example")]),
        (("web", "web-2"), []),
        (("1", "2"), []),
    ],
)
def test_machines_stand_in_for_one_another_if_only_their_last_number_differs(
    machines: tuple[str, ...], found: list[tuple[str, ...]]
) -> None:
    assert list(alike(estate_of(dict.fromkeys(machines, OsFamily.LINUX)), machines)) == found


def estate_of(systems: Mapping[str, OsFamily]) -> Estate:
    machines = {name: VirtualMachine(name, os, (Disk(1),)) for name, os in systems.items()}
    return Estate(machines, Link(100))


def test_a_windows_machine_stands_in_for_no_linux_machine_of_its_name() -> None:
    systems = {"mail-01": OsFamily.WINDOWS, "mail-02": OsFamily.LINUX, "mail-03": OsFamily.WINDOWS}
    assert list(alike(estate_of(systems), tuple(systems))) == [("mail-01", "mail-03")]


def test_facts_that_are_old_when_the_way_home_begins_are_told_on_the_first_page_too() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    begins = scenario.starts_at.replace(year=2027)
    file = SourceFile("inventory.xlsx", "RVTools", "2026-12-01T08:15:00", "vMetaData")
    for page in first_page(replace(scenario, starts_at=begins, estate_files=(file,))):
        assert "Old facts: those of inventory.xlsx" in page
