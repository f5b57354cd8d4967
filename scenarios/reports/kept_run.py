"""One run and its folder: what `run --out` and `failback.play(out=)` share."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failback.adapters.redaction import redacted
from failback.scenarios.consent.approval import vault_id
from failback.scenarios.consent.subject import digest
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.interrupts import shielded
from failback.scenarios.outputs.kinds import RESOLVED_MARK
from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.outputs.run_folders.history_file import history_file
from failback.scenarios.outputs.run_folders.identity import LIVE, here
from failback.scenarios.outputs.run_folders.instructions import InstructionFile
from failback.scenarios.outputs.run_folders.run_folder import SCENARIO, RunFolder, begun
from failback.scenarios.outputs.run_folders.scenario_hash import hash_of
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.run import player
from failback.scenarios.run.instructions import InstructedOperator, is_paused_after
from failback.scenarios.run.operator import ScriptedOperator, answers_by

from .evidence_of import EvidenceReader
from .publishing import write_result
from .run_progress import run_progress

if TYPE_CHECKING:
    from failback.reprotect import Instructed, Line
    from failback.reprotect.driver import Operator
    from failback.scenarios.files.schema import Scenario
    from failback.scenarios.run.confirmation import Confirmation
    from failback.scenarios.run.consent import Consent
    from failback.scenarios.run.result import Result


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a scenario is played."""

    world: str = "sim"
    seed: int | None = None
    operator: "Operator | None" = None
    settings: Any = None
    confirmation: "Confirmation | None" = None
    on_line: "Callable[[Line], None] | None" = None
    consent: "Consent | None" = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. `cause`: what broke it off, or None; `interrupted`: whether somebody did."""

    result: "Result"
    cause: Exception | None = None
    interrupted: bool = False


@contextmanager
def run_folder(out: Path | None, command: str, scenario: "Scenario", options: RunOptions) -> Iterator[RunFolder | None]:
    """The locked folder of this run; None without `out`. Raises `CannotWrite`."""
    if out is None:
        yield None
        return
    seed = scenario.seed if options.seed is None else options.seed
    text = redacted(resolved_text(replace(scenario, seed=seed), RESOLVED_MARK))
    with begun(out, here(command, {**_facts(scenario, options), **_head(text, options)})) as folder:
        _write_scenario(folder, text)
        yield folder


def _write_scenario(folder: RunFolder, text: str) -> None:
    try:
        write_text(folder.work / SCENARIO, text, "resolved scenario")
    except CannotWrite:
        folder.discard()
        raise


def _head(text: str, options: RunOptions) -> dict[str, object]:
    """What the journal of a run begins with."""
    epoch = datetime.now(UTC) if options.world == LIVE else None
    return {"plan_hash": hash_of(text.encode()), "epoch": epoch, "vault": vault_mark(options.world, options.settings)}


def vault_mark(world: str, settings: Any) -> str:
    """What tells the vault of a run in world azure from another; empty elsewhere. It names nothing."""
    return digest(vault_id(settings.azure)) if world == LIVE and settings is not None else ""


def _facts(scenario: "Scenario", options: RunOptions) -> dict[str, object]:
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "world": options.world,
        "label": player.label_of(options.world, options.consent),
        "seed": scenario.seed if options.seed is None else options.seed,
        "starts_at": scenario.starts_at,
        "time_zone": scenario.time_zone,
        "file": scenario.file,
        "estate_file": scenario.estate_file,
        "versions": player.versions_of(scenario, options.world),
    }


def play_in(folder: RunFolder | None, scenario: "Scenario", options: RunOptions) -> Ended:
    """Play it, and write its history as it happens. If nothing was done, the folder is left as it was."""
    reader = EvidenceReader(scenario, answers_by(options.operator))
    try:
        return with_evidence(_played(folder, scenario, options, reader), reader)
    except player.Interrupted as interrupted:
        return with_evidence(Ended(interrupted.result, interrupted=True), reader)
    except player.RunAborted as broken:
        return with_evidence(Ended(broken.result, broken.cause), reader)
    except BaseException:
        if folder is not None:
            folder.discard()
        raise


def with_evidence(ended: Ended, reader: EvidenceReader) -> Ended:
    """The same with what the reader has gathered."""
    return replace(ended, result=replace(ended.result, evidence=reader.evidence(ended.result)))


def _played(folder: RunFolder | None, scenario: "Scenario", options: RunOptions, reader: EvidenceReader) -> Ended:
    result = None
    durable = options.world in player.DURABLE
    try:
        with (
            run_progress(scenario, options.world) as on_leg,
            nullcontext() if folder is None else history_file(folder.work, durable=durable) as file,
        ):
            result = player.play(
                scenario,
                world=options.world,
                seed=options.seed,
                on_line=both(both(both(None if file is None else file.write, reader.on_line), options.on_line), on_leg),
                sync=None if file is None else file.sync,
                operator=operator_of(scenario, options, folder),
                settings=options.settings,
                confirmation=options.confirmation,
                on_world=reader.on_world,
                consent=options.consent,
            )
    except CannotWrite as full:  # the last lines of a history that waited in memory
        if result is None:
            raise
        return Ended(result, full)
    return Ended(result)


def operator_of(
    scenario: "Scenario", options: RunOptions, folder: RunFolder | None, told: "Sequence[Instructed]" = ()
) -> "Operator | None":
    """Who answers. A run outside this process also hears what people tell it; `told`: what it has heard before."""
    if folder is None or options.world not in player.DURABLE:
        return options.operator
    heard = max((each.number for each in told), default=0)
    paused = reduce(lambda before, each: is_paused_after(each, before), told, False)
    answers = options.operator or ScriptedOperator(scenario.operator)
    read = InstructionFile(folder.work, heard).new
    waits = options.world != LIVE
    return InstructedOperator(answers, read, scenario.estate.virtual_machines, waits=waits, paused=paused)


def both(first: "Callable[[Line], None] | None", second: "Callable[[Line], None] | None") -> Any:
    """Both that hear lines as one; the other where one is None."""
    if first is None or second is None:
        return first or second

    def each(line: "Line") -> None:
        first(line)
        second(line)

    return each


def write_run(ended: Ended, folder: RunFolder | None) -> CannotWrite | None:
    """Write all but the history: all files or, after an interrupt, none. Returns what could not be written."""
    if folder is None:
        return None
    with shielded():
        return _written(ended, folder)


def _written(ended: Ended, folder: RunFolder) -> CannotWrite | None:
    """A run of which all is there is over, and takes the place of an earlier one."""
    refused = write_result(ended.result, folder.work)
    if refused is None and not isinstance(ended.cause, CannotWrite):
        try:
            folder.finish()
        except CannotWrite as full:
            refused = full
    return refused
