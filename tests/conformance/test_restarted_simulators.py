"""The mock or vcsim ends during a drill in the lab; the run says so, and resume ends like the undisturbed one."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest

from failback.adapters import VsphereHands, VsphereInventory, find_vcsim, start_vcsim
from failback.reprotect import Line
from failback.scenarios import load_scenario, resolve
from failback.scenarios.cli.entry import run
from failback.scenarios.exploring.verdict import sent_twice
from failback.scenarios.outputs.run_folders.history_file import HistoryFile
from failback.scenarios.run.worlds import lab_site, site_in_vcsim
from failback.simulator.arm import serve

STORY: Final = "one_modernised_vm"
MACHINE: Final = "app-01"
UNREACHABLE: Final = 3
WHEN: Final[dict[str, Callable[[Line], bool]]] = {
    "in a resync": lambda line: line.name == "ItemSeen" and line.data["phase"] == "resyncing_to_on_premises",
    "after a reprotect was accepted": lambda line: (
        line.name == "Accepted" and line.data["operation"] == "reprotect_to_on_premises"
    ),
}
pytestmark = [
    pytest.mark.vcsim,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's"),
]


class Lab:
    """A mock and a vcsim. Each may end and come again: the mock with its state, vcsim with its machines."""

    def __init__(self, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
        self._stack, self._set = stack, monkeypatch.setenv
        self._binary = find_vcsim().binary
        self._vcsim = self._new_vcsim()
        self.site = stack.enter_context(lab_site(load_scenario(resolve(STORY))))
        self._door = stack.enter_context(ExitStack())
        self._serve()

    def end_mock(self) -> None:
        self._door.close()

    def begin_mock(self) -> None:
        self._serve()

    def end_vcsim(self) -> None:
        self._runs = VsphereInventory(self.site.session).look([MACHINE])[MACHINE].powered_on
        os.kill(self._vcsim.pid, signal.SIGKILL)

    def begin_vcsim(self) -> None:
        settings = self._new_vcsim().settings("failback")
        session = self._stack.enter_context(site_in_vcsim(load_scenario(resolve(STORY)), settings))
        self.site.world.site.hands = hands = VsphereHands(session)
        if not self._runs:
            hands.power_off(MACHINE)

    def _new_vcsim(self) -> Any:
        assert self._binary is not None
        new = self._stack.enter_context(start_vcsim(self._binary))
        self._set("FAILBACK_VCSIM", new.url)
        return new

    def _serve(self) -> None:
        served = self._door.enter_context(serve(self.site.mock))
        self._set("FAILBACK_MOCK", served.base_url)
        self._set("FAILBACK_MOCK_CA_FILE", str(served.ca_file))


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    monkeypatch.delenv("FAILBACK_VCSIM", raising=False)
    with ExitStack() as stack:
        yield Lab(stack, monkeypatch)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("whole") / "out"
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        patch.delenv("FAILBACK_VCSIM", raising=False)
        Lab(stack, patch)
        assert failback(patch, "run", STORY, "--world", "lab", "--out", str(out)) == 0
    return ends(out)


def failback(patch: pytest.MonkeyPatch, *words: str) -> int:
    patch.setattr(sys, "argv", ["failback", *words])
    return run()


def ends(folder: Path) -> Any:
    result = json.loads((folder / "result.json").read_text("utf-8"))
    return result["verdict"], result["items"], result["checkers"]


@pytest.mark.parametrize("when", WHEN)
@pytest.mark.parametrize("which", ["mock", "vcsim"])
def test_a_simulator_that_ends_and_comes_again_changes_nothing(
    which: str,
    when: str,
    undisturbed: Any,
    lab: Lab,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        _act_when(patch, WHEN[when], getattr(lab, f"end_{which}"))
        assert failback(patch, "run", STORY, "--world", "lab", "--out", str(out)) == UNREACHABLE
    assert capsys.readouterr().err.startswith(f"To continue this run, use `failback resume {out}`.\n")
    getattr(lab, f"begin_{which}")()
    assert failback(monkeypatch, "resume", str(out)) == 0
    assert list(sent_twice(lab.site.world, ())) == []
    assert ends(out) == undisturbed


def _act_when(patch: pytest.MonkeyPatch, at: Callable[[Line], bool], act: Callable[[], None]) -> None:
    """Act once, after the first such line of the history has been written."""
    write = HistoryFile.write
    done: list[Line] = []

    def writing(file: HistoryFile, line: Line) -> None:
        write(file, line)
        if not done and at(line):
            done.append(line)
            act()

    patch.setattr(HistoryFile, "write", writing)
