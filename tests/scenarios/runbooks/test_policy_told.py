"""The policy of a reprotect stands with the values of the dialog, where the vault has told its name."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from failback.reprotect import Architecture, Operation, ReplicationPolicy, VirtualMachine
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.leg_guide import FIELD_WORDS
from failback.scenarios.runbooks.planned_requests import PlannedRequest
from failback.scenarios.runbooks.policy_told import policy_told
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.text.plain_words import LEG_WORDS
from tests.scenarios.estates import vault_export
from tests.scenarios.estates.test_import import estate_in

HOME, OUT = ReplicationPolicy("day-failback"), ReplicationPolicy("day")
LEAVE = "leave the failback policy that the dialog shows"
NAMES = {Architecture.CLASSIC: "24-hour-retention-policy", Architecture.MODERNISED: "24-hour-replication-policy"}
"""Of the mock."""


def told(scenario: Scenario, *names: str) -> Scenario:
    """These machines with policies."""

    def with_policies(vm: VirtualMachine) -> VirtualMachine:
        return replace(vm, policy=OUT, failback_policy=HOME) if vm.name in names else vm

    machines = {vm.name: with_policies(vm) for vm in scenario.estate.virtual_machines.values()}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines=machines))


@pytest.mark.parametrize("name", ["one_vm", "one_modernised_vm"])
def test_the_failback_policy_is_a_value_of_the_dialog(name: str) -> None:
    scenario = load_scenario(resolve(name))
    made = texts(runbook(told(scenario, *scenario.estate.virtual_machines), 1))
    assert f"{FIELD_WORDS['policy']}: day-failback" in made["steps.csv"]
    assert LEAVE not in made["runbook.html"] + made["runbook.md"] + made["steps.csv"]
    assert "day-failback" in made["runbook.html"]
    assert "day-failback" in made["runbook.md"]


def test_of_a_machine_whose_policy_nobody_told_the_dialog_s_own_is_left() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    one = next(vm.name for vm in scenario.estate.virtual_machines.values() if vm.replication_group is None)
    made = texts(runbook(told(scenario, one), 1))
    rows = csv.DictReader(io.StringIO(made["steps.csv"].lstrip("\ufeff")))
    leg = LEG_WORDS[Operation.REPROTECT_TO_ON_PREMISES].name
    policies = {row["machine or plan"]: row["policy"] for row in rows if row["leg"] == leg}
    assert policies.pop(one) == "day-failback"
    assert all(LEAVE in words for words in policies.values())
    assert LEAVE in made["runbook.html"]


def test_a_plan_of_machines_with_different_policies_has_none() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    two = tuple(scenario.estate.virtual_machines)[:2]
    for names, words in ((two, "day-failback"), (two[:1], "")):
        request = PlannedRequest(1, "w", Operation.REPROTECT_TO_ON_PREMISES, "plan", two, {})
        assert policy_told(told(scenario, *names).estate, request) == words


@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised"])
def test_an_import_of_the_vault_names_both_policies_of_each_machine(name: str, tmp_path: Path) -> None:
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of(name))
    estate = estate_in(tmp_path, *vault)
    for vm in estate.virtual_machines.values():
        out = NAMES[vm.architecture]
        assert (vm.policy.name, vm.failback_policy.name) == (out, f"{out}-failback")
        assert vm.log_storage_account == ("cache" if vm.architecture is Architecture.MODERNISED else "")
        assert (vm.policy.retention_h, vm.policy.app_consistent_every_min) == (24, 60)
