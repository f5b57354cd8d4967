"""How long a user waits: the whole process of each command, and the share of it that simulates. Prints a table.

python benchmarks/start.py [ROUNDS]
"""

import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from failback.scenarios import load_scenario, play, resolve

ENTRY = "import sys; from failback.scenarios.cli.main import main; sys.argv[0] = 'failback'; main()"
WANTED_S = {"--version": 0.3, "demo": 3.0, "run first_drill --world lab": 30.0, "of demo: the simulation": 0.5}


def whole_s(*arguments: str) -> float:
    """Seconds of one whole process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", ENTRY, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def simulation_s() -> float:
    """Seconds that playing the demo's scenario takes once it is loaded."""
    scenario = load_scenario(resolve("first_drill_modernised"))
    began = time.perf_counter()
    play(scenario)
    return time.perf_counter() - began


def measured(rounds: int, folder: Path) -> dict[str, float]:
    """The best of some rounds, in seconds."""
    return {
        "--version": min(whole_s("--version") for _ in range(rounds)),
        "demo": min(whole_s("demo", "--out", str(folder)) for _ in range(rounds)),
        "of demo: the simulation": min(simulation_s() for _ in range(rounds)),
        "run first_drill --world lab": min(whole_s("run", "first_drill", "--world", "lab") for _ in range(rounds)),
    }


def main() -> None:
    """Measure and print."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    with TemporaryDirectory() as folder:
        for name, seconds in measured(rounds, Path(folder)).items():
            share = seconds / WANTED_S[name]
            print(f"{name:30} {seconds:8.3f} s   wanted {WANTED_S[name]:5.1f} s   {share:6.1%} of it")


if __name__ == "__main__":
    main()
