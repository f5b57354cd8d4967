"""A watch that stays open for two days: does its memory grow, and how much of a core does it take?

The mock is a process (`--clock real:60`), and so are the run that brings the machines home and the watch. From time to
time the mock is frozen for longer than a read may take; near the end it is killed and another begins at the same
address, whose clock stands two days earlier. Linux only: the numbers are read from /proc.

    python benchmarks/long_watch.py 40 night       40 minutes are 50 virtual hours; files in `night`
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.real_nights import process, settings_of

FACTOR: Final = 75
"""Virtual seconds in one of the wall."""
EVERY_S: Final = 30
"""Virtual seconds between two looks of the watch."""
SCENARIO: Final = "seed_ahead"
"""Its machines replicate home for two days before they fail back, so there is something new in every look."""
SAMPLE_S: Final = 15.0
FROZEN_S: Final = 130.0
"""How long the mock is frozen; a read gives up after 120 s."""
_TICKS: Final = os.sysconf("SC_CLK_TCK")


class Sample(NamedTuple):
    """One process at one instant: seconds since it began to be measured, MiB in memory, open files, CPU seconds."""

    at_s: float
    rss_mib: float
    files: int
    cpu_s: float
    lines: int


def sample(pid: int, began_s: float, history: Path) -> Sample:
    """What the kernel says of it now."""
    proc = Path(f"/proc/{pid}")
    fields = (proc / "stat").read_text("ascii").rpartition(")")[2].split()
    pages = int((proc / "statm").read_text("ascii").split()[1])
    lines = history.read_bytes().count(b"\n") if history.exists() else 0
    rss_mib = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    files = len(list((proc / "fd").iterdir()))
    return Sample(time.monotonic() - began_s, rss_mib, files, (int(fields[11]) + int(fields[12])) / _TICKS, lines)


@contextmanager
def mock(folder: Path, port: int) -> Iterator[tuple[dict[str, Any], "subprocess.Popen[str]"]]:
    """The vault."""
    words = ["mock", SCENARIO, "--clock", f"real:{FACTOR}", "--json", "--ca-file", str(folder / "ca.pem")]
    with process(*words, "--port", str(port), env={}, stdout=subprocess.PIPE) as served:
        assert served.stdout is not None
        yield json.loads(served.stdout.readline()), served


def free_port() -> int:
    """One for both mocks: a port that the first had picked itself is not free while the watch holds a connection."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def watching(facts: dict[str, Any], folder: Path, told: Any) -> Iterator["subprocess.Popen[str]"]:
    """The watch, as people start it."""
    words = ["watch", SCENARIO, "--world", "lab", "--every", str(EVERY_S), "--by", "Mon 06:00"]
    words += ["--out", str(folder / "watch"), "--publish", str(folder / "page")]
    lab = {"FAILBACK_MOCK": facts["base_url"], "FAILBACK_MOCK_CA_FILE": facts["ca_file"]}
    with process(*words, env=lab, stdout=told, stderr=told) as watch:
        yield watch


def measured(watch: "subprocess.Popen[str]", until_s: float, began_s: float, folder: Path) -> Iterator[Sample]:
    """A sample every few seconds, until that many have passed or the watch ends."""
    while time.monotonic() - began_s < until_s and watch.poll() is None:
        time.sleep(SAMPLE_S)
        found = sample(watch.pid, began_s, folder / "watch/history.jsonl")
        print("{:7.0f} s  {:6.1f} MiB  {:3d} files  {:7.1f} s CPU  {:6d} lines".format(*found), flush=True)
        yield found


def frozen(served: "subprocess.Popen[str]", told: str) -> None:
    """No answer for a while, and no refusal either."""
    print(f"the mock is frozen for {FROZEN_S:g} s ({told})", flush=True)
    served.send_signal(signal.SIGSTOP)
    time.sleep(FROZEN_S)
    served.send_signal(signal.SIGCONT)


def night(minutes: float, folder: Path) -> list[Sample]:
    """All of it."""
    began_s, whole_s, found, port = time.monotonic(), minutes * 60, list[Sample](), free_port()
    with ExitStack() as stack:
        told = stack.enter_context((folder / "told.txt").open("w", encoding="utf-8"))
        with ExitStack() as first:
            facts, served = first.enter_context(mock(folder, port))
            people = settings_of(facts, {}) | {"FAILBACK_CLOCK_FACTOR": str(FACTOR)}
            run = ["run", SCENARIO, "--world", "azure", "--out", str(folder / "run")]
            first.enter_context(process(*run, env=people, stdout=told, stderr=told))
            watch = stack.enter_context(watching(facts, folder, told))
            for part in (0.2, 0.45, 0.7):
                found += measured(watch, whole_s * part, began_s, folder)
                frozen(served, f"at {part:.0%}")
            found += measured(watch, whole_s * 0.9, began_s, folder)
        print("the mock and the run are killed; another mock begins", flush=True)
        time.sleep(20)
        stack.enter_context(mock(folder, port))
        return found + list(measured(watch, whole_s, began_s, folder))


def main(minutes: float, folder: Path) -> int:
    """Print the table."""
    folder.mkdir(parents=True, exist_ok=True)
    found = night(minutes, folder)
    first, last = next(each for each in found if each.at_s > 120), found[-1]
    share = (last.cpu_s - first.cpu_s) / (last.at_s - first.at_s)
    print(f"memory: {first.rss_mib:.1f} MiB after {first.at_s:.0f} s, {last.rss_mib:.1f} MiB after {last.at_s:.0f} s")
    print(f"open files: {first.files}, then {last.files}; CPU {share:.1%} of one core at {FACTOR} times the real speed")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]), Path(sys.argv[2])))
