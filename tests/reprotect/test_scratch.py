"""A temporary folder is its owner's alone, and goes when he does, however he ends."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from failback.reprotect import scratch_folder

KIND = "failback-test-"
OWNER = """
import sys, time
from pathlib import Path
from failback.reprotect import scratch_folder
with scratch_folder(sys.argv[1], Path(sys.argv[2])) as folder:
    (folder / "inner").mkdir()
    (folder / "inner" / "secret").write_text("secret")
    print(folder, flush=True)
    sys.stdin.read()
"""


def owner(home: Path) -> tuple[subprocess.Popen[str], Path]:
    """A process that has such a folder until its input ends."""
    command = [sys.executable, "-c", OWNER, KIND, str(home)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def end(process: subprocess.Popen[str], *, kill: bool) -> None:
    if kill:
        process.kill()
    process.communicate(timeout=20)


def test_it_is_the_owners_alone_and_gone_at_the_end(tmp_path: Path) -> None:
    with scratch_folder(KIND, tmp_path) as folder:
        (folder / "file").write_text("x", encoding="utf-8")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700 or os.name == "nt"
    assert not list(tmp_path.iterdir())


def test_it_is_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), scratch_folder(KIND, tmp_path):
        raise ZeroDivisionError
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_is_swept_by_the_next_and_what_a_living_one_has_is_not(tmp_path: Path) -> None:
    dead, left = owner(tmp_path)
    living, kept = owner(tmp_path)
    end(dead, kill=True)
    assert left.exists()
    with scratch_folder(KIND, tmp_path):
        assert not left.exists()
        assert (kept / "inner" / "secret").exists()
    end(living, kill=False)
    assert not list(tmp_path.iterdir())


def test_what_is_of_another_kind_or_not_ours_stays(tmp_path: Path) -> None:
    (tmp_path / "failback-other-1").mkdir()
    (tmp_path / f"{KIND}without-a-lock").mkdir()
    (tmp_path / f"{KIND}file").write_text("x", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "in-use").write_text("", encoding="utf-8")
    (tmp_path / f"{KIND}link").symlink_to(elsewhere)
    before = set(tmp_path.rglob("*"))
    with scratch_folder(KIND, tmp_path):
        pass
    assert set(tmp_path.rglob("*")) == before
