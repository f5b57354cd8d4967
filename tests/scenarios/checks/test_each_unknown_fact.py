"""Each fact that a file may leave open, alone: undecided is who is ready by one of its values and stopped by another.

Who is called ready, or blocked, without the fact is so by each of its values. A run does what the check says of each.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from failback.reprotect import Outlook, Standing, by_id
from failback.scenarios.files.yaml_source import BadInput

from .agreement import Seen, disagreements, report_of
from .completions import granted, values_of
from .hidden_facts import OPEN, Drawn, places, with_facts
from .hidden_facts import Path as Place
from .known_estates import machine, servers

COMES: Final = {Standing.READY, Standing.CLEARS}
PHASES: Final = ("replicating_to_azure", "failover_committed", "resyncing_to_on_premises", "failing_back")


def known(architecture: str, phase: str) -> Drawn:
    """Three healthy machines, of which two are a replication group and a recovery plan."""
    vms = [machine(name, architecture, at=phase) for name in "abc"]
    for vm in vms[:2]:
        vm["replication_group"] = "g"
    estate = {"virtual_machines": vms, "recovery_plans": [{"name": "p", "groups": [["a", "b"]]}]}
    link = {"link": {"bandwidth_mbit_per_s": 500}}
    return {"name": "known", "estate": {**link, **estate, **servers(architecture)}, "plan": {"recovery_plans": ["p"]}}


def open_facts(drawn: Drawn) -> Iterator[tuple[str, Place]]:
    """Those of all objects, and of one machine."""
    yield from (each for each in places(drawn["estate"]) if each[1][0] != "virtual_machines" or each[1][1] == 0)


def wrong(drawn: Drawn, part: str, path: Place, where: Path) -> Iterator[tuple[Any, ...]]:
    """Where the check says more, or less, than the values of this fact allow, or a run does something else."""
    said = report_of(with_facts(drawn, {path: OPEN}), where).outlooks
    becomes: dict[str, set[Standing]] = defaultdict(set)
    for value, one, outlooks in _completions(drawn, part, path, where):
        yield from ((path, value, each) for each in disagreements(one, where, (), Seen()))
        for name, outlook in outlooks.items():
            becomes[name].add(Standing.BLOCKED if _races(outlook) else outlook.standing)
    yield from ((path, name, said[name], all_) for name, all_ in becomes.items() if not _allowed(said, name, all_))


def _completions(
    drawn: Drawn, part: str, path: Place, where: Path
) -> Iterator[tuple[Any, Drawn, Mapping[str, Outlook]]]:
    """Each value that this file may have there: one that contradicts another line is a mistake of the file."""
    for value in values_of(part, str(path[-1])):
        one = with_facts(drawn, {path: value})
        if value not in granted(drawn, part, path) and (outlooks := _outlooks(one, where)) is not None:
            yield value, one, outlooks


def _outlooks(drawn: Drawn, where: Path) -> Mapping[str, Outlook] | None:
    with suppress(BadInput):
        return report_of(drawn, where).outlooks
    return None


def _allowed(said: Mapping[str, Outlook], name: str, becomes: set[Standing]) -> bool:
    if said[name].standing is Standing.UNDECIDED:
        return bool(becomes & COMES) and (Standing.BLOCKED in becomes or _waits_at_most(said, name))
    return becomes <= (COMES if said[name].standing in COMES else {Standing.BLOCKED})


def _races(outlook: Outlook) -> bool:
    """Of failbacks that run at the start nobody knows which takes the memory: one that may be too late."""
    return outlook.standing is Standing.UNDECIDED and outlook.because == ("8038",)


def _waits_at_most(said: Mapping[str, Outlook], name: str) -> bool:
    """Only a rule that clears by itself is open, for it or a mate.

    Its fact has one value both for what has not happened yet and for what never will: an agent that is not installed
    does not register. So a check does not promise that it clears while nobody knows it.
    """
    rules = {why for why in said[name].because if not why.startswith("with ")}
    mates = (why.removeprefix("with ") for why in said[name].because if why.startswith("with "))
    rules |= {why for mate in mates for why in said[mate].because if not why.startswith("with ")}
    rows = [by_id(rule) for rule in rules]
    return bool(rows) and all(row is not None and row.waits_s is not None for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_machine_is_undecided_exactly_if_a_value_lets_it_come_home_and_another_stops_it(
    tmp_path: Path, architecture: str, phase: str
) -> None:
    drawn = known(architecture, phase)
    assert [each for part, path in open_facts(drawn) for each in wrong(drawn, part, path, tmp_path)] == []


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_fact_that_can_break_nothing_here_leaves_nothing_open(tmp_path: Path, architecture: str) -> None:
    """Whether it keeps its address where the servers serve both; whether it is there where both locations are fit.

    And whether the process server runs in Azure, where it is in the network of the machines.
    """
    paths: list[Place] = [("virtual_machines", 0, fact) for fact in ("retains_ip", "exists_on_premises")]
    paths += [("process_servers", 0, "in_azure")] if architecture == "classic" else []
    for path in paths:
        outlooks = report_of(with_facts(known(architecture, "failover_committed"), {path: OPEN}), tmp_path).outlooks
        assert {outlook.standing for outlook in outlooks.values()} == {Standing.READY}
