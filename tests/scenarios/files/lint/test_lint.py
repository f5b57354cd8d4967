"""Every check of the table finds its mistake, and nothing else does."""
# ruff: noqa: E501  a row of a table is one line

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest
import yaml

from failback.reprotect import by_id
from failback.scenarios.files.lint import CHECKS
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.yaml_source import BadInput, Mistake

Tree: TypeAlias = dict[str, Any]
Spoil: TypeAlias = Callable[[Tree], None]

WHOLE: Final[Tree] = yaml.safe_load("""\
name: whole
estate:
  link: {bandwidth_mbit_per_s: 500}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 1000}]
  configuration_servers: [{name: cs}]
  process_servers: [{name: ps}]
  master_targets: [{name: mt, os: linux, host: esx-01, datastore: gold}]
  appliances: [{name: box, host: esx-01, datastore: gold}]
  virtual_machines:
    - {name: a, os: linux, host: esx-01, datastore: gold, replication_group: g, disks: [{size_gib: 40}]}
    - {name: b, os: linux, host: esx-01, datastore: gold, replication_group: g, disks: [{size_gib: 40}]}
    - {name: c, os: windows, disks: [{size_gib: 40}]}
    - {name: d, os: linux, architecture: classic, disks: [{size_gib: 40}]}
  replication_groups: [{name: h, items: [c]}]
  recovery_plans: [{name: rp, groups: [[a, b], [c]]}]
plan:
  recovery_plans: [rp]
  waves: [{name: one, items: [a, b], opens_s: 0, closes_s: 60}, {name: two, items: [c]}]
  gates: [{name: verified, before: commit_failback, items: [a]}]
  choices: {master_target: mt, process_server: ps, appliance: box, datastore: gold, retention_drive: R, account: root-linux}
  item_choices: {a: {datastore: gold}}
  remedies: {R04: apply}
operator: [{gate: verified, items: [a]}, {gate: R04}]
faults:
  - {kind: fail_job, object: a, operation: failback, task: VmFailover}
  - {kind: change_facts, object: mt, facts: {up: false}, when: {item: a, phase: failed_over}}
  - {kind: take_snapshot, object: box, at_s: 5}
applications: [{name: shop, machines: [a, b], depends_on: [db]}, {name: db, machines: [c]}]
durations: {agent_registration: 60}
expect: {items: {a: failed_back}, stopped_by: {b: R04, c: verified, d: gave_up}, findings: [R04, "78022", FB-INJECTED]}
""")


def together(*order: list[str]) -> Spoil:
    """An entry of these lists, and no recovery plan that the plan uses."""
    return lambda tree: tree["plan"].update(recovery_plans=[], together=[{"name": "x", "order": [*order]}])


def changed(*path: str | int, to: object) -> Spoil:
    def spoil(tree: Tree) -> None:
        *way, last = path
        here: Any = tree
        for step in way:
            here = here[step]
        here[last] = to

    return spoil


def machine(number: int, **values: object) -> Spoil:
    return lambda tree: tree["estate"]["virtual_machines"][number].update(values)


def elsewhere(section: str) -> Spoil:
    """The first part of a section is on a datastore that its host does not mount."""

    def spoil(tree: Tree) -> None:
        tree["estate"]["datastores"].append({"name": "silver"})
        tree["estate"][section][0]["datastore"] = "silver"

    return spoil


def a_disk_elsewhere(tree: Tree) -> None:
    tree["estate"]["datastores"].append({"name": "silver"})
    tree["estate"]["virtual_machines"][0]["disks"][0]["datastore"] = "silver"


def read_only_elsewhere(tree: Tree) -> None:
    tree["estate"]["datastores"].append({"name": "silver"})
    tree["estate"]["hosts"][0]["read_only_datastores"] = ["silver"]


def more_free(tree: Tree) -> None:
    tree["estate"]["datastores"][0]["free_gib"] = 1001


def added(*path: str | int, part: object) -> Spoil:
    def spoil(tree: Tree) -> None:
        here: Any = tree
        for step in path:
            here = here[step]
        here.append(part)

    return spoil


def staffed_twice(tree: Tree) -> None:
    tree["homecoming"] = {"fail_back_when_staffed": True, "shifts": [{"name": "day"}]}
    tree["plan"]["gates"].append({"name": "staffed", "before": "failback"})


def large_plan(tree: Tree) -> None:
    names = [f"x{n}" for n in range(101)]
    tree["estate"]["virtual_machines"] += [{"name": n, "os": "linux", "disks": [{"size_gib": 1}]} for n in names]
    tree["estate"]["recovery_plans"].append({"name": "large", "groups": [names]})


def no_machine(tree: Tree) -> None:
    tree["estate"] = {"link": {"bandwidth_mbit_per_s": 1}, "virtual_machines": []}
    for key in tree.keys() - {"name", "estate"}:
        del tree[key]


VM = "estate.virtual_machines"
ABSENT: Final = "absent"
# check, what spoils the whole file, where it is told
# fmt: off
SPOILT: Final[tuple[tuple[str, Spoil, str], ...]] = (
    (
        "a_phase_is_not_of_the_architecture",
        machine(3, at="cancelling_failback"),
        f"{VM}[3].at",
    ),
    ("a_phase_says_nothing_to_that", machine(0, returns_through="box"), f"{VM}[0].returns_through"),
    ("a_phase_says_nothing_to_that", machine(0, job_running_s=60.0), f"{VM}[0].job_running_s"),
    ("a_phase_says_nothing_to_that", machine(0, resync_done_fraction=0.5), f"{VM}[0].resync_done_fraction"),
    ("a_name_is_empty", added("estate", "hosts", part={"name": " "}), "estate.hosts[1].name"),
    ("a_name_is_empty", changed("name", to=""), "name"),
    ("a_name_is_unfit", changed("name", to="x\x1b]0;owned\x07"), "name"),
    ("a_name_is_unfit", changed("name", to="x" * 5000), "name"),
    ("a_name_is_unfit", added("estate", "hosts", part={"name": "esx-\u202e20"}), "estate.hosts[1].name"),
    ("a_name_is_unfit", added("estate", "hosts", part={"name": "esx\n02"}), "estate.hosts[1].name"),
    ("a_name_is_unfit", added("estate", "hosts", part={"name": "esx\x8502"}), "estate.hosts[1].name"),
    ("a_name_is_unfit", added("estate", "hosts", part={"name": "esx-02 "}), "estate.hosts[1].name"),
    ("a_name_is_unfit", added("estate", "hosts", part={"name": "\u00a0esx-02"}), "estate.hosts[1].name"),
    ("a_name_is_unfit", changed("plan", "waves", 1, "name", to="two\u2028"), "plan.waves[1].name"),
    ("a_name_is_unfit", changed("faults", 2, "snapshot", to="before\x07"), "faults[2].snapshot"),
    ("a_name_is_unfit", machine(2, tier="x" * 201), f"{VM}[2].tier"),
    ("a_name_looks_like_another", added("estate", "hosts", part={"name": "ESX-01"}), "estate.hosts[1].name"),
    ("a_name_looks_like_another", added("estate", "datastores", part={"name": "MT", "capacity_gib": 9}), "estate.master_targets[0].name"),
    ("a_name_looks_like_another", changed("estate", "hosts", to=[{"name": "esx-01", "datastores": ["gold"]}, {"name": "h\u00e9"}, {"name": "he\u0301"}]), "estate.hosts[2].name"),
    ("a_name_looks_like_another", added("estate", "hosts", part={"name": "\uff45sx-01"}), "estate.hosts[1].name"),
    ("a_name_looks_like_another", changed("estate", "replication_groups", 0, "name", to="G"), f"{VM}[0].replication_group"),
    ("a_name_looks_like_another", changed("plan", "waves", 1, "name", to="ONE"), "plan.waves[1].name"),
    ("a_name_is_taken", added("estate", "virtual_machines", part={"name": "a", "os": "linux", "disks": [{"size_gib": 1}]}), f"{VM}[4].name"),
    ("a_name_is_taken", added("estate", "hosts", part={"name": "a"}), "estate.hosts[1].name"),
    ("a_name_is_taken", changed("estate", "recovery_plans", 0, "name", to="d"), "estate.recovery_plans[0].name"),
    ("a_list_has_a_name_twice", added("estate", "replication_groups", part={"name": "h", "items": []}), "estate.replication_groups[1].name"),
    ("a_list_has_a_name_twice", added("plan", "gates", part={"name": "verified", "before": "failback"}), "plan.gates[1].name"),
    ("a_list_has_a_name_twice", changed("plan", "waves", 1, "name", to="one"), "plan.waves[1].name"),
    ("a_name_refers_to_nothing", machine(0, host=ABSENT), f"{VM}[0].host"),
    ("a_name_refers_to_nothing", machine(0, datastore=ABSENT), f"{VM}[0].datastore"),
    ("a_name_refers_to_nothing", changed("estate", "hosts", 0, "datastores", to=["gold", ABSENT]), "estate.hosts[0].datastores[1]"),
    ("a_name_refers_to_nothing", changed("estate", "master_targets", 0, "host", to=ABSENT), "estate.master_targets[0].host"),
    ("a_name_refers_to_nothing", changed("estate", "appliances", 0, "datastore", to=ABSENT), "estate.appliances[0].datastore"),
    ("a_name_refers_to_nothing", changed("estate", "replication_groups", 0, "items", to=[ABSENT]), "estate.replication_groups[0].items[0]"),
    ("a_name_refers_to_nothing", changed("estate", "recovery_plans", 0, "groups", 1, to=["c", ABSENT]), "estate.recovery_plans[0].groups[1][1]"),
    ("a_name_refers_to_nothing", changed("plan", "recovery_plans", to=[ABSENT]), "plan.recovery_plans[0]"),
    ("a_name_refers_to_nothing", changed("plan", "waves", 0, "items", to=["a", ABSENT]), "plan.waves[0].items[1]"),
    ("a_name_refers_to_nothing", changed("plan", "gates", 0, "items", to=[ABSENT]), "plan.gates[0].items[0]"),
    ("a_name_refers_to_nothing", changed("plan", "choices", "master_target", to="mx"), "plan.choices.master_target"),
    ("a_name_refers_to_nothing", changed("plan", "choices", "process_server", to=ABSENT), "plan.choices.process_server"),
    ("a_name_refers_to_nothing", changed("plan", "choices", "appliance", to=ABSENT), "plan.choices.appliance"),
    ("a_name_refers_to_nothing", changed("plan", "item_choices", "a", "datastore", to=ABSENT), "plan.item_choices.a.datastore"),
    ("a_name_refers_to_nothing", changed("plan", "item_choices", ABSENT, to={}), f"plan.item_choices.{ABSENT}"),
    ("a_name_refers_to_nothing", changed("operator", 0, "items", to=[ABSENT]), "operator[0].items[0]"),
    ("a_name_refers_to_nothing", changed("faults", 0, "object", to="mt"), "faults[0].object"),
    ("a_name_refers_to_nothing", changed("faults", 1, "object", to=ABSENT), "faults[1].object"),
    ("a_name_refers_to_nothing", changed("faults", 1, "when", "item", to=ABSENT), "faults[1].when.item"),
    ("a_name_refers_to_nothing", changed("faults", 2, "object", to="gold"), "faults[2].object"),
    ("a_name_refers_to_nothing", changed("expect", "items", ABSENT, to="stopped"), f"expect.items.{ABSENT}"),
    ("a_name_refers_to_nothing", changed("expect", "stopped_by", ABSENT, to="R04"), f"expect.stopped_by.{ABSENT}"),
    ("a_retention_drive_is_nowhere", changed("plan", "choices", "retention_drive", to="Q"), "plan.choices.retention_drive"),
    ("an_account_is_nowhere", changed("plan", "choices", "account", to=ABSENT), "plan.choices.account"),
    ("a_tier_is_nowhere", changed("homecoming", to={"targets": [{"tier": "dbs", "downtime_s": 60}]}), "homecoming.targets[0].tier"),
    ("a_tier_is_nowhere", changed("homecoming", to={"manual_steps": [{"name": "check", "takes": {"fixed_s": 60}, "tiers": ["dbs"]}]}), "homecoming.manual_steps[0].tiers[0]"),
    ("an_application_is_unknown", changed("applications", 0, "depends_on", to=["bd"]), "applications[0].depends_on[0]"),
    ("an_application_is_unknown", added("applications", part={"name": "db", "machines": ["d"]}), "applications[2].name"),
    ("an_application_waits_for_itself", changed("applications", 0, "depends_on", to=["shop"]), "applications[0].depends_on"),
    ("a_machine_serves_two_applications", changed("applications", 1, "machines", to=["b", "c"]), "applications[1].machines[0]"),
    ("a_name_refers_to_nothing", changed("applications", 1, "machines", to=["x"]), "applications[1].machines[0]"),
    ("an_answer_has_no_question", changed("operator", 0, "gate", to="verifed"), "operator[0].gate"),
    ("a_rule_is_not_an_id", changed("plan", "remedies", to={"snapshots": "apply"}), "plan.remedies.snapshots"),
    ("a_rule_is_not_an_id", changed("expect", "findings", to=["r4"]), "expect.findings[0]"),
    ("a_rule_is_not_an_id", changed("expect", "stopped_by", to={"a": "R4"}), "expect.stopped_by.a"),
    ("a_remedy_has_no_port", changed("plan", "remedies", to={"R10": "apply"}), "plan.remedies.R10"),
    ("a_remedy_has_no_port", changed("operator", 1, to={"gate": "R10", "apply": True}), "operator[1].apply"),
    ("an_answer_contradicts_itself", changed("operator", 0, "apply", to=True), "operator[0].apply"),
    ("an_answer_contradicts_itself", changed("operator", 1, to={"gate": "R04", "apply": True, "proceed": False}), "operator[1].apply"),
    ("a_number_is_out_of_range", changed("estate", "link", "bandwidth_mbit_per_s", to=0), "estate.link.bandwidth_mbit_per_s"),
    ("a_number_is_out_of_range", changed("estate", "link", "bandwidth_mbit_per_s", to=-1), "estate.link.bandwidth_mbit_per_s"),
    ("a_number_is_out_of_range", changed("estate", "link", "bandwidth_mbit_per_s", to=float("nan")), "estate.link.bandwidth_mbit_per_s"),
    ("a_number_is_out_of_range", changed("estate", "link", "bandwidth_mbit_per_s", to=float("inf")), "estate.link.bandwidth_mbit_per_s"),
    ("a_number_is_out_of_range", changed("estate", "link", "bandwidth_mbit_per_s", to="nan"), "estate.link.bandwidth_mbit_per_s"),
    ("a_number_is_out_of_range", machine(0, disks=[{"size_gib": 0}]), f"{VM}[0].disks[0].size_gib"),
    ("a_number_is_out_of_range", machine(0, disks=[{"size_gib": 1, "changed_fraction": 1.5}]), f"{VM}[0].disks[0].changed_fraction"),
    ("a_number_is_out_of_range", changed("site", to={"scan_mib_per_s": 0}), "site.scan_mib_per_s"),
    ("a_number_is_out_of_range", changed("site", to={"compression_ratio": 0}), "site.compression_ratio"),
    ("a_number_is_out_of_range", changed("site", to={"heartbeat_period_s": 0}), "site.heartbeat_period_s"),
    ("a_number_is_out_of_range", changed("site", to={"heartbeat_period_s": 901}), "site.heartbeat_period_s"),
    ("a_number_is_out_of_range", changed("site", to={"changed_spread": 1.5}), "site.changed_spread"),
    ("a_number_is_out_of_range", changed("estate", "link", "bandwidth_to_azure_mbit_per_s", to=0), "estate.link.bandwidth_to_azure_mbit_per_s"),
    ("a_number_is_out_of_range", changed("estate", "process_servers", 0, "upload_mib_per_s", to=0), "estate.process_servers[0].upload_mib_per_s"),
    ("a_number_is_out_of_range", changed("estate", "master_targets", 0, "receive_mib_per_s", to=-1), "estate.master_targets[0].receive_mib_per_s"),
    ("a_number_is_out_of_range", changed("estate", "datastores", 0, "write_mib_per_s", to=0), "estate.datastores[0].write_mib_per_s"),
    ("a_number_is_out_of_range", changed("estate", "appliances", 0, "cache_gib", to=0), "estate.appliances[0].cache_gib"),
    ("a_name_is_taken", changed("estate", "configuration_servers", 0, "name", to="link"), "estate.configuration_servers[0].name"),
    ("a_number_is_out_of_range", changed("plan", "attempts_max", to=0), "plan.attempts_max"),
    ("a_number_is_out_of_range", changed("poll_s", to=-1), "poll_s"),
    ("a_number_is_out_of_range", changed("operator", 0, "after_s", to=-1), "operator[0].after_s"),
    ("a_number_is_out_of_range", changed("poll_s", to=1e-9), "poll_s"),
    ("a_number_is_out_of_range", changed("poll_s", to=1e300), "poll_s"),
    ("a_number_is_out_of_range", changed("seed", to=10**399), "seed"),
    ("a_number_is_out_of_range", changed("seed", to="9" * 400), "seed"),
    ("a_number_is_out_of_range", machine(2, disks=[{"size_gib": 70000}]), f"{VM}[2].disks[0].size_gib"),
    ("a_number_is_out_of_range", machine(2, disks=[{"size_gib": 1e300}]), f"{VM}[2].disks[0].size_gib"),
    ("a_number_is_out_of_range", changed("estate", "master_targets", 0, "local_disks", to=1000000000), "estate.master_targets[0].local_disks"),
    ("a_number_is_out_of_range", changed("faults", 1, to={"kind": "change_facts", "object": "mt", "facts": {"local_disks": 10**9}}), "faults[1].facts.local_disks"),
    ("a_number_is_out_of_range", changed("faults", 2, "at_s", to=1e300), "faults[2].at_s"),
    ("a_number_is_out_of_range", changed("durations", to={"agent_registration": 1e300}), "durations.agent_registration.fixed_s"),
    ("a_number_is_out_of_range", changed("plan", "recheck_s", to=1e-9), "plan.recheck_s"),
    ("a_number_is_out_of_range", changed("site", to={"heartbeat_period_s": 1e-9}), "site.heartbeat_period_s"),
    ("the_start_is_far_away", changed("starts_at", to="9999-12-31T23:59:59Z"), "starts_at"),
    ("the_start_is_far_away", changed("starts_at", to="0001-01-01T00:00:00Z"), "starts_at"),
    ("the_start_has_no_offset", changed("starts_at", to="2026-06-05T18:00:00"), "starts_at"),
    ("a_time_zone_is_unknown", changed("time_zone", to="Europe/Berlyn"), "time_zone"),
    ("a_duration_is_unknown", changed("durations", to={"agent_registraton": 5}), "durations.agent_registraton"),
    ("no_machine", no_machine, VM),
    ("a_machine_has_no_disk", machine(3, disks=[]), f"{VM}[3].disks"),
    ("a_host_does_not_mount_that", elsewhere("virtual_machines"), f"{VM}[0].datastore"),
    ("a_host_does_not_mount_that", elsewhere("master_targets"), "estate.master_targets[0].datastore"),
    ("a_host_does_not_mount_that", elsewhere("appliances"), "estate.appliances[0].datastore"),
    ("a_host_does_not_mount_that", a_disk_elsewhere, f"{VM}[0].disks[0].datastore"),
    ("a_datastore_is_read_only_and_not_mounted", read_only_elsewhere, "estate.hosts[0].read_only_datastores[0]"),
    ("a_datastore_has_more_free_than_it_holds", more_free, "estate.datastores[0].free_gib"),
    ("a_disk_is_larger_than_its_datastore", machine(0, disks=[{"size_gib": 1001}]), f"{VM}[0].disks[0].size_gib"),
    ("a_physical_server_is_a_machine_on_site", machine(3, source="physical"), f"{VM}[3].source"),
    ("a_word_is_unknown", machine(0, firmware="uefi"), f"{VM}[0].firmware"),
    ("a_word_is_unknown", machine(0, replication_health="Critical"), f"{VM}[0].replication_health"),
    ("a_word_is_unknown", changed("estate", "master_targets", 0, "scsi_controllers", to=["LSI Logic"]), "estate.master_targets[0].scsi_controllers"),
    ("a_word_is_unknown", changed("estate", "link", "forward", to="VPN"), "estate.link.forward"),
    ("a_word_is_unknown", changed("faults", 1, to={"kind": "change_facts", "object": "gold", "facts": {"kind": "vsan"}}), "faults[1].facts.kind"),
    ("a_word_is_unknown", changed("faults", 1, to={"kind": "change_facts", "object": "link", "facts": {"kind": "VPN"}}), "faults[1].facts.kind"),
    ("a_group_has_two_architectures", machine(1, architecture="classic"), f"{VM}[1].replication_group"),
    ("a_group_is_mixed", changed("estate", "replication_groups", 0, "items", to=["c", "d"]), "estate.replication_groups[0].items[1]"),
    ("a_machine_is_in_two_groups", changed("estate", "replication_groups", 0, "items", to=["a"]), "estate.replication_groups[0].items[0]"),
    ("an_architecture_lacks_a_part", machine(3, os="windows"), f"{VM}[3]"),
    ("an_architecture_lacks_a_part", changed("estate", "configuration_servers", to=[]), f"{VM}[3]"),
    ("an_architecture_lacks_a_part", changed("estate", "process_servers", to=[]), f"{VM}[3]"),
    ("an_architecture_lacks_a_part", changed("estate", "appliances", to=[]), f"{VM}[0]"),
    ("a_recovery_plan_is_too_large", large_plan, "estate.recovery_plans[1].groups"),
    ("an_item_is_planned_twice", changed("estate", "recovery_plans", 0, "groups", to=[["a"], ["a"]]), "estate.recovery_plans[0].groups[1][0]"),
    ("an_item_is_planned_twice", added("estate", "recovery_plans", part={"name": "second", "groups": [["c"]]}), "estate.recovery_plans[1].groups[0][0]"),
    ("an_item_is_in_two_waves", changed("plan", "waves", 1, "items", to=["a"]), "plan.waves[1].items[0]"),
    ("a_machine_fails_back_with_two", changed("plan", "together", to=[{"name": "x", "order": [["d"], ["d"]]}]), "plan.together[0].order[1][0]"),
    ("an_entry_spans_two_waves", together(["a", "b"], ["c"]), "plan.together[0].order[1][0]"),
    ("an_entry_is_planned_twice", changed("plan", "together", to=[{"name": "x", "order": [["c"]]}]), "plan.together[0].order[0][0]"),
    ("an_entry_splits_a_group", together(["b"]), "plan.together[0].order[0][0]"),
    ("a_name_refers_to_nothing", together(["x"]), "plan.together[0].order[0][0]"),
    ("a_list_has_a_name_twice", changed("plan", "together", to=[{"name": "x", "order": [["d"]]}, {"name": "x", "order": []}]), "plan.together[1].name"),
    ("a_wave_seeds_at_the_wrong_time", changed("plan", "waves", 0, "seed_opens_s", to=50), "plan.waves[0].seed_opens_s"),
    ("a_wave_seeds_at_the_wrong_time", changed("plan", "waves", 0, "seed_closes_s", to=9), "plan.waves[0].seed_closes_s"),
    ("a_freeze_has_no_length", changed("plan", "freezes", to=[{"name": "f", "from_s": 9, "until_s": 9}]), "plan.freezes[0].until_s"),
    ("a_wave_closes_before_it_opens", changed("plan", "waves", 0, "closes_s", to=0), "plan.waves[0].closes_s"),
    ("a_wave_closes_before_its_turn", changed("plan", "waves", to=[{"name": "one", "items": ["a"], "opens_s": 60}, {"name": "two", "items": ["b"], "closes_s": 60}]), "plan.waves[1].closes_s"),
    ("nobody_is_there_to_fail_back", changed("homecoming", to={"fail_back_when_staffed": True}), "homecoming.fail_back_when_staffed"),
    ("a_gate_has_the_name_of_ours", staffed_twice, "plan.gates[1].name"),
    ("the_goals_are_not_connected", changed("plan", "goals", to=[]), "plan.goals"),
    ("the_goals_are_not_connected", changed("plan", "goals", to=["failed_over", "failing_back"]), "plan.goals[1]"),
    ("a_fault_lacks_a_field", changed("faults", 0, to={"kind": "fail_job", "object": "a"}), "faults[0].operation"),
    ("a_fault_lacks_a_field", changed("faults", 1, to={"kind": "change_facts", "object": "mt"}), "faults[1].facts"),
    ("a_fault_lacks_a_field", changed("faults", 1, "at_s", to=5), "faults[1].at_s"),
    ("a_fault_names_no_task", changed("faults", 0, "task", to="VmFallover"), "faults[0].task"),
)
# fmt: on


def found(folder: Path, *spoils: Spoil) -> tuple[Mistake, ...]:
    tree = copy.deepcopy(WHOLE)
    for spoil in spoils:
        spoil(tree)
    path = folder / "scenario.yaml"
    path.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    try:
        load_scenario(path)
    except BadInput as refused:
        return refused.mistakes
    return ()


def test_the_whole_file_has_no_mistake(tmp_path: Path) -> None:
    assert found(tmp_path) == ()


@pytest.mark.parametrize(("check", "spoil", "path"), SPOILT, ids=[f"{row[0]}-{row[2]}" for row in SPOILT])
def test_one_spoilt_thing_is_told_where_it_stands(tmp_path: Path, check: str, spoil: Spoil, path: str) -> None:
    assert path in [mistake.path_text for mistake in found(tmp_path, spoil)]


def test_a_remedy_without_a_port_is_one_paragraph_with_its_steps(tmp_path: Path) -> None:
    (mistake,) = found(tmp_path, changed("plan", "remedies", to={"R10": "apply"}))
    row = by_id("R10")
    assert row is not None
    assert row.remedy in mistake.message
    assert "Write ask or never" in mistake.message
    assert "R04" in mistake.message
    assert "\n" not in mistake.message


@pytest.mark.parametrize("policy", ["ask", "never"])
def test_what_is_not_applied_needs_no_port(tmp_path: Path, policy: str) -> None:
    assert found(tmp_path, changed("plan", "remedies", to={"R10": policy})) == ()


SIDE_EFFECTS: Final = frozenset(
    {
        "a_name_is_taken",
        "an_architecture_lacks_a_part",
        "no_machine",
        "a_group_is_mixed",
        "a_group_has_two_architectures",
    }
)


def test_a_modernised_group_of_both_families_is_no_mistake_since_nobody_knows_it(tmp_path: Path) -> None:
    assert not found(tmp_path, machine(1, os="windows"))


def test_a_part_that_many_machines_lack_is_told_once_with_their_number_and_the_command_that_reads_it(
    tmp_path: Path,
) -> None:
    told = [str(mistake) for mistake in found(tmp_path, changed("estate", "appliances", to=[]))]
    (lacking,) = [text for text in told if "has no replication appliance" in text]
    assert "3 of 4 machines are modernised (a, b, c) and the estate has no replication appliance" in lacking
    assert "`failback import --collect sh`" in lacking


@pytest.mark.parametrize(
    ("check", "spoil", "path"),
    [row for row in SPOILT if row[0] not in SIDE_EFFECTS],
    ids=[f"{row[0]}-{row[2]}" for row in SPOILT if row[0] not in SIDE_EFFECTS],
)
def test_one_spoilt_thing_is_one_mistake(tmp_path: Path, check: str, spoil: Spoil, path: str) -> None:
    assert [mistake.path_text for mistake in found(tmp_path, spoil)] == [path]


def test_every_check_has_a_file_that_breaks_it() -> None:
    assert {row[0] for row in SPOILT} == set(CHECKS)


@pytest.mark.parametrize(("written", "kind"), [("vsan", "vSAN"), ("vmfs", "VMFS"), ("NFS41", "NFS"), ("VVOL", "vVol")])
def test_the_kind_of_a_datastore_may_be_written_as_vsphere_writes_it(tmp_path: Path, written: str, kind: str) -> None:
    text = resolve("one_vm").read_text(encoding="utf-8").replace("{name: gold,", f"{{name: gold, kind: {written},")
    file = tmp_path / "kind.yaml"
    file.write_text(text, encoding="utf-8")
    assert load_scenario(file).estate.datastores["gold"].kind == kind
