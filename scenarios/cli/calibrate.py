"""The command `calibrate`."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED
from .options import AsJson, settings_for, world_among

if TYPE_CHECKING:
    from failback.adapters import AzureSettings
    from failback.reprotect import Architecture


@dataclass(frozen=True, slots=True)
class CalibrateOptions:
    """What may be asked of it."""

    sources: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Folders of runs or watches, history.jsonl files, or JSON files of a vault's jobs and protected items."
        ),
    ] = None
    out: Annotated[Path, typer.Option(help="The file to write.")] = Path("calibration.yaml")
    hold_out: Annotated[
        float,
        typer.Option(
            help="To test the result, fit again without this share of the runs, and compare that fit with them. With "
            "fewer than five runs: this share of the measurements."
        ),
    ] = 0.2
    min_measurements: Annotated[
        int, typer.Option(help="Fit a step only if it was measured at least this many times.")
    ] = 3
    estate: Annotated[str | None, typer.Option(help="Estate or scenario of the runs, for the disk sizes.")] = None
    architecture: Annotated[
        str | None, typer.Option(help="Architecture (classic or modernised), if the jobs do not show it.")
    ] = None
    date: Annotated[
        str | None, typer.Option(help="Date of the newest run, if no source shows it, such as 2026-06-05.")
    ] = None
    world: Annotated[
        str | None,
        typer.Option(help="Also read the jobs of a vault: azure (the one in the settings) or lab (a mock)."),
    ] = None
    settings: Annotated[
        Path | None, typer.Option(help="Settings file (YAML or TOML); see `failback docs settings`.")
    ] = None
    as_json: AsJson = False


def calibrate(options: CalibrateOptions) -> int:
    """Learn durations and rates for simulations from earlier runs or from a vault's jobs."""
    from failback.scenarios.calibrations.calibrate import CalibrationRequest
    from failback.scenarios.calibrations.command import live_rows, run_calibrate

    if options.world is not None:
        world_among(options.world, ("azure", "lab"), "jobs are read in azure and in lab")
    asked = CalibrationRequest(
        tuple(options.sources or ()),
        live_rows(_vault(options), options.world) if options.world else (),
        options.estate,
        _architecture(options.architecture),
        options.hold_out,
        options.min_measurements,
        _day(options.date),
    )
    run_calibrate(asked, options.out, as_json=options.as_json)
    return AS_EXPECTED


def _vault(options: CalibrateOptions) -> "AzureSettings":
    """The vault to read: in world lab without a settings file, the mock that the environment names, if it does."""
    from failback.scenarios.run.lab_client import MOCK, settings_outside

    if options.world == "lab" and options.settings is None and os.environ.get(MOCK):
        return settings_outside()
    found: AzureSettings = settings_for("azure", options.settings).azure
    return found


def _architecture(text: str | None) -> "Architecture | None":
    from failback.reprotect import Architecture

    try:
        return None if text is None else Architecture(text)
    except ValueError:
        raise UsageError(f"--architecture is '{text}', but it must be classic or modernised.") from None


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--date is '{text}'; expected a date such as 2026-06-05.") from None
