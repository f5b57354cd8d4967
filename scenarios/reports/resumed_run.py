"""Takes up a run that was broken off: what its folder must have for that, and how it goes on there."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from failback.reprotect import Instructed
from failback.reprotect.driver import Diverged
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.run_folders.history_file import history_continued
from failback.scenarios.outputs.run_folders.identity import LIVE, RUN, Identity, read_identity, write_identity
from failback.scenarios.outputs.run_folders.journal import Journal, read_journal, since_the_first_step
from failback.scenarios.outputs.run_folders.reading import bytes_of
from failback.scenarios.outputs.run_folders.run_folder import HISTORY, SCENARIO, RunFolder, broken_off, held
from failback.scenarios.outputs.run_folders.scenario_hash import hash_of
from failback.scenarios.run import player
from failback.scenarios.run.lab_client import MOCK
from failback.scenarios.run.operator import answers_by

from .evidence_of import EvidenceReader
from .kept_run import Ended, RunOptions, both, operator_of, vault_mark, with_evidence

if TYPE_CHECKING:
    from failback.reprotect.driver import Operator
    from failback.scenarios.run.confirmation import Confirmation
    from failback.scenarios.run.consent import Consent

_ENDED: Final = "this run has ended, so there is nothing to resume; `failback report` shows what it did"
_SIMULATED: Final = (
    "a simulated run ends with its process, so there is no world to go back to; run it again: the same scenario and "
    "seed give the same history"
)
_LAB_IS_GONE: Final = (
    f"{MOCK} is not set: the simulators of a run in world lab end with it, unless they were started before it; see "
    "`failback docs resume`"
)
WATCH: Final = "watch"
"""The command in the identity of a night that was only watched."""
_WATCHED: Final = "this night was watched, not run; `failback watch` with the same --out goes on with it"
_NO_RUN: Final = "no run was kept here; expected the folder of a run with --out"
_OLDER: Final = (
    "this run was begun by an earlier version, and its history cannot be resumed; begin a new run in another folder"
)
_OTHER_VAULT: Final = (
    "this run was begun in another vault than the one that the settings name, and its history is about that one. "
    "Resume it with the settings that it was begun with, or begin a new run"
)
_HEADER_EDITED: Final = (
    "this header was edited or is damaged: it is not what the run has written, which says in which vault the run goes "
    "on and when it began. Nothing was asked of anybody. Put the file back, or begin a new run from where the machines "
    "stand"
)
_EDITED: Final = (
    "this is not the scenario that the run was begun with; a run goes on by its own plan. Put the file back, or begin "
    "a new run from where the machines stand"
)


@dataclass(frozen=True, slots=True)
class Resumable:
    """A run that can go on: where it is kept, and what is known of it."""

    folder: RunFolder
    scenario: Scenario
    journal: Journal


@dataclass(frozen=True, slots=True)
class ResumeOptions:
    """Who answers, and how a real vault is reached."""

    operator: "Operator | None" = None
    settings: Any = None
    confirmation: "Confirmation | None" = None
    consent: "Consent | None" = None


@contextmanager
def resumable(folder: Path) -> Iterator[Resumable]:
    """The run in this folder, kept from others meanwhile. Raises `BadInput`, and `CannotWrite` where it goes on."""
    if not folder.is_dir():
        raise _bad(folder, _NO_RUN)
    with held(folder):
        place = next(iter(broken_off(folder)), folder)
        identity = _identity(place)
        scenario = _scenario(place, identity)
        yield Resumable(RunFolder(folder, place, identity.resumed()), scenario, _journal(place, scenario))


def _identity(place: Path) -> Identity:
    identity = read_identity(place)
    if identity is None:
        raise _bad(place, _NO_RUN)
    if identity.command == WATCH:
        raise _bad(place, _WATCHED)
    if identity.world not in player.DURABLE:
        raise _bad(place, _SIMULATED)
    if identity.world == "lab" and MOCK not in os.environ:
        raise _bad(place, _LAB_IS_GONE)
    if not identity.plan_hash:
        raise _bad(place, _OLDER)
    if not identity.is_sealed:
        raise _bad(place / RUN, _HEADER_EDITED)
    return identity


def _scenario(place: Path, identity: Identity) -> Scenario:
    path = place / SCENARIO
    try:
        content = bytes_of(path)
    except OSError as broken:
        raise _bad(path, f"the scenario of the run cannot be read ({broken.strerror}); {_EDITED}") from broken
    if hash_of(content) != identity.plan_hash:
        raise _bad(path, _EDITED)
    return replace(load_scenario(path), file=identity.file, estate_file=identity.estate_file)


def _journal(place: Path, scenario: Scenario) -> Journal:
    path = place / HISTORY
    journal = read_journal(path)
    if any(one.line.name == "RunEnded" for one in journal.lines):
        raise _bad(place, _ENDED)
    try:
        return since_the_first_step(journal, scenario)
    except Diverged as other:
        text = f"{other}. Nothing was asked of anybody; resume it with the version that {place / 'run.json'} names"
        raise _bad(path, text) from other


def in_its_vault(run: Resumable, options: ResumeOptions) -> Resumable:
    """The run, which is a live one from now on if consent is given. Raises `BadInput` for settings of another vault."""
    identity = run.folder.identity
    if identity.vault and identity.vault != vault_mark(identity.world, options.settings):
        raise _bad(run.folder.work / RUN, _OTHER_VAULT)
    if player.label_of(identity.world, options.consent) != player.LIVE:
        return run
    return replace(run, folder=replace(run.folder, identity=replace(identity, label=player.LIVE)))


def resume_in(run: Resumable, options: ResumeOptions) -> Ended:
    """Play it to its end, and go on with its history."""
    identity = run.folder.identity
    write_identity(identity, run.folder.work)
    reader = EvidenceReader(run.scenario, answers_by(options.operator))
    for one in run.journal.lines:
        reader.on_line(one.line)
    with history_continued(run.folder.work, run.journal.size_bytes) as file:
        ended = _told(
            lambda: player.play(
                run.scenario,
                world=identity.world,
                on_line=both(file.write, reader.on_line),
                sync=file.sync,
                operator=_operator(run, options),
                settings=options.settings,
                confirmation=options.confirmation,
                consent=options.consent,
                recorded=run.journal.lines,
                began_s=_now_s(run, options.settings),
                on_world=reader.on_world,
            )
        )
        return with_evidence(ended, reader)


def _operator(run: Resumable, options: ResumeOptions) -> "Operator | None":
    told = [one.thing for one in run.journal.lines if isinstance(one.thing, Instructed)]
    how = RunOptions(run.folder.identity.world, operator=options.operator)
    return operator_of(run.scenario, how, run.folder, told)


def _told(play: Callable[[], Any]) -> Ended:
    try:
        return Ended(play())
    except player.Interrupted as interrupted:
        return Ended(interrupted.result, interrupted=True)
    except player.RunAborted as broken:
        return Ended(broken.result, broken.cause)


def _now_s(run: Resumable, settings: Any) -> float:
    """What the clock of the run says now, and no less than its history tells: a wall clock may be set back.

    A local server's time runs faster than the wall by a factor.
    """
    factor = settings.clock_factor if run.folder.identity.world == LIVE else 1.0
    last_s = run.journal.lines[-1].line.t_s if run.journal.lines else 0.0
    epoch = run.folder.identity.epoch
    return last_s if epoch is None else max(last_s, (time.time() - epoch.timestamp()) * factor)


def _bad(path: Path, what: str) -> BadInput:
    return BadInput(Mistake("", str(path), 0, what))
