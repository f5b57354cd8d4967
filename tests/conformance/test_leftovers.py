"""A run in world lab leaves no key, and what a killed one leaves the next one sweeps."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.vcsim, pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="ends by signal")]
RUN = "import sys; from failback.scenarios.cli import run; sys.exit(run())"
SERVED_WITHIN_S = 60.0
KINDS = {"failback-mock", "failback-vcsim", "failback-proxy"}


def lab(temporary: Path, *arguments: str) -> subprocess.Popen[bytes]:
    places = {name: str(temporary) for name in ("TMPDIR", "TMP", "TEMP")}
    command = [sys.executable, "-c", RUN, *arguments, "--world", "lab"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdout=quiet, stderr=quiet, env={**os.environ, **places})


def soon(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SERVED_WITHIN_S
    while not true() and time.monotonic() < deadline:
        time.sleep(0.005)
    return true()


def kinds(temporary: Path) -> set[str]:
    return {path.name.rpartition("-")[0] for path in temporary.glob("failback-*")}


def keys(temporary: Path) -> list[Path]:
    """Files with a key. A vcsim that ends takes its own files away meanwhile."""
    files = (Path(folder, name) for folder, _, names in os.walk(temporary) for name in names)
    return [file for file in files if b"PRIVATE KEY" in _bytes(file)]


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes() if file.is_file() else b""
    except FileNotFoundError:
        return b""


@pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM", "SIGHUP"])
def test_a_run_that_is_ended_leaves_no_key_and_the_next_sweeps_the_rest(name: str, tmp_path: Path) -> None:
    with lab(tmp_path, "run", "first_drill") as first:
        assert soon(lambda: bool(list(tmp_path.glob("failback-mock-*/ca.pem"))))
        first.send_signal(getattr(signal, name))
    assert not keys(tmp_path)
    with lab(tmp_path, "check", "one_vm") as second:
        second.wait(timeout=SERVED_WITHIN_S)
    assert not kinds(tmp_path) & KINDS
