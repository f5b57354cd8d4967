"""The commands `explore` and `shrink`: what is played, what is printed, and what is kept of it."""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outputs.reserved import reserved
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.study.progress import Advance, Part, begin_part, progress
from failback.scenarios.usage_error import UsageError

from .case import Case, Kept, Loss, Sight, as_text, read_case
from .explore import Found, each_bad_read, each_crash, each_lost_reply
from .shrinking import shrunk
from .swarm import each_seed
from .trial import undisturbed

KEPT_MAX: Final = 10
"""Failing cases that are written, and shown."""
SWARM_WEIGHT: Final = 2.0
"""A drill of the swarm is played from its start; the other ones fork half way, on average."""


@dataclass(slots=True)
class Tally:
    """What one way of exploring came to."""

    way: str
    played: int = 0
    delayed: int = 0
    took_s: float = 0.0
    violations: Counter[str] = field(default_factory=Counter)
    failing: list[Found] = field(default_factory=list)

    def add(self, found: Found) -> None:
        """One case more."""
        self.played += 1
        self.delayed += found.verdict.delayed
        self.violations.update(found.verdict.failed)
        if found.verdict.failed and len(self.failing) < KEPT_MAX:
            self.failing.append(replace(found, case=replace(found.case, checker=found.verdict.failed[0])))

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "way": self.way,
            "played": self.played,
            "violations": dict(self.violations),
            "stopped_or_delayed": self.delayed,
            "took_s": round(self.took_s, 1),
            "cases": [json.loads(as_text(found.case)) for found in self.failing],
        }


def explore(name: str, *, crash: bool, lost_replies: bool, seeds: int, bad_reads: bool = False) -> list[Tally]:
    """Explore in each way that is asked for; all crashes, lost replies and bad reads where none is."""
    scenario = load_scenario(resolve(name))
    case, none = Case(name), not (crash or lost_replies or seeds or bad_reads)
    ways: list[tuple[str, Callable[[], Iterable[Found]]]] = []
    if crash or none:
        ways.append(("crash", lambda: each_crash(case, scenario)))
    if lost_replies or none:
        ways.append(("lost replies", lambda: each_lost_reply(case, scenario)))
    if bad_reads or none:
        ways.append(("bad reads", lambda: each_bad_read(case, scenario)))
    if seeds:
        ways.append(("swarm", lambda: each_seed(name, scenario, range(1, seeds + 1))))
    plays = _plays(case.of(scenario), seeds)
    with progress("explore", {way: plays[way] for way, _ in ways}) as advance:
        return [_tally(way, found, advance) for way, found in ways]


def _plays(scenario: Scenario, seeds: int) -> Mapping[str, Part]:
    """How many cases each way has: the places of the undisturbed drill at which something can happen."""
    there = undisturbed(scenario)
    return {
        "crash": Part(there.steps),
        "lost replies": Part(there.requests * len(Loss)),
        "bad reads": Part(there.reads * len(Sight)),
        "swarm": Part(seeds * SWARM_WEIGHT, SWARM_WEIGHT),
    }


def _tally(way: str, found: Callable[[], Iterable[Found]], advance: Advance) -> Tally:
    tally, start_s = Tally(way), time.monotonic()
    begin_part(way)
    for one in found():
        tally.add(one)
        advance(1.0)
    tally.took_s = time.monotonic() - start_s
    return tally


def lines(tallies: Iterable[Tally]) -> Iterator[str]:
    """What is printed."""
    for tally in tallies:
        way = _WORDS[tally.way].format(tally.played)
        yield f"{way}: {_violations(tally)}; it took {tally.took_s:.1f} s{_pace(tally)}"
        for found in tally.failing:
            checker = found.case.checker
            yield f"  {checker}: {found.verdict.violations[checker][0]}"
            yield f"      {_where(found.case)}"


_WORDS: Final = {
    "crash": "The program was killed before each of the run's {} steps, and the run was resumed",
    "lost replies": "Each request of the run failed in eleven ways, {} cases",
    "bad reads": "Each read of the vault failed in four ways, {} cases",
    "swarm": "Swarm of {} runs with random faults on site, crashes, lost replies and bad reads",
}


def _violations(tally: Tally) -> str:
    found = ", ".join(f"{name} {count}" for name, count in sorted(tally.violations.items()))
    return f"violations: {found}" if found else "0 violations"


def _pace(tally: Tally) -> str:
    if tally.way != "swarm":
        return ""
    pace, share = tally.played / max(tally.took_s, 1e-9) * 60, tally.delayed / max(tally.played, 1)
    return f", {pace:.0f} runs a minute; in {share:.0%} of the runs, a machine stopped or came home later"


def _where(case: Case) -> str:
    crashes = (
        f"killed before step {c.at}, which left {_KEPT[c.keeps]}; resumed after {c.down_s:g} s" for c in case.crashes
    )
    lost = (f"request {one.at}: {_plainly(one.how.value)}" for one in case.lost_replies)
    reads = (f"read {one.at}: {_plainly(one.how.value)}" for one in case.bad_reads)
    faults = (f"fault {f.kind.value} of {f.object} at {f.at_s:g} s" for f in case.faults)
    return "; ".join((*faults, *crashes, *lost, *reads)) or "without any disturbance"


_KEPT: Final = {
    Kept.SYNCED: "the synced lines of the history",
    Kept.ALL: "the whole history",
    Kept.TORN: "the history with its last line cut off",
}


def _plainly(word: str) -> str:
    return word.replace("_", " ")


def keep(tallies: Iterable[Tally], out: Path) -> list[Path]:
    """Write the failing cases into a folder. Raises `CannotWrite`."""
    cases = [found.case for tally in tallies for found in tally.failing][:KEPT_MAX]
    names = {f"case-{n}.json": case for n, case in enumerate(cases, 1)}
    with reserved(out, dict.fromkeys(names, "case")):
        for name, case in names.items():
            write_text(out / name, as_text(case), "case")
    return [out / name for name in names]


def shrink(path: Path) -> Case:
    """The smallest case that still fails. Raises `BadInput`, and `UsageError` for one that fails nothing."""
    case = read_case(path)
    scenario: Scenario = load_scenario(resolve(case.scenario))
    found = shrunk(case, scenario, case.checker)
    if not case.checker or found == case:
        raise _nothing_fails(path, case)
    return found


def _nothing_fails(path: Path, case: Case) -> UsageError:
    if not case.checker:
        return UsageError(f"{path} does not say which checker it fails. Write its name under `checker`.")
    return UsageError(f"{path} does not fail {case.checker} with this version, or cannot be made smaller.")
