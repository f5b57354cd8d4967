"""The search for a server: it ends with the first that is as fit as one can be, and looks further where it is not."""

from dataclasses import replace

import pytest

from failback.reprotect import (
    Appliance,
    Architecture,
    Choices,
    Disk,
    Estate,
    Host,
    Link,
    MasterTarget,
    Operation,
    OsFamily,
    Plan,
    ReplicationGroup,
    RequestDefaults,
    VirtualMachine,
)
from failback.reprotect.assessment.server_weights import ServerWeights, Weight

HOME = Operation.REPROTECT_TO_ON_PREMISES
HOSTS = {"near": Host("near", ("gold",)), "far": Host("far", ("other",))}
VM = VirtualMachine("app", OsFamily.LINUX, (Disk(1),), Architecture.CLASSIC, "near", "gold", exists_on_premises=True)


def target(name: str, host: str, *, clashes: bool = False) -> MasterTarget:
    """One that has the UUID of the machine's disk, which no other rule sees (R11), or does not."""
    return MasterTarget(name, OsFamily.LINUX, host, "gold", snapshots=(), disk_uuids=("u",) if clashes else ("t",))


def chosen(vm: VirtualMachine, *targets: MasterTarget) -> str | None:
    vm = replace(vm, disks=(Disk(1, uuid="u"),))
    estate = Estate({vm.name: vm}, Link(100), HOSTS, master_targets={each.name: each for each in targets})
    return RequestDefaults(estate, Plan()).choose(vm.name, HOME).master_target


@pytest.mark.parametrize("host", ["near", "nobody knows it"], ids=["that sees its datastore", "of an unknown host"])
def test_a_server_that_refuses_the_machine_for_another_reason_does_not_end_the_search(host: str) -> None:
    assert chosen(VM, target("one", host, clashes=True), target("two", host)) == "two"


def test_of_a_machine_that_is_gone_no_server_ranks_lower_for_not_seeing_its_old_datastore() -> None:
    gone = replace(VM, exists_on_premises=False)
    targets = target("one", "near", clashes=True), target("two", "far"), target("three", "near")
    assert chosen(gone, *targets) == "two"


@pytest.mark.parametrize("architecture", Architecture)
def test_where_no_server_sees_the_datastore_the_first_ends_the_search(
    architecture: Architecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its host is known and does not mount it, and so are those of the others: none is fitter."""
    asked = set()
    about_machine = ServerWeights.about_machine

    def counted(self: ServerWeights, vm: VirtualMachine, operations: tuple[Operation, ...], choices: Choices) -> Weight:
        asked.add(choices.master_target or choices.appliance)
        return about_machine(self, vm, operations, choices)

    monkeypatch.setattr(ServerWeights, "about_machine", counted)
    estate = Estate(
        {"app": replace(VM, architecture=architecture)},
        Link(100),
        HOSTS,
        master_targets={name: target(name, "far") for name in ("mt-0", "mt-1", "mt-2")},
        appliances={name: Appliance(name, "far", "other") for name in ("box-0", "box-1", "box-2")},
    )
    choices = RequestDefaults(estate, Plan()).choose("app", HOME)
    assert (choices.master_target or choices.appliance) in {"mt-0", "box-0"}
    assert len(asked - {None}) == 1


GROUP = ReplicationGroup("g", ("a", "b"))


def served(near: MasterTarget, far: MasterTarget, **readings: str) -> list[str | None]:
    """Through what a group of two comes home, whose machines have their disks on two datastores."""
    ours = replace(VM, replication_group="g")
    machines = {"a": replace(ours, name="a"), "b": replace(ours, name="b", host="far", datastore="other")}
    estate = Estate(machines, Link(100), HOSTS, master_targets={"near": near, "far": far})
    estate = replace(estate, replication_groups={"g": GROUP}, readings=readings)
    defaults = RequestDefaults(estate, Plan())
    return [defaults.choose(name, HOME).master_target for name in machines]


def test_a_classic_group_is_never_torn_since_it_must_come_home_through_one_master_target() -> None:
    one, two = served(target("near", "near"), target("far", "far"))
    assert one == two


def test_a_group_that_is_refused_as_often_when_it_is_torn_stays_together() -> None:
    """Torn, its first machine would go through the first appliance, which has no room for the disks of both."""
    sizes = {"before": 20, "a": 35, "b": 20}
    machines = {
        name: VirtualMachine(name, OsFamily.LINUX, (Disk(1),) * size, host="near") for name, size in sizes.items()
    }
    machines |= {name: replace(machines[name], replication_group="g") for name in "ab"}
    boxes = {name: Appliance(name, "near", "gold", local_disks=0, healthy=False) for name in ("first", "second")}
    estate = Estate(machines, Link(100), HOSTS, appliances=boxes, replication_groups={"g": GROUP})
    defaults = RequestDefaults(estate, Plan())
    assert [defaults.choose(name, HOME).appliance for name in sizes] == ["first", "second", "second"]
