"""How often the prediction of a watch holds, at each tenth of simulated returns whose truth is hidden from it.

What differs, the scan rate and the line are drawn around the file; in some nights a server is down for a while. The
nights are in virtual time, so the same seeds give the same table on every machine.

    python benchmarks/nights.py classic 200         nights 30000 to 30199 of a classic estate
    python benchmarks/nights.py modernised 200 0    nights 0 to 199 of a modernised one
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Final

from failback.reprotect import Architecture

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.scenarios.watching.hidden_night import TENTHS, HiddenNight, Said, as_filed

FIRST_SEED: Final = 30_000
"""Nights at which nobody looked when the ranges were chosen; those below 100, from 10,000 and 20,000 were looked at."""


def row(tenth: int, said: Sequence[Said]) -> str:
    """One tenth: how many bands hold, how many of the others are too early or too late, and how wide all are."""
    holds = sum(each.holds for each in said) / len(said)
    early = sum(each.high_s < each.home_s for each in said) / len(said)
    width = fmean(each.width_s / each.home_s for each in said)
    return f"{tenth:5} {len(said):7} {holds:7.1%} {early:10.1%} {1 - holds - early:9.1%} {width:9.1%}"


def main(architecture: str, nights: int, first: int = FIRST_SEED) -> int:
    """Print the table."""
    said: list[Said] = []
    for seed in range(first, first + nights):
        said += HiddenNight(as_filed(Architecture(architecture)), seed).said
    print(f"{architecture}, nights {first} to {first + nights - 1}")
    print("tenth  nights   holds  too early  too late  width, of the whole night")
    for tenth in TENTHS:
        print(row(tenth, [each for each in said if each.tenth == tenth]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1], *map(int, sys.argv[2:])))
