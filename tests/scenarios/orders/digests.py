"""What each scenario of the library comes to, as digests: each in a process of its own, or all in one, in some order.

python digests.py fresh
python digests.py SEED
"""

import gc
import json
import os
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import blake2b

from failback.scenarios import Scenario, library, load_scenario, play
from failback.scenarios.checks.as_json import report_json
from failback.scenarios.files.loader.types import file_adapter
from failback.scenarios.judging.check import check_estate
from failback.scenarios.outcomes.answers import answer
from failback.scenarios.outcomes.way_home import way_home


def played(scenario: Scenario) -> object:
    """The history and the result of a run."""
    lines: list[str] = []
    result = play(scenario, on_line=lambda line: lines.append(line.as_json()))
    return lines, result.as_json()


def answered(scenario: Scenario) -> object:
    """When everything was home, and what bound it."""
    way = way_home(scenario)
    return way.begins_s, answer(way, scenario.seed).digest


def answered_when_polled(scenario: Scenario) -> object:
    """The same, where the drill looks every two hours."""
    return answered(replace(scenario, poll_s=7200.0))


def checked(scenario: Scenario) -> object:
    """What a check of the estate finds."""
    report = check_estate(scenario.estate, scenario.plan)
    return report_json(report, scenario=scenario.name, world="file", notes=(), unknown_blocks=False)


ASKED: tuple[Callable[[Scenario], object], ...] = (played, answered, answered_when_polled, checked)
LARGE = 100
"""Machines from which on a scenario is asked for less, since each of these takes seconds."""


def digests(name: str) -> dict[str, str]:
    """All that this scenario comes to."""
    scenario = load_scenario(library()[name])
    asked = ASKED if len(scenario.estate.virtual_machines) < LARGE else ASKED[:2]
    return {ask.__name__: blake2b(repr(ask(scenario)).encode(), digest_size=8).hexdigest() for ask in asked}


def in_a_fork(name: str) -> dict[str, str]:
    """The same in a child of this process, which has played nothing."""
    reads, writes = os.pipe()
    gc.freeze()  # a collection in the child would copy every page
    child = os.fork()
    if child == 0:
        os.write(writes, json.dumps(digests(name)).encode())
        os._exit(0)
    os.close(writes)
    with os.fdopen(reads, "rb") as answered:
        text = answered.read()
    os.waitpid(child, 0)
    found: dict[str, str] = json.loads(text)
    return found


def all_of(names: Iterable[str], how: Callable[[str], dict[str, str]]) -> Mapping[str, dict[str, str]]:
    """By the name of the scenario."""
    return {name: how(name) for name in names}


if __name__ == "__main__":
    names = list(library())
    file_adapter()  # the types of a scenario file: built once here rather than in every fork
    if sys.argv[1] != "fresh":
        random.Random(int(sys.argv[1])).shuffle(names)
    json.dump(all_of(names, in_a_fork if sys.argv[1] == "fresh" else digests), sys.stdout)
