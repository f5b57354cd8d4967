"""What the live driver costs while 1,000 machines are resynced: `python benchmarks/driver.py [items] [periods]`.

The mock is another process, in real time, so that only the driver is counted: the CPU time of `failback run` in world
azure between two instants, by the system's own count. Its poll interval is the usual one.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

POLL_S: Final = 30.0
"""Seconds between two looks, as in the settings of a person who says nothing else."""
SETTLED_S: Final = 20.0
"""After its first line, until the driver has written down what it saw first."""


def scenario(items: int) -> dict[str, Any]:
    """So many machines whose changes are copied home over a line on which that takes days."""
    disk = {"size_gib": 100, "changed_fraction": 0.9}
    place = {"os": "linux", "host": "esx-01", "datastore": "gold", "at": "resyncing_to_on_premises"}
    machines = [{"name": f"vm-{n:04}", **place, "disks": [disk]} for n in range(items)]
    servers = [{"name": f"appliance-{n:02}", "host": "esx-01", "datastore": "gold"} for n in range(1 + items // 100)]
    estate = {
        "link": {"bandwidth_mbit_per_s": 100},
        "virtual_machines": machines,
        "hosts": [{"name": "esx-01", "datastores": ["gold"]}],
        "datastores": [{"name": "gold", "capacity_gib": 10_000_000}],
        "appliances": servers,
    }
    return {"name": "many", "estate": estate}


@contextmanager
def mock_beside(file: Path) -> Iterator[dict[str, Any]]:
    """The mock in another process, and how to reach it."""
    command = [sys.executable, "-m", "failback", "mock", str(file), "--clock", "real:1", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()


def cpu_s(pid: int) -> float:
    """CPU seconds of a process so far, with those of the system."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(pid: int, history: Path, looks: int) -> tuple[float, float]:
    """CPU and wall seconds of so many periods of the poll interval."""
    while not history.exists() or history.stat().st_size < 1000:
        time.sleep(0.5)
    time.sleep(SETTLED_S)
    began_s, used_s = time.monotonic(), cpu_s(pid)
    time.sleep(looks * POLL_S)
    return cpu_s(pid) - used_s, time.monotonic() - began_s


def main(items: int = 1000, looks: int = 4) -> int:
    """Print the share of one core."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "s.json").write_text(json.dumps(scenario(items)), encoding="utf-8")
        with mock_beside(folder / "s.json") as mock:
            keys = ("base_url", "ca_file", "subscription", "resource_group", "vault")
            azure = {key: mock[key] for key in keys} | {"credential": "token"}
            (folder / "settings.json").write_text(
                json.dumps({"azure": azure, "clock": {"poll_s": POLL_S}}), encoding="utf-8"
            )
            command = [sys.executable, "-m", "failback", "run", str(folder / "s.json"), "--world", "azure"]
            command += ["--settings", str(folder / "settings.json"), "--out", str(folder / "out")]
            with subprocess.Popen(command, env={**os.environ, "FAILBACK_AZURE_TOKEN": "token"}) as driver:
                used_s, wall_s = measured(driver.pid, folder / "out/history.jsonl", looks)
                driver.terminate()
    share = used_s / wall_s
    print(f"{items} items, poll interval {POLL_S:g} s: CPU {used_s:.2f} s in {wall_s:.0f} s, {share:.1%} of a core")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*map(int, sys.argv[1:])))
