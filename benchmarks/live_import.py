"""A live import of a mock's vault and of a vcsim that has its own machines: seconds, and what was asked.

python benchmarks/live_import.py [MACHINES]
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

from failback.adapters import AzureSettings, Settings, find_vcsim, start_vcsim, vcsim
from failback.scenarios.estates.command import ImportRequest, run_import

HOSTS = 32
HEAD = """\
link: {bandwidth_mbit_per_s: 1000}
hosts: [{name: esx, datastores: [gold]}]
datastores: [{name: gold, capacity_gib: 1000000}]
appliances: [{name: box, host: esx, datastore: gold}]
virtual_machines:
"""
MACHINE = (
    "- {{name: DC0_C0_RP0_VM{}, os: linux, architecture: modernised, host: esx, datastore: gold, "
    "disks: [{{size_gib: 10}}, {{size_gib: 40}}, {{size_gib: 40}}]}}\n"
)


def cpu_s(pid: int) -> float:
    """CPU seconds of another process so far; needs Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def vault(folder: Path, machines: int) -> Iterator[tuple[AzureSettings, int]]:
    """A mock in a process of its own, with items of the vcsim's names."""
    estate = folder / "vault.yaml"
    estate.write_text(HEAD + "".join(map(MACHINE.format, range(machines))), encoding="utf-8")
    command = [sys.executable, "-m", "failback", "mock", "--estate", str(estate), "--json"]
    mock = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert mock.stdout is not None
        at = json.loads(mock.stdout.readline())
        where = at["subscription"], at["resource_group"], at["vault"], at["base_url"]
        settings = AzureSettings(*where, credential="token", token="t", ca_file=at["ca_file"], reads_per_s=1000)
        yield settings, mock.pid
    finally:
        mock.terminate()
        mock.wait()


def main(machines: int = 5000) -> None:
    """Fill both, read both."""
    vcsim.START_TIMEOUT_S = 1200.0  # it makes its machines first
    source = find_vcsim()
    assert source.binary is not None
    shape = ("-vm", str(machines), "-host", str(HOSTS), "-standalone-host", "0", "-autostart=false")
    with (
        TemporaryDirectory() as name,
        vault(Path(name), machines) as (azure, mock),
        start_vcsim(source.binary, arguments=shape) as running,
    ):
        out = Path(name) / "estate.yaml"
        request = ImportRequest((), out, 1000, world="azure", settings=Settings(azure, running.settings()))
        servers = cpu_s(mock), cpu_s(running.pid)
        wall, cpu = time.perf_counter(), time.process_time()
        print(run_import(request))
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        of_mock, of_vcsim = (cpu_s(pid) - before for pid, before in zip((mock, running.pid), servers, strict=True))
        print(f"{machines} machines: {wall:.1f} s of the wall, {cpu:.1f} s of CPU, peak {peak_mib:.0f} MiB")
        print(f"CPU of the mock {of_mock:.1f} s, of the vcsim {of_vcsim:.1f} s; all three take turns")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
