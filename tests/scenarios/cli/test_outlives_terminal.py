"""A run that is kept in a folder, against endpoints outside its process, goes on when its terminal closes."""

import json
import os
import select
import sys
import time
from pathlib import Path

import pytest

from .conftest import ENTRY

pytestmark = [
    pytest.mark.vcsim,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="a terminal that closes is POSIX's"),
]


def begun_at_a_terminal(environment: dict[str, str], *words: str) -> tuple[int, int]:
    """The command line in a session whose terminal is ours to close: its process and the terminal."""
    import pty

    pid, terminal = pty.fork()
    if not pid:
        os.execve(sys.executable, [sys.executable, "-c", ENTRY, *words], environment)
    return pid, terminal


def said(terminal: int, deadline_s: float, until: str) -> str:
    text = ""
    while until not in text and time.monotonic() < deadline_s:
        if select.select([terminal], [], [], 0.1)[0]:
            text += os.read(terminal, 65536).decode("utf-8", "replace")
    return text


@pytest.mark.parametrize("out", [True, False], ids=["kept in a folder", "kept nowhere"])
def test_a_run_in_the_lab_goes_on_to_its_end_when_its_terminal_closes_if_it_is_kept(
    out: bool, clean_environment: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    before = "failback tell" if out else "LAB"
    words = ("run", "one_vm", "--world", "lab", *(("--out", str(folder)) if out else ()))
    pid, terminal = begun_at_a_terminal(clean_environment, *words)
    text = said(terminal, time.monotonic() + (60 if out else 0), before)
    os.close(terminal)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if not out:
        assert code != 0
        return
    assert f"goes on as process {pid} on" in " ".join(text.split())
    assert code == 0
    assert json.loads((folder / "result.json").read_text("utf-8"))["verdict"] == "as_expected"
    assert (folder / "report.html").exists()
    assert list(Path(clean_environment["TMPDIR"]).iterdir()) == []
