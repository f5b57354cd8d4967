"""The command `calibrate`: what was read, how good the numbers are, and the file."""

import json
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from failback.scenarios.outputs.writing import refuse_what_is_not_ours
from failback.scenarios.text.rounding import percent

from .calibrate import CALIBRATION, Calibrated, CalibrationRequest, as_plain, calibrate, write_calibration

if TYPE_CHECKING:
    from failback.adapters import AzureSettings


def run_calibrate(request: CalibrationRequest, out: Path, *, as_json: bool) -> None:
    """Calibrate and write. Nothing is written where nothing was learnt."""
    refuse_what_is_not_ours(out, CALIBRATION)
    done = calibrate(request)
    write_calibration(done.file, out)
    for note in done.notes:
        print(note, file=sys.stderr)
    if as_json:
        data = {"label": "fitted", "out": str(out), "notes": list(done.notes), **as_plain(done.file)}
        print(json.dumps(data, indent=2, default=str))
    else:
        _show(done, out)


def live_rows(settings: "AzureSettings", world: str = "azure") -> tuple[Mapping[str, Any], ...]:
    """The jobs and protected items of a vault, each in full. GETs only; in world lab, of a mock on this computer."""
    from failback.adapters.foreign import understood
    from failback.adapters.site_recovery_client import SiteRecoveryClient, item_path

    with understood("The vault"), closing(SiteRecoveryClient(settings)) as client:
        if world == "lab":
            client.guard.refuse_live("the reads of a calibration in world lab")
        jobs = [client.job(str(job["name"])) for job in client.jobs()]
        items = [client.item(item_path(str(item["id"]))) for item in client.items()]
    return (*jobs, *items)


def _show(done: Calibrated, out: Path) -> None:
    from rich.table import Table

    from failback.scenarios.text.terminal_console import console

    file = done.file
    table = Table("what", "n", "median", "± error", "unit", "spread", "± error", title="Fitted to earlier runs")
    for key, row in file.fits.items():
        median, error, *spread = (_cell(row, names) for names in _COLUMNS)
        table.add_row(key, str(row["n"]), median, error, _unit(row), *spread)
    console(width=None if sys.stdout.isatty() else 140).print(table)
    print("Spread: the standard deviation of the logarithm; 0.1 is about 10 % of the median.")
    print(f"Numbers that keep their default: {len(file.kept)}; the file says why.")
    print(_tested_words(file.back_test))
    print(f"Calibration of {file.date.isoformat()} by {file.model}, {file.n} steps: {out}")


_COLUMNS = (
    ("median_s", "estimate_mib_per_s", "estimate_share"),
    ("median_error_s", "standard_error"),
    ("sigma",),
    ("sigma_error",),
)


_UNITS: Final = {"median_s": "s", "estimate_mib_per_s": "MiB/s", "estimate_share": "share, 0 to 1"}


def _unit(row: Mapping[str, Any]) -> str:
    """Of the median and its error."""
    return next((unit for name, unit in _UNITS.items() if row.get(name) is not None), "")


def _cell(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    value = next((row[name] for name in names if row.get(name) is not None), None)
    return "" if value is None else f"{value:.4g}"


def _tested_words(tested: Mapping[str, Any]) -> str:
    if not tested["steps_left_out"]:
        return "Back-test: too few steps to leave any out."
    inside, of = tested["inside_90_percent_band"], tested["steps_left_out"]
    few = "" if of >= _TELLING else "; so few tell little, give more runs"
    words = f"{inside} of {of} steps that a second fit left out fell into its 90 % band"
    return f"Back-test: {words} ({percent(inside / of)}){few}."


_TELLING: Final = 20
"""Steps left out of a fit from which on their share says something."""
