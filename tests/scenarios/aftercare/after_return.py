"""A vault after a return, as exports in a folder, and the estate from before."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from failback.scenarios.files.loader import load_default_durations, load_estate
from failback.scenarios.files.schema import Scenario
from tests.scenarios.estates import vault_export

BEFORE = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines:
  - {name: web, os: linux, host: esx, datastore: gold, at: failover_committed, disks: [{size_gib: 16}]}
  - {name: sql, os: windows, host: esx, datastore: gold, at: failover_committed,
     disks: [{size_gib: 30}, {size_gib: 50}]}
hosts: [{name: esx, datastores: [gold]}]
datastores: [{name: gold, capacity_gib: 4096}]
appliances: [{name: box, host: esx, datastore: gold}]
"""
GROUP = "/subscriptions/s/resourceGroups/g/providers"
VM = f"{GROUP}/Microsoft.Compute/virtualMachines"


def before(folder: Path, text: str = BEFORE) -> Path:
    file = folder / "before.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def exports(folder: Path, phases: Mapping[str, str], text: str = BEFORE) -> Path:
    """What `az rest` saves of a vault whose machines stand in these phases."""
    for name, phase in phases.items():
        start, _, rest = text.partition(f"name: {name},")
        text = f"{start}name: {name},{rest.replace('at: failover_committed', f'at: {phase}', 1)}"
    file = folder / "now.yaml"
    file.write_text(text, encoding="utf-8")
    scenario = Scenario("now", load_estate(file), load_default_durations())
    vault_export.write(folder / "now", vault_export.of_scenario(scenario))
    return folder / "now"


def in_azure(folder: Path, name: str, rows: Sequence[Any]) -> None:
    (folder / f"{name}.json").write_text(json.dumps({"value": list(rows)}), encoding="utf-8")


def vm(name: str, size: str = "Standard_D2s_v3") -> Any:
    return {"id": f"{VM}/{name}", "name": name, "properties": {"hardwareProfile": {"vmSize": size}}}


def disk(name: str, of: str | None, size_gib: int = 128, sku: str = "Premium_LRS") -> Any:
    id_ = f"{GROUP}/Microsoft.Compute/disks/{name}"
    attached = None if of is None else f"{VM}/{of}"
    return {
        "id": id_,
        "name": name,
        "managedBy": attached,
        "sku": {"name": sku},
        "properties": {"diskSizeGB": size_gib},
    }


def nic(name: str, of: str | None) -> Any:
    attached = None if of is None else {"id": f"{VM}/{of}"}
    return {
        "id": f"{GROUP}/Microsoft.Network/networkInterfaces/{name}",
        "name": name,
        "properties": {"virtualMachine": attached},
    }


def address(name: str, of_nic: str | None) -> Any:
    interface = f"{GROUP}/Microsoft.Network/networkInterfaces/{of_nic}"
    config = None if of_nic is None else {"id": f"{interface}/ipConfigurations/c"}
    return {
        "id": f"{GROUP}/Microsoft.Network/publicIPAddresses/{name}",
        "name": name,
        "properties": {"ipConfiguration": config},
    }
