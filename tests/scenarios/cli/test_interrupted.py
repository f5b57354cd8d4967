"""Ctrl-C, a request to end and a terminal that closes: in every phase of every command, exit code 4 and a sentence."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from failback.scenarios import load_scenario, resolve
from failback.scenarios.servers.mock_server import mock_of
from failback.scenarios.study.whatif import interrupted_words
from failback.simulator.arm import serve

Start = Callable[..., "subprocess.Popen[str]"]
SENTENCE = "Interrupted: the command did not finish.\n"
LOADING = "stall_at('failback.scenarios.files.loader', 'load_scenario')"
PLAYING = "stall_at('failback.reprotect.driver.driver', 'Driver', 'run')"
PREDICT = ("predict", "one_vm", "--start", "Fri 18:00", "--by", "Mon 06:00", "--out", "answer")
PHASES = {
    "while it starts": (("demo",), "sys.meta_path.insert(0, StallImport())"),
    "run, before it plays": (("run", "one_vm"), LOADING),
    "demo, before it plays": (("demo", "--out", "out"), LOADING),
    "lint": (("lint", "one_vm"), "stall_at('failback.scenarios.files.loader', 'load_questions')"),
    "check": (("check", "one_vm"), "stall_at('failback.scenarios.checks.command', 'check_estate')"),
    "calibrate": (("calibrate", "runs"), "stall_at('failback.scenarios.calibrations.command', 'calibrate')"),
    "predict, before it plays": (PREDICT, LOADING),
    "predict, while it plays": (PREDICT, PLAYING),
    "report": (("report", "."), "stall_at('failback.scenarios.reports.command', 'held')"),
    "report --compare, before it plays": (("report", "--compare", "one_vm", "one_vm"), LOADING),
    "report --compare, while it plays": (("report", "--compare", "one_vm", "one_vm"), PLAYING),
    "runbook": (("runbook", "one_vm"), "stall_at('failback.scenarios.files.loader', 'load_located')"),
    "mock, before it serves": (("mock", "one_vm"), LOADING),
    "vcsim, before it serves": (("vcsim", "one_vm"), LOADING),
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals to one process are POSIX's")


@pytest.mark.parametrize("phase", PHASES)
def test_one_ctrl_c_ends_with_4_and_a_sentence(phase: str, stalled: Start, tmp_path: Path) -> None:
    arguments, at = PHASES[phase]
    process = stalled(*arguments, at=at, cwd=tmp_path)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=30)
    assert (process.returncode, output[1].splitlines()[-1:]) == (4, [SENTENCE.strip()])
    assert "Traceback" not in output[1]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_study_that_plays_says_what_is_kept(workers: str, stalled: Start, tmp_path: Path) -> None:
    process = stalled("whatif", "one_vm", "--workers", workers, at=PLAYING, cwd=tmp_path)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=30)[1]
    assert process.returncode == 4
    assert output == f"{interrupted_words(None)}\n"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_that_plays_keeps_its_result_and_its_report(name: str, stalled: Start, tmp_path: Path) -> None:
    process = stalled("run", "one_vm", "--out", "out", at=PLAYING, cwd=tmp_path)
    process.send_signal(getattr(signal, name))
    output = process.communicate(timeout=30)[1]
    assert (process.returncode, output) == (4, "")
    assert json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["verdict"] == "interrupted"
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_watch_that_has_begun_says_how_it_is_continued(name: str, stalled: Start, tmp_path: Path) -> None:
    with serve(mock_of(load_scenario(resolve("starts_in_the_middle")), "real:1"), tls=False) as served:
        at, there = "stall_at('failback.scenarios.watching.watch', 'Watch', 'wait')", {"FAILBACK_MOCK": served.base_url}
        words = ("watch", "starts_in_the_middle", "--world", "lab", "--no-predict", "--out", "night")
        process = stalled(*words, at=at, cwd=tmp_path, env=there)
        process.send_signal(getattr(signal, name))
        output = process.communicate(timeout=30)[1]
    assert process.returncode == 4
    assert output == "Interrupted. What was seen is kept in night; run the same command to continue this watch.\n"


def test_a_watch_that_has_not_begun_says_that_it_did_not_finish(stalled: Start, tmp_path: Path) -> None:
    at = "stall_at('failback.scenarios.watching.command', 'place')"
    process = stalled("watch", "one_vm", "--world", "lab", "--out", "night", at=at, cwd=tmp_path)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[1] == SENTENCE


def test_an_interrupt_while_the_result_is_written_waits_until_it_is(stalled: Start, tmp_path: Path) -> None:
    slow = """
import failback.scenarios.reports.publishing as report
junit = report.junit_xml
def slowly(result):
    pathlib.Path(sys.stalled).touch()
    time.sleep(1)
    return junit(result)
report.junit_xml = slowly
"""
    process = stalled("run", "one_vm", "--out", "out", at=slow, cwd=tmp_path)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=30)[1]
    assert (process.returncode, output) == (4, SENTENCE)
    names = {"history.jsonl", "result.json", "report.html", "junit.xml"}
    assert names <= {path.name for path in (tmp_path / "out").iterdir()}


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_mock_that_serves_is_ended_so_and_leaves_nothing(
    name: str, start: Start, clean_environment: dict[str, str]
) -> None:
    process = start("mock", "one_vm", "--json")
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(getattr(signal, name))
    assert process.wait(timeout=30) == 0
    assert list(Path(clean_environment["TMPDIR"]).iterdir()) == []


def test_an_end_that_hangs_after_an_interrupt_is_not_waited_for(stalled: Start, tmp_path: Path) -> None:
    hangs = "import atexit, failback.scenarios.cli.main as m; m.END_S = 1.0; atexit.register(time.sleep, 100)"
    process = stalled("run", "one_vm", "--out", "out", at=f"{hangs}\n{PLAYING}", cwd=tmp_path)
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=60)[1]
    assert (process.returncode, output) == (4, "")
    assert json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["verdict"] == "interrupted"


def test_what_was_started_to_outlive_its_terminal_does(stalled: Start, tmp_path: Path) -> None:
    at = f"import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n{PLAYING}"
    process = stalled("run", "one_vm", at=at, cwd=tmp_path)
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=1)


SWALLOWS = """
import os, signal
from failback.reprotect.driver import driver as module
look, asked = module.Driver._look, []
def swallow(self, names):
    asked.append(names)
    if len(asked) == 3:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            pass
    return look(self, names)
module.Driver._look = swallow
"""
"""A library with a bare `except` is what the interrupt meets."""


@pytest.mark.parametrize("words", [("run", "one_vm"), ("whatif", "one_vm", "--workers", "1")])
def test_an_interrupt_that_a_library_swallows_ends_the_command_too(
    words: tuple[str, ...], start: Start, tmp_path: Path
) -> None:
    process = start(*words, before=SWALLOWS, cwd=tmp_path)
    process.communicate(timeout=60)
    assert process.returncode == 4


# In the lab


def children(process: "subprocess.Popen[str]") -> list[str]:
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()


def under_way(start: Start, out: Path) -> "subprocess.Popen[str]":
    """A run in world lab, some lines of history after its beginning."""
    process = start("run", "first_drill", "--world", "lab", "--out", str(out))
    history, deadline_s = out / "history.jsonl", time.monotonic() + 90
    while not (history.exists() and history.stat().st_size > 2000):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline_s
        time.sleep(0.02)
    return process


@pytest.mark.vcsim
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for children in /proc")
@pytest.mark.parametrize("gap_s", [0.0, 0.1, 0.2])
def test_two_ctrl_c_in_the_lab_leave_a_result_and_no_child(
    gap_s: float, start: Start, tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    process = under_way(start, tmp_path / "out")
    begun = children(process)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(gap_s)
    process.communicate(timeout=60)
    assert process.returncode == 4
    assert begun
    assert not any(Path(f"/proc/{child}").exists() for child in begun)
    assert (tmp_path / "out" / "report.html").exists()
    assert json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["verdict"] == "interrupted"
    assert list(Path(clean_environment["TMPDIR"]).iterdir()) == []


LEAVES_A_LOCK = """
import os, signal, sys, threading
import failback.scenarios.overdue as overdue
overdue.OVERDUE_S = 5.0
entered = threading.Condition.__enter__
asked = []
def enter(self):
    held = entered(self)
    if sys._getframe(2).f_code.co_name == '_put_conn':
        asked.append(self)
        if len(asked) == 20:
            os.kill(os.getpid(), signal.SIGINT)
    return held
threading.Condition.__enter__ = enter
"""
"""The interrupt comes when urllib3 has just locked its pool of connections, and nobody unlocks it."""


@pytest.mark.vcsim
@pytest.mark.slow
def test_an_interrupt_that_leaves_a_lock_behind_ends_too(start: Start, tmp_path: Path) -> None:
    process = start("run", "one_vm", "--world", "lab", "--out", str(tmp_path / "out"), before=LEAVES_A_LOCK)
    process.communicate(timeout=60)
    assert process.returncode == 4
    assert json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["verdict"] == "interrupted"
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.vcsim
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for children in /proc")
def test_a_vcsim_that_dies_leaves_a_result_and_exit_code_3(start: Start, tmp_path: Path) -> None:
    process = under_way(start, tmp_path / "out")
    for child in children(process):
        os.kill(int(child), signal.SIGKILL)
    output = process.communicate(timeout=60)[1]
    assert process.returncode == 3
    assert "ended by itself with exit code -9" in output
    assert output.count("\n") == 1
    assert (tmp_path / "out" / "report.html").exists()
    assert json.loads((tmp_path / "out" / "result.json").read_text("utf-8"))["verdict"] == "interrupted"
