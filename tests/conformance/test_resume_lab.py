"""A drill in the lab is killed and resumed: it ends like the undisturbed one, and nothing is asked twice.

Mock and vcsim are of the test and outlive the driver, which is a process of its own and killed by SIGKILL. All steps:
FAILBACK_EVERY_STEP=1 pytest tests/conformance/test_resume_lab.py
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from failback.adapters import find_vcsim, start_vcsim
from failback.reprotect import Freeze, check
from failback.scenarios import load_scenario, resolve
from failback.scenarios.exploring.verdict import sent_twice
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.outputs.kinds import RESOLVED_MARK
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.run.worlds import lab_site
from failback.simulator import World
from failback.simulator.arm import serve

STORIES: Final = ("one_vm", "one_modernised_vm")
SOME: Final = (12, 13, 57)
"""A command on the disk and not sent; sent and not answered; and in the middle of a resync."""
EVERY: Final = bool(os.environ.get("FAILBACK_EVERY_STEP"))
pytestmark = [
    pytest.mark.vcsim,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="a fork and SIGKILL are POSIX's"),
]


class Driver:
    """Runs the command line in another process, which may be killed."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def run(self, step: int, words: list[str], environment: dict[str, str]) -> tuple[int, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([step, words, environment]) + "\n")
        self._process.stdin.flush()
        status, printed = json.loads(self._process.stdout.readline())
        return int(status), str(printed)


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    script = Path(__file__).with_name("killed_driver.py")
    process = subprocess.Popen([sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with process:
        yield Driver(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=60) == 0


@pytest.fixture
def vcsim(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a vcsim that outlives every driver."""
    source = find_vcsim()
    with ExitStack() as stack:
        url = source.url or stack.enter_context(start_vcsim(source.binary or Path())).url
        monkeypatch.setenv("FAILBACK_VCSIM", url)
        yield url


@contextmanager
def lab(story: str, vcsim: str) -> Iterator[tuple[World, dict[str, str]]]:
    """A mock with the story's estate, as it is in the vcsim again, and how a driver finds both."""
    with lab_site(load_scenario(resolve(story))) as site, serve(site.mock) as served:
        found = {"FAILBACK_VCSIM": vcsim, "FAILBACK_MOCK": served.base_url}
        yield site.world, {**found, "FAILBACK_MOCK_CA_FILE": str(served.ca_file)}


def ends(folder: Path) -> Any:
    result = json.loads((folder / "result.json").read_text("utf-8"))
    return result["verdict"], result["items"], result["checkers"]


def steps_of(folder: Path) -> int:
    lines = read_journal(folder / "history.jsonl").lines
    return len(lines) + sum(one.line.name == "StartOperation" for one in lines)


@pytest.mark.parametrize("story", STORIES)
def test_killed_at_a_step_and_resumed_it_ends_like_the_undisturbed_drill(
    story: str, driver: Driver, vcsim: str, tmp_path: Path
) -> None:
    with lab(story, vcsim) as (_, environment):
        status, printed = driver.run(0, ["run", story, "--world", "lab", "--out", str(tmp_path / "whole")], environment)
        assert status == 0, printed
    whole = ends(tmp_path / "whole")
    plan = load_scenario(resolve(story)).plan
    for step in range(1, steps_of(tmp_path / "whole") + 1) if EVERY else SOME:
        out = tmp_path / f"killed-{step}"
        with lab(story, vcsim) as (world, environment):
            status, printed = driver.run(step, ["run", story, "--world", "lab", "--out", str(out)], environment)
            assert status == -9, f"step {step}: {printed}"
            status, printed = driver.run(0, ["resume", str(out)], environment)
            assert status == 0, f"step {step}: {printed}"
            assert list(sent_twice(world, ())) == [], f"step {step}"
            assert len([one for one in world.vault.record.requests if one.job is not None]) == 6, f"step {step}"
        assert ends(out) == whole, f"step {step}"
        lines = [one.line for one in read_journal(out / "history.jsonl").lines]
        assert not any(check(lines, replace(plan)).values()), f"step {step}"


FROZEN: Final = (3600.0, 20 * 3600.0)


@pytest.mark.parametrize("resumed_after_s", [0.0, FROZEN[1]], ids=["in the freeze", "after the freeze"])
def test_killed_in_a_freeze_window_it_asks_nothing_in_it_and_ends_like_the_undisturbed_drill(
    resumed_after_s: float, driver: Driver, vcsim: str, tmp_path: Path
) -> None:
    story = load_scenario(resolve("one_modernised_vm"))
    frozen = replace(story, plan=replace(story.plan, freezes=(Freeze("month-end", *FROZEN),)))
    path, command = tmp_path / "frozen.json", ["run", str(tmp_path / "frozen.json"), "--world", "lab", "--out"]
    path.write_text(resolved_text(frozen, RESOLVED_MARK), encoding="utf-8")
    with lab(str(path), vcsim) as (_, environment):
        status, printed = driver.run(0, [*command, str(tmp_path / "whole")], environment)
        assert status == 0, printed
    lines = [one.line for one in read_journal(tmp_path / "whole/history.jsonl").lines]
    held = next(n for n, line in enumerate(lines, 1) if line.data.get("what") == "frozen")
    step = held + 1 + sum(line.name == "StartOperation" for line in lines[:held])
    with lab(str(path), vcsim) as (world, environment):
        status, printed = driver.run(step, [*command, str(tmp_path / "killed")], environment)
        assert status == -9, printed
        world.catch_up(world.env.now + resumed_after_s)
        status, printed = driver.run(0, ["resume", str(tmp_path / "killed")], environment)
        assert status == 0, printed
        assert list(sent_twice(world, ())) == []
        assert not any(FROZEN[0] <= each.t_s < FROZEN[1] for each in world.vault.record.requests)
    assert ends(tmp_path / "killed") == ends(tmp_path / "whole")
    lines = [one.line for one in read_journal(tmp_path / "killed/history.jsonl").lines]
    assert lines[held - 1].data["what"] == "frozen"
    assert any(line.name == "Resumed" for line in lines)
    assert not any(check(lines, frozen.plan).values())
