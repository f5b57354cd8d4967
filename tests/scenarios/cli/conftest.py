"""Starts the command line as a user does, in a process of its own; where a test wants that, stalled at a place."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ENTRY = "import sys; from failback.scenarios.cli.main import main; sys.argv[0] = 'failback'; main()"
STALL = """
import importlib, pathlib, sys, time
def stall(*_, **__):
    pathlib.Path(sys.stalled).touch()
    time.sleep(60)
def stall_at(module, *path):
    *way, last = path
    holder = importlib.import_module(module)
    for step in way:
        holder = getattr(holder, step)
    setattr(holder, last, stall)
class StallImport:
    def find_spec(self, name, *_):
        if name == 'typer':
            stall()
"""

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def clean_environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing of ours is set, and in which temporary files can be looked through."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FAILBACK_AZURE", "FAILBACK_VS"))}
    return {**kept, "TMPDIR": str(temporary)}


@pytest.fixture
def start(clean_environment: dict[str, str]) -> Iterator[Start]:
    """Start the command line; `before` is code that runs first. All that still runs at the end of a test is killed."""
    begun: list[subprocess.Popen[str]] = []

    def started(*arguments: str, before: str = "", env: dict[str, str] | None = None, **how: Any) -> Any:
        begun.append(
            subprocess.Popen(
                [sys.executable, "-c", before + ENTRY, *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**clean_environment, **(env or {})},
                **how,
            )
        )
        return begun[-1]

    yield started
    for process in begun:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def stalled(start: Start, tmp_path: Path) -> Start:
    """Start it, and wait until it stands still at a place: code in `at` that calls `stall_at`."""

    def at_place(*arguments: str, at: str, **how: Any) -> "subprocess.Popen[str]":
        there = tmp_path / "there"
        process = start(*arguments, before=f"{STALL}\nsys.stalled = {str(there)!r}\n{at}\n", **how)
        deadline_s = time.monotonic() + 60
        while not there.exists():
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < deadline_s, "it never came there"
            time.sleep(0.02)
        return process

    return at_place
