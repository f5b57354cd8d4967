"""A vcsim of ours ends when we do, however we end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from failback.adapters import VcsimDied, VsphereInventory, VsphereSession, start_vcsim
from failback.reprotect import scratch_folder

pytestmark = pytest.mark.vcsim
GONE_WITHIN_S = 10.0
PARENT = """
import sys, time
from pathlib import Path
from failback.adapters import start_vcsim
with start_vcsim(Path(sys.argv[1])) as vcsim:
    print(vcsim.settings().port, flush=True)
    time.sleep(600)
"""


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def soon(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + GONE_WITHIN_S
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


def test_a_killed_parent_leaves_no_vcsim_and_at_most_one_directory(vcsim_binary: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(vcsim_binary)]
    places = {"TMPDIR": str(tmp_path), "TMP": str(tmp_path), "TEMP": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **places}) as parent:
        assert parent.stdout is not None
        port = int(parent.stdout.readline())
        assert listens(port)
        parent.kill()
    assert soon(lambda: not listens(port))
    assert soon(lambda: {path.name for path in tmp_path.rglob("*") if path.is_file()} <= {"in-use"})
    assert len(list(tmp_path.iterdir())) <= 1
    with scratch_folder("failback-vcsim-", tmp_path) as next_one:
        assert list(tmp_path.iterdir()) == [next_one]


def test_leaving_the_context_stops_it_and_deletes_its_directory(vcsim_binary: Path) -> None:
    with start_vcsim(vcsim_binary) as vcsim:
        port = vcsim.settings().port
    assert not listens(port)
    assert not vcsim.scratch.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
def test_a_vcsim_that_died_is_named_as_the_cause(vcsim_binary: Path) -> None:
    with pytest.raises(VcsimDied, match="ended by itself with exit code -9"):
        kill_and_look(vcsim_binary)


def kill_and_look(binary: Path) -> None:
    with start_vcsim(binary) as vcsim, VsphereSession(vcsim.settings()) as session:
        os.kill(vcsim.pid, signal.SIGKILL)
        VsphereInventory(session).look(["any"])


def test_what_it_said_last_is_in_the_error(vcsim_binary: Path) -> None:
    with pytest.raises(VcsimDied, match="flag provided but not defined"), start_vcsim(vcsim_binary, arguments=["-no"]):
        pass


def test_what_is_no_program_gives_one_paragraph(tmp_path: Path) -> None:
    with pytest.raises(VcsimDied, match="could not be started"), start_vcsim(tmp_path / "none"):
        pass


def test_two_have_different_passwords(vcsim_binary: Path) -> None:
    with start_vcsim(vcsim_binary) as one, start_vcsim(vcsim_binary) as two:
        assert one.settings().password != two.settings().password
        assert one.settings().password not in repr(one)


@pytest.fixture
def deaf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program that says where it listens, hears nothing, and has a child that keeps its output open for a while."""
    monkeypatch.setattr("failback.adapters.vcsim.STOP_TIMEOUT_S", 0.2)
    program, child = tmp_path / "deaf", f"(sleep 20; touch {tmp_path}/over) &"
    program.write_text(f"#!/bin/sh\ntrap '' TERM\n{child}\necho GOVC_URL=https://u:p@127.0.0.1:1/sdk\nwait\n")
    program.chmod(0o700)
    return program


def runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="a script of a POSIX shell")
def test_one_that_hears_nothing_is_killed_and_what_it_left_is_not_waited_for(deaf: Path, tmp_path: Path) -> None:
    with start_vcsim(deaf) as vcsim:
        pass
    assert not runs(vcsim.pid)
    assert not (tmp_path / "over").exists()
    os.killpg(vcsim.pid, signal.SIGKILL)


@pytest.mark.skipif(sys.platform == "win32", reason="a script of a POSIX shell")
def test_it_is_killed_also_when_the_wait_for_its_end_is_broken_off(deaf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wait, asked = subprocess.Popen.wait, list[float | None]()

    def broken_off(process: "subprocess.Popen[str]", timeout: float | None = None) -> int:
        asked.append(timeout)
        if len(asked) == 1:
            raise KeyboardInterrupt
        return wait(process, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", broken_off)
    with pytest.raises(KeyboardInterrupt), start_vcsim(deaf) as vcsim:
        pass
    assert not runs(vcsim.pid)
    os.killpg(vcsim.pid, signal.SIGKILL)
