"""`failback.calibrate` and what it learns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failback.scenarios.calibrations.calibrate import Calibrated, CalibrationRequest, write_calibration
from failback.scenarios.calibrations.calibrate import calibrate as learn
from failback.scenarios.files.calibration_file import CalibrationFile
from failback.scenarios.files.calls.typed_fields import typed_fields

from .accepts import InvalidArgument, maybe, path, scenario
from .arguments import bad, checked, not_written, settings_for
from .tables import html_line, html_table

if TYPE_CHECKING:
    from failback.scenarios.files.schema import Scenario

_COLUMNS = ("what", "n", "median", "± error", "spread")
_VALUES = ("median_s", "estimate_mib_per_s", "estimate_share")


@typed_fields("failback.calibrate returns one")
@dataclass(frozen=True, slots=True, repr=False)
class Calibration:
    """Durations and rates, learned from earlier runs or a vault's jobs, each with its standard error.

    Attributes:
        file: The contents of a calibration file: `n` (the number of measured steps), `durations`, `site`, `fits`,
            `kept`, `back_test`.
        notes: A paragraph for each source or value that could not be used.
    """

    file: CalibrationFile
    notes: tuple[str, ...]

    @checked()
    def applied(self, scenario: "Scenario | str | Path") -> "Scenario":
        """Return the scenario with the learned values instead of its own."""
        from failback.scenarios.files.calibration_file import calibrated

        return calibrated(scenario, self.file)  # type: ignore[arg-type]  # `checked` has read it

    @checked(file=path)
    def write(self, file: str | Path) -> Path:
        """Write a file for the key `homecoming: {calibration: FILE}` of a scenario. It contains no machine names."""
        there = Path(file)
        try:
            write_calibration(self.file, there)
        except OSError as broken:
            raise not_written("failback.Calibration.write", there, broken) from None
        return there

    def __repr__(self) -> str:
        file = self.file
        fitted = f"{len(file.fits)} numbers fitted to {file.n} steps, {len(file.kept)} kept"
        return f"<Calibration of {file.date.isoformat()}: {fitted}>"

    def _repr_html_(self) -> str:
        rows = [
            (key, row["n"], _cell(row, *_VALUES), _cell(row, "median_error_s", "standard_error"), _cell(row, "sigma"))
            for key, row in self.file.fits.items()
        ]
        return html_table(_COLUMNS, rows) + "".join(html_line(note) for note in self.notes)


def _cell(row: Any, *names: str) -> str:
    value = next((row[name] for name in names if row.get(name) is not None), None)
    return "" if value is None else f"{value:.4g}"


def _paths(value: Any) -> tuple[Path, ...]:
    if isinstance(value, (str, Path)):
        return (path(value),)
    try:
        return tuple(path(one) for one in value)
    except (TypeError, InvalidArgument):
        raise InvalidArgument("a path, or a list of paths") from None


def _date(value: Any) -> date | None:
    try:
        return value if value is None or isinstance(value, date) else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InvalidArgument("a date ('2026-06-05'), or None") from None


@checked(sources=_paths, estate=maybe(scenario), on=_date)
def calibrate(
    sources: str | Path | Iterable[str | Path] = (),
    *,
    estate: "Scenario | str | Path | None" = None,
    architecture: str | None = None,
    hold_out: float = 0.2,
    min_measurements: int = 3,
    on: str | date | None = None,
    settings: Any = None,
) -> Calibration:
    """Learn durations, and the rate at which a resync compares disks, from earlier runs or a vault's jobs.

    Args:
        sources: Run folders, history.jsonl files, or JSON files with the jobs and protected items of a vault.
        estate: The estate or scenario of the runs; it provides the disk sizes.
        architecture: "classic" or "modernised", if the jobs do not show it.
        hold_out: The share of the runs, 0 to 0.5, that is used to test a second fit, made from the other runs.
        min_measurements: A step with fewer measurements than this keeps its default.
        on: The date of the newest run, such as "2026-06-05". Needed only if the sources have no dates.
        settings: The path of a settings file. The jobs of its vault are also read (GET requests only).

    Returns:
        A `Calibration`.

    Raises:
        BadInput: Nothing can be learned from the sources, or an argument is wrong.
        Unreachable: The vault could not be reached.

    Example:
        >>> import tempfile
        >>> vault = failback.stories.synthetic_vault("one_modernised_vm", seed=7)
        >>> runs = vault.write_drills(tempfile.mkdtemp(), range(4))
        >>> found = failback.calibrate(runs, estate="one_modernised_vm")
        >>> found.file.n
        104
        >>> found.applied("one_modernised_vm").calibration is None
        False
    """
    from failback.reprotect import Architecture
    from failback.scenarios.calibrations.command import live_rows

    if not sources and settings is None:
        raise bad("failback.calibrate", "there is nothing to read; name folders of runs or lists of jobs, or settings")
    rows = () if settings is None else live_rows(settings_for("azure", settings).azure)
    kind = None if architecture is None else Architecture(architecture)
    found: Calibrated = learn(CalibrationRequest(sources, rows, estate, kind, hold_out, min_measurements, on))  # type: ignore[arg-type]  # `checked` has converted them
    return Calibration(found.file, found.notes)
