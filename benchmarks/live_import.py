"""A live import of a mock's vault and of a vcsim with the same machines, with default settings: seconds.

python benchmarks/live_import.py [MACHINES [OPTIONS of failback mock]]
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from failback.adapters import (
    DATACENTER,
    AzureSettings,
    RunningVcsim,
    Settings,
    VsphereSession,
    build_estate,
    find_vcsim,
    start_vcsim,
)
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.files.loader import load_estate

OPTIONS = sys.argv[2:]
HOSTS = [f"esx-{n:02}" for n in range(32)]
STORES = [f"gold-{n}" for n in range(8)]
HEAD = f"""\
link: {{bandwidth_mbit_per_s: 1000}}
hosts: [{", ".join(f"{{name: {host}, datastores: [{', '.join(STORES)}]}}" for host in HOSTS)}]
datastores: [{", ".join(f"{{name: {store}, capacity_gib: 100000}}" for store in STORES)}]
appliances: [{{name: box, host: {HOSTS[0]}, datastore: {STORES[0]}}}]
virtual_machines:
"""
MACHINE = (
    "- {{name: vm-{:04}, os: linux, architecture: modernised, host: {}, datastore: {}, "
    "memory_gib: 8, disks: [{{size_gib: 1}}, {{size_gib: 1}}, {{size_gib: 1}}]}}\n"
)


def cpu_s(pid: int) -> float:
    """CPU seconds of another process so far; needs Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write_estate(file: Path, machines: int) -> Path:
    """Machines with three disks each, small ones: a datastore of a vcsim has 4 TB."""
    rows = (MACHINE.format(n, HOSTS[n % len(HOSTS)], STORES[n % len(STORES)]) for n in range(machines))
    file.write_text(HEAD + "".join(rows), encoding="utf-8")
    return file


@contextmanager
def vault(estate: Path) -> Iterator[tuple[AzureSettings, int]]:
    """A mock in a process of its own."""
    command = [sys.executable, "-m", "failback", "mock", "--estate", str(estate), "--json", *OPTIONS]
    mock = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert mock.stdout is not None
        at = json.loads(mock.stdout.readline())
        where = at["subscription"], at["resource_group"], at["vault"], at["base_url"]
        yield AzureSettings(*where, credential="token", token="t", ca_file=at["ca_file"]), mock.pid
    finally:
        mock.terminate()
        mock.wait()


@contextmanager
def vcenter(estate: Path) -> Iterator[RunningVcsim]:
    """A vcsim with the machines."""
    source = find_vcsim()
    assert source.binary is not None
    with start_vcsim(source.binary) as running:
        with VsphereSession(running.settings(DATACENTER)) as session:
            build_estate(session, load_estate(estate))
        yield running


def main(machines: int = 5000) -> None:
    """Fill both, read both."""
    with TemporaryDirectory() as name:
        estate, out = write_estate(Path(name) / "vault.yaml", machines), Path(name) / "estate.yaml"
        with vault(estate) as (azure, mock), vcenter(estate) as running:
            settings = Settings(azure, running.settings(DATACENTER))
            request = ImportRequest((), out, 1000, world="azure", settings=settings)
            servers = cpu_s(mock), cpu_s(running.pid)
            wall, cpu = time.perf_counter(), time.process_time()
            print(run_import(request))
            peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            of_mock, of_vcsim = (cpu_s(pid) - before for pid, before in zip((mock, running.pid), servers, strict=True))
        disks = sum(len(vm.disks) for vm in load_estate(out).virtual_machines.values())
    print(f"{machines} machines, {disks} disks: {wall:.1f} s of the wall, {cpu:.1f} s of CPU, peak {peak_mib:.0f} MiB")
    print(f"CPU of the mock {of_mock:.1f} s, of the vcsim {of_vcsim:.1f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
