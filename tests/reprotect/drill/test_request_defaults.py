"""Claims about the values of a request: the item's over the plan's over the rules'."""

from dataclasses import replace

import pytest

from failback.reprotect import (
    LOG_STORAGE_ACCOUNT,
    UNKNOWN,
    Appliance,
    AppliancePart,
    Architecture,
    Choices,
    ConfigurationServer,
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
    RetentionDrive,
    Unknown,
    Unsure,
    VirtualMachine,
    as_asked,
    choose,
    judged,
    merged,
    through,
    unmet,
)

REPROTECT = Operation.REPROTECT_TO_ON_PREMISES
WEB = VirtualMachine("web", OsFamily.LINUX, (Disk(1),), Architecture.CLASSIC, "esx2", "ds2", replication_group="shop")
DB = replace(WEB, name="db", datastore="ds3")
WIN = replace(WEB, name="win", os=OsFamily.WINDOWS, replication_group=None)
NEW = replace(WEB, name="new", architecture=Architecture.MODERNISED, replication_group=None)
ESTATE = Estate(
    virtual_machines={vm.name: vm for vm in (WEB, DB, WIN, NEW)},
    link=Link(1000),
    hosts={"esx1": Host("esx1", ("ds1",)), "esx2": Host("esx2", ("ds2",)), "esx3": Host("esx3", ("ds2", "ds3"))},
    configuration_servers={"cs1": ConfigurationServer("cs1")},
    process_servers={"cs1": ProcessServer("cs1", in_azure=False), "ps1": ProcessServer("ps1")},
    master_targets={
        "windows": MasterTarget("windows", OsFamily.WINDOWS, "esx1", "ds1"),
        "blind": MasterTarget("blind", OsFamily.LINUX, "esx1", "ds1"),
        "half": MasterTarget("half", OsFamily.LINUX, "esx2", "ds1"),
        "whole": MasterTarget("whole", OsFamily.LINUX, "esx3", "ds1", retention_drives=(RetentionDrive("S"),)),
    },
    appliances={"sick": Appliance("sick", healthy=False), "app1": Appliance("app1"), "app2": Appliance("app2")},
    replication_groups={"shop": ReplicationGroup("shop", ("web", "db"))},
)


def test_a_group_gets_the_first_master_target_that_sees_all_its_datastores() -> None:
    assert {choose(ESTATE, Plan(), name, REPROTECT).master_target for name in ("web", "db")} == {"whole"}


def test_where_none_sees_them_the_first_of_the_family_is_taken() -> None:
    assert choose(ESTATE, Plan(), "win", REPROTECT).master_target == "windows"
    assert choose(replace(ESTATE, hosts={}), Plan(), "web", REPROTECT).master_target == "blind"


def test_classic_takes_the_azure_process_server_home_and_the_one_on_site_away() -> None:
    home, away = (choose(ESTATE, Plan(), "web", o) for o in (REPROTECT, Operation.REPROTECT_TO_AZURE))
    assert (home.process_server, away.process_server) == ("ps1", "cs1")
    assert (home.retention_drive, home.account, home.appliance) == ("S", "root-linux", None)


def test_disks_come_home_to_their_datastore_or_to_the_targets_where_the_machine_is_gone() -> None:
    gone = replace(ESTATE, virtual_machines={**ESTATE.virtual_machines, "web": replace(WEB, exists_on_premises=False)})
    mounted = replace(gone, hosts={**gone.hosts, "esx3": Host("esx3", ("ds2", "ds3", "ds1"))})
    assert choose(ESTATE, Plan(), "web", REPROTECT).datastore == "ds2"
    assert choose(mounted, Plan(), "web", REPROTECT).datastore == "ds1"


def test_a_machine_that_is_gone_keeps_its_datastore_where_no_target_is_known() -> None:
    gone = {**ESTATE.virtual_machines, "web": replace(WEB, exists_on_premises=False)}
    nowhere = replace(ESTATE, virtual_machines=gone, master_targets={})
    assert choose(nowhere, Plan(), "web", REPROTECT).datastore == "ds2"


def test_a_target_whose_own_datastore_takes_no_new_disks_gets_another_of_its_host() -> None:
    """R28: what the master target's host does not mount is not listed."""
    gone = replace(ESTATE, virtual_machines={**ESTATE.virtual_machines, "web": replace(WEB, exists_on_premises=False)})
    assert choose(gone, Plan(), "web", REPROTECT).datastore == "ds2"


def test_modernised_takes_the_first_healthy_appliance_and_a_retry_another() -> None:
    first = choose(ESTATE, Plan(), "new", REPROTECT)
    assert (first.appliance, first.log_storage_account, first.master_target) == ("app1", LOG_STORAGE_ACCOUNT, None)
    assert choose(ESTATE, Plan(), "new", REPROTECT, {"app1"}).appliance == "app2"
    assert choose(ESTATE, Plan(), "new", REPROTECT, {"app1", "app2"}).appliance == "app1"


def test_what_the_plan_says_wins_and_what_it_says_of_the_item_wins_over_that() -> None:
    plan = Plan(
        choices=Choices(master_target="half", account="a"), item_choices={"web": Choices(master_target="blind")}
    )
    assert choose(ESTATE, plan, "db", REPROTECT).master_target == "half"
    assert (through(choose(ESTATE, plan, "web", REPROTECT)), choose(ESTATE, plan, "web", REPROTECT).account) == (
        "blind",
        "a",
    )


def test_failback_takes_the_latest_point_and_shuts_the_replica_down_unless_told_otherwise() -> None:
    assert choose(ESTATE, Plan(), "web", Operation.FAILBACK) == Choices(recovery_point="latest", shut_down_source=True)
    plan = Plan(choices=Choices(recovery_point="latest_app_consistent", shut_down_source=False))
    assert choose(ESTATE, plan, "web", Operation.FAILBACK) == plan.choices


@pytest.mark.parametrize("operation", Operation)
@pytest.mark.parametrize("item", ["web", "new"])
def test_no_request_carries_a_value_of_the_other_architecture(item: str, operation: Operation) -> None:
    chosen = choose(ESTATE, Plan(), item, operation)
    other = (
        (chosen.master_target, chosen.retention_drive, chosen.process_server) if item == "new" else (chosen.appliance,)
    )
    assert set(other) == {None}


def test_a_value_laid_over_another_hides_it_and_none_does_not() -> None:
    assert merged(Choices(account="a", datastore="d"), Choices(account="b")) == Choices(account="b", datastore="d")


def test_an_estate_as_asked_answers_r07() -> None:
    plan = Plan(item_choices={"web": Choices(master_target="half"), "db": Choices(master_target="whole")})
    asked = as_asked(ESTATE, plan)
    rules = {f.rule for f in unmet(asked, "db", None, REPROTECT, choose(asked, plan, "db", REPROTECT))}
    assert "R07" in rules
    unasked = {
        j.requirement.id: j.verdict for j in judged(ESTATE, "db", None, REPROTECT, Choices(master_target="whole"))
    }
    assert isinstance(unasked["R07"], Unsure)


def test_a_group_follows_the_master_target_that_the_plan_names_for_one_of_it() -> None:
    """R07 would blame our choice otherwise."""
    plan = Plan(item_choices={"web": Choices(master_target="half")})
    assert choose(ESTATE, plan, "db", REPROTECT).master_target == "half"


def test_a_master_target_that_may_only_read_the_datastore_is_passed_over() -> None:
    hosts = {**ESTATE.hosts, "esx2": Host("esx2", ("ds2",), read_only_datastores=("ds2",))}
    alone = replace(WEB, replication_group=None)
    estate = replace(ESTATE, hosts=hosts, virtual_machines={"web": alone})
    assert choose(ESTATE, Plan(), "win", REPROTECT).master_target == "windows"
    assert choose(replace(estate, hosts=ESTATE.hosts), Plan(), "web", REPROTECT).master_target == "half"
    assert choose(estate, Plan(), "web", REPROTECT).master_target == "whole"


def test_a_master_target_whose_host_mounts_nobody_knows_what_goes_by_what_the_vault_lists_for_it() -> None:
    hosts = {**ESTATE.hosts, "esx2": Host("esx2", UNKNOWN)}
    alone = replace(WEB, replication_group=None)
    estate = replace(ESTATE, hosts=hosts, virtual_machines={"web": alone})
    assert choose(estate, Plan(), "web", REPROTECT).master_target == "whole"
    half = replace(ESTATE.master_targets["half"], accessible_datastores=alone.datastores)
    listed = replace(estate, master_targets={**estate.master_targets, "half": half})
    assert choose(listed, Plan(), "web", REPROTECT).master_target == "half"


def test_an_appliance_with_a_sick_part_is_passed_over() -> None:
    part = AppliancePart("proxy", healthy=False)
    boxes = {"app1": Appliance("app1", parts=(part,)), "app2": Appliance("app2")}
    assert choose(replace(ESTATE, appliances=boxes), Plan(), "new", REPROTECT).appliance == "app2"


def test_an_appliance_that_sees_the_machines_datastore_goes_before_one_that_does_not() -> None:
    boxes = {"far": Appliance("far", "esx1"), "near": Appliance("near", "esx2")}
    estate = replace(ESTATE, appliances=boxes)
    assert choose(estate, Plan(), "new", REPROTECT).appliance == "near"
    assert choose(estate, Plan(), "new", REPROTECT, {"near"}).appliance == "near"  # A03 would refuse the other


def test_the_log_storage_account_is_one_that_the_appliance_knows() -> None:
    boxes = {"app1": Appliance("app1", log_storage_accounts=("saprod", "other"))}
    assert choose(replace(ESTATE, appliances=boxes), Plan(), "new", REPROTECT).log_storage_account == "saprod"
    assert choose(ESTATE, Plan(), "new", REPROTECT).log_storage_account == LOG_STORAGE_ACCOUNT


@pytest.mark.parametrize(
    ("known", "taken"),
    [(UNKNOWN, "mine"), ((), "mine"), (("other", "mine"), "mine"), (("other", "another"), "other")],
)
def test_the_account_of_a_machine_s_replication_comes_first_unless_the_appliance_cannot_use_it(
    known: tuple[str, ...] | Unknown, taken: str
) -> None:
    boxes = {"app1": Appliance("app1", log_storage_accounts=known)}
    machines = {**ESTATE.virtual_machines, "new": replace(NEW, log_storage_account="mine")}
    estate = replace(ESTATE, appliances=boxes, virtual_machines=machines)
    assert choose(estate, Plan(), "new", REPROTECT).log_storage_account == taken
    plan = Plan(choices=Choices(log_storage_account="planned"))
    assert choose(estate, plan, "new", REPROTECT).log_storage_account == "planned"


def test_only_the_classic_failback_can_leave_the_machine_in_azure_on() -> None:
    plan = Plan(choices=Choices(shut_down_source=False))
    asked = {name: choose(ESTATE, plan, name, Operation.FAILBACK).shut_down_source for name in ("web", "new")}
    assert asked == {"web": False, "new": True}
    assert choose(ESTATE, plan, "new", Operation.FAILOVER).shut_down_source is False
