"""The folder of a night: the history of what was seen, which a later watch goes on with, and the page of now.

The history is a journal like that of a run: each line has a checksum, and it is on the disk after each look. One watch
at a time writes it; other commands may read it, and write their pages beside it, while the watch goes on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from failback.adapters.redaction import redacted
from failback.reprotect import History
from failback.reprotect.driver import Recorded
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.folders import ensure_writable
from failback.scenarios.outputs.kinds import RESOLVED_MARK
from failback.scenarios.outputs.lock import Busy, locked
from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.outputs.run_folders.history_file import history_continued, history_file
from failback.scenarios.outputs.run_folders.identity import Identity, here, read_identity, write_identity
from failback.scenarios.outputs.run_folders.journal import read_journal
from failback.scenarios.outputs.run_folders.run_folder import FILES, HISTORY, SCENARIO, held
from failback.scenarios.outputs.run_folders.scenario_hash import hash_of
from failback.scenarios.outputs.writing import refuse_what_is_not_ours, write_text
from failback.scenarios.reports.resumed_run import WATCH
from failback.scenarios.run import player

LOCK: Final = ".failback.watch.lock"
_IN_PROGRESS: Final = "another watch goes on there; its page is watch.html, or give another folder with --out"
_ANOTHER: Final = "it holds something else than a watch of this scenario; give another folder with --out"
_NO_NIGHT: Final = "no watch was kept here; expected the folder of `failback watch`"


@dataclass(frozen=True, slots=True)
class Night:
    """An open night: its history, what was written before, and the instant of second 0."""

    folder: Path
    zero: datetime
    history: History
    recorded: tuple[Recorded, ...] = ()


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep every other watch out of the folder. Raises `CannotWrite` where one goes on there."""
    ensure_writable(folder)
    try:
        with locked(folder, LOCK):
            yield
    except Busy:
        raise CannotWrite(folder, _IN_PROGRESS) from None


def earlier(folder: Path, scenario: Scenario) -> Identity | None:
    """The watch of this scenario that the folder holds. Raises `CannotWrite` where it holds something else."""
    identity = read_identity(folder)
    if identity is None:
        for name, kind in FILES.items():
            refuse_what_is_not_ours(folder / name, kind)
        if any((folder / name).exists() for name in FILES):
            raise CannotWrite(folder, _ANOTHER)
        return None
    if identity.command != WATCH or identity.plan_hash != hash_of(_resolved(scenario).encode()):
        raise CannotWrite(folder, _ANOTHER)
    return identity


def last_second(folder: Path) -> float:
    """The second at which an earlier watch looked last. Raises `BadInput` where its history is damaged."""
    lines = read_journal(folder / HISTORY).lines
    return lines[-1].line.t_s if lines else 0.0


def has_history(folder: Path) -> bool:
    """Whether a watch has begun there, which the same command continues."""
    identity = read_identity(folder) if folder.is_dir() else None
    return identity is not None and identity.command == WATCH


@contextmanager
def opened(folder: Path, scenario: Scenario, world: str, now: datetime) -> Iterator[Night]:
    """Begin a night, or go on with it. Raises `CannotWrite`, and `BadInput` where its history is damaged."""
    identity = earlier(folder, scenario)
    if identity is None:
        with held(folder):
            text = _resolved(scenario)
            write_text(folder / SCENARIO, text, "resolved scenario")
            write_identity(_identity(scenario, world, now, text), folder)
        with history_file(folder) as file:
            yield Night(folder, now, History(file.write, file.sync, exact=True))
        return
    journal = read_journal(folder / HISTORY)
    last_n = journal.lines[-1].line.n if journal.lines else 0
    with history_continued(folder, journal.size_bytes) as file:
        history = History(file.write, file.sync, last_n=last_n, exact=True)
        yield Night(folder, identity.starts_at, history, journal.lines)


@contextmanager
def reopened(folder: Path) -> Iterator[Night]:
    """Add to a night that nobody is watching now. Raises `BadInput`, and `CannotWrite`."""
    identity = kept(folder)
    with alone(folder):
        journal = read_journal(folder / HISTORY)
        last_n = journal.lines[-1].line.n if journal.lines else 0
        with history_continued(folder, journal.size_bytes) as file:
            history = History(file.write, file.sync, last_n=last_n, exact=True)
            yield Night(folder, identity.starts_at, history, journal.lines)


def kept(folder: Path) -> Identity:
    """The night that is kept here. Raises `BadInput`."""
    identity = read_identity(folder) if folder.is_dir() else None
    if identity is None or identity.command != WATCH:
        raise BadInput(Mistake("", str(folder), 0, _NO_NIGHT))
    return identity


def _resolved(scenario: Scenario) -> str:
    return redacted(resolved_text(scenario, RESOLVED_MARK))


def _identity(scenario: Scenario, world: str, now: datetime, text: str) -> Identity:
    facts: dict[str, object] = {
        "scenario": scenario.name,
        "title": scenario.title,
        "world": world,
        "label": player.LABELS[world],
        "seed": scenario.seed,
        "versions": player.versions_of(scenario, "azure"),
        "plan_hash": hash_of(text.encode()),
        "starts_at": now,
        "epoch": now,
    }
    return here(WATCH, facts)
