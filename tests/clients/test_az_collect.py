"""The collector of a vault with the real Azure CLI, against the mock over TLS."""

import subprocess
from pathlib import Path
from typing import TypeAlias

import pytest

from failback.scenarios.estates.command import ImportRequest, imported
from failback.scenarios.estates.handouts import HANDOUTS
from failback.simulator.arm import ArmMock, Served

AzureCli: TypeAlias = tuple[str, dict[str, str]]


@pytest.mark.slow
def test_the_collector_saves_a_vault_that_an_import_reads(
    azure_cli: AzureCli, served: Served, one_vm: ArmMock, tmp_path: Path
) -> None:
    group = f"/subscriptions/{one_vm.subscription}/resourceGroups/{one_vm.resource_group}"
    own = {
        "ARM": served.base_url,
        "VAULT": f"{group}/providers/Microsoft.RecoveryServices/vaults/{one_vm.vault_name}",
        "REQUESTS_CA_BUNDLE": str(served.ca_file),
    }
    script, out = HANDOUTS["collect"]["sh"], tmp_path / "vault"
    command = ["bash", str(script), str(out), "--yes"]
    done = subprocess.run(
        command, env={**azure_cli[1], **own}, capture_output=True, text=True, timeout=300, check=False
    )
    assert (done.returncode, "not read: 0" in done.stdout) == (0, True), done.stdout + done.stderr
    estate = imported(ImportRequest((out,), Path("e.yaml"), 500))
    assert [(vm["name"], len(vm["disks"])) for vm in estate["virtual_machines"]] == [("app-01", 2)]
