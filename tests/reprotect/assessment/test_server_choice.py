"""Where the plan names no server, a fit one is found if there is one, so no finding blames a server of our choice."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from failback.reprotect import (
    REQUIREMENTS,
    Appliance,
    Architecture,
    Choices,
    Datastore,
    Disk,
    Estate,
    Host,
    Link,
    MasterTarget,
    Operation,
    OsFamily,
    Plan,
    ProcessServer,
    ReplicationGroup,
    RequestDefaults,
    RetentionDrive,
    VirtualMachine,
)
from failback.reprotect.requirements import Gravity, MachineKinds, Part, hangs_on_servers, objections

HOME = Operation.REPROTECT_TO_ON_PREMISES
WAY = (HOME, Operation.FAILBACK, Operation.COMMIT_FAILBACK)
HOSTS = {
    "near": Host("near", ("gold", "nfs")),
    "far": Host("far", ("other",)),
    "down": Host("down", ("gold",), connected=False),
    "free": Host("free", ("gold",), edition="free"),
}
STORES = {
    "gold": Datastore("gold", free_gib=100.0),
    "nfs": Datastore("nfs", kind="NFS"),
    "other": Datastore("other", free_gib=1.0),
}
PLACES = {"host": st.sampled_from(sorted(HOSTS)), "datastore": st.sampled_from(sorted(STORES))}
DRIVES = st.lists(
    st.builds(
        RetentionDrive,
        st.sampled_from(("/mnt/retention", "R")),
        listed=st.booleans(),
        filesystem=st.sampled_from(("ext4", "FAT")),
    ),
    max_size=2,
    unique_by=lambda drive: drive.name,
).map(tuple)
NAME = st.just("")
BOXES = st.builds(
    Appliance, NAME, healthy=st.booleans(), local_disks=st.sampled_from((0, 59)), fqdn=st.just("x"), **PLACES
)
TARGETS = st.builds(
    MasterTarget,
    NAME,
    st.sampled_from(OsFamily),
    up=st.booleans(),
    local_disks=st.sampled_from((2, 60)),
    snapshots=st.sampled_from(((), ("s",))),
    retention_drives=DRIVES,
    lvm=st.booleans(),
    **PLACES,
)
SERVERS = st.builds(
    ProcessServer,
    NAME,
    st.booleans(),
    st.booleans(),
    network=st.sampled_from(("a", "b")),
    stopped_services=st.sampled_from(((), ("x",))),
)


def named(parts: list[Any], kind: str) -> dict[str, Any]:
    return {f"{kind}-{n}": replace(part, name=f"{kind}-{n}") for n, part in enumerate(parts)}


@st.composite
def estates(draw: st.DrawFn) -> Estate:
    architecture, exists = draw(st.sampled_from(Architecture)), draw(st.booleans())
    vm = VirtualMachine("app", OsFamily.LINUX, (Disk(10), Disk(20)), architecture, "near", "gold")
    vm = replace(vm, exists_on_premises=exists, azure=replace(vm.azure, network="a"))
    return Estate(
        {"app": vm},
        Link(100),
        HOSTS,
        STORES,
        process_servers=named(draw(st.lists(SERVERS, min_size=1, max_size=3)), "ps"),
        master_targets=named(draw(st.lists(TARGETS, min_size=1, max_size=3)), "mt"),
        appliances=named(draw(st.lists(BOXES, min_size=1, max_size=4)), "box"),
    )


def refusals(estate: Estate, choices: Choices) -> set[str]:
    return {o.rule.id for o in objections(estate, "app", WAY, choices) if o.gravity is Gravity.REFUSES}


def every_request(estate: Estate, usual: Choices) -> list[Choices]:
    """All that anybody could ask for, however unwise."""
    gone = estate.virtual_machines["app"].exists_on_premises is False
    stores = tuple(STORES) if gone else (usual.datastore,)
    if usual.appliance:
        return [replace(usual, appliance=box, datastore=store) for box in estate.appliances for store in stores]
    return [
        replace(usual, master_target=target.name, process_server=server, retention_drive=drive.name, datastore=store)
        for target in estate.master_targets.values()
        for server in estate.process_servers
        for drive in target.retention_drives
        for store in stores
    ]


@given(estates())
@settings(max_examples=150, deadline=None)
def test_where_a_fit_server_exists_no_finding_blames_a_server_of_our_choice(estate: Estate) -> None:
    chosen = RequestDefaults(estate, Plan()).choose("app", HOME)
    possible = [refusals(estate, choices) for choices in every_request(estate, chosen)]
    assert not (any(not found for found in possible) and refusals(estate, chosen))


@given(estates())
@settings(max_examples=60, deadline=None)
def test_each_server_that_was_passed_over_is_so_by_a_rule_that_hangs_on_servers(estate: Estate) -> None:
    for passed in RequestDefaults(estate, Plan()).passed_over("app"):
        assert passed.rule in REQUIREMENTS
        assert hangs_on_servers(passed.rule)
        assert passed.sentence


@given(estates())
@settings(max_examples=60, deadline=None)
def test_a_rule_that_no_choice_asks_says_the_same_of_every_server(estate: Estate) -> None:
    """So that none is missing among those that hang on servers; R07 and the request's own form are told elsewhere."""
    chosen = RequestDefaults(estate, Plan()).choose("app", HOME)
    vm = estate.virtual_machines["app"]
    for row in (row for row in REQUIREMENTS if not hangs_on_servers(row) and row.id not in ("R01", "R07", "R20")):
        holds = row.architectures.classic if vm.architecture is Architecture.CLASSIC else row.architectures.modernised
        if holds.answer.value == "yes" and any(point.operation in WAY for point in row.where):
            verdicts = {type(row.predicate(estate, "app", choices)) for choices in every_request(estate, chosen)}
            assert len(verdicts) < 2, row.id


@given(estates())
@settings(max_examples=60, deadline=None)
def test_a_rule_about_a_server_alone_says_the_same_for_all_machines_of_a_kind(estate: Estate) -> None:
    """So that it is asked once for all of them."""
    vm = estate.virtual_machines["app"]
    other = VirtualMachine("other", vm.os, (Disk(999, uuid="u"),), vm.architecture, "far", "other", azure=vm.azure)
    other = replace(other, snapshots=("s",), memory_gib=99.0, os_version="Ubuntu 22.04", exists_on_premises=True)
    both = replace(estate, virtual_machines={"app": vm, "other": other})
    assert MachineKinds(both).of(vm) == MachineKinds(both).of(other)
    for choices in every_request(estate, RequestDefaults(estate, Plan()).choose("app", HOME)):
        said = [list(objections(both, name, WAY, choices, Part.ABOUT_THE_SERVER)) for name in both.virtual_machines]
        assert [(o.rule.id, o.gravity) for o in said[0]] == [(o.rule.id, o.gravity) for o in said[1]]


def passed_over(machines: list[VirtualMachine], **boxes: Appliance) -> list[tuple[str, str, str, int, bool]]:
    estate = Estate({vm.name: vm for vm in machines}, Link(100), HOSTS, STORES, appliances=boxes)
    found = RequestDefaults(estate, Plan()).passed_over_by_kind()
    return [(each.server, each.item, each.rule.id, each.alike, each.idle) for each in found]


def test_a_server_that_serves_nobody_is_told_with_the_rule_for_which() -> None:
    vm = VirtualMachine("app", OsFamily.LINUX, (Disk(1),), host="near")
    boxes = {"sick": Appliance("sick", "near", "gold", healthy=False), "well": Appliance("well", "near", "gold")}
    assert passed_over([vm], **boxes) == [("sick", "app", "A01", 1, True)]


def test_a_server_that_serves_others_and_is_unfit_for_some_is_told_with_how_many_they_are() -> None:
    near = [VirtualMachine(f"near-{n}", OsFamily.LINUX, (Disk(1),), host="near", datastore="gold") for n in range(3)]
    far = [VirtualMachine("far-1", OsFamily.LINUX, (Disk(1),), host="far", datastore="other")]
    boxes = {"here": Appliance("here", "near", "gold"), "there": Appliance("there", "far", "other")}
    found = passed_over([replace(vm, exists_on_premises=True) for vm in near + far], **boxes)
    assert found == [("there", "near-0", "A03", 3, False), ("here", "far-1", "A03", 1, False)]


def test_where_no_server_is_fit_none_was_passed_over_for_a_fit_one() -> None:
    vm = VirtualMachine("app", OsFamily.LINUX, (Disk(1),), host="near", datastore="gold")
    sick = {name: Appliance(name, "near", "gold", healthy=False) for name in ("one", "two")}
    assert not passed_over([vm], **sick)


def test_a_master_target_of_the_other_family_is_no_choice_even_where_the_own_one_is_unfit() -> None:
    vm = VirtualMachine("app", OsFamily.LINUX, (Disk(1),), Architecture.CLASSIC, "near", "gold")
    sick = MasterTarget("sick", OsFamily.LINUX, "near", "gold", snapshots=("s",))
    targets = {"sick": sick, "other": MasterTarget("other", OsFamily.WINDOWS, "near", "gold", snapshots=())}
    estate = Estate({"app": vm}, Link(100), HOSTS, STORES, master_targets=targets)
    assert RequestDefaults(estate, Plan()).choose("app", HOME).master_target == "sick"


def test_who_is_as_fit_is_taken_where_slots_are_free() -> None:
    machines = {f"m{n}": VirtualMachine(f"m{n}", OsFamily.LINUX, (Disk(1),), host="near") for n in range(90)}
    boxes = {name: Appliance(name, "near", "gold") for name in ("one", "two")}
    defaults = RequestDefaults(Estate(machines, Link(100), HOSTS, STORES, appliances=boxes), Plan())
    taken = [defaults.choose(name, HOME).appliance for name in machines]
    assert (taken[:60], taken[60:]) == (["one"] * 60, ["two"] * 30)


def test_a_group_whose_machines_no_server_fits_together_is_torn_where_nobody_knows_that_it_must_not_be() -> None:
    near = VirtualMachine("a", OsFamily.LINUX, (Disk(1, uuid="a"),), host="near", datastore="gold")
    far = VirtualMachine("b", OsFamily.LINUX, (Disk(1, uuid="b"),), host="far", datastore="other")
    machines = {vm.name: replace(vm, replication_group="g", exists_on_premises=True) for vm in (near, far)}
    boxes = {"here": Appliance("here", "near", "gold"), "there": Appliance("there", "far", "other")}
    estate = Estate(machines, Link(100), HOSTS, STORES, appliances=boxes)
    estate = replace(estate, replication_groups={"g": ReplicationGroup("g", ("a", "b"))})
    defaults = RequestDefaults(estate, Plan())
    assert [defaults.choose(name, HOME).appliance for name in "ab"] == ["here", "there"]
