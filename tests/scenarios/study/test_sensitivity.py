"""What moves the way home most."""

import math
import sys

import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.study import Study
from failback.scenarios.study.sensitivity import sobol, tornado

ONE_VM = load_scenario(resolve("one_vm"))
STUDY = Study(ONE_VM).vary(
    slots_held_until=["failback", "failback_commit"], scan_mib_per_s=[62.0, 31.0, 15.5], compression_ratio=[1.0, 2.0]
)


def test_each_key_is_moved_alone_and_the_widest_swing_comes_first() -> None:
    swings = tornado(STUDY.replicate(2), backend="serial")
    scan, *others = swings
    assert (scan.key, scan.low, scan.high) == ("scan_mib_per_s", 15.5, 62.0)
    assert scan.at_low > scan.base > scan.at_high
    assert scan.width == pytest.approx(scan.at_low - scan.at_high)
    assert [swing.width for swing in others] == [0, 0]  # one machine waits for no slot, and its line is fast enough


def test_where_a_machine_never_comes_home_the_swing_is_endless() -> None:
    story = load_scenario(resolve("someone_powers_on_the_vm"))
    (swing,) = tornado(Study(story).vary(scan_mib_per_s=[30.0, 31.0]), backend="serial")
    assert (swing.base, swing.width) == (math.inf, math.inf)


def test_the_median_downtime_may_be_asked_for_instead() -> None:
    (swing,) = tornado(Study(ONE_VM).vary(duration_factor=[0.5, 2.0]), of="downtime_mean_min", backend="serial")
    assert swing.at_low < swing.base < swing.at_high


def test_of_two_values_the_one_that_matters_has_sobols_larger_index() -> None:
    study = Study(ONE_VM).vary(scan_mib_per_s=[15.0, 62.0], duration_factor=[1.0, 1.01])
    scan, durations = sobol(study, samples=32, backend="serial")
    assert (scan.key, durations.key) == ("scan_mib_per_s", "duration_factor")
    assert scan.total == pytest.approx(1, abs=0.35)
    assert abs(durations.total) < 0.01


def test_the_same_study_has_the_same_indices() -> None:
    study = Study(ONE_VM).vary(scan_mib_per_s=[15.0, 62.0], slots_held_until=["failback", "failback_commit"])
    assert sobol(study, samples=4, backend="serial") == sobol(study, samples=4, backend="serial")


def test_where_nothing_moves_the_result_all_indices_are_zero() -> None:
    study = Study(ONE_VM).vary(compression_ratio=[1.0, 2.0], slots_held_until=["failback", "failback_commit"])
    assert {(index.first, index.total) for index in sobol(study, samples=4, backend="serial")} == {(0, 0)}


def test_a_sensitivity_needs_two_values_of_a_key() -> None:
    for study, words in ((Study(ONE_VM), "none is varied"), (Study(ONE_VM).vary(bandwidth=[5]), "`bandwidth` has one")):
        with pytest.raises(BadInput, match=words):
            tornado(study)
        with pytest.raises(BadInput, match=words):
            sobol(study)


def test_what_no_run_has_cannot_be_asked_for() -> None:
    with pytest.raises(BadInput, match=r"`cost` is not a result of a run; the results are .*home_h"):
        tornado(STUDY, of="cost", backend="serial")


def test_without_salib_sobol_says_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("SALib", "SALib.sample", "SALib.sample.sobol"):
        monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BadInput, match=r"pip install '\.\[study\]'"):
        sobol(STUDY)
