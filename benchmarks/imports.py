"""From an RVTools workbook and a vault's JSON to an estate, and the estate loaded: 5,000 machines, 15,000 disks.

python benchmarks/imports.py [MACHINES]
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import load_estate
from tests.scenarios.estates.rvtools_export import Dress, Site, Vm, write

GIB = 2**30


def timed(what: str, act: Callable[[], Any]) -> Any:
    began = time.process_time()
    done = act()
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:24} {time.process_time() - began:6.1f} s of CPU   peak {peak_mib:6.0f} MiB")
    return done


def items(vms: tuple[Vm, ...]) -> list[Any]:
    return [
        {
            "id": f"/subscriptions/s/x/replicationProtectedItems/{vm.id}",
            "properties": {
                "friendlyName": vm.name,
                "protectionState": "UnplannedFailoverCommitted",
                "activeLocation": "Recovery",
                "providerSpecificDetails": {
                    "instanceType": "InMageRcm",
                    "osType": "Windows",
                    "protectedDisks": [{"diskName": f"Disk{n}", "capacityInBytes": 40 * GIB} for n in range(3)],
                },
            },
        }
        for vm in vms
    ]


def main(machines: int = 5000) -> None:
    """Write the files, import them, load what came of it."""
    hosts = tuple(f"esx-{n:03}" for n in range(64))
    stores = tuple((f"ds-{n:02}", "VMFS", 65536, hosts) for n in range(40))
    vms = tuple(
        Vm(f"vm-{n:05}", f"vm-{n}", hosts[n % 64], f"ds-{n % 40:02}", disks_gib=(40, 40, 40)) for n in range(machines)
    )
    with TemporaryDirectory() as name:
        folder = Path(name)
        book = write(Site(vms, hosts, stores), folder, Dress(xlsx=True))
        vault = folder / "items.json"
        vault.write_text(json.dumps({"value": items(vms)}), encoding="utf-8")
        out = folder / "estate.yaml"
        timed("files to estate", lambda: run_import(ImportRequest((book, vault), out, 1000)))
        print(f"{out.stat().st_size / 1e6:.1f} MB")
        estate = timed("load and lint", lambda: load_estate(out, LEFT_TO_RULES))
        print(len(estate.virtual_machines), sum(len(vm.disks) for vm in estate.virtual_machines.values()))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
