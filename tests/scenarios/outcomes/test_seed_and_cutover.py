"""Waves that seed ahead, against sums by hand: the seed takes the line or the scan, the cutover takes two jobs."""

from dataclasses import replace
from typing import Any, Final

import pytest

from failback.reprotect import Disk, Gate, Operation, Wave, evolved
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import HomeWhen, OperatorAnswer, Scenario
from failback.scenarios.outcomes.answers import Answer, answer
from failback.scenarios.outcomes.critical_path import DATE, DECISION
from failback.scenarios.outcomes.way_home import way_home
from failback.simulator import Duration

HOUR_S: Final = 3600.0
GIB: Final = 2.0**30
SCAN_BYTES_PER_S: Final = 29.9 * 2**20
LINE_MBIT_PER_S: Final = 100.0
LINE_BYTES_PER_S: Final = LINE_MBIT_PER_S * 1e6 / 8
ONE_VM: Final = load_scenario(resolve("one_modernised_vm"))
STEP_S: Final = 60.0


def two(*waves: Wave, size_gib: float = 100.0, changed: float = 1.0, disks: int = 1) -> Scenario:
    """Machines a and b of so much data, and no chance in how long a job takes."""
    (vm,) = ONE_VM.estate.virtual_machines.values()
    names = [name for wave in waves for name in wave.items]
    own = tuple(Disk(size_gib, changed_fraction=changed) for _ in range(disks))
    machines = {name: evolved(vm, name=name, disks=own) for name in names}
    link = replace(ONE_VM.estate.link, bandwidth_mbit_per_s=LINE_MBIT_PER_S)
    return replace(
        ONE_VM,
        estate=replace(ONE_VM.estate, virtual_machines=machines, link=link),
        durations={name: Duration(fixed_s=STEP_S) for name in ONE_VM.durations},
        site=replace(ONE_VM.site, compression_ratio=1.0, changed_spread=0.0, churn_mib_per_s=0.0),
        plan=replace(ONE_VM.plan, waves=waves),
        homecoming=replace(ONE_VM.homecoming, home_when=HomeWhen.COMMITTED),
    )


def of_one_uuid(scenario: Scenario, *names: str) -> Scenario:
    """The scenario in which these machines have the same BIOS UUID."""
    vms = scenario.estate.virtual_machines
    twins = {name: replace(vms[name], bios_uuid="42000000-0000-4000-8000-00000000000a") for name in names}
    return replace(scenario, estate=replace(scenario.estate, virtual_machines={**vms, **twins}))


def played(scenario: Scenario) -> Answer:
    return answer(way_home(scenario), 1)


def at_s(found: Answer, item: str, leg: Operation) -> tuple[float, float]:
    """When a leg of it began and when it ended."""
    (row,) = [row for row in found.legs if (row.item, row.leg) == (item, leg.value)]
    assert row.end_s is not None
    return row.start_s, row.end_s


def job_s(found: Answer, item: str, leg: Operation) -> float:
    (row,) = [row for row in found.legs if (row.item, row.leg) == (item, leg.value)]
    assert row.job_end_s is not None
    return row.job_end_s - row.start_s


def cutover_s(found: Answer, item: str) -> float:
    return job_s(found, item, Operation.FAILBACK) + job_s(found, item, Operation.COMMIT_FAILBACK)


SEEDED: Final = Operation.REPROTECT_TO_ON_PREMISES


def exactly(expected_s: float) -> Any:
    """To a millionth of an hour."""
    return pytest.approx(expected_s, abs=1e-6 * HOUR_S)


def test_a_wave_that_has_seeded_in_time_is_home_two_jobs_after_it_opens() -> None:
    found = played(two(Wave("a", ("a",), opens_s=48 * HOUR_S, seed_opens_s=2 * HOUR_S)))
    begun_s, seeded_s = at_s(found, "a", SEEDED)
    assert begun_s == exactly(2 * HOUR_S)
    carried_s = 100 * GIB / LINE_BYTES_PER_S
    assert seeded_s == exactly(begun_s + job_s(found, "a", SEEDED) + carried_s)
    assert found.home_s == exactly(48 * HOUR_S + cutover_s(found, "a"))


def test_a_seed_that_is_not_through_when_the_wave_opens_delays_it_by_what_is_missing() -> None:
    found = played(two(Wave("a", ("a",), opens_s=HOUR_S, seed_opens_s=0.0), changed=0.01))
    scanned_s = 100 * GIB / SCAN_BYTES_PER_S
    ends_s = job_s(found, "a", SEEDED) + scanned_s
    assert found.home_s == exactly(ends_s + cutover_s(found, "a"))


def test_two_waves_that_seed_together_share_the_line_and_fail_back_one_after_the_other() -> None:
    waves = (Wave("one", ("a",), opens_s=60 * HOUR_S, seed_opens_s=0.0), Wave("two", ("b",), seed_opens_s=0.0))
    found = played(two(*waves))
    both_s = job_s(found, "a", SEEDED) + 2 * 100 * GIB / LINE_BYTES_PER_S
    assert [at_s(found, name, SEEDED)[1] for name in "ab"] == [exactly(both_s), exactly(both_s)]
    first_s = 60 * HOUR_S + cutover_s(found, "a")
    assert found.home_s == exactly(first_s + cutover_s(found, "b"))


def test_a_wave_without_a_seed_window_waits_with_its_reprotect_for_the_former_one_though_its_hour_has_come() -> None:
    waves = (Wave("one", ("a",), opens_s=60 * HOUR_S, seed_opens_s=0.0), Wave("two", ("b",), opens_s=2 * HOUR_S))
    found = played(two(*waves))
    assert at_s(found, "b", SEEDED)[0] == exactly(60 * HOUR_S + cutover_s(found, "a"))


def test_a_wave_for_which_there_are_no_slots_seeds_when_the_former_one_is_committed() -> None:
    """Forty disks each and sixty slots."""
    waves = (Wave("one", ("a",), opens_s=20 * HOUR_S, seed_opens_s=0.0), Wave("two", ("b",), seed_opens_s=0.0))
    found = played(two(*waves, size_gib=1.0, disks=40))
    freed_s = 20 * HOUR_S + cutover_s(found, "a")
    carried_s = 40 * GIB / LINE_BYTES_PER_S
    assert at_s(found, "b", SEEDED)[0] == exactly(freed_s)
    seeded_s = freed_s + job_s(found, "b", SEEDED) + carried_s
    assert found.home_s == exactly(seeded_s + cutover_s(found, "b"))


def test_waiting_for_a_date_is_no_bottleneck() -> None:
    found = played(two(Wave("a", ("a",), opens_s=480 * HOUR_S, seed_opens_s=2 * HOUR_S)))
    assert max(found.causes, key=lambda cause: found.causes[cause]) == DATE
    assert next(iter(found.causes)) != DATE


def test_a_gate_of_two_days_is_no_bottleneck_of_a_drill_in_two_waves() -> None:
    drill = load_scenario(resolve("first_drill_modernised"))
    names = tuple(drill.estate.virtual_machines)
    plan = replace(
        drill.plan,
        recovery_plans=(),
        waves=(Wave("databases", names[8:]), Wave("web", names[:8])),
        gates=(Gate("approved", Operation.COMMIT_FAILBACK),),
    )
    slow = replace(drill, plan=plan, operator=(OperatorAnswer("approved", after_s=48 * HOUR_S),))
    found = played(slow)
    assert found.causes[DECISION] > 90 * HOUR_S
    assert next(iter(found.causes)) in ("scan", "link")
