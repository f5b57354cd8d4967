"""Studies: what varies, what is kept, and that luck is the same for every variant."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pandas
import pyarrow
import pyarrow.parquet
import pytest

from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outcomes import answers
from failback.scenarios.study import Study
from failback.scenarios.study.kept_runs import fingerprint
from failback.scenarios.study.rows import digest
from failback.scenarios.study.variants import KEYS, varied

ONE_VM = load_scenario(resolve("one_vm"))
TWELVE = load_scenario(resolve("first_drill"))
BOTH = Study(ONE_VM).vary(bandwidth=[2, 200], changed_fraction=[0.1, 0.5]).replicate(2)


def test_a_study_has_a_row_for_every_combination_and_replication() -> None:
    frame = BOTH.run(backend="serial")
    columns = ["variant", "bandwidth_mbit_per_s", "changed_fraction", "replication"]
    assert list(frame.columns[:4]) == columns
    expected = [(v, b, c, n) for v, (b, c) in enumerate([(2, 0.1), (2, 0.5), (200, 0.1), (200, 0.5)]) for n in (0, 1)]
    assert list(frame[columns].itertuples(index=False, name=None)) == expected
    assert set(frame["label"]) == {"simulation"}


@pytest.mark.parametrize(("rows", "per_run"), [("run", 1), ("item", 12), ("leg", 48)])
def test_rows_are_runs_items_or_legs_of_the_way_home(rows: str, per_run: int) -> None:
    frame = Study(TWELVE).replicate(2).run(rows=rows, backend="serial")
    assert len(frame) == 2 * per_run
    assert not frame.isna().any().any()


def test_replication_n_has_the_same_seed_and_the_same_luck_in_every_variant() -> None:
    legs = Study(ONE_VM).vary(bandwidth=[2, 200]).replicate(3).run(rows="leg", backend="serial")
    failbacks = legs[legs["leg"] == "failback"].pivot(index="replication", columns="variant", values="took_min")
    assert failbacks[0].tolist() == pytest.approx(failbacks[1].tolist())
    assert failbacks[0].nunique() == 3


def test_adding_a_variant_or_replications_leaves_the_others_as_they_were() -> None:
    few = Study(ONE_VM).vary(bandwidth=[2]).replicate(2).table(backend="serial")
    more = Study(ONE_VM).vary(bandwidth=[2, 200]).replicate(3).table(backend="serial")
    assert [row["digest"] for row in few] == [row["digest"] for row in more[:2]]


def test_the_number_of_runs_may_be_a_whole_number_of_numpy() -> None:
    assert Study(ONE_VM).replicate(cast(int, np.int64(3))).runs == 3
    with pytest.raises(BadInput, match="number of runs is True"):
        Study(ONE_VM).replicate(True)


def test_less_bandwidth_keeps_the_machine_away_longer() -> None:
    home_h = BOTH.run(backend="serial").pivot(index="replication", columns="variant", values="home_h")
    assert (home_h[1] > home_h[3]).all()


@pytest.mark.parametrize("size", [1, 3, 6, 12])
def test_waves_tear_neither_a_recovery_plan_nor_a_replication_group(size: int) -> None:
    loose = replace(TWELVE, plan=replace(TWELVE.plan, recovery_plans=()))
    (whole,) = varied(TWELVE, {"wave_size": size}).plan.waves
    assert len(whole.items) == 12
    waves = varied(loose, {"wave_size": size}).plan.waves
    groups = [set(group.items) for group in TWELVE.estate.replication_groups.values()]
    assert all(group <= set(wave.items) or not group & set(wave.items) for group in groups for wave in waves)
    assert sorted(name for wave in waves for name in wave.items) == sorted(TWELVE.estate.virtual_machines)
    assert max(len(wave.items) for wave in waves) <= max(size, *map(len, groups))


def test_a_row_per_wave_sums_up_its_machines_and_legs_name_their_wave() -> None:
    study = Study(replace(TWELVE, plan=replace(TWELVE.plan, recovery_plans=()))).vary(wave_size=[6])
    waves, items, legs = (study.table(rows=rows, backend="serial") for rows in ("wave", "item", "leg"))
    assert len(waves) == 2
    assert [row["wave"] for row in waves] == list(dict.fromkeys(item["wave"] for item in items))
    for wave in waves:
        own = [item for item in items if item["wave"] == wave["wave"]]
        assert wave["machines"] == len(own)
        assert wave["home_h"] == max(item["home_h"] for item in own)
        assert wave["took_h"] == pytest.approx(wave["home_h"] - min(item["waited_h"] for item in own))
    assert {leg["wave"] for leg in legs} == {wave["wave"] for wave in waves}


def test_a_row_per_wave_says_when_it_was_seeded_and_how_long_its_cutover_took() -> None:
    waves = Study(load_scenario(resolve("seed_ahead"))).table(rows="wave", backend="serial")
    assert [wave["wave"] for wave in waves] == ["databases", "web"]
    for wave in waves:
        assert wave["waited_h"] < wave["seeded_h"] < 48.0 < wave["home_h"]
        assert 0.0 < wave["cutover_h"] < wave["home_h"] - 48.0 + 1e-9
        assert wave["took_h"] > 40.0


def test_what_did_not_happen_is_nan_in_a_column_of_numbers() -> None:
    frame = Study(load_scenario(resolve("agent_not_back_yet"))).run(rows="item", backend="serial")
    assert frame["home_h"].dtype == "float64"


# What cannot be


def _vary(**ranges: Any) -> Callable[[], Study]:
    return lambda: Study(ONE_VM).vary(**ranges)


@pytest.mark.parametrize(
    ("attempt", "words"),
    [
        (_vary(bandwith=[1]), ["cannot vary `bandwith`", "did you mean `bandwidth`"]),
        (_vary(wave=[1]), ["`wave_size`"]),
        (_vary(xyzzy=[1]), ["there are", "appliances"]),
        (_vary(bandwidth=[]), ["`bandwidth` has an empty range"]),
        (_vary(bandwidth=[float("nan")]), ["`bandwidth` is nan", "finite"]),
        (_vary(bandwidth=[-5]), ["`bandwidth` is -5", "from 0.001 to 100,000,000 Mbit/s"]),
        (_vary(bandwidth=["fast"]), ["bandwidth is `fast`", "expected a number"]),
        (_vary(bandwidth=[True]), ["bandwidth is `True`", "expected a number"]),
        (_vary(bandwidth=range(1, 3_000_000)), ["more than 1,000,000 values", "larger steps"]),
        (_vary(duration_factor=[0]), ["`duration_factor` is 0", "from 0.001 to 1,000"]),
        (_vary(duration_factor=[1e300]), ["`duration_factor` is 1e+300"]),
        (_vary(scan_mib_per_s=[1e300]), ["`scan_mib_per_s` is 1e+300"]),
        (_vary(heartbeat_period_s=[1e-9]), ["`heartbeat_period_s` is 1e-09"]),
        (_vary(appliances=[10**400]), ["`appliances` is inf"]),
        (_vary(bandwidth=["9" * 400]), ["`bandwidth` is inf"]),
        (_vary(process_servers=[1.5]), ["process_servers is 1.5", "whole number"]),
        (_vary(changed_fraction=[1.2]), ["`changed_fraction` is 1.2", "from 0 to 1"]),
        (_vary(slots_held_until=["never"]), ["slots_held_until is `never`", "failback_commit"]),
        (_vary(spread=["maybe"]), ["spread is `maybe`"]),
        (_vary(bandwidth=[1], bandwidth_mbit_per_s=[2]), ["`bandwidth` twice", "and as `bandwidth_mbit_per_s`"]),
        (lambda: Study(ONE_VM).vary(bandwidth=[1]).vary(bandwidth=[2]), ["`bandwidth` twice; give all its values"]),
        (lambda: Study(ONE_VM).only([{"people": 1, "people_per_shift": 2}]), ["`people` twice"]),
        (lambda: Study(ONE_VM).replicate(0), ["number of runs is 0"]),
        (lambda: Study(ONE_VM).run(rows="machine"), ["rows is `machine`", "run, wave, item, leg"]),
        (lambda: Study(ONE_VM).run(backend="cloud"), ["backend is `cloud`", "dask"]),
        (lambda: Study(ONE_VM).run(workers=0), ["workers is 0"]),
        (lambda: Study(ONE_VM).vary(appliances=[1, 2]).run(), ["`appliances` cannot vary", "none to copy"]),
        (lambda: Study(ONE_VM).vary(bandwidth=range(1, 5001)).replicate(200).run(), ["1,000,000 runs", "--yes"]),
    ],
)
def test_an_impossible_study_is_refused_in_one_paragraph(attempt: Callable[[], object], words: list[str]) -> None:
    with pytest.raises(BadInput) as refused:
        attempt()
    text = str(refused.value)
    assert "\n" not in text
    assert [word for word in words if word not in text] == []


def test_cases_may_spell_a_key_in_several_ways_and_have_one_column_for_it() -> None:
    study = Study(ONE_VM).only([{"bandwidth": 5}, {"link.bandwidth_mbit_per_s": 6}, {"bandwidth_mbit_per_s": 7}])
    assert study.columns == ("bandwidth_mbit_per_s",)
    assert [row["bandwidth_mbit_per_s"] for row in study.table(backend="serial")] == [5, 6, 7]


@pytest.mark.parametrize("name", sorted(KEYS))
def test_the_present_value_of_every_key_may_be_given_as_its_value(name: str) -> None:
    key = KEYS[name]
    now = key.now(TWELVE)
    if name in ("appliances", "people"):  # this estate has no appliance, and nobody works on a machine
        assert now == 0
    else:
        assert key.check(now) == now


# What is kept


def test_a_finished_study_is_read_and_not_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "study.parquet"
    first = BOTH.run(backend="serial", keep=file)
    monkeypatch.setattr("failback.scenarios.study.batches.answer", None)
    pandas.testing.assert_frame_equal(BOTH.run(backend="serial", keep=file), first)
    assert [path.name for path in tmp_path.iterdir()] == ["study.parquet"]


def _interrupted_after(batches: int, monkeypatch: pytest.MonkeyPatch, keep: Path) -> None:
    played, real = iter(range(batches)), answers.answer

    def answer(*arguments: Any) -> Any:
        if next(played, None) is None:
            raise KeyboardInterrupt
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr("failback.scenarios.study.batches.answer", answer)
        with pytest.raises(KeyboardInterrupt):
            BOTH.run(backend="serial", keep=keep)


def test_an_interrupted_study_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "study.parquet"
    _interrupted_after(3, monkeypatch, file)
    kept = sorted(file.with_name("study.parquet.parts").glob("*.parquet"))
    assert sum(pyarrow.parquet.read_metadata(path).num_rows for path in kept) == 3
    _interrupted_after(2, monkeypatch, file)
    assert digest(BOTH.table(backend="serial", keep=file)) == digest(BOTH.table(backend="serial"))
    assert [path.name for path in tmp_path.iterdir()] == ["study.parquet"]


def test_more_replications_go_on_from_the_kept_ones_and_fewer_do_not_lose_any(tmp_path: Path) -> None:
    file, study = tmp_path / "study.parquet", Study(ONE_VM)
    study.replicate(4).table(backend="serial", keep=file)
    assert len(study.replicate(2).table(backend="serial", keep=file)) == 2
    assert len(pandas.read_parquet(file)) == 4


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda file: file.write_bytes(b"PAR1 and then nothing"), "is not runs of"),
        (lambda file: file.write_bytes(b""), "cannot be read as Parquet"),
        (lambda file: file.mkdir(), "there is a folder of this name"),
        (lambda file: pandas.DataFrame({"a": [1]}).to_parquet(file), "is not runs of"),
        (lambda file: Study(ONE_VM).vary(bandwidth=[3]).run(keep=file, backend="serial"), "has no runs of this study"),
        (lambda file: BOTH.run(rows="leg", keep=file, backend="serial"), "has no runs of this study"),
    ],
)
def test_a_corrupt_or_foreign_file_is_refused_and_left_alone(
    tmp_path: Path, spoil: Callable[[Path], object], words: str
) -> None:
    file = tmp_path / "study.parquet"
    spoil(file)
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(BadInput) as refused:
        BOTH.run(keep=file, backend="serial")
    assert words in str(refused.value)
    assert "away" in str(refused.value)
    assert (file.read_bytes() if file.is_file() else b"") == before


def test_a_study_that_cannot_be_kept_says_why(tmp_path: Path) -> None:
    (tmp_path / "study.parquet.parts").write_text("a file, not a folder")
    with pytest.raises(BadInput, match="cannot be kept in"):
        BOTH.run(keep=tmp_path / "study.parquet", backend="serial")


def test_a_place_where_nothing_can_be_kept_is_refused_before_anything_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "note").write_text("a file", encoding="utf-8")
    monkeypatch.setattr("failback.scenarios.study.batches.answer", None)
    with pytest.raises(BadInput, match="nothing can be written there"):
        BOTH.run(backend="serial", keep=tmp_path / "note" / "study.parquet")


def test_a_study_is_recognised_by_another_process() -> None:
    code = (
        "from failback.scenarios.study.study import Study; from failback.scenarios.study.kept_runs import fingerprint;"
        "print(fingerprint(Study('first_drill').scenario))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in "123"
    }
    assert seen == {fingerprint(TWELVE) + "\n"}


def test_the_kept_file_says_that_it_is_simulation(tmp_path: Path) -> None:
    BOTH.run(backend="serial", keep=tmp_path / "study.parquet")
    note = pyarrow.parquet.read_metadata(tmp_path / "study.parquet").metadata[b"failback"]
    assert json.loads(note)["label"] == "simulation"


# Without the extra


def test_without_pandas_a_study_says_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(BadInput, match=r"pip install '\.\[study\]'"):
        Study(ONE_VM).run(backend="serial")


def test_without_any_extra_a_study_still_gives_plain_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pandas", "pyarrow", "joblib", "SALib"):
        monkeypatch.setitem(sys.modules, name, None)
    assert len(BOTH.table(backend="serial")) == 8
