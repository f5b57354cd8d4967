"""What machines share: the ledger says it for a check, and a drill stops the same machines, whoever is first."""

from dataclasses import replace
from typing import Any

import pytest

from failback.reprotect import (
    DISKS_MAX,
    MET,
    UNKNOWN,
    Appliance,
    Architecture,
    Broken,
    Choices,
    Datastore,
    Disk,
    Estate,
    Holds,
    Host,
    Link,
    Noted,
    OsFamily,
    Outlook,
    Phase,
    Plan,
    RecoveryPlan,
    ReplicationGroup,
    Standing,
    Unsure,
    VirtualMachine,
    Wave,
    applies,
    as_asked,
    by_id,
    same_bios_uuids,
    same_uuids,
    validate_plan,
    with_mates,
)
from failback.reprotect.assessment import without_a_share

HOST = Host("esx", ("gold",), free_memory_gib=100.0)
NOW: dict[str, Phase] = {}


def machine(name: str, *, memory_gib: Any = 8.0, disks: int = 1, **facts: Any) -> VirtualMachine:
    own = tuple(Disk(40.0, uuid=f"{name}-{n}") for n in range(disks))
    made = VirtualMachine(name, OsFamily.LINUX, own, host="esx", datastore="gold", memory_gib=memory_gib)
    return replace(made, **facts)


def estate_of(*machines: VirtualMachine, plans: tuple[tuple[str, ...], ...] = (), **parts: Any) -> Estate:
    groups: dict[str, list[str]] = {}
    for vm in machines:
        if vm.replication_group:
            groups.setdefault(vm.replication_group, []).append(vm.name)
    return Estate(
        {vm.name: vm for vm in machines},
        Link(500.0),
        hosts={"esx": HOST},
        datastores={"gold": Datastore("gold", free_gib=parts.pop("free_gib", 5000.0))},
        appliances={"box": Appliance("box", "esx", "gold", log_storage_accounts=("logs",))},
        replication_groups={name: ReplicationGroup(name, tuple(items)) for name, items in groups.items()},
        recovery_plans={f"p{n}": RecoveryPlan(f"p{n}", (items,)) for n, items in enumerate(plans)},
    )


def verdict(rule: str, estate: Estate, item: str, plan: Plan | None = None, choices: Choices | None = None) -> Any:
    row = by_id(rule)
    assert row is not None
    return row.predicate(as_asked(estate, plan or Plan()), item, choices or Choices())


def left_out(estate: Estate, plan: Plan | None = None) -> str:
    """Whom a drill stops before the reprotect: what is undecided has its share set aside."""
    return "".join(without_a_share(estate, plan or Plan(), NOW))


def test_memory_is_allotted_in_the_plans_order() -> None:
    estate = estate_of(*(machine(name, memory_gib=40.0) for name in "abc"))
    assert left_out(estate) == "c"
    assert left_out(estate, Plan(waves=(Wave("w", ("c",)),))) == "b"


@pytest.mark.parametrize(
    "facts", [{"memory_gib": UNKNOWN}, {"exists_on_premises": UNKNOWN, "host": "other"}], ids=["how much", "where"]
)
def test_a_drill_sets_nothing_aside_for_a_need_that_nobody_knows(facts: Any) -> None:
    """How much it is, or of which host."""
    unsure = replace(machine("a", memory_gib=40.0), **facts)
    estate = estate_of(unsure, machine("b", memory_gib=70.0), machine("c", memory_gib=70.0))
    hosts = {"esx": HOST, "other": replace(HOST, name="other")}
    assert left_out(replace(estate, hosts=hosts)) == "c"


@pytest.mark.parametrize(("seed_opens_s", "met"), [(None, True), (0.0, False)])
def test_a_machine_meets_none_of_a_later_wave_unless_that_replicates_ahead(
    seed_opens_s: float | None, met: bool
) -> None:
    """F02: one of the later wave has no recovery point."""
    both = machine("a", recovery_points=5), machine("b", recovery_points=0)
    waves = Wave("w1", ("a",)), Wave("w2", ("b",), seed_opens_s=seed_opens_s)
    found = verdict("F02", estate_of(*both, plans=(("a", "b"),)), "a", Plan(waves=waves))
    assert (found is MET, isinstance(found, Unsure)) == (met, not met)


def test_a_smaller_machine_takes_what_a_larger_one_could_not_have() -> None:
    estate = estate_of(machine("a", memory_gib=70.0), machine("b", memory_gib=40.0), machine("c", memory_gib=30.0))
    assert left_out(estate) == "b"


def test_a_check_of_facts_that_nobody_knows_says_of_those_behind_that_it_is_open() -> None:
    estate = estate_of(*(machine(name, memory_gib=40.0) for name in "abc"))
    assert [type(verdict("8038", estate, name)).__name__ for name in "abc"] == ["Met", "Met", "Unsure"]


def test_who_is_blocked_anyhow_takes_nothing() -> None:
    gone = machine("a", memory_gib=90.0, migration_completed=True)
    estate = estate_of(gone, machine("b", memory_gib=60.0))
    assert not isinstance(verdict("8038", estate, "b"), Broken)


def test_a_share_that_nobody_knows_leaves_those_behind_it_undecided() -> None:
    estate = estate_of(machine("a", memory_gib=UNKNOWN), machine("b", memory_gib=60.0))
    assert isinstance(verdict("8038", estate, "b"), Unsure)


def test_what_one_machine_alone_lacks_is_left_to_the_vault_where_a_person_may_mend_it() -> None:
    estate = estate_of(machine("a", memory_gib=200.0), machine("b", memory_gib=60.0), machine("c", memory_gib=60.0))
    assert list(without_a_share(estate, Plan(), NOW)) == ["c"]


def test_a_drill_sets_room_aside_for_a_machine_whose_memory_nobody_knows() -> None:
    gone = [machine(name, disks=2, exists_on_premises=False) for name in "ab"]
    unknown = replace(gone[0], memory_gib=UNKNOWN)
    assert left_out(estate_of(unknown, gone[1], free_gib=100.0)) == "b"


def test_room_for_new_disks_is_allotted_together() -> None:
    gone = (machine(name, disks=2, exists_on_premises=False) for name in "abc")
    assert left_out(estate_of(*gone, free_gib=200.0)) == "c"


def test_a_group_takes_its_slots_at_one_instant() -> None:
    estate = estate_of(*(machine(n, disks=35, replication_group="g") for n in "ab"), plans=(("a", "b"),))
    found = verdict("A02", estate, "a", choices=Choices(appliance="box"))
    assert isinstance(found, Broken)
    assert f"; at most {DISKS_MAX} are possible" in found.blockers[0].sentence


def test_single_machines_with_more_disks_than_slots_queue_and_are_told() -> None:
    estate = estate_of(*(machine(name, disks=30) for name in "abc"))
    found = verdict("A02", estate, "a", choices=Choices(appliance="box"))
    assert "90 disks" in found.notes[0].sentence


def test_clones_that_share_the_uuid_of_a_disk_know_of_each_other() -> None:
    twins = [replace(machine(name), disks=(Disk(40.0, uuid="same"),)) for name in "ab"]
    assert same_uuids([*twins, machine("c")]) == {"a": ("b",), "b": ("a",)}


def test_one_source_writes_a_uuid_in_capitals_and_another_does_not() -> None:
    one, other = (replace(machine(n), disks=(Disk(40.0, uuid=u),)) for n, u in (("a", "6000C29f"), ("b", "6000c29F")))
    assert same_uuids([one, other]) == {"a": ("b",), "b": ("a",)}


def test_of_machines_with_one_bios_uuid_those_count_that_return_or_may_be_on_site() -> None:
    a, b = (replace(machine(name), bios_uuid=uuid, vcenter="vc") for name, uuid in (("a", "42AA"), ("b", "42aa")))
    gone = replace(b, exists_on_premises=False)
    assert same_bios_uuids([a, b], ()) == {"a": ("b",), "b": ("a",)}
    assert same_bios_uuids([a, gone], ("b",)) == {"a": ("b",), "b": ("a",)}
    assert same_bios_uuids([a, gone], ("a",)) == {}
    assert same_bios_uuids([a, replace(b, vcenter="vc2")], ("a", "b")) == {}
    assert same_bios_uuids([a, replace(b, bios_uuid=UNKNOWN)], ("a", "b")) == {}


def test_two_machines_of_one_bios_uuid_are_told_and_stop_nothing() -> None:
    estate = estate_of(*(replace(machine(name), bios_uuid="42") for name in "ba"))
    for item in "ba":
        found = verdict("R11", estate, item, choices=Choices(appliance="box"))
        assert isinstance(found, Noted)
        assert [(note.name, "which b has too" in note.sentence) for note in found.notes] == [("a", True)]


def test_a_group_needs_one_recovery_plan_for_all() -> None:
    vms = [machine(name, replication_group="g") for name in "ab"]
    assert isinstance(verdict("R22", estate_of(*vms), "a"), Broken)
    assert isinstance(verdict("R22", estate_of(*vms, plans=(("a",), ("b",))), "a"), Broken)
    assert not isinstance(verdict("R22", estate_of(*vms, plans=(("a", "b"),)), "a"), Broken)


def test_where_nobody_read_the_recovery_plans_it_is_unknown_whether_one_has_the_group() -> None:
    vms = [machine(name, replication_group="g") for name in "ab"]

    def judged(*plans: tuple[str, ...]) -> Any:
        return verdict("R22", replace(estate_of(*vms, plans=plans), recovery_plans_known=False), "a")

    assert isinstance(judged(), Unsure)
    assert isinstance(judged(("a",)), Unsure), "another one may have both"
    assert judged(("a", "b")) is MET
    alone = replace(estate_of(machine("c")), recovery_plans_known=False)
    assert verdict("R22", alone, "c") is MET


def test_no_recovery_plan_holds_both_architectures() -> None:
    estate = estate_of(machine("a"), machine("b", architecture=Architecture.CLASSIC), plans=(("a", "b"),))
    assert "which no recovery plan can hold together" in validate_plan(estate, Plan(recovery_plans=("p0",)))[0]
    assert validate_plan(estate, Plan()) == ()


# Who falls with whom

BLOCKED_EARLY = Outlook(Standing.BLOCKED, ("R18",), early=True)
STUCK = Outlook(Standing.BLOCKED, ("M13",), stuck=True, holds=True)


@pytest.mark.parametrize("architecture", Architecture)
def test_a_machine_falls_with_a_group_mate_that_is_stopped_early(architecture: Architecture) -> None:
    vms = [machine(name, replication_group="g", architecture=architecture) for name in "ab"]
    row = by_id("R07")
    assert row is not None
    falls = Standing.READY if applies(row, architecture).answer is Holds.NO else Standing.BLOCKED
    found = with_mates(estate_of(*vms), Plan(), {"a": BLOCKED_EARLY, "b": Outlook()})
    assert found["b"].standing is falls


def test_a_recovery_plan_goes_on_without_a_machine_that_was_stopped_and_waits_for_one_that_never_settles() -> None:
    estate, plan = estate_of(machine("a"), machine("b"), plans=(("a", "b"),)), Plan(recovery_plans=("p0",))
    assert with_mates(estate, plan, {"a": BLOCKED_EARLY, "b": Outlook()})["b"].standing is Standing.READY
    assert with_mates(estate, plan, {"a": STUCK, "b": Outlook()})["b"] == Outlook(
        Standing.BLOCKED, ("with a",), holds=True
    )


def test_behind_a_machine_that_never_settles_no_later_wave_opens() -> None:
    plan = Plan(waves=(Wave("one", ("a",)),))
    found = with_mates(estate_of(machine("a"), machine("b")), plan, {"a": STUCK, "b": Outlook()})
    assert found["b"].standing is Standing.BLOCKED


def test_who_gets_slots_that_another_keeps_for_good_is_undecided() -> None:
    asked = as_asked(estate_of(*(machine(name, disks=40) for name in "ab")), Plan())
    assert with_mates(asked, Plan(), {"a": STUCK, "b": Outlook()})["b"].standing is Standing.UNDECIDED


@pytest.mark.parametrize(
    ("disks", "own", "standing"),
    [(30, 0, Standing.READY), (31, 0, Standing.UNDECIDED), (30, 1, Standing.UNDECIDED), (29, 2, Standing.READY)],
)
def test_slots_are_short_only_above_the_most_disks_of_a_server(disks: int, own: int, standing: Standing) -> None:
    estate = estate_of(*(machine(name, disks=disks) for name in "ab"))
    box = replace(estate.appliances["box"], local_disks=own)
    asked = as_asked(replace(estate, appliances={"box": box}), Plan())
    assert with_mates(asked, Plan(), {"a": STUCK, "b": Outlook()})["b"].standing is standing


def test_who_has_its_slots_already_needs_no_others() -> None:
    has = machine("b", disks=40, at=Phase.REPLICATING_TO_ON_PREMISES, returns_through="box")
    asked = as_asked(estate_of(machine("a", disks=40), has), Plan())
    assert with_mates(asked, Plan(), {"a": STUCK, "b": Outlook()})["b"].standing is Standing.READY


def test_of_a_server_that_the_estate_lacks_nobody_knows_that_slots_are_short() -> None:
    asked = as_asked(estate_of(*(machine(name, disks=40) for name in "ab")), Plan())
    lost = replace(asked, returning_through=dict.fromkeys("ab", "gone"))
    assert with_mates(lost, Plan(), {"a": STUCK, "b": Outlook()})["b"].standing is Standing.READY


def test_a_share_that_nobody_knows_takes_nothing_for_certain() -> None:
    estate = estate_of(machine("a", memory_gib=UNKNOWN), machine("b", memory_gib=60.0))
    assert isinstance(verdict("8038", estate, "b"), Unsure)
    assert not without_a_share(estate, Plan(), NOW)


def test_slots_that_a_later_wave_keeps_count_with_what_the_mates_of_a_group_claim() -> None:
    ours = [machine(name, disks=20, replication_group="g") for name in "ab"]
    later = machine("c", disks=30, at=Phase.REPLICATING_TO_ON_PREMISES, returns_through="box")
    plan = Plan(waves=(Wave("first", ("a", "b")), Wave("then", ("c",))))
    kept = as_asked(estate_of(*ours, later), plan).ledger.kept
    assert {name: (each.disks, each.most) for name, each in kept.items()} == {"a": (30, 50), "b": (30, 50)}
