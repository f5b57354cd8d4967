"""An estate says in which phase each machine stands: the run, and the check, begin there, in every phase there is."""

from dataclasses import replace

import pytest

from failback.reprotect import (
    LEGS,
    WHOLE_WAY,
    Architecture,
    Line,
    Operation,
    Phase,
    Side,
    Standing,
    phase_row,
    phases_of,
    rests_at,
    stands_at,
    under_way,
)
from failback.scenarios import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.judging.check import check_estate
from failback.scenarios.run.player import play
from failback.scenarios.run.result import Result
from failback.scenarios.run.worlds import spec_of
from failback.simulator import Duration, Fault, FaultKind, World

STORIES = {Architecture.CLASSIC: "one_vm", Architecture.MODERNISED: "one_modernised_vm"}
EVERY = [(a, phase) for a in Architecture for phase in Phase if phase in phases_of(a)]
TARGETS = [(a, phase) for a, phase in EVERY if phase_row(phase).is_target]
ids = [f"{a.value}-{phase.value}" for a, phase in EVERY]


def _from(architecture: Architecture, phase: Phase) -> Scenario:
    story = load_scenario(resolve(STORIES[architecture]))
    machines = {name: stands_at(vm, phase) for name, vm in story.estate.virtual_machines.items()}
    return replace(story, estate=replace(story.estate, virtual_machines=machines))


def _played(story: Scenario) -> tuple[Result, list[Line]]:
    lines: list[Line] = []
    return play(story, on_line=lines.append), lines


def _asked(lines: list[Line]) -> list[str]:
    return [str(line.data["operation"]) for line in lines if line.name == "StartOperation"]


def _phases(lines: list[Line]) -> list[str]:
    seen = [str(line.data["phase"]) for line in lines if line.name == "ItemSeen"]
    return [phase for n, phase in enumerate(seen) if n == 0 or seen[n - 1] != phase]


def _requests(lines: list[Line]) -> list[tuple[str, str]]:
    """What is asked, and with what."""
    return [(x.data["operation"], repr(x.data["choices"])) for x in lines if x.name == "StartOperation"]


def _on_site(lines: list[Line]) -> list[tuple[object, ...]]:
    """How the machine on site is seen, one change after the other."""
    seen = [
        tuple(line.data[fact] for fact in ("powered_on", "disks", "snapshots"))
        for line in lines
        if line.name == "VmSeen"
    ]
    return _changes(seen)


def _changes(seen: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [shown for n, shown in enumerate(seen) if n == 0 or seen[n - 1] != shown]


@pytest.mark.parametrize(("architecture", "phase"), EVERY, ids=ids)
def test_a_run_begins_in_the_phase_and_goes_to_the_last_goal(architecture: Architecture, phase: Phase) -> None:
    result, lines = _played(_from(architecture, phase))
    [item] = result.items
    assert not result.surprises
    assert not any(result.checkers.values())
    assert (item.phase, item.stopped_by) == (WHOLE_WAY[-1].value, "")
    assert _phases(lines)[0] == phase.value
    assert lines[1].t_s == 0


@pytest.mark.parametrize(("architecture", "phase"), EVERY, ids=ids)
def test_nothing_is_asked_for_that_is_behind_or_under_way(architecture: Architecture, phase: Phase) -> None:
    _, lines = _played(_from(architecture, phase))
    legs = [operation for operation in _asked(lines) if operation in {leg.value for leg in LEGS}]
    assert legs == [leg.value for leg in LEGS[_behind(architecture, phase) :]]


def _behind(architecture: Architecture, phase: Phase) -> int:
    """How many legs are behind or under way."""
    move = under_way(architecture, phase)
    taken_up = move is not None and move.operation in LEGS
    return LEGS.index(move.operation) + 1 if move is not None and taken_up else phase_row(phase).legs_behind


@pytest.mark.parametrize("architecture", Architecture)
@pytest.mark.parametrize("phase", WHOLE_WAY[:-1], ids=lambda phase: phase.value)
def test_what_comes_after_is_what_comes_in_a_run_from_the_start(architecture: Architecture, phase: Phase) -> None:
    at_once = {"agent_registration": Duration(fixed_s=0.0)}
    stories = (_from(architecture, each) for each in (Phase.REPLICATING_TO_AZURE, phase))
    (whole, lines), (part, tail) = (_played(replace(s, durations={**s.durations, **at_once})) for s in stories)
    began = next(n for n, line in enumerate(tail) if line.name == "StartOperation")
    asked = next(n for n, line in enumerate(lines) if line.data.get("key") == tail[began].data["key"])
    assert _requests(tail) == _requests(lines[asked:])
    assert _phases(tail[began:]) == [seen for seen in _phases(lines[asked:]) if seen != phase.value]
    assert _on_site(tail) == _on_site(lines)[-len(_on_site(tail)) :]
    assert part.duration_s - tail[began].t_s == pytest.approx(whole.duration_s - lines[asked].t_s, abs=1e-6)


@pytest.mark.parametrize(("architecture", "phase"), EVERY, ids=ids)
def test_check_says_what_the_run_does(architecture: Architecture, phase: Phase) -> None:
    story = _from(architecture, phase)
    report = check_estate(story.estate, story.plan)
    assert all(each.standing is not Standing.BLOCKED for each in report.outlooks.values())
    judged = {point.operation for found in report.items for f in found.findings for point in f.points}
    begun = {Operation.REPROTECT_TO_ON_PREMISES} if phase_row(phase).is_target else set()
    assert not judged & set(LEGS[: phase_row(phase).legs_behind]) - begun


@pytest.mark.parametrize(("architecture", "phase"), EVERY, ids=ids)
def test_the_world_is_as_the_phase_says(architecture: Architecture, phase: Phase) -> None:
    story = _from(architecture, phase)
    world = World(spec_of(story))
    [name] = story.estate.virtual_machines
    row, vm = phase_row(rests_at(architecture, phase)), world.site.vm(name)
    [facts] = world.vsphere.look([name]).values()
    assert facts.powered_on is (row.runs is Side.SITE)
    assert bool(facts.disks) is not row.is_target
    assert bool(facts.snapshots) is (architecture.value == "modernised" and row.phase.value == "failed_back")
    held = row.holds_slots or phase.value == "reprotecting_to_on_premises"
    assert world.site.slots_of(name) == (len(vm.disks) if held else 0)
    if row.legs_behind:
        assert (vm.azure.running is True) is (row.runs is Side.AZURE)
        assert vm.agent_registered is True
    assert world.vault.items[name].phase is phase
    assert not world.vault.record.has_changed


def test_half_of_a_resync_takes_half_of_its_scan() -> None:
    story = _from(Architecture.MODERNISED, Phase.RESYNCING_TO_ON_PREMISES)
    [vm] = story.estate.virtual_machines.values()

    def resync_s(done: float) -> float:
        half = replace(story.estate, virtual_machines={vm.name: replace(vm, resync_done_fraction=done)})
        leg = play(replace(story, estate=half)).legs[0]
        assert leg.end_s is not None
        return leg.end_s

    assert resync_s(0.5) == pytest.approx(resync_s(0.0) / 2, rel=0.02)
    assert resync_s(0.99) < resync_s(0.5)


def test_a_job_that_has_run_for_a_while_ends_by_so_much_earlier_and_the_next_takes_as_long_as_ever() -> None:
    story = _from(Architecture.MODERNISED, Phase.REPROTECTING_TO_ON_PREMISES)
    [vm] = story.estate.virtual_machines.values()

    def ends_s(running_s: float) -> tuple[float, float]:
        begun = replace(story.estate, virtual_machines={vm.name: replace(vm, job_running_s=running_s)})
        legs = {leg.leg: leg for leg in play(replace(story, estate=begun)).legs}
        job_s, next_leg = legs[Operation.REPROTECT_TO_ON_PREMISES].job_end_s, legs[Operation.FAILBACK]
        assert job_s is not None
        assert next_leg.end_s is not None
        return job_s, next_leg.end_s - next_leg.start_s

    whole_s, failback_s = ends_s(0.0)
    left_s, failback_again_s = ends_s(300.0)
    assert left_s == pytest.approx(whole_s - 300.0)
    assert failback_again_s == pytest.approx(failback_s)
    assert ends_s(1e6)[0] == 0.0


@pytest.mark.parametrize(("architecture", "phase"), TARGETS)
def test_a_target_that_the_file_says_is_on_is_found_and_stops(architecture: Architecture, phase: Phase) -> None:
    story = _from(architecture, phase)
    machines = {n: replace(vm, powered_on=True) for n, vm in story.estate.virtual_machines.items()}
    story = replace(story, estate=replace(story.estate, virtual_machines=machines))
    [outlook] = check_estate(story.estate, story.plan).outlooks.values()
    [item] = play(story).items
    assert (outlook.standing, item.stopped_by) == (Standing.BLOCKED, "R33")


@pytest.mark.parametrize("architecture", Architecture)
def test_a_job_that_comes_to_nothing_is_asked_for_again(architecture: Architecture) -> None:
    story = _from(architecture, Phase.REPROTECTING_TO_ON_PREMISES)
    [name] = story.estate.virtual_machines
    result, lines = _played(replace(story, faults=(Fault(FaultKind.FAIL_JOB, name),)))
    assert _asked(lines)[0] == "reprotect_to_on_premises"
    assert [leg.outcome for leg in result.legs][:2] == ["failed", "done"]
    assert [item.phase for item in result.items] == [WHOLE_WAY[-1].value]


def test_machines_of_a_group_that_begin_in_different_phases_go_alone() -> None:
    story = load_scenario(resolve("modernised_replication_group"))
    names = [n for n, vm in story.estate.virtual_machines.items() if vm.replication_group]
    machines = dict(story.estate.virtual_machines)
    machines[names[0]] = stands_at(machines[names[0]], Phase.FAILOVER_COMMITTED)
    story = replace(story, estate=replace(story.estate, virtual_machines=machines), faults=(), operator=())
    result, lines = _played(story)
    assert any(line.name == "Decided" and line.data["what"] == "go_alone" for line in lines)
    assert {item.name: item.phase for item in result.items}[names[0]] == WHOLE_WAY[-1].value


def test_a_goal_that_is_behind_is_not_gone_for_again() -> None:
    story = _from(Architecture.MODERNISED, Phase.REPLICATING_TO_ON_PREMISES)
    plan = replace(story.plan, goals=(Phase.FAILOVER_COMMITTED, Phase.FAILBACK_COMMITTED))
    _, lines = _played(replace(story, plan=plan))
    assert _asked(lines) == ["failback", "commit_failback"]
