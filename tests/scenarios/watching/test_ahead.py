"""The prediction of a watch: made from where the machines stand and what the night has shown, whatever the truth is."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from failback.reprotect import Architecture, ItemSeen, Operation, Phase
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.text.local_time import after
from failback.scenarios.watching.ahead import Ahead, ahead, as_plain, done_share
from failback.scenarios.watching.ahead_words import ahead_lines, answer_lines, wave_rows
from failback.scenarios.watching.record import Machine, Point, Record
from failback.simulator.arm import ArmMock

from .watched_night import Vault, watch_over, watched_drill

STORY = "one_modernised_vm"


def truth_of(scenario: Scenario, changed: float, scan: float, line: float) -> Scenario:
    """What is really so, and nobody who watches knows."""
    site = replace(
        scenario.site, changed_fraction=changed, scan_mib_per_s=scenario.site.scan_mib_per_s * scan, changed_spread=0.0
    )
    link = replace(scenario.estate.link, bandwidth_mbit_per_s=scenario.estate.link.bandwidth_mbit_per_s * line)
    return replace(scenario, site=site, estate=replace(scenario.estate, link=link))


class Predicted:
    """A night of which the watch knows the file, and not the truth; a prediction at each look."""

    def __init__(self, scenario: Scenario, truth: Scenario, every_s: float) -> None:
        self.scenario, self.found = scenario, list[tuple[float, Ahead]]()
        self.watch: Any = None
        result = watched_drill(truth, every_s, self._look)
        ends = [leg.end_s or 0.0 for leg in result.legs if leg.leg is Operation.COMMIT_FAILBACK]
        self.home_s = max(ends)

    def _look(self, arm: ArmMock, now_s: float) -> None:
        if self.watch is None:
            vault = Vault(arm, tuple(self.scenario.estate.virtual_machines))
            look = vault.look()
            self.watch = watch_over(self.scenario, vault, look.at)
            self.watch.begin(look)
        else:
            self.watch.look()
        record, zero = self.watch.recorder.record, self.watch.recorder.zero
        predicted = ahead(self.scenario, record, zero, after(zero, record.now_s), None)
        if predicted is not None and self._is_on_its_way(record):
            self.found.append((now_s, predicted))

    @staticmethod
    def _is_on_its_way(record: Record) -> bool:
        return all(m.phase is Phase.RESYNCING_TO_ON_PREMISES for m in record.machines.values())

    def holds(self, predicted: Ahead) -> bool:
        low, high = (self._second(at) for at in (predicted.whole.low, predicted.whole.high))
        return low <= self.home_s <= high

    def width_s(self, predicted: Ahead) -> float:
        return self._second(predicted.whole.high) - self._second(predicted.whole.low)

    def _second(self, at: datetime | None) -> float:
        return float("inf") if at is None else (at - self.watch.recorder.zero).total_seconds()


TRUTHS: Sequence[tuple[float, float, float]] = ((0.25, 1.0, 1.0), (0.6, 0.8, 0.9), (0.1, 1.2, 0.8))


@pytest.mark.slow
@pytest.mark.parametrize("truth", TRUTHS, ids=str)
def test_whatever_the_truth_is_the_band_holds_it_and_narrows_once_the_resync_is_seen(
    truth: tuple[float, float, float],
) -> None:
    scenario = load_scenario(resolve(STORY))
    night = Predicted(scenario, truth_of(scenario, *truth), 900.0)
    seen = [predicted for _, predicted in night.found if predicted.measured.scan_mib_per_s is not None]
    assert len(seen) >= 2
    assert all(map(night.holds, seen))
    assert night.width_s(seen[-1]) < night.width_s(night.found[0][1]) / 2
    assert seen[-1].measured.scan_mib_per_s == pytest.approx(scenario.site.scan_mib_per_s * truth[1], rel=0.05)
    assert next(iter(seen[-1].measured.changed.values())) == pytest.approx(truth[0], abs=0.05)


def seen_at(phase: Phase) -> tuple[Scenario, Record]:
    scenario = load_scenario(resolve(STORY))
    record = Record(tuple(scenario.estate.virtual_machines))
    for machine in record.machines.values():
        machine.seen = ItemSeen(machine.item, Architecture.MODERNISED, phase, True)
    return scenario, record


def predicted_by(hours: float) -> Ahead:
    scenario, record = seen_at(Phase.FAILOVER_COMMITTED)
    found = ahead(scenario, record, scenario.starts_at, scenario.starts_at, scenario.starts_at + timedelta(hours=hours))
    assert found is not None
    return found


def test_a_deadline_that_is_far_is_a_go_and_one_that_is_near_a_no_go_with_who_is_late() -> None:
    far, near = predicted_by(48), predicted_by(0.2)
    assert (far.whole.go, far.late) == ("go", ())
    assert (near.whole.go, near.late) == ("no-go", ("app-01",))
    assert any("Late in half of the runs or more: app-01" in line for line in ahead_lines(near))
    assert [row[-1] for row in wave_rows(near)] == ["go or no-go", "no-go"]
    assert as_plain(near)["whole"]["go"] == "no-go"


def said_of(phase: Phase) -> str:
    scenario, record = seen_at(phase)
    found = ahead(scenario, record, scenario.starts_at, scenario.starts_at, None)
    assert found is not None
    (line,) = [line for line in answer_lines(found) if line.startswith("The next request")]
    assert as_plain(found)["next_request"]["item"] == "app-01"
    return line


def test_the_answer_says_from_when_on_somebody_has_to_act() -> None:
    """What is under way needs nobody: after its resync comes the failback, and nothing is asked for before."""
    now, later = said_of(Phase.FAILOVER_COMMITTED), said_of(Phase.RESYNCING_TO_ON_PREMISES)
    assert now == "The next request can be sent now: reprotect to on premises of app-01."
    assert re.fullmatch(r"The next request is due at Fri .* probably at Fri .*: failback of app-01\.", later)


def test_without_a_deadline_no_column_is_empty() -> None:
    near = predicted_by(0.2)
    assert [len(row) for row in wave_rows(near)] == [7, 7]
    waves = tuple(replace(wave, in_time=None) for wave in near.waves)
    assert [len(row) for row in wave_rows(replace(near, by=None, waves=waves))] == [5, 5]


def test_of_hundreds_of_late_machines_a_few_are_named_and_the_rest_is_counted() -> None:
    near = replace(predicted_by(0.2), late=tuple(f"{'web' if n % 2 else 'db'}-{n}" for n in range(200)))
    (told,) = [line for line in ahead_lines(near) if line.startswith("Late in half")]
    assert told.endswith("web-11 and 188 more.")


def test_the_same_record_gives_the_same_prediction() -> None:
    assert as_plain(predicted_by(5)) == as_plain(predicted_by(5))


def test_nothing_is_predicted_when_nothing_is_left() -> None:
    scenario, record = seen_at(Phase.REPLICATING_TO_AZURE)
    assert ahead(scenario, record, scenario.starts_at, scenario.starts_at, None) is None


def test_what_is_left_of_a_resync_is_that_of_the_disk_with_most_left() -> None:
    scenario, record = seen_at(Phase.RESYNCING_TO_ON_PREMISES)
    (vm,) = scenario.estate.virtual_machines.values()
    gib = 2**30
    disks = tuple(replace(vm.disks[0], size_gib=size) for size in (10.0, 100.0))
    machine = Machine(vm.name, record.machines[vm.name].seen)
    machine.points.append(Point(0.0, Phase.RESYNCING_TO_ON_PREMISES, 20 * gib, 0, None, (10 * gib, 10 * gib)))
    assert done_share(replace(vm, disks=disks), machine) == pytest.approx(0.1)
