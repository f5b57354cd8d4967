"""Claims about the edges of single rules: facts that nobody knows, counts just at a limit, zero and two of a thing."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from failback.reprotect import (
    UNKNOWN,
    Appliance,
    Broken,
    Choices,
    Datastore,
    Disk,
    Estate,
    Ledger,
    Load,
    Met,
    Noted,
    OsFamily,
    Unsure,
    Verdict,
    judged,
    remedy_target_of,
    sentences,
)
from failback.reprotect.requirements.predicates_shared import at_either_location

from .test_requirements import CLASSIC, ESTATE, MASTER_TARGET, MODERNISED, WEB

ELSEWHERE = Choices(master_target="mt1", process_server="ps1", datastore="ds2", retention_drive="/mnt/retention")
"""A request for another datastore than the machine's own."""


@dataclass(frozen=True)
class Edge:
    """A rule, an estate, and what is asked for whom."""

    rule: str
    estate: Estate = ESTATE
    ask: Choices = CLASSIC
    item: str = "web"

    @property
    def verdict(self) -> Verdict:
        """What the rule's predicate finds."""
        found = judged(self.estate, self.item, None, None, self.ask)
        return next(j.verdict for j in found if j.requirement.id == self.rule)


def with_part(mapping: str, name: str, estate: Estate = ESTATE, **facts: object) -> Estate:
    """The sound estate, but for these facts of one part."""
    parts = dict(getattr(estate, mapping))
    parts[name] = replace(parts[name], **facts)
    return replace(estate, **{mapping: parts})  # type: ignore[arg-type]  # one mapping of the estate


def vm(estate: Estate = ESTATE, **facts: object) -> Estate:
    """The sound estate, but for these facts of the machine web."""
    return with_part("virtual_machines", "web", estate, **facts)


def host(estate: Estate = ESTATE, **facts: object) -> Estate:
    """The sound estate, but for these facts of its host."""
    return with_part("hosts", "esx1", estate, **facts)


def drive(**facts: object) -> Estate:
    """The sound estate, but for these facts of the retention drive."""
    drives = (replace(MASTER_TARGET.retention_drives[0], **facts),)  # type: ignore[arg-type]  # the facts of one row
    return with_part("master_targets", "mt1", retention_drives=drives)


NOWHERE_KNOWN = vm(exists_on_premises=UNKNOWN)
NFS_BESIDE = replace(ESTATE, datastores={"ds1": Datastore("ds1", kind="NFS"), "ds2": Datastore("ds2", free_gib=1000)})
TWO_DISKS = (Disk(30), Disk(30))

UNSURE = (
    Edge("B06", vm(disks=(Disk(30, held_by=UNKNOWN),))),
    Edge("M08", drive(free_for_retention=UNKNOWN)),
    Edge("T02", host(vm(vcenter=UNKNOWN), discovered=False)),
    Edge("R11", with_part("master_targets", "mt1", disk_uuids=UNKNOWN)),
    Edge("R11", with_part("master_targets", "mt1", disk_uuids=("3",))),
    Edge("R11", vm(disks=TWO_DISKS)),
    Edge("B02", vm(return_within_h=UNKNOWN)),
    Edge("B04", vm(return_within_h=UNKNOWN)),
    Edge("M12", host(datastores=("ds9",))),
    Edge("M12", host(datastores=UNKNOWN)),
    Edge("R24", host(datastores=UNKNOWN)),
    Edge("R28", host(vm(exists_on_premises=False), datastores=UNKNOWN)),
    Edge("A03", host(datastores=UNKNOWN), MODERNISED, "new"),
    Edge(
        "A10", replace(ESTATE, appliances={**ESTATE.appliances, "app2": Appliance("app2", healthy=UNKNOWN)}), item="new"
    ),
    Edge(
        "A10",
        replace(
            ESTATE,
            appliances={
                **ESTATE.appliances,
                "sick": Appliance("sick", healthy=False),
                "app3": Appliance("app3", healthy=UNKNOWN),
            },
        ),
        item="new",
    ),
    Edge("R24", vm(datastore="")),
    Edge("R10", with_part("configuration_servers", "cs1", privileges=UNKNOWN)),
    Edge("B14", with_part("datastores", "ds1", vm(exists_on_premises=False), free_gib=UNKNOWN)),
    Edge("B16", replace(with_part("datastores", "ds1", free_gib=5.0), room_promised={"ds1": 6.0})),
    Edge("A20", with_part("appliances", "app1", privileges=UNKNOWN), MODERNISED, "new"),
    Edge(
        "A18",
        replace(with_part("virtual_machines", "new", exists_on_premises=False), datastores={"far": Datastore("far")}),
        replace(MODERNISED, datastore="far"),
        "new",
    ),
    Edge("A03", with_part("virtual_machines", "new", datastore=""), MODERNISED, "new"),
    Edge("T04", vm(exists_on_premises=False, datastore="ds2"), ELSEWHERE),
)


@pytest.mark.parametrize("edge", UNSURE, ids=lambda edge: edge.rule)
def test_a_rule_is_unsure_where_its_answer_hangs_on_a_fact_that_nobody_knows(edge: Edge) -> None:
    assert isinstance(edge.verdict, Unsure)


HANG_ON_THE_LOCATION = (
    Edge(
        "R13", replace(host(NOWHERE_KNOWN, edition="free"), master_targets={"mt1": replace(MASTER_TARGET, host="esx2")})
    ),
    Edge("T01", vm(exists_on_premises=UNKNOWN, disks=(Disk(30, attached_on_premises=False),))),
    Edge("T03", vm(exists_on_premises=UNKNOWN, disks=(Disk(30, raw_device=True, attached_on_premises=False),))),
    Edge("T04", vm(exists_on_premises=UNKNOWN, disks=(Disk(30, raw_device=True),))),
    Edge("T09", replace(NFS_BESIDE, virtual_machines=NOWHERE_KNOWN.virtual_machines), ELSEWHERE),
    Edge("T10", host(NOWHERE_KNOWN, other_machines=("web",))),
    Edge("B14", with_part("datastores", "ds1", NOWHERE_KNOWN, free_gib=1.0)),
    Edge("R20", NOWHERE_KNOWN, ELSEWHERE),
    Edge("B01", vm(exists_on_premises=UNKNOWN, disks=(Disk(30, changed_fraction=1.0),))),
    Edge(
        "8038",
        replace(host(NOWHERE_KNOWN, free_memory_gib=1.0), master_targets={"mt1": replace(MASTER_TARGET, host="esx2")}),
    ),
)


@pytest.mark.parametrize("edge", HANG_ON_THE_LOCATION, ids=lambda edge: edge.rule)
def test_where_nobody_knows_whether_a_machine_is_there_a_rule_of_one_location_is_unsure(edge: Edge) -> None:
    assert isinstance(edge.verdict, Unsure)
    assert any("exists" in gap.fact for gap in edge.verdict.gaps)


def test_a_rule_that_either_location_breaks_is_broken_wherever_the_machine_is() -> None:
    assert isinstance(Edge("T09", with_part("datastores", "ds1", NOWHERE_KNOWN, kind="NFS")).verdict, Broken)


DS1 = "ds1"
PROTECTED_ALONE = replace(ESTATE, readings={"C14": "protected"})
SIXTY = tuple(Disk(1) for _ in range(60))

GONE = vm(exists_on_premises=False)
TWO_PROCESS_SERVERS = replace(
    ESTATE, process_servers={**ESTATE.process_servers, "ps2": replace(ESTATE.process_servers["ps1"], name="ps2")}
)
ROOMY = replace(ESTATE, datastores={"ds1": Datastore("ds1", free_gib=1.0), "ds2": Datastore("ds2", free_gib=99.0)})


def group_of_two(**azure: object) -> Estate:
    """The machines web and db in one group, with these facts of web in Azure."""
    web = replace(WEB, replication_group="shop", azure=replace(WEB.azure, **azure))  # type: ignore[arg-type]  # by name
    db = replace(WEB, name="db", replication_group="shop")
    return replace(ESTATE, virtual_machines={"web": web, "db": db})


NEW_GONE = with_part("virtual_machines", "new", exists_on_premises=False)

ELSEWHERE_TOO = (Disk(30), Disk(10, datastore="ds2"))
"""The second disk lies on another datastore than the machine's."""
SILENT_DS2 = {"ds1": Datastore("ds1", free_gib=1000.0), "ds2": Datastore("ds2", accessible=False)}
NEW_ON_TWO = with_part("virtual_machines", "new", disks=ELSEWHERE_TOO)

BROKEN = (
    Edge("R12", with_part("master_targets", "mt1", vcenter="vc9")),
    Edge("B14", with_part("datastores", "ds1", GONE, free_gib=None)),
    Edge("B06", vm(disks=(Disk(30, held_by="backup"),))),
    Edge("A15", with_part("appliances", "app1", closed_ports=(443,)), MODERNISED, "new"),
    Edge("A15", with_part("appliances", "app1", closed_ports=(9443,)), MODERNISED, "new"),
    Edge("T01", vm(disks=(Disk(30, attached_on_premises=False),))),
    Edge("T03", vm(disks=(Disk(30, raw_device=True, attached_on_premises=False),))),
    Edge("R24", vm(disks=ELSEWHERE_TOO)),
    Edge("R24", host(vm(replace(ESTATE, datastores=SILENT_DS2), disks=ELSEWHERE_TOO), datastores=("ds1", "ds2"))),
    Edge("A03", NEW_ON_TWO, MODERNISED, "new"),
    Edge("T09", vm(replace(ESTATE, datastores={"ds2": Datastore("ds2", kind="NFS")}), disks=ELSEWHERE_TOO)),
    Edge(
        "T03",
        vm(
            replace(ESTATE, datastores={"ds2": Datastore("ds2", kind="vSAN")}),
            disks=(Disk(30), Disk(10, datastore="ds2", attached_on_premises=False)),
        ),
    ),
    Edge("T01", vm(disks=(Disk(30, raw_device=True), Disk(10, attached_on_premises=False)))),
    Edge("R24", host(GONE, read_only_datastores=("ds1",))),
    Edge("R24", with_part("datastores", "ds1", GONE, accessible=False)),
    Edge("F08", with_part("process_servers", "ps1", registered=False)),
    Edge("P06", with_part("process_servers", "ps1", load_percent=70.0)),
    Edge("M13", with_part("master_targets", "mt1", version="9.4.1")),
    Edge("M03", vm(disks=SIXTY[:59])),
    Edge("M03", vm(PROTECTED_ALONE, disks=(*SIXTY, Disk(1)))),
    Edge("A02", replace(ESTATE, disks_in_flight={"app1": 60}), MODERNISED, "new"),
    Edge("M04", replace(ESTATE, ledger=Ledger({("mt1",): Load(disks=59)}))),
    Edge("A03", with_part("datastores", DS1, accessible=False), MODERNISED, "new"),
    Edge(
        "A03",
        with_part("virtual_machines", "new", exists_on_premises=False),
        replace(MODERNISED, datastore=None),
        "new",
    ),
    Edge(
        "A10", replace(ESTATE, appliances={**ESTATE.appliances, "app2": Appliance("app2", healthy=False)}), item="new"
    ),
    Edge("M12", host(datastores=())),
    Edge("R27", replace(ESTATE, returning_through={"web": "gone"}), Choices(process_server="ps1")),
    Edge("R27", with_part("process_servers", "ps1", TWO_PROCESS_SERVERS, registered=False)),
    Edge("B15", group_of_two(reaches_group=False)),
    Edge("B16", with_part("datastores", "ds1", free_gib=0.0)),
    Edge("B16", with_part("datastores", "ds1", free_gib=0.0), MODERNISED, "new"),
    Edge("B14", vm(ROOMY, disks=(Disk(30, iscsi=True),)), ELSEWHERE),
    Edge("T07", vm(source="physical", os_version="Windows Server 2016")),
    Edge("F04", ask=replace(CLASSIC, shut_down_source=False)),
    Edge("T04", vm(exists_on_premises=False, disks=(Disk(30, raw_device=True),)), ELSEWHERE),
)


@pytest.mark.parametrize("edge", BROKEN, ids=lambda edge: edge.rule)
def test_what_is_known_to_be_wrong_breaks_the_rule(edge: Edge) -> None:
    assert isinstance(edge.verdict, Broken)


FAR = {"ds1": Datastore("ds1"), "far": Datastore("far", vcenter="vc2")}
TO_FAR = replace(MODERNISED, datastore="far")

MET = (
    Edge("R12", with_part("master_targets", "mt1", vcenter=None)),
    Edge("T01", vm(GONE, disks=(Disk(30, attached_on_premises=False),))),
    Edge("T03", vm(GONE, disks=(Disk(30, raw_device=True, attached_on_premises=False),))),
    Edge("R24", host(vm(disks=ELSEWHERE_TOO), datastores=("ds1", "ds2"))),
    Edge("T03", vm(disks=(Disk(30, raw_device=True), Disk(10, attached_on_premises=False)))),
    Edge("A18", replace(NEW_GONE, datastores={"ds1": Datastore("ds1", vcenter="vc")}), MODERNISED, "new"),
    Edge("A18", with_part("appliances", "app1", replace(ESTATE, datastores=FAR), vcenter="vc"), TO_FAR, "new"),
    Edge("A18", with_part("appliances", "app1", replace(NEW_GONE, datastores=FAR), vcenter="vc2"), TO_FAR, "new"),
    Edge("R24", host(GONE, datastores=("ds2",))),
    Edge("R12", with_part("master_targets", "mt1", vm(vcenter=UNKNOWN))),
    Edge("R32", vm(GONE, pending_question=True)),
    Edge("T06", vm(GONE, disk_enable_uuid=False)),
    Edge("B06", vm(GONE, disks=(Disk(30, held_by="backup"),))),
    Edge("B08", vm(GONE, registered_in_vcenter=False)),
    Edge("B12", vm(GONE, autostart=True)),
    Edge("A12", with_part("virtual_machines", "new", NEW_GONE, snapshots_possible=False), MODERNISED, "new"),
    Edge("P06", with_part("process_servers", "ps1", load_percent=69.9)),
    Edge("M13", with_part("master_targets", "mt1", version="9.4.0")),
    Edge("M03", vm(disks=SIXTY[:58])),
    Edge("M03", vm(PROTECTED_ALONE, disks=SIXTY)),
    Edge("A02", replace(ESTATE, disks_in_flight={"app1": 59}), MODERNISED, "new"),
    Edge("M04", replace(ESTATE, ledger=Ledger({("mt1",): Load(disks=58)}))),
    Edge("M04", replace(PROTECTED_ALONE, ledger=Ledger({("mt1",): Load(disks=60)}))),
    Edge("B10", vm(rpo_s=900.0)),
    Edge("R14", vm(source="physical", os_version=UNKNOWN)),
    Edge("R27", replace(ESTATE, returning_through={"web": "mt1"}), Choices(process_server="ps1")),
    Edge("R27", with_part("process_servers", "ps1", registered=False)),
    Edge("B15", group_of_two(reaches_group=True)),
    Edge("B16", with_part("datastores", "ds1", free_gib=UNKNOWN)),
    Edge("B16", replace(with_part("datastores", "ds1", free_gib=5.0), room_promised={"ds1": 5.0})),
    Edge("B15", vm(azure=replace(WEB.azure, reaches_group=False))),
    Edge("T07", vm(source="physical", os=OsFamily.WINDOWS, os_version="Windows Server 2008 R2")),
    Edge("F04", ask=replace(CLASSIC, shut_down_source=True)),
    Edge("B01", vm(disks=())),
    Edge("R11", vm(bios_uuid="9")),
)


@pytest.mark.parametrize("edge", MET, ids=lambda edge: edge.rule)
def test_what_concerns_nothing_of_a_machine_does_not_break_the_rule(edge: Edge) -> None:
    assert isinstance(edge.verdict, Met)


@pytest.mark.parametrize(
    ("rule", "facts"),
    [("M08", {"filesystem": "FAT32"}), ("M10", {"listed": False}), ("B07", {})],
)
def test_a_retention_drive_is_named_with_its_master_target(rule: str, facts: dict[str, object]) -> None:
    writes = (Disk(30, churn_mib_per_s=100.0),) if rule == "B07" else WEB.disks
    verdict = Edge(rule, vm(drive(**facts), disks=writes)).verdict
    assert isinstance(verdict, Broken)
    assert [blocker.name for blocker in verdict.blockers] == ["/mnt/retention of mt1"]


def test_a_master_target_that_is_too_small_is_blamed_for_its_retention_drive_by_name() -> None:
    verdict = Edge("M16", vm(drive(capacity_gib=10.0))).verdict
    assert isinstance(verdict, Broken)
    assert [(blocker.name, "/mnt/retention" in blocker.sentence) for blocker in verdict.blockers] == [("mt1", True)]


@pytest.mark.parametrize(
    ("facts", "is_told"),
    [
        ({"capacity_gib": 6144.0, "free_gib": 18.0}, True),
        ({"capacity_gib": 100.0, "free_gib": 14.9}, True),
        ({"capacity_gib": 100.0, "free_gib": 15.0}, False),
        ({"free_gib": 18.0}, False),
    ],
    ids=str,
)
def test_a_datastore_that_is_nearly_full_is_told_where_its_capacity_is_known(
    facts: dict[str, Any], is_told: bool
) -> None:
    verdict = Edge("B16", with_part("datastores", "ds1", **facts)).verdict
    told = [note.sentence for note in verdict.notes] if isinstance(verdict, Noted) else []
    assert isinstance(verdict, Noted if is_told else Met)
    assert all(f"{facts['free_gib']:g} of {facts['capacity_gib']:g} GiB are free" in sentence for sentence in told)


@pytest.mark.parametrize("theirs", [{"bios_uuid": "42AB"}, {"disk_uuids": ("6000c29F",)}], ids=str)
def test_a_uuid_is_the_same_in_capitals(theirs: dict[str, object]) -> None:
    ours = vm(bios_uuid="42ab", disks=(Disk(30, uuid="6000C29f"),))
    assert isinstance(Edge("R11", with_part("master_targets", "mt1", ours, **theirs)).verdict, Broken)


@pytest.mark.parametrize(
    ("drive", "message"), [(None, "none of its retention drives is chosen"), ("Z", "has no such retention drive: Z")]
)
def test_a_drive_that_is_not_there_is_told_from_none_that_is_chosen(drive: str | None, message: str) -> None:
    estate = replace(with_part("master_targets", "mt1", retention_drives=()), recovery_plans={})
    assert message in sentences(Edge("R29", estate, replace(CLASSIC, retention_drive=drive)).verdict)


def test_of_two_configuration_servers_the_one_that_knows_the_machines_vcenter_is_judged() -> None:
    first, second = (replace(ESTATE.configuration_servers["cs1"], name=name) for name in ("cs1", "cs2"))
    servers = {"cs1": replace(first, vcenters=("other",)), "cs2": replace(second, connected=False)}
    verdict = Edge("R02", replace(ESTATE, configuration_servers=servers)).verdict
    assert isinstance(verdict, Broken)
    assert [blocker.name for blocker in verdict.blockers] == ["cs2"]


GROUPS = ("Datastore.*", "Network.*", "Resource.*", "Task.*", "VirtualMachine.*")


@pytest.mark.parametrize(
    ("lacks", "message"),
    [(GROUPS[:1], "Datastore.UpdateVirtualMachineFiles"), (GROUPS[4:], "VirtualMachine.State.RemoveSnapshot")],
)
def test_every_missing_privilege_is_named(lacks: tuple[str, ...], message: str) -> None:
    held = tuple(group for group in GROUPS if group not in lacks)
    said = sentences(Edge("R10", with_part("configuration_servers", "cs1", privileges=held)).verdict)
    assert said.endswith(message)
    assert "more" not in said


def test_the_datastore_that_is_mounted_is_the_one_that_is_missing() -> None:
    for rule, estate, item, ask in (
        ("R24", vm(disks=ELSEWHERE_TOO), "web", CLASSIC),
        ("A03", NEW_ON_TWO, "new", MODERNISED),
    ):
        target = remedy_target_of(rule, estate, item, ask)
        assert target is not None
        assert (target.object, target.beside) == ("ds2", "esx1")


def test_by_the_strict_reading_the_snapshots_that_are_in_the_way_are_deleted_and_no_others() -> None:
    strict = replace(ESTATE, readings={"C01": "strict"})
    both = with_part("master_targets", "mt1", vm(strict, snapshots=("a",)), snapshots=("b",))
    targets = [remedy_target_of("R04", each, "web", CLASSIC) for each in (vm(strict, snapshots=("a",)), both, strict)]
    assert [remedy_target and remedy_target.object for remedy_target in targets] == ["web", "mt1", "mt1"]


def test_what_was_found_for_a_machine_does_not_outlive_a_change_of_its_facts() -> None:
    machines, hosts = dict(NOWHERE_KNOWN.virtual_machines), dict(ESTATE.hosts)
    live = Edge("T10", replace(ESTATE, virtual_machines=machines, hosts=hosts))
    found = [type(live.verdict)]
    hosts["esx1"] = replace(hosts["esx1"], other_machines=("web",))
    found.append(type(live.verdict))
    machines["web"] = replace(WEB, exists_on_premises=False)
    found.append(type(live.verdict))
    assert found == [Met, Unsure, Broken]


def test_what_nobody_knows_about_a_location_is_supposed_once_for_all_rules_that_ask() -> None:
    supposed: list[Estate] = []

    @at_either_location
    def looks(estate: Estate, item: str, choices: Choices) -> Verdict:
        supposed.append(estate)
        return Met()

    for _ in range(2):
        looks(NOWHERE_KNOWN, "web", CLASSIC)
    there, gone, *again = supposed
    assert [each.virtual_machines["web"].exists_on_premises for each in (there, gone)] == [True, False]
    assert again[0] is there
    assert again[1] is gone
