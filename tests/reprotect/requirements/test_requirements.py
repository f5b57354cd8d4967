"""Claims about the requirements table: every rule has an estate that breaks it and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from failback.reprotect import (
    NOTICES,
    READINGS,
    REQUIREMENTS,
    UNKNOWN,
    Appliance,
    Architecture,
    AzureVm,
    Broken,
    Choices,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Holds,
    Host,
    Link,
    MasterTarget,
    Noted,
    Operation,
    OsFamily,
    ProcessServer,
    RecoveryPlan,
    ReplicationGroup,
    Requirement,
    RetentionDrive,
    Stage,
    Unsure,
    VirtualMachine,
    applies,
    by_code,
    by_id,
    first_unmet,
    judged,
    sentences,
    unmet,
)

AZURE = AzureVm(
    running=True,
    exists=True,
    moved=False,
    reaches_configuration_server=True,
    reaches_service_urls=True,
    reaches_group=True,
    network="vnet",
    needed_after_return=False,
)
WEB = VirtualMachine(
    "web",
    OsFamily.LINUX,
    (Disk(30),),
    Architecture.CLASSIC,
    "esx1",
    "ds1",
    powered_on=False,
    azure=AZURE,
    memory_gib=8.0,
    static_ip=False,
    os_version="16.04",
    agent_version="9.60",
    firmware="bios",
    bios_uuid="1",
    vcenter="vc",
    disk_enable_uuid=True,
    autostart=False,
    snapshots_possible=True,
    tools="open-vm-tools",
    retains_ip=False,
    replication_health="normal",
    resync_required=False,
    recovery_points=3,
    app_consistent_points=1,
    rpo_s=242.0,
    backlog_mib=0.0,
    holds_compressed_data=False,
    downtime_agreed=True,
    boot_tested=True,
    way_home_rehearsed=True,
)
NEW = replace(WEB, name="new", architecture=Architecture.MODERNISED)
DB = replace(WEB, name="db")
MASTER_TARGET = MasterTarget(
    "mt1",
    OsFamily.LINUX,
    "esx1",
    "ds1",
    retention_drives=(RetentionDrive("/mnt/retention", filesystem="ext4"),),
    version="9.4",
    os_version="16.04",
    vcenter="vc",
    bios_uuid="2",
    disk_uuids=(),
    disk_enable_uuid=True,
    scsi_controllers=("lsilogic",),
    tools="open-vm-tools",
    lvm=False,
    os_disk_gib=100.0,
    kernel_updates=False,
    cores=4,
    memory_gib=8.0,
    hosts_file_complete=True,
    nic_starts_at_boot=True,
    authenticating_proxy=False,
    reaches_servers=True,
)
PROCESS_SERVER = ProcessServer(
    "ps1",
    version="9.4",
    network="vnet",
    reaches_servers=True,
    stopped_services=(),
    static_ip=True,
    behind_nat=False,
    load_percent=30.0,
)
CONFIGURATION_SERVER = ConfigurationServer(
    "cs1",
    version="9.4",
    privileges=("*",),
    vcenters=("vc",),
    nics=2,
    urls_over_expressroute=False,
    authenticating_proxy=False,
)
APPLIANCE = Appliance(
    "app1",
    "esx1",
    "ds1",
    log_storage_accounts=("logs",),
    fqdn="app1.local",
    cores=8,
    memory_gib=16.0,
    disk_gib=700.0,
    forbidden_software=(),
)
ESTATE = Estate(
    virtual_machines={vm.name: vm for vm in (WEB, DB, NEW)},
    link=Link(1000),
    hosts={"esx1": Host("esx1", ("ds1",), free_memory_gib=64.0, edition="licensed")},
    datastores={"ds1": Datastore("ds1", free_gib=1000.0)},
    configuration_servers={"cs1": CONFIGURATION_SERVER},
    process_servers={"ps1": PROCESS_SERVER},
    master_targets={"mt1": MASTER_TARGET},
    appliances={"app1": APPLIANCE},
    replication_groups={"shop": ReplicationGroup("shop", ("web", "db"))},
    recovery_plans={"all": RecoveryPlan("all", (("web", "db"),))},
    returning_through={"web": "mt1", "db": "mt1", "new": "app1"},
    reachable=frozenset(
        {("azure:web", "cs1", 443), ("azure:db", "cs1", 443), ("azure:web", "ps1", 9443), ("azure:db", "ps1", 9443)}
        | {("ps1", "mt1", 9443)}
    ),
)
CLASSIC = Choices(master_target="mt1", process_server="ps1", datastore="ds1", retention_drive="/mnt/retention")
MODERNISED = Choices(appliance="app1", datastore="ds1", log_storage_account="logs")


@dataclass(frozen=True)
class Example:
    """An estate, what is asked, and for whom."""

    estate: Estate
    ask: Choices = CLASSIC
    item: str = "web"


def _vm(**facts: object) -> Estate:
    return _with("virtual_machines", "web", **facts)


def _azure(**facts: object) -> Estate:
    return _vm(azure=replace(AZURE, **facts))  # type: ignore[arg-type]  # the facts of one row


def _with(mapping: str, name: str, **facts: object) -> Estate:
    parts = dict(getattr(ESTATE, mapping))
    parts[name] = replace(parts[name], **facts)
    return replace(ESTATE, **{mapping: parts})  # type: ignore[arg-type]  # one mapping of the estate


def _grouped(**mate: object) -> Estate:
    web, db = replace(WEB, replication_group="shop"), replace(DB, replication_group="shop", **mate)  # type: ignore[arg-type]
    return replace(ESTATE, virtual_machines={"web": web, "db": db, "new": NEW})


def _gone(**host: object) -> Estate:
    return replace(_with("hosts", "esx1", **host), virtual_machines=_vm(exists_on_premises=False).virtual_machines)


NO_HOST = replace(CLASSIC, datastore="elsewhere")
BROKEN = {
    "R02": Example(_with("configuration_servers", "cs1", connected=False)),
    "R03": Example(_vm(in_configuration_database=False)),
    "R04": Example(_with("master_targets", "mt1", snapshots=("before patch",))),
    "R06": Example(_grouped(os=OsFamily.WINDOWS)),
    "R07": Example(replace(_grouped(), returning_through={"web": "mt1", "db": "mt2"})),
    "R09": Example(_with("configuration_servers", "cs1", vcenter_connected=False)),
    "R17": Example(_azure(moved=True)),
    "R18": Example(_azure(exists=False)),
    "R23": Example(_vm(agent_registered=False)),
    "R24": Example(_with("hosts", "esx1", datastores=("ds2",))),
    "R27": Example(ESTATE, replace(CLASSIC, process_server="nobody")),
    "R28": Example(_gone(), NO_HOST),
    "R29": Example(ESTATE, replace(CLASSIC, retention_drive="Z")),
    "R33": Example(_vm(powered_on=True)),
    "T10": Example(_gone(other_machines=("web",))),
    "M01": Example(_with("master_targets", "mt1", os=OsFamily.WINDOWS)),
    "M03": Example(replace(ESTATE, disks_in_flight={"mt1": 58})),
    "M10": Example(
        _with("master_targets", "mt1", retention_drives=(replace(MASTER_TARGET.retention_drives[0], listed=False),))
    ),
    "N04": Example(_azure(reaches_configuration_server=False)),
    "806": Example(_with("process_servers", "ps1", up=False)),
    "78022": Example(_with("master_targets", "mt1", up=False)),
    "78093": Example(_azure(running=False)),
    "8038": Example(_with("hosts", "esx1", free_memory_gib=4.0)),
    "A01": Example(_with("appliances", "app1", healthy=False), MODERNISED, "new"),
    "A02": Example(replace(ESTATE, disks_in_flight={"app1": 60}), MODERNISED, "new"),
    "A18": Example(
        replace(
            _with("virtual_machines", "new", exists_on_premises=False),
            appliances={"app1": replace(APPLIANCE, vcenter="vc")},
            datastores={"ds1": Datastore("ds1", free_gib=1000.0, vcenter="vc2")},
        ),
        MODERNISED,
        "new",
    ),
    "A19": Example(_with("appliances", "app1", vcenter_connected=False), MODERNISED, "new"),
    "A20": Example(_with("appliances", "app1", privileges=("System.Read",)), MODERNISED, "new"),
    "A21": Example(_with("appliances", "app1", authenticating_proxy=True), MODERNISED, "new"),
    "A22": Example(_with("appliances", "app1", reaches_service_urls=False), MODERNISED, "new"),
    "A23": Example(_with("appliances", "app1", forbidden_software=("FIPS mode",)), MODERNISED, "new"),
    "T11": Example(_with("configuration_servers", "cs1", address_changed=True)),
    "G10": Example(_azure(created_by_hand=True)),
    "G11": Example(_with("virtual_machines", "new", mounts_by_hand=True), MODERNISED, "new"),
    "G12": Example(_with("virtual_machines", "new", network_manager=True), MODERNISED, "new"),
    "A25": Example(_with("virtual_machines", "new", azure=AzureVm(stopped_services=("svagents",))), MODERNISED, "new"),
    "M21": Example(_with("master_targets", "mt1", kernel_updates=True)),
    "A06": Example(_with("virtual_machines", "new", agent_registered=False), MODERNISED, "new"),
}


BESIDES = {"T08", "F08"}
"""Told of every machine that is gone, and of every unknown process server, besides what the example is about."""


def _broken(example: Example) -> list[str]:
    found = unmet(example.estate, example.item, None, None, example.ask)
    return [each.rule for each in found if each.rule not in BESIDES]


def test_every_example_breaks_a_rule_of_the_table() -> None:
    """That every row has such an estate is a claim about the library's stories (tests/scenarios/test_rules.py)."""
    assert set(BROKEN) <= {row.id for row in REQUIREMENTS}


@pytest.mark.parametrize("rule", BROKEN)
def test_one_fault_breaks_one_rule(rule: str) -> None:
    assert _broken(BROKEN[rule]) == [rule]


@pytest.mark.parametrize(("item", "ask"), [("web", CLASSIC), ("db", CLASSIC), ("new", MODERNISED)])
def test_nothing_is_unmet_or_unsure_in_a_sound_estate(item: str, ask: Choices) -> None:
    verdicts = {j.requirement.id: sentences(j.verdict) for j in judged(ESTATE, item, None, None, ask)}
    told = {"A24"}  # this estate has servers of both architectures
    assert {rule: found for rule, found in verdicts.items() if found != "met" and rule not in told} == {}


@pytest.mark.parametrize("rule", BROKEN)
def test_a_vault_reports_the_rule_where_it_bites_and_nowhere_else(rule: str) -> None:
    row, example = by_id(rule), BROKEN[rule]
    assert row is not None
    has_rules = {(bite.operation, bite.stage) for bite in row.where}
    for operation in Operation:
        for stage in Stage:
            found = unmet(example.estate, example.item, stage, operation, example.ask)
            assert any(each.rule not in BESIDES for each in found) == ((operation, stage) in has_rules)


@pytest.mark.parametrize("rule", BROKEN)
def test_what_a_vault_says_leads_back_to_the_rule(rule: str) -> None:
    example = BROKEN[rule]
    found = next(each for each in unmet(example.estate, example.item, None, None, example.ask) if each.rule == rule)
    row = by_code(found.code)
    assert row is not None
    assert row.id == rule
    assert found.message
    assert found.remedy == row.remedy


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_every_row_says_who_does_what_and_on_whose_word(row: Requirement) -> None:
    assert all((row.title, row.kind_of_object, row.who, row.remedy, row.source, row.where))
    assert row.code.isdigit() or row.code == f"FB-{row.id}"


NO_ARTICLE = {"recorded", "SDK, recorded", "SDK", "not documented"}
"""Sources that are none of the vendor's articles."""


def test_no_row_is_called_documented_for_which_no_article_stands() -> None:
    unwritten = [row for row in REQUIREMENTS if row.source.partition(";")[0] in NO_ARTICLE]
    assert {row.id for row in unwritten} >= {"F09", "B04", "B05", "B09", "B14", "A04"}
    for row in unwritten:
        assert "documented" not in (row.architectures.classic.source, row.architectures.modernised.source)


def test_no_two_rows_share_an_id_or_a_code() -> None:
    assert len({row.id for row in REQUIREMENTS}) == len({row.code for row in REQUIREMENTS}) == len(REQUIREMENTS)


def test_a_row_that_mends_itself_is_waited_for_and_not_retried() -> None:
    waits = {row.id: row.waits_s for row in REQUIREMENTS if row.waits_s}
    assert waits == {"R23": 900, "M10": 900, "A06": 900, "P08": 900, "M14": 1800}
    assert not [row.id for row in REQUIREMENTS if row.waits_s and row.retry]


def test_the_agent_is_said_not_to_be_installed() -> None:
    found = first_unmet(BROKEN["R23"].estate, "web", Stage.PREREQUISITE_CHECK, Operation.REPROTECT_TO_AZURE, CLASSIC)
    assert found is not None
    assert "not installed" in found.message


def test_a_rule_of_the_other_architecture_does_not_hold() -> None:
    assert not {row.id for row in REQUIREMENTS if applies(row, Architecture.CLASSIC).answer is Holds.YES} & {
        "A01",
        "A02",
    }
    assert list(unmet(_with("appliances", "app1", healthy=False), "web", None, None, CLASSIC)) == []


def test_a_broken_rule_that_may_not_apply_is_unsure() -> None:
    verdicts = {j.requirement.id: j.verdict for j in judged(_torn_group(), "new", None, None, MODERNISED)}
    assert isinstance(verdicts["R06"], Unsure)
    assert isinstance(verdicts["R07"], Unsure)


@pytest.mark.parametrize(
    ("rule", "reading", "choice", "found"),
    [
        ("R06", "C25", "holds", Broken),
        ("R07", "C26", "holds", Broken),
        ("R06", "C25", "open", Unsure),
        ("R07", "C26", "open", Unsure),
        ("R06", "C25", "does_not_hold", None),
        ("R07", "C26", "does_not_hold", None),
    ],
)
def test_a_reading_decides_whether_an_open_rule_holds(rule: str, reading: str, choice: str, found: type | None) -> None:
    estate = replace(_torn_group(), readings={reading: choice})
    verdicts = {j.requirement.id: j.verdict for j in judged(estate, "new", None, None, MODERNISED)}
    assert (type(verdicts[rule]) if rule in verdicts else None) is found


OPEN_MAX = 3
"""So many rules that can block may be open for the architecture that is still there."""


def test_few_rules_that_block_are_open_for_modernised_and_each_has_its_reading_and_reason() -> None:
    rows = [row for row in REQUIREMENTS if row.architectures.modernised.answer is Holds.UNKNOWN]
    blocking = [row for row in rows if not all(point.stage in NOTICES for point in row.where)]
    print(f"open for modernised, of those that block: {', '.join(row.id for row in blocking)}")  # noqa: T201  # a count
    assert len(blocking) <= OPEN_MAX
    for row in rows:
        holds = row.architectures.modernised
        assert row.id in {rule for each in READINGS if each.id == holds.reading for rule in each.rules}
        assert len(holds.source) > len("not documented")


def _torn_group() -> Estate:
    """A modernised group of both families whose machines return through two appliances."""
    new = replace(NEW, replication_group="two")
    other = replace(new, name="other", os=OsFamily.WINDOWS)
    return replace(
        ESTATE,
        virtual_machines={"new": new, "other": other},
        replication_groups={"two": ReplicationGroup("two", ("new", "other"))},
        recovery_plans={"all": RecoveryPlan("all", (("new", "other"),))},
        returning_through={"new": "app1", "other": "app2"},
    )


def test_a_machine_without_a_point_holds_up_the_others_of_its_plan_that_come_home_with_it() -> None:
    lacking = _with("virtual_machines", "db", recovery_points=0)
    assert _broken(Example(lacking)) == ["F02"]
    assert _broken(Example(replace(lacking, recovery_plans={}))) == []
    assert _broken(Example(replace(lacking, returning_through={"web": "mt1"}))) == []


def _noted(estate: Estate, item: str, operation: Operation | None, ask: Choices) -> list[str]:
    """The rules that hold and have something to tell."""
    found = judged(estate, item, None, operation, ask)
    return [each.requirement.id for each in found if isinstance(each.verdict, Noted | Unsure) and each.verdict.notes]


def test_a_master_target_in_another_vcenter_that_is_discovered_is_told_and_passes() -> None:
    estate = _with("master_targets", "mt1", vcenter="vc2")
    estate = replace(estate, configuration_servers={"cs1": replace(CONFIGURATION_SERVER, vcenters=("vc", "vc2"))})
    assert _broken(Example(estate)) == []
    assert _noted(estate, "web", None, CLASSIC) == ["R12"]
    strict = replace(estate, readings={"C03": "strict"})
    assert _broken(Example(strict)) == ["T05"]
    assert _noted(strict, "web", None, CLASSIC) == []


@pytest.mark.parametrize(("item", "rule"), [("web", "F03"), ("new", "A11")])
def test_what_a_recovery_point_costs_is_told(item: str, rule: str) -> None:
    base = CLASSIC if item == "web" else MODERNISED
    grouped = replace(_torn_group() if item == "new" else _grouped(), readings={"C25": "does_not_hold", "C26": "holds"})
    alone = {"latest": [], "latest_app_consistent": [rule]}
    for point, notes in alone.items():
        ask = replace(base, recovery_point=point)
        assert _noted(ESTATE, item, Operation.FAILBACK, ask) == notes
        assert _noted(grouped, item, Operation.FAILBACK, ask) == [rule]


UNKNOWNS: dict[str, Callable[[], Example]] = {
    "R02": lambda: Example(_with("configuration_servers", "cs1", up=UNKNOWN)),
    "R04": lambda: Example(_with("master_targets", "mt1", snapshots=UNKNOWN)),
    "R07": lambda: Example(replace(_grouped(), returning_through=UNKNOWN)),
    "R24": lambda: Example(_with("master_targets", "mt1", host="elsewhere")),
    "R33": lambda: Example(_vm(powered_on=UNKNOWN)),
    "A21": lambda: Example(_with("appliances", "app1", authenticating_proxy=UNKNOWN), MODERNISED, "new"),
    "A22": lambda: Example(_with("appliances", "app1", reaches_service_urls=UNKNOWN), MODERNISED, "new"),
    "A23": lambda: Example(_with("appliances", "app1", forbidden_software=UNKNOWN), MODERNISED, "new"),
    "T11": lambda: Example(_with("configuration_servers", "cs1", address_changed=UNKNOWN)),
    "G10": lambda: Example(_azure(created_by_hand=UNKNOWN)),
    "M21": lambda: Example(_with("master_targets", "mt1", os_disk_gib=UNKNOWN)),
    "78093": lambda: Example(_azure(running=UNKNOWN)),
    "8038": lambda: Example(_vm(memory_gib=UNKNOWN)),
    "A01": lambda: Example(_with("appliances", "app1", healthy=UNKNOWN), MODERNISED, "new"),
}


@pytest.mark.parametrize("rule", UNKNOWNS)
def test_an_unknown_fact_breaks_nothing_and_says_how_to_learn_it(rule: str) -> None:
    example = UNKNOWNS[rule]()
    verdicts = {j.requirement.id: j.verdict for j in judged(example.estate, example.item, None, None, example.ask)}
    assert _broken(example) == []
    unsure = verdicts[rule]
    assert isinstance(unsure, Unsure)
    assert all(gap.fact and gap.how for gap in unsure.gaps)


def test_a_group_mate_that_was_not_asked_for_breaks_r07() -> None:
    example = Example(replace(_grouped(), returning_through={"web": "mt1"}))
    assert _broken(example) == ["R07"]


def test_at_failback_the_master_target_is_the_one_the_item_returns_through() -> None:
    estate = _with("master_targets", "mt1", snapshots=("x",))
    found = first_unmet(estate, "web", Stage.FAILBACK, Operation.FAILBACK, Choices())
    assert found is not None
    assert found.rule == "R04"


def test_with_no_configuration_server_at_all_r02_is_broken() -> None:
    assert _broken(Example(replace(ESTATE, configuration_servers={}))) == ["R02"]


def test_where_the_disks_exist_the_asked_datastore_is_ignored() -> None:
    assert _broken(Example(ESTATE, replace(CLASSIC, datastore=None))) == []


BARE = Estate(
    virtual_machines={
        "web": VirtualMachine(
            "web", OsFamily.LINUX, (Disk(30),), Architecture.CLASSIC, "esx1", "ds1", powered_on=False
        ),
        "new": VirtualMachine("new", OsFamily.WINDOWS, (Disk(30),), host="esx1", datastore="ds1", powered_on=False),
    },
    link=Link(1000),
    hosts={"esx1": Host("esx1", ("ds1",))},
    datastores={"ds1": Datastore("ds1")},
    configuration_servers={"cs1": ConfigurationServer("cs1")},
    process_servers={"ps1": ProcessServer("ps1")},
    master_targets={
        "mt1": MasterTarget("mt1", OsFamily.LINUX, "esx1", "ds1", retention_drives=(RetentionDrive("/mnt/retention"),))
    },
    appliances={"app1": Appliance("app1", "esx1", "ds1")},
)


@pytest.mark.parametrize(("item", "ask"), [("web", CLASSIC), ("new", MODERNISED)])
def test_what_nobody_knows_breaks_nothing_is_not_met_and_says_how_it_is_learnt(item: str, ask: Choices) -> None:
    verdicts = [j.verdict for j in judged(BARE, item, None, None, ask)]
    gaps = [gap for verdict in verdicts if isinstance(verdict, Unsure) for gap in verdict.gaps]
    assert not [verdict for verdict in verdicts if isinstance(verdict, Broken)]
    assert len(gaps) > 20
    assert all(gap.fact and gap.how for gap in gaps)


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_every_row_says_for_both_architectures_whether_it_holds_and_who_says_so(row: Requirement) -> None:
    both = (row.architectures.classic, row.architectures.modernised)
    assert all(each.source for each in both)
    assert any(each.answer is Holds.YES for each in both)


RULES = {
    "R": range(1, 35),
    "M": range(1, 22),
    "T": range(1, 12),
    "G": range(1, 13),
    "F": range(1, 10),
    "P": range(1, 9),
    "N": range(1, 5),
    "B": range(1, 17),
    "A": range(1, 26),
}


def test_every_rule_of_the_reference_has_its_row() -> None:
    wanted = {f"{letter}{n:02}" for letter, numbers in RULES.items() for n in numbers}
    assert wanted == {row.id for row in REQUIREMENTS if not row.id.isdigit()}
    assert {"8038", "78052", "78093", "8061", "95226"} <= {row.code for row in REQUIREMENTS}


@pytest.mark.parametrize("point", ["latest", "latest_app_consistent"])
def test_a_modernised_failback_makes_its_point_and_needs_a_first_one_of_any_kind(point: str) -> None:
    ask = replace(MODERNISED, recovery_point=point)
    one = _with("virtual_machines", "new", recovery_points=1, app_consistent_points=0)
    assert not list(unmet(one, "new", None, Operation.FAILBACK, ask))
    none = _with("virtual_machines", "new", recovery_points=0, app_consistent_points=0)
    assert [found.rule for found in unmet(none, "new", None, Operation.FAILBACK, ask)] == ["F02"]
