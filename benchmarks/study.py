"""What a study costs beyond its runs, and what a second worker brings.

The overhead is CPU time, since wall time measures the computer's other work as well: of one process, what is not spent
in the runs themselves; of two workers, what the process that hands out and collects spends beside them. The gain of a
second worker can only be wall time: it says little where others keep the cores busy, and the load is printed beside it.

    python benchmarks/study.py
"""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from failback.scenarios.study import Study, batches

SCENARIO: Final = "first_drill_modernised"
RUNS: Final = 256
ROUNDS: Final = 3


def study() -> Study:
    """Two variants of a drill of twelve machines."""
    return Study(SCENARIO).vary(bandwidth=[100, 500]).replicate(RUNS // 2)


def overhead_alone() -> float:
    """Share of the CPU time that is not spent in the runs, in one process, with the runs kept in Parquet."""
    spent, real = [0.0], batches.answer

    def timed(*arguments: Any) -> Any:
        start = time.process_time()
        found = real(*arguments)
        spent[0] += time.process_time() - start
        return found

    batches.answer = timed
    try:
        with TemporaryDirectory() as folder:
            total = _cpu_s(lambda: study().table(backend="serial", keep=Path(folder) / "study.parquet"))
    finally:
        batches.answer = real
    return (total - spent[0]) / spent[0]


def overhead_beside() -> float:
    """CPU time of the process that hands out and collects, as a share of that of its two workers."""
    before = _children_s()
    own = _cpu_s(lambda: study().table(backend="processes", workers=2))
    return own / (_children_s() - before)


def gain_of_two() -> float:
    """Wall time with one worker over that with two, the best of some rounds of each, taken in turns."""
    one, two = zip(*((_wall_s(1), _wall_s(2)) for _ in range(ROUNDS)), strict=True)
    return min(one) / min(two)


def gain_by_cpu() -> float:
    """CPU time of all with one worker, over that of the longer way through two: half of both workers, and the parent.

    What two idle cores would bring, for computers that have none; batches are shared out as workers become free.
    """
    one = _cpu_s(lambda: study().table(backend="serial"))
    before = _children_s()
    parent = _cpu_s(lambda: study().table(backend="processes", workers=2))
    return one / ((_children_s() - before) / 2 + parent)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wall_s(workers: int) -> float:
    start = time.perf_counter()
    study().table(backend="processes", workers=workers)
    return time.perf_counter() - start


def _cpu_s(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def main() -> int:
    """Print the table."""
    with TemporaryDirectory() as folder:  # imports and the way out, once
        study().replicate(1).table(backend="serial", keep=Path(folder) / "study.parquet")
    print(f"{RUNS} runs of {SCENARIO}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    print(f"overhead per run, one process, kept in Parquet   {overhead_alone():7.2%}   wanted 1 %")
    print(f"overhead per run, beside two workers             {overhead_beside():7.2%}   wanted 1 %")
    print(f"two workers against one, by CPU time             {gain_by_cpu():6.2f} x   wanted 1.5 x")
    print(f"two workers against one, wall                    {gain_of_two():6.2f} x   wanted 1.5 x")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
