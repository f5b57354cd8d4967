"""What the first page of a runbook says before any table."""

from dataclasses import replace
from pathlib import Path

import pytest

from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import Scenario, SourceVault
from failback.scenarios.runbooks.command import texts
from failback.scenarios.runbooks.runbook import runbook

VAULT = SourceVault("rsv-weu", "rg-asr", "6b1f0c52-8f0e-4a55-9a7e-2f4b7c1d9e31")


def first_page(scenario: Scenario) -> tuple[str, str]:
    files = texts(runbook(scenario, 2))
    return files["runbook.html"].partition("<h2>")[0], files["runbook.md"].partition("\n## ")[0]


def test_vault_resource_group_and_subscription_are_on_the_first_page() -> None:
    for page in first_page(replace(load_scenario(resolve("one_modernised_vm")), vaults=(VAULT,))):
        for words in (VAULT.name, VAULT.resource_group, VAULT.subscription):
            assert words in page


def test_where_nobody_told_the_vault_there_are_lines_to_write_it_in() -> None:
    page, text = first_page(load_scenario(resolve("one_modernised_vm")))
    for label in ("vault", "resource group", "subscription"):
        assert f'<dt>{label}</dt><dd><span class="write-in"></span></dd>' in page
    assert text.count("\\_" * 20) == 3


def test_a_scenario_written_down_whole_keeps_its_vault(tmp_path: Path) -> None:
    scenario = replace(load_scenario(resolve("one_modernised_vm")), vaults=(VAULT,))
    file = tmp_path / "whole.yaml"
    file.write_text(resolved_text(scenario, "x"), encoding="utf-8")
    assert load_scenario(file).vaults == (VAULT,)
    steps = run_check(CheckRequest(str(file))).report
    assert steps.vault == VAULT.name


@pytest.mark.parametrize("names", [(), ("a", "b")])
def test_of_no_vault_or_several_no_step_names_one(names: tuple[str, ...]) -> None:
    vaults = tuple(SourceVault(name) for name in names)
    text = texts(runbook(replace(load_scenario(resolve("one_modernised_vm")), vaults=vaults), 1))["runbook.md"]
    assert "Recovery Services vaults > a" not in text
    assert all(f"Vault: {name}." in text for name in names)
