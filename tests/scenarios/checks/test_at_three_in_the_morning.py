"""Findings name who is at fault once, whom else it concerns, what lacks in all, and how to check again."""

from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import PROOFS, REQUIREMENTS, STEPS
from failback.scenarios.checks.finding_lines import lines_of
from failback.scenarios.checks.told import ToldCause, in_vault, told_causes

from .agreement import report_of
from .known_estates import machine, servers

Lines = list[dict[str, str]]


def told(where: Path, kind: str, vms: list[dict[str, Any]], plan: dict[str, Any], rule: str, **parts: Any) -> Lines:
    """The lines of each cause by this rule; `parts`: facts of the first part of a section."""
    estate: dict[str, Any] = {"link": {"bandwidth_mbit_per_s": 500}, **servers(kind), "virtual_machines": vms}
    for section, facts in parts.items():
        extra = facts.pop("_more", None)
        estate[section][0].update(facts)
        estate[section] += [{**estate[section][0], **extra}] if extra else []
    found = told_causes(report_of({"name": "drawn", "estate": estate, "plan": plan}, where))
    return [lines(each) for each in found if each.cause.rule == rule]


def lines(each: ToldCause) -> dict[str, str]:
    return dict(lines_of(each, whole=True, checked=("site.yaml", "sim")))


def test_a_group_through_two_servers_is_one_finding_that_names_all_of_it(tmp_path: Path) -> None:
    vms = [machine(name, "classic", replication_group="shop") for name in ("a", "b", "c")]
    plan = {"choices": {"master_target": "mt"}, "item_choices": {"a": {"master_target": "mt2"}}}
    more = {"_more": {"name": "mt2", "bios_uuid": "mt2", "disk_uuids": ["mt2-0"]}}
    (one,) = told(tmp_path, "classic", vms, plan, "R07", master_targets=more)
    assert one["object"] == "replication group shop"
    assert one["found"].endswith("a through mt2; b, c through mt")


@pytest.mark.parametrize("kind", ["classic", "modernised"])
def test_short_memory_says_what_lacks_for_all_machines_together(tmp_path: Path, kind: str) -> None:
    vms = [machine(f"m-{n}", kind, memory_gib=48) for n in range(1, 6)]
    (one,) = told(tmp_path, kind, vms, {}, "8038", hosts={"free_memory_gib": 100})
    assert "need 240 GiB together, so 140 GiB lack" in one["found"]


@pytest.mark.parametrize("kind", ["classic", "modernised"])
def test_a_host_with_the_free_edition_is_told_with_what_it_serves(tmp_path: Path, kind: str) -> None:
    (one,) = told(tmp_path, kind, [machine("m", kind)], {}, "R13", hosts={"edition": "free"})
    assert f"{'mt' if kind == 'classic' else 'box'}, which receives the data, runs on it" in one["found"]
    assert "comes home to it" in one["found"]


def test_what_is_wrong_with_a_host_is_said_once_though_it_serves_machines_in_two_ways(tmp_path: Path) -> None:
    vms = [machine("m", "modernised"), machine("n", "modernised", host="esx2")]
    hosts = {"edition": "free", "_more": {"name": "esx2", "edition": "licensed"}}
    (one,) = told(tmp_path, "modernised", vms, {}, "R13", hosts=hosts)
    assert one["found"].count("free edition") == 1
    assert one["found"].count("box, which receives the data, runs on it") == 2


def test_an_unknown_of_a_retention_drive_is_about_the_drive(tmp_path: Path) -> None:
    drive = {"name": "/mnt/retention", "capacity_gib": 1024, "filesystem": "unknown"}
    vms = [machine("m", "classic")]
    (one,) = told(tmp_path, "classic", vms, {}, "M08", master_targets={"retention_drives": [drive]})
    assert one["object"] == "retention drive /mnt/retention of mt"


def test_the_others_that_are_to_be_mended_alike_are_named(tmp_path: Path) -> None:
    vms = [machine(f"m-{n}", "classic", exists_on_premises=False) for n in range(1, 5)]
    (one,) = told(tmp_path, "classic", vms, {}, "T08")
    assert one["do"].endswith("for m-2 to m-4 (in drawn, the old UUID of each: `bios_uuid`) too")


def test_a_finding_says_how_to_check_again(tmp_path: Path) -> None:
    (one,) = told(tmp_path, "modernised", [machine("m", "modernised")], {}, "A01", appliances={"healthy": False})
    assert one["again"].startswith("in site.yaml, under `appliances`, box: write `healthy: true`; then ")
    assert "`failback check site.yaml --rule A01` no longer lists it" in one["again"]
    assert "a machine whose resync runs through box: it cannot change to another" in one["careful"]


def test_work_after_the_return_is_proved_by_the_aftercare(tmp_path: Path) -> None:
    (one,) = told(tmp_path, "classic", [machine("m", "classic", static_ip=True)], {}, "G01")
    assert one["again"].endswith("`failback aftercare site.yaml --after NEW.yaml` lists what is still open")


@pytest.mark.parametrize(("kind", "rule"), [("modernised", "A23"), ("classic", "M21")])
def test_what_nobody_knows_says_where_a_person_finds_it(tmp_path: Path, kind: str, rule: str) -> None:
    (one,) = told(tmp_path, kind, [machine("m", kind)], {}, rule)
    assert not one["do"].startswith("look at")
    assert "?" in one["unknown"]


def test_no_text_of_a_rule_refers_to_bare_rules() -> None:
    texts = (
        [row.remedy for row in REQUIREMENTS] + [*chain(*STEPS.values())] + [proof.seen_by for proof in PROOFS.values()]
    )
    assert [
        text for text in texts if " see M" in text or "see A0" in text or "see P0" in text or "see R2" in text
    ] == []


def test_the_plan_that_a_group_needs_stands_before_the_server_that_is_chosen_in_it(tmp_path: Path) -> None:
    vms = [machine(name, "classic", replication_group="shop") for name in ("a", "b", "c")]
    estate: dict[str, Any] = {"link": {"bandwidth_mbit_per_s": 500}, **servers("classic"), "virtual_machines": vms}
    other = {"name": "mt2", "bios_uuid": "mt2", "disk_uuids": []}
    estate["master_targets"].append({**estate["master_targets"][0], **other})
    plan = {"choices": {"master_target": "mt"}, "item_choices": {"a": {"master_target": "mt2"}}}
    found = told_causes(report_of({"name": "drawn", "estate": estate, "plan": plan}, tmp_path))
    rules = [each.cause.rule for each in found]
    assert rules.index("R22") < rules.index("R07")


@pytest.mark.parametrize("raw", [True, False])
def test_a_restored_machine_with_raw_devices_corrects_where_it_is_and_keeps_its_uuid(tmp_path: Path, raw: bool) -> None:
    vm = machine("m", "modernised", exists_on_premises=False, bios_uuid="4210")
    vm["disks"][0]["raw_device"] = raw
    found = told(tmp_path, "modernised", [vm], {}, "T04")
    assert bool(found) == raw
    for one in found:
        assert "exists_on_premises: true" in one["again"]
        assert "4210" in one["do"]
        assert "`(Get-VM m).ExtensionData.Config.Uuid` prints" in one["proof"]


def test_of_two_machines_with_one_uuid_only_one_gets_another(tmp_path: Path) -> None:
    vms = [machine(name, "classic") for name in ("a", "b")]
    vms[1]["disks"][0]["uuid"] = vms[0]["disks"][0]["uuid"]
    (one,) = told(tmp_path, "classic", vms, {}, "R11")
    assert "leave the other disk as it is" in one["do"]
    assert " for b" not in one["do"]
    assert " for b" not in one["again"]


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("kind", ["classic", "modernised"])
def test_two_machines_of_one_bios_uuid_are_one_advice_that_names_both(tmp_path: Path, kind: str, order: str) -> None:
    vms = [machine(name, kind, bios_uuid="4210-AA" if name == "a" else "4210-aa") for name in order]
    (one,) = told(tmp_path, kind, vms, {}, "R11")
    first, other = tuple(order)
    assert (one["object"], one["machines"]) == ("virtual machine a", f"2: {first}, {other}")
    assert "BIOS UUID 4210-AA, which b has too" in one["found"]
    assert f"write {first} into an earlier wave than {other}" in one["do"]
    assert f"{other}: write the new `bios_uuid`" in one["again"]
    assert one["why"].endswith("(our conclusion; no page says so)")
    assert "OTHER-MACHINE" not in " ".join(one.values())
    assert " too" not in one["do"].splitlines()[-1]


@pytest.mark.parametrize("kind", ["classic", "modernised"])
def test_a_machine_without_a_point_is_said_once_to_have_none_though_its_plan_waits_for_it(
    tmp_path: Path, kind: str
) -> None:
    vms = [machine(name, kind, recovery_points=points) for name, points in (("a", 0), ("b", 3), ("c", 3))]
    plans = [{"name": "p", "groups": [["a", "b", "c"]]}]
    estate: dict[str, Any] = {"link": {"bandwidth_mbit_per_s": 500}, **servers(kind), "virtual_machines": vms}
    found = told_causes(
        report_of(
            {"name": "drawn", "estate": {**estate, "recovery_plans": plans}, "plan": {"recovery_plans": ["p"]}},
            tmp_path,
        )
    )
    [one] = [lines(each) for each in found if each.cause.rule == "F02"]
    assert one["found"].count("it has no recovery point on site") == 1
    assert "its whole recovery plan waits for it" in one["found"]
    assert one["machines"] == "3: a, b, c"


@pytest.mark.parametrize("kind", ["classic", "modernised"])
def test_a_nearly_full_datastore_is_one_advice_with_what_is_free_and_how_much_should_be(
    tmp_path: Path, kind: str
) -> None:
    store = {"capacity_gib": 6144, "free_gib": 18, "_more": {"name": "silver", "free_gib": 3000}}
    vms = [machine(name, kind) for name in ("web", "db")]
    (one,) = told(tmp_path, kind, vms, {}, "B16", datastores=store)
    assert (one["object"], one["machines"]) == ("datastore gold", "2: web, db")
    assert one["found"].startswith("18 of 6144 GiB are free, less than 15 %: ")
    assert one["wanted"].startswith("at least 922 GiB free (15 % of 6144)")
    assert "at least 922 GiB" in one["proof"]
    assert "15 min" not in one["proof"]


def test_advice_to_queue_says_which_machines_go_through_which_server(tmp_path: Path) -> None:
    vms = [machine(f"m-{n:03}", "modernised") for n in range(1, 121)]
    (one,) = told(tmp_path, "modernised", vms, {}, "A02", appliances={"local_disks": 0})
    assert "m-001 to m-060 through box; m-061 to m-120 through new appliance 1" in one["do"]
    assert "do no more" in one["do"].splitlines()[0]


def test_the_way_to_the_vault_is_told_once_in_a_finding(tmp_path: Path) -> None:
    (one,) = told(tmp_path, "classic", [machine("m", "classic", replication_health="critical")], {}, "F01")
    assert " ".join(one.values()).count("Azure portal > Recovery Services vault") == 1
    assert one["proof"].startswith("same vault > ")


def test_the_vault_has_its_name_where_it_is_known() -> None:
    text = "Azure portal > Recovery Services vault > Replicated items > web"
    assert in_vault(text, "") == text
    assert in_vault(text, "rsv-1") == "Azure portal > Recovery Services vaults > rsv-1 > Replicated items > web"


def test_what_no_page_answers_is_settled_by_its_reading_and_not_in_the_file(tmp_path: Path) -> None:
    vms = [
        machine(name, "modernised", replication_group="shop", os=os) for name, os in (("a", "linux"), ("b", "windows"))
    ]
    (one,) = [each for each in told(tmp_path, "modernised", vms, {}, "R06") if "unknown" in each]
    assert (
        "if support says no: `failback check site.yaml --rule R06 --reading C25=holds`; if it says yes: "
        in one["again"]
    )
    assert "seen: " in one["unknown"]
    assert "a is linux" in one["unknown"]
    assert "until the answer act as if it were no" in one["do"]
    assert "Create a support request: Can Site Recovery bring home a modernised group of both" in one["do"]
    assert "in site.yaml" not in one["again"]


def test_an_export_after_the_return_is_read_with_the_bandwidth_of_the_estate(tmp_path: Path) -> None:
    vms = [machine("m", "modernised", static_ip=True)]
    estate = {"link": {"bandwidth_mbit_per_s": 320}, **servers("modernised"), "virtual_machines": vms}
    found = told_causes(report_of({"name": "drawn", "estate": estate, "plan": {}}, tmp_path))
    (again,) = (lines(each)["again"] for each in found if each.cause.rule == "A07")
    assert "--bandwidth 320 --out" in again
    assert "example" not in again


def test_a_small_retention_drive_is_enlarged_in_the_machine_too(tmp_path: Path) -> None:
    drive = {"name": "/mnt/retention", "capacity_gib": 100, "filesystem": "ext4"}
    vms = [machine("m", "classic")]
    (one,) = told(tmp_path, "classic", vms, {}, "M16", master_targets={"cores": 2, "retention_drives": [drive]})
    assert "Edit Settings: CPU 4, hard disk of the retention drive " in one["do"]
    assert "`resize2fs /dev/DEVICE`" in one["do"]
    assert "server administrator for step 5" in one["who"]
    assert "`df -h` shows /mnt/retention with its new size" in one["proof"]


def test_machines_in_no_group_are_not_asked_about_the_data_of_others(tmp_path: Path) -> None:
    vms = [machine(name, "modernised") for name in ("a", "b")]
    for one in told(tmp_path, "modernised", vms, {"choices": {"recovery_point": "yesterday"}}, "A11"):
        assert "others" not in one["do"].partition("?")[0]
