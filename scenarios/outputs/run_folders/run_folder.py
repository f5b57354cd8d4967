"""The folder of a run: one run at a time, and what it takes the place of goes as a whole or not at all.

Where the folder holds no run yet, the new one is written there at once. Otherwise it is written in a folder within,
`.running-ID`, and moves up when it has finished; what is broken off stays within. `run.json` says which is which. The
move up is not one step of the disk: once the inner `run.json` says finished, whoever comes next carries it to its end.
"""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from failback.scenarios.outputs.folders import ensure_writable, remove_made
from failback.scenarios.outputs.lock import Busy, locked
from failback.scenarios.outputs.refusal import CannotWrite, why
from failback.scenarios.outputs.writing import OWNERS_ALONE, refuse_what_is_not_ours, sync

from .identity import FINISHED, LIVE, RUN, RUNNING, Identity, read_identity, write_identity
from .instructions import INSTRUCTIONS
from .result_file import RESULT, result_beside

HISTORY, REPORT, JUNIT, SCENARIO = "history.jsonl", "report.html", "junit.xml", "scenario.json"
FILES: Final = {
    SCENARIO: "resolved scenario",
    HISTORY: "history",
    RESULT: "result",
    REPORT: "report",
    JUNIT: "junit",
    RUN: "run",
}
"""What a run leaves, with the kind of each; the identity goes last."""
ALL_FILES: Final = {INSTRUCTIONS: "instructions", **FILES}
"""With what only some runs have."""
LOOKS_MAX: Final = 20
LOOK_S: Final = 0.1
"""How often, and after how long, a folder that is locked is asked again which run has it."""
_WITHIN: Final = ".running-"
_ELSEWHERE: Final = "give another folder with --out"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """A locked folder, and where in it the run is written."""

    folder: Path
    work: Path
    identity: Identity

    def finish(self) -> None:
        """All is written: the run is over, and takes the place of an earlier one. Raises `CannotWrite`."""
        if (self.folder / INSTRUCTIONS).exists():  # those of an earlier run go with it
            (self.work / INSTRUCTIONS).touch()
        write_identity(self.identity.finished(), self.work)
        if self.work != self.folder:
            _move_up(self.work, self.folder)
            for within in broken_off(self.folder):
                shutil.rmtree(within, ignore_errors=True)

    @property
    def over(self) -> bool:
        """Whether it has finished and stands where it was asked for."""
        found = read_identity(self.folder)
        return found is not None and (found.id, found.state) == (self.identity.id, FINISHED)

    def discard(self) -> None:
        """Nothing was done: leave the folder as it was."""
        for name in ALL_FILES:
            (self.work / name).unlink(missing_ok=True)
        if self.work != self.folder:
            self.work.rmdir()


@contextmanager
def begun(folder: Path, identity: Identity) -> Iterator[RunFolder]:
    """Lock the folder for this run. Raises `CannotWrite` where another goes on in it, or may not be replaced."""
    is_new = not folder.exists()
    ensure_writable(folder)
    try:
        with held(folder):
            for name, kind in ALL_FILES.items():
                refuse_what_is_not_ours(folder / name, kind)
            _refuse_live(folder)
            yield _begun(folder, identity)
    finally:
        if is_new:
            remove_made(folder)


def _begun(folder: Path, identity: Identity) -> RunFolder:
    work = folder / f"{_WITHIN}{identity.id}" if _holds_a_run(folder) else folder
    try:
        work.mkdir(mode=OWNERS_ALONE, exist_ok=True)
    except OSError as broken:
        raise CannotWrite(work, f"the folder of the run cannot be created: {why(broken)}") from None
    write_identity(identity, work)
    return RunFolder(folder, work, identity)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep every other run out of the folder. Raises `CannotWrite` where one goes on in it."""
    try:
        with locked(folder):
            _carry_to_the_end(folder)
            yield
    except Busy:
        raise CannotWrite(folder, _goes_on(folder)) from None


def _goes_on(folder: Path) -> str:
    running = _running(folder)
    if running is None:
        return f"another command is writing there; wait until it ends, or {_ELSEWHERE}"
    which = f"run {running.id} of {running.scenario}"
    return f"{which} is in progress there ({running.place}); wait until it ends, or {_ELSEWHERE}"


def _running(folder: Path) -> Identity | None:
    """The run that has the folder. It takes the lock first, and says who it is a moment later."""
    for _ in range(LOOKS_MAX):
        known = (read_identity(at) for at in (*broken_off(folder), folder))
        running = next((one for one in known if one is not None and one.state == RUNNING), None)
        if running is not None:
            return running
        time.sleep(LOOK_S)
    return None


def broken_off(folder: Path) -> list[Path]:
    """Folders within of runs that have not finished; while one goes on, also that one's."""
    return sorted(path for path in folder.glob(f"{_WITHIN}*") if path.is_dir() and not path.is_symlink())


def _holds_a_run(folder: Path) -> bool:
    return any((folder / name).exists() for name in FILES) or bool(broken_off(folder))


def _refuse_live(folder: Path) -> None:
    """What was done to something real is not played again, so the only record of it is never replaced."""
    for at in (folder, *broken_off(folder)):
        found = read_identity(at) or result_beside(at)
        world = None if found is None else found.world
        if world == LIVE:
            raise CannotWrite(at, f"it holds a run in world {LIVE}, which is never replaced; {_ELSEWHERE}")
        if world is None and _is_filled(at / HISTORY):
            text = "it holds the history of a run whose world is unknown, so it is not replaced"
            raise CannotWrite(at, f"{text}; move it away, or {_ELSEWHERE}")


def _is_filled(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _carry_to_the_end(folder: Path) -> None:
    for within in broken_off(folder):
        identity = read_identity(within)
        if (identity is not None and identity.state == FINISHED) or not any(within.iterdir()):
            _move_up(within, folder)


def _move_up(work: Path, folder: Path) -> None:
    """File by file, the identity last: broken off at any point, it can be carried on."""
    try:
        for name in ALL_FILES:
            with suppress(FileNotFoundError):  # moved already
                (work / name).replace(folder / name)
        sync(folder)
    except OSError as broken:
        text = f"the finished run there cannot take the place of the earlier one: {why(broken)}; it is whole there"
        raise CannotWrite(work, text) from broken
    shutil.rmtree(work, ignore_errors=True)
