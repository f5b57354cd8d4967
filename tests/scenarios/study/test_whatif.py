"""`failback whatif` as a user meets it."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas
import pytest

from failback.scenarios import cli, resolve
from failback.scenarios.study.whatif_summary import Spread, spread_of

ENTRY = "import sys; from failback.scenarios.cli.main import main; sys.argv[0] = 'failback'; main()"
LONG = ("one_vm", "--vary", "bandwidth=10..500", "--runs", "50", "--workers", "2")
"""A study that is not done before it is interrupted."""


@dataclass(frozen=True)
class Done:
    """What the command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


class WhatIf(Protocol):
    def __call__(self, *arguments: str) -> Done: ...


@pytest.fixture
def whatif(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> WhatIf:
    """The command in this process."""

    def run(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["failback", "whatif", *arguments])
        code = cli.run()
        return Done(code, *capfd.readouterr())

    return run


def test_a_server_that_is_not_well_is_named_where_the_number_of_its_kind_varies(whatif: WhatIf, tmp_path: Path) -> None:
    box = "- {name: appliance-01, host: esx-01, datastore: gold}"
    ill = box.replace("-01, h", "-02, healthy: false, h")
    file = tmp_path / "ill.yaml"
    file.write_text(resolve("one_modernised_vm").read_text("utf-8").replace(box, f"{box}\n    {ill}"), "utf-8")
    words = "Repair appliance-02 before you add another appliance: it is there, and not well."
    ask = (str(file), "--runs", "1", "--backend", "serial", "--vary")
    assert words in whatif(*ask, "appliances=2,3").stdout
    assert words not in whatif(*ask, "bandwidth=100,200").stdout


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("{scan_mib_per_s: 25}", "The spread comes from chance, and how much differs is an assumption, not your data."),
        ("{scan_mib_per_s: 25, changed_fraction: 0.1}", "The spread comes from chance."),
    ],
)
def test_the_last_line_says_what_a_calibration_does_not_know(
    whatif: WhatIf, tmp_path: Path, text: str, end: str
) -> None:
    head = "failback_calibration: 1\ndate: 2026-05-30\nmodel: failback 0.1.0\nn: 42\n"
    (tmp_path / "numbers.yaml").write_text(f"{head}site: {text}\n", encoding="utf-8")
    story = Path(resolve("one_modernised_vm")).read_text("utf-8") + "homecoming: {calibration: numbers.yaml}\n"
    (tmp_path / "story.yaml").write_text(story, encoding="utf-8")
    done = whatif(str(tmp_path / "story.yaml"), "--vary", "bandwidth=500", "--runs", "1")
    assert done.stdout.splitlines()[-1].endswith(end)


def test_where_every_machine_is_home_already_nothing_is_a_bottleneck(whatif: WhatIf, tmp_path: Path) -> None:
    text = Path(resolve("one_modernised_vm")).read_text("utf-8")
    home = text.replace("- name: app-01\n", "- name: app-01\n      at: failback_committed\n", 1)
    (tmp_path / "home.yaml").write_text(home, encoding="utf-8")
    lines = whatif(str(tmp_path / "home.yaml"), "--runs", "1").stdout.splitlines()
    assert lines[0].startswith("In this plan, no machine comes home through a server. ")
    (row,) = [line.split() for line in lines if " 0.0 h " in line]
    assert "none" in row
    assert "not" not in row


def test_the_slot_loads_come_first_and_then_a_row_for_each_variant(whatif: WhatIf) -> None:
    done = whatif("first_drill", "--vary", "bandwidth=10,500", "--vary", "master_targets=1,2", "--runs", "2")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "12 machines with 20 disks come home in 1 batch " in lines[0]
    rows = [line.split() for line in lines if line.startswith(("  10 ", "  500 "))]
    assert [row[:2] for row in rows] == [["10", "1"], ["10", "2"], ["500", "1"], ["500", "2"]]
    assert ["link" in row for row in rows] == [True, True, False, False]
    assert lines[-1].startswith("Simulation by failback")
    assert "assumptions, not your data" in lines[-1]


def test_json_has_the_summary_of_each_variant_and_the_rows(whatif: WhatIf) -> None:
    done = whatif("one_vm", "--vary", "bandwidth=2,200", "--runs", "3", "--json")
    found = json.loads(done.stdout)
    assert (found["label"], found["scenario"], found["runs"]) == ("simulation", "one_vm", 3)
    slow, fast = found["variants"]
    assert slow["home_h"]["low"] <= slow["home_h"]["middle"] <= slow["home_h"]["high"]
    assert slow["home_h"]["middle"] > fast["home_h"]["middle"]
    assert (slow["bandwidth_mbit_per_s"], slow["runs_home"], slow["binds"], slow["slot_loads"]) == (2, 3, "link", 1)
    assert len(found["data"]) == 6
    assert found["slot_loads"][0]["server"] == "mt-linux"


def test_what_never_came_home_is_null_in_json_and_never_in_the_table(whatif: WhatIf) -> None:
    story = ("someone_powers_on_the_vm", "--runs", "1")
    assert "never" in whatif(*story).stdout
    variant = json.loads(whatif(*story, "--json").stdout)["variants"][0]
    assert (variant["home_h"]["middle"], variant["runs_home"]) == (None, 0)


@pytest.mark.parametrize(("rows", "words"), [("item", "web-04-win"), ("leg", "reprotect_to_on_premises")])
def test_rows_may_be_about_items_or_legs(whatif: WhatIf, rows: str, words: str) -> None:
    done = whatif("first_drill", "--runs", "1", "--rows", rows)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout


def test_a_parquet_file_and_a_csv_file_have_the_same_rows(whatif: WhatIf, tmp_path: Path) -> None:
    study = ("one_vm", "--vary", "bandwidth=2,200", "--runs", "2", "--rows", "leg")
    for name in ("rows.parquet", "rows.csv", "rows.csv"):
        assert whatif(*study, "--out", str(tmp_path / name)).returncode == 0
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    frame = pandas.read_parquet(tmp_path / "rows.parquet")
    assert [row["digest"] for row in rows] == frame["digest"].tolist()
    assert [float(row["took_min"]) for row in rows] == pytest.approx(frame["took_min"].tolist())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.csv", "rows.parquet"]


@pytest.mark.parametrize(("kind", "words"), [("tornado", "One key at a time"), ("sobol", "All keys at once")])
def test_a_sensitivity_says_what_moves_the_end_most(whatif: WhatIf, kind: str, words: str) -> None:
    study = ("one_vm", "--vary", "scan_mib_per_s=15..60:15", "--vary", "compression_ratio=1,2", "--runs", "2")
    done = whatif(*study, "--sensitivity", kind)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout
    found = json.loads(whatif(*study, "--sensitivity", kind, "--json").stdout)
    assert [row["key"] for row in found[kind]] == ["scan_mib_per_s", "compression_ratio"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("one_vm", "--vary", "bandwith=5"), "did you mean `bandwidth`"),
        (("one_vm", "--vary", "bandwidth="), "empty range"),
        (("one_vm", "--vary", "bandwidth=5..1"), "range is empty"),
        (("one_vm", "--vary", "bandwidth=nan"), "finite number"),
        (("one_vm", "--vary", "bandwidth=-3"), "from 0.001"),
        (("one_vm", "--vary", "duration_factor=0"), "`duration_factor` is 0"),
        (("one_vm", "--vary", "duration_factor=1e300"), "`duration_factor` is 1e+300"),
        (("one_vm", "--seed", "9" * 400), "is not a whole number from"),
        (("one_vm", "--vary", "bandwidth"), "expected KEY=V1,V2"),
        (("one_vm", "--vary", "bandwidth=1..100000", "--runs", "10"), "1,000,000 runs"),
        (("one_vm", "--vary", "bandwidth=1..1000000000000"), "larger steps"),
        (("one_vm", "--vary", "people=1..3"), "no shifts"),
        (("one_vm", "--runs", "0"), "number of runs is 0"),
        (("one_vm", "--runs", "-1", "--sensitivity", "sobol", "--vary", "bandwidth=1,2"), "number of runs is -1"),
        (("one_vm", "--rows", "disk"), "run, wave, item, leg"),
        (("one_vm", "--backend", "cloud"), "processes, serial, joblib, dask"),
        (("one_vm", "--workers", "0"), "number of workers is 0"),
        (("one_vm", "--out", "rows.xlsx"), ".parquet or .csv"),
        (("one_vm", "--sensitivity", "magic"), "tornado or sobol"),
        (("one_vm", "--sensitivity", "sobol"), "at least two values"),
        (("one_vm", "--sensitivity", "sobol", "--rows", "leg"), "leave out --rows leg"),
        (("no_such_story",), "neither a file nor a library scenario"),
    ],
)
def test_what_cannot_be_is_one_paragraph_and_exit_code_2(
    whatif: WhatIf, arguments: tuple[str, ...], words: str
) -> None:
    done = whatif(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_without_the_extra_a_table_is_printed_and_a_file_says_what_is_missing(
    whatif: WhatIf, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in ("pandas", "pyarrow", "joblib", "SALib", "SALib.sample.sobol", "numpy"):
        monkeypatch.setitem(sys.modules, module, None)
    assert whatif("one_vm", "--runs", "2").returncode == 0
    for more in (("--out", str(tmp_path / "rows.parquet")), ("--out", str(tmp_path / "rows.csv")), JOBLIB, SOBOL):
        done = whatif("one_vm", *more)
        assert (done.returncode, done.stdout.count("\n")) == (2, 1)
        assert "pip install '.[study]'" in done.stderr
        assert done.stderr.count("\n") == 1


JOBLIB = ("--backend", "joblib")
SOBOL = ("--sensitivity", "sobol", "--vary", "bandwidth=1,2")


# Interrupted


@pytest.fixture
def started() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", ENTRY, "whatif", *arguments]
        begun.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def wait_until(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_study_keeps_its_runs_and_exits_with_4(
    started: Callable[..., subprocess.Popen[str]], tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "rows.parquet"
    parts = tmp_path / "rows.parquet.parts"
    process = started(*LONG, "--out", str(out))
    wait_until(lambda: list(parts.glob("*.parquet")))
    process.send_signal(number)
    output = process.communicate(timeout=60)[1]
    assert process.returncode == 4
    assert output == f"Interrupted. Finished runs are kept beside {out}; run the same command to resume.\n"
    assert list(parts.glob("*.parquet"))
    assert not out.exists()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for children in /proc")
def test_no_worker_outlives_a_study_that_is_killed(
    started: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = started(*LONG, "--out", str(tmp_path / "rows.parquet"))
    wait_until(lambda: list(tmp_path.glob("rows.parquet.parts/*")))
    workers = children(process.pid)
    assert len(workers) == 2
    process.kill()
    process.wait()
    wait_until(lambda: not [pid for pid in workers if runs(pid)])


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
def test_a_bar_is_shown_on_a_terminal_only(whatif: WhatIf) -> None:
    command = [sys.executable, "-c", ENTRY, "whatif", "one_vm", "--runs", "8", "--workers", "1"]
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm"}
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, timeout=60, check=False, env=environment)
    os.close(theirs)
    output = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "100%" in output
    assert whatif("one_vm", "--runs", "8").stderr == ""


# How runs are summed up


def test_runs_that_never_came_home_count_as_endlessly_late() -> None:
    assert spread_of([1.0, 2.0, 3.5, 4.5, 11.0]) == Spread(3.5, 1.4, 8.4)
    assert spread_of([1.0, 2.0, 3.5, 4.5, None]) == Spread(3.5, 1.4, None)
    assert spread_of([1.0, None, None]) == Spread(None, None, None)
    assert spread_of([5.0]) == Spread(5.0, 5.0, 5.0)
