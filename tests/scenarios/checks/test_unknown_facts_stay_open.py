"""What a check says in spite of unknown facts holds for whatever they turn out to be, in a check and in a run.

Facts of drawn estates are hidden, and become known again: as they were drawn, and as something else. Who is blocked
with the facts hidden is blocked then, who is ready is ready or clears; and the run does what the check says.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failback.reprotect import Standing
from failback.scenarios.files.yaml_source import BadInput

from .agreement import Seen, disagreements, report_of
from .completions import granted, values_of
from .drawn_estates import free
from .hidden_facts import OPEN, Drawn, fact_at, to_hide, with_facts
from .hidden_facts import Path as Place
from .known_estates import machine, servers

EXAMPLES: Final = 60
COMPLETIONS: Final = 3
"""Of each estate, besides the one that was drawn."""
STAYS: Final = {
    Standing.BLOCKED: {Standing.BLOCKED},
    Standing.READY: {Standing.READY, Standing.CLEARS},
    Standing.CLEARS: {Standing.READY, Standing.CLEARS},
    Standing.UNDECIDED: set(Standing),
}


@st.composite
def with_hidden_facts(draw: st.DrawFn, architecture: str) -> tuple[Drawn, list[Drawn]]:
    """An estate with hidden facts, and what it may be in truth."""
    whole = draw(free(architecture, begun=draw(st.sampled_from((False, False, True)))))
    hidden = {at: part for part, at in to_hide(draw, whole) if fact_at(whole, at) not in granted(whole, part, at)}
    values = {path: _values(whole, part, path) for path, part in hidden.items()}
    others = [{path: draw(st.sampled_from(values[path])) for path in hidden} for _ in range(COMPLETIONS)]
    less = with_facts(whole, dict.fromkeys(hidden, OPEN))
    return less, [whole, *(with_facts(less, facts) for facts in others)]


def _values(whole: Drawn, part: str, path: Place) -> list[Any]:
    """As it was drawn first, and all others that nobody takes it not to have."""
    others = (value for value in values_of(part, str(path[-1])) if value not in granted(whole, part, path))
    return [fact_at(whole, path), *others]


def _changed(less: Drawn, known: Drawn, where: Path) -> Iterator[tuple[str, Standing, Standing]]:
    """What is said of each machine without these facts, and with them; nothing where a file cannot say them."""
    before = report_of(less, where)
    try:
        after = report_of(known, where)
    except BadInput:
        return
    if not after.refused and not before.refused:
        for name, outlook in after.outlooks.items():
            yield name, before.outlooks[name].standing, outlook.standing


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_what_a_check_says_without_some_facts_holds_for_whatever_they_are(tmp_path: Path, architecture: str) -> None:
    became: Counter[tuple[Standing, Standing]] = Counter()

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(with_hidden_facts(architecture))
    def stays(drawn: tuple[Drawn, list[Drawn]]) -> None:
        less, completions = drawn
        for known in completions:
            changed = [*_changed(less, known, tmp_path)]
            became.update((before, after) for _, before, after in changed)
            assert [each for each in changed if each[2] not in STAYS[each[1]]] == []
            assert not changed or disagreements(known, tmp_path, (), Seen()) == []

    stays()
    later = {after for before, after in became if before is Standing.UNDECIDED}
    assert later >= {Standing.BLOCKED, Standing.READY, Standing.UNDECIDED}


SHARED: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    "memory of a host": ("hosts", {"free_memory_gib": OPEN}, {"memory_gib": 60}),
    "room of a datastore": ("datastores", {"free_gib": OPEN}, {"exists_on_premises": False}),
}
DRIVES: Final[dict[str, tuple[str, dict[str, Any], dict[str, Any]]]] = {
    f"a retention drive's {fact}": (
        "master_targets",
        {"retention_drives": [{"name": "/mnt/retention", "capacity_gib": 1024, "filesystem": "ext4", fact: OPEN}]},
        {},
    )
    for fact in ("listed", "filesystem", "free_for_retention")
}
BOTH: Final = ("classic", "modernised")
CASES: Final = [(a, c, SHARED[c]) for a in BOTH for c in SHARED] + [("classic", c, DRIVES[c]) for c in DRIVES]


@pytest.mark.parametrize(("architecture", "capacity", "of"), CASES)
def test_one_unknown_in_a_shared_capacity_leaves_all_undecided_that_share_it(
    tmp_path: Path, architecture: str, capacity: str, of: tuple[str, dict[str, Any], dict[str, Any]]
) -> None:
    section, fact, wants = of
    parts = servers(architecture)
    parts[section][0].update(fact)
    vms = [machine(name, architecture, **wants) for name in "abc"]
    estate = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": vms, **parts}
    report = report_of({"name": "shared", "estate": estate}, tmp_path)
    assert {outlook.standing for outlook in report.outlooks.values()} == {Standing.UNDECIDED}


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
def test_a_need_that_nobody_knows_leaves_those_undecided_that_the_plan_serves_later(
    tmp_path: Path, architecture: str
) -> None:
    vms = [machine(name, architecture, memory_gib=need) for name, need in (("a", 50), ("b", "unknown"), ("c", 50))]
    estate = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": vms, **servers(architecture)}
    report = report_of({"name": "shared", "estate": estate}, tmp_path)
    assert [each.standing.value for each in report.outlooks.values()] == ["ready", "undecided", "undecided"]


@pytest.mark.parametrize("fact", [{"replication_starts": OPEN}, {"pending_question": OPEN}, {"recovery_points": OPEN}])
@pytest.mark.parametrize(("architecture", "disks"), [("classic", 20), ("modernised", 30)])
def test_who_may_keep_its_slots_leaves_all_undecided_that_need_them(
    tmp_path: Path, architecture: str, disks: int, fact: dict[str, Any]
) -> None:
    vms = [machine(name, architecture, disks) for name in "abc"]
    vms[0].update(fact)
    estate = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": vms, **servers(architecture)}
    drawn = {"name": "shared", "estate": estate, "plan": {}}
    report = report_of(drawn, tmp_path)
    assert {outlook.standing for outlook in report.outlooks.values()} == {Standing.UNDECIDED}
    roomy = {**servers(architecture), "virtual_machines": [machine(name, architecture, 2) for name in "abc"]}
    roomy["virtual_machines"][0].update(fact)
    report = report_of({**drawn, "estate": {**estate, **roomy}}, tmp_path)
    assert [each.standing.value for each in report.outlooks.values()] == ["undecided", "ready", "ready"]


@pytest.mark.parametrize("architecture", BOTH)
def test_who_has_its_slots_keeps_its_answer_beside_one_that_may_keep_others(tmp_path: Path, architecture: str) -> None:
    """What is unknown of one machine says nothing of one that needs none of what it may keep."""
    vms = [machine(name, architecture, 25, at="replicating_to_on_premises") for name in "ab"]
    vms.append(machine("c", architecture, 25))
    vms[0]["pending_question"] = OPEN
    estate = {"link": {"bandwidth_mbit_per_s": 500}, "virtual_machines": vms, **servers(architecture)}
    report = report_of({"name": "shared", "estate": estate, "plan": {}}, tmp_path)
    assert [each.standing.value for each in report.outlooks.values()] == ["undecided", "ready", "undecided"]
