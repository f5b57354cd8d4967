"""What is judged of one machine after its return."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from failback.reprotect import (
    UNKNOWN,
    Adapter,
    AzureVm,
    Disk,
    OsFamily,
    Phase,
    Replica,
    Side,
    VirtualMachine,
    phase_row,
)
from failback.scenarios.aftercare.after import After, MachineAfter
from failback.scenarios.aftercare.aspects import ASPECTS, Mark, Pair
from failback.scenarios.aftercare.care import aftercare
from failback.scenarios.aftercare.disks import disks_after
from failback.scenarios.aftercare.prices import Prices
from failback.scenarios.aftercare.tasks import judged, tasks_of
from failback.scenarios.files.loader import load_scenario, resolve

MOVED = datetime(2026, 6, 6, 2, 0, tzinfo=UTC)
LATER, EARLIER = MOVED.replace(hour=4), MOVED.replace(hour=1)
BEFORE = VirtualMachine(
    "app",
    OsFamily.LINUX,
    (Disk(10, "a", uuid="U1"), Disk(20, "b", uuid="U2")),
    at=Phase.FAILOVER_COMMITTED,
    adapters=(Adapter(addresses=("10.0.0.4",)),),
    instance_uuid="I1",
)
HOME = MachineAfter(replace(BEFORE, at=Phase.REPLICATING_TO_AZURE, powered_on=True), LATER, MOVED, read_alone=True)


def marks(after: MachineAfter | None, before: VirtualMachine = BEFORE) -> dict[str, Mark]:
    pair = Pair(before, after)
    return {aspect.key: aspect.judge(pair).mark for aspect in ASPECTS}


def with_vm(**facts: object) -> MachineAfter:
    return replace(HOME, vm=replace(HOME.vm, **facts))  # type: ignore[arg-type]


def tasks(after: MachineAfter | None) -> set[str]:
    return {task.row.id for task in tasks_of({"app": judged(Pair(BEFORE, after), 0)})}


def test_what_the_import_says_of_a_machine_is_told_with_its_values() -> None:
    """The values stand behind the name, which is the name of the machine all the same."""
    before = replace(load_scenario(resolve("one_vm")).estate, virtual_machines={"app": BEFORE})
    said = {"another memory": {"app": "app (vault: 4 GiB, vCenter: 8 GiB)", "other": "other (vault: a, vCenter: b)"}}
    found = aftercare("x", "files", before, After({"app": HOME}, (), left_out=said), Prices())
    assert found.notes == ("another memory: app (vault: 4 GiB, vCenter: 8 GiB)",)


def test_of_a_machine_that_is_home_protected_and_whole_nothing_is_open() -> None:
    assert set(marks(HOME).values()) == {Mark.DONE}


def test_each_aspect_opens_by_its_own_fact_and_by_no_other() -> None:
    for key, after in {
        "running": with_vm(powered_on=False),
        "protected": replace(with_vm(at=Phase.RESYNCING_TO_AZURE)),
        "recovery_point": replace(HOME, last_point=EARLIER),
        "addresses": with_vm(adapters=(Adapter(addresses=("10.9.0.4",)),)),
        "disks": with_vm(disks=BEFORE.disks[:1]),
        "snapshots": with_vm(snapshots=("before the move",)),
    }.items():
        opened = {aspect for aspect, mark in marks(after).items() if mark is Mark.OPEN}
        assert opened == {key}


@pytest.mark.parametrize("phase", Phase)
def test_a_return_is_committed_where_the_machine_runs_on_site_and_azure_has_none(phase: Phase) -> None:
    found = marks(with_vm(at=phase))["committed"]
    left_site = phase_row(phase).runs is not Side.SITE
    waits = phase in (Phase.FAILED_BACK, Phase.COMMITTING_FAILBACK)
    assert found is (Mark.OPEN if left_site or waits else Mark.DONE)


def test_of_a_machine_in_azure_nothing_on_site_is_judged_yet() -> None:
    found = marks(with_vm(at=Phase.REPLICATING_TO_ON_PREMISES, powered_on=False, disks=(), snapshots=("s",)))
    assert {found[key] for key in ("running", "protected", "addresses", "disks", "snapshots")} == {Mark.NOT_YET}


def test_the_snapshot_of_a_replication_that_is_not_committed_is_not_to_be_deleted() -> None:
    waits = with_vm(at=Phase.FAILED_BACK, snapshots=("ASR-1",))
    assert marks(waits)["snapshots"] is Mark.NOT_YET
    assert tasks(waits) == {"commit"}


def test_a_machine_that_nothing_shows_is_unprotected_and_the_rest_of_it_unknown() -> None:
    found = marks(None)
    assert found.pop("protected") is Mark.OPEN
    assert set(found.values()) == {Mark.UNKNOWN}


def test_what_nobody_read_is_unknown_and_neither_done_nor_open() -> None:
    unread = with_vm(powered_on=UNKNOWN, snapshots=UNKNOWN, adapters=())
    found = marks(replace(unread, last_point=None, read_alone=False))
    unknown = {key for key, mark in found.items() if mark is Mark.UNKNOWN}
    assert unknown == {"running", "snapshots", "addresses", "recovery_point"}


def test_a_list_leaves_the_recovery_point_blank_and_a_single_read_does_not() -> None:
    assert marks(replace(HOME, last_point=None, read_alone=True))["recovery_point"] is Mark.OPEN


def test_a_snapshot_from_before_is_told_from_one_of_the_night() -> None:
    before = replace(BEFORE, snapshots=("old",))
    pair = Pair(before, with_vm(snapshots=("old", "new")))
    (row,) = (aspect for aspect in ASPECTS if aspect.key == "snapshots")
    assert row.judge(pair).text == "old (was there before), new"


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        ((Disk(20, "x", uuid="U2"), Disk(10, "y", uuid="U1")), []),
        ((Disk(10, "a", uuid="N1"), Disk(20, "b", uuid="N2")), []),
        ((Disk(20, "b", uuid="U2"),), ["a"]),
        ((Disk(10, "a"), Disk(10, "b")), ["b"]),
        ((Disk(10, "a", uuid="U1"), Disk(20, "b", uuid="U2", attached_on_premises=False)), ["b"]),
        ((), ["a", "b"]),
    ],
)
def test_a_disk_is_known_again_by_its_uuid_or_its_size_and_else_it_is_missing(
    now: tuple[Disk, ...], missing: list[str]
) -> None:
    assert [disk.name for disk in disks_after(BEFORE, replace(BEFORE, disks=now)).missing] == missing


def test_disks_that_are_no_vmdk_are_not_looked_for_and_a_larger_one_is_the_one_that_grew() -> None:
    disks = (Disk(10, "iscsi", iscsi=True), Disk(5, "t", temporary_storage=True), Disk(20, "d", resized_in_azure=True))
    found = disks_after(replace(BEFORE, disks=disks), replace(BEFORE, disks=(Disk(40, "d"),)))
    assert (found.missing, found.unseen) == ((), ())


def test_a_disk_of_which_nobody_says_whether_it_is_attached_is_unknown() -> None:
    seen = tuple(replace(disk, attached_on_premises=UNKNOWN) for disk in BEFORE.disks)
    assert marks(with_vm(disks=seen))["disks"] is Mark.UNKNOWN


def test_each_task_is_for_the_machines_that_need_it() -> None:
    assert tasks(HOME) == {"test", "dns", "backup", "monitoring", "licences"}
    assert tasks(with_vm(instance_uuid="I2")) == {"test", "dns", "new backup", "monitoring", "licences"}
    assert tasks(with_vm(os=OsFamily.WINDOWS)) == tasks(HOME), "it is the estate from before that says what it is"
    assert tasks(with_vm(at=Phase.FAILED_BACK)) == {"commit"}
    assert tasks(with_vm(at=Phase.FAILOVER_COMMITTED)) == {"return"}
    assert "protect" in tasks(with_vm(at=Phase.FAILBACK_COMMITTED))


@pytest.mark.parametrize("phase", Phase)
def test_a_machine_of_which_azure_has_none_any_more_is_lost_unless_it_runs_on_site(phase: Phase) -> None:
    gone = with_vm(at=phase, azure=AzureVm(exists=False))
    row = phase_row(phase)
    is_lost = (row.runs, row.replica) == (Side.AZURE, Replica.PRESENT)
    assert ("lost" in tasks(gone)) is is_lost
    assert "lost" not in tasks(with_vm(at=phase, azure=AzureVm(exists=True)))
    assert "lost" not in tasks(with_vm(at=phase, azure=AzureVm())), "nobody has looked"
    assert not {"lost", "return"} <= tasks(gone), "nothing is left to bring home"
