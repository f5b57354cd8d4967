"""Values of a request that nobody told, so that no person reads a name of ours as his own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from failback.reprotect import LOG_STORAGE_ACCOUNT, Estate, Operation, Plan, RequestDefaults, untold
from failback.scenarios.files.loader import load_scenario, resolve

HOME = Operation.REPROTECT_TO_ON_PREMISES
NO_PLAN = Plan()


def asked(name: str, plan: Plan = NO_PLAN, **parts: Mapping[str, Any]) -> tuple[str, ...]:
    """What nobody told of the first machine's reprotect home, with these parts of the estate changed."""
    estate = load_scenario(resolve(name)).estate
    for section, changes in parts.items():
        changed = {n: replace(part, **changes) for n, part in getattr(estate, section).items()}
        sections: Any = {section: changed}
        estate = replace(estate, **sections)
    return untold_of(estate, plan)


def untold_of(estate: Estate, plan: Plan) -> tuple[str, ...]:
    item = next(iter(estate.virtual_machines))
    choices = RequestDefaults(estate, plan).choose(item, HOME)
    return untold(estate, plan, item, HOME, choices)


def test_the_log_storage_account_is_nobodys_until_plan_or_appliance_names_one() -> None:
    assert asked("one_modernised_vm") == ("log_storage_account",)
    assert asked("one_modernised_vm", appliances={"log_storage_accounts": ("prodlogs",)}) == ()
    assert asked("one_modernised_vm", appliances={"log_storage_accounts": ()}) == ("log_storage_account",)
    assert asked("one_modernised_vm", virtual_machines={"log_storage_account": "cache1"}) == ()
    plan = Plan()
    named = replace(plan, choices=replace(plan.choices, log_storage_account=LOG_STORAGE_ACCOUNT))
    assert asked("one_modernised_vm", named) == (), "what the plan says is told, whatever it is called"


@pytest.mark.parametrize(
    ("parts", "wanted"),
    [
        ({"configuration_servers": {"accounts": ("ours",)}}, ()),
        ({}, ("account",)),
        ({"configuration_servers": {"accounts": ()}}, ("account",)),
        (
            {"configuration_servers": {"accounts": ("ours",)}, "master_targets": {"retention_drives": ()}},
            ("retention_drive",),
        ),
    ],
)
def test_lists_that_an_estate_takes_for_granted_are_told_by_nobody(
    parts: Mapping[str, Any], wanted: tuple[str, ...]
) -> None:
    assert asked("first_drill", **parts) == wanted


def test_the_drive_that_a_master_target_has_by_default_is_told_by_nobody() -> None:
    estate = load_scenario(resolve("first_drill")).estate
    linux = next(iter(estate.master_targets.values()))
    default = type(linux)("mt", linux.os).retention_drives
    accounts = {"accounts": ("ours",)}
    drives = {"retention_drives": default}
    assert asked("first_drill", configuration_servers=accounts, master_targets=drives) == ("retention_drive",)
