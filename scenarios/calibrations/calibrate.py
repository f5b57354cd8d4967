"""Calibration: what earlier runs took becomes the numbers of a file that scenarios name."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from failback.reprotect import Architecture
from failback.scenarios.files.calibration_file import CHANGED, FORMAT, CalibrationFile, FittedSite
from failback.scenarios.files.loader import load_default_durations, load_located, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.run.labels import model_version
from failback.scenarios.text.yaml_text import yaml_text
from failback.simulator import Duration

from .doubtful import each_once, source_file, without_jumps
from .fitting import BackTest, Fit, back_test, fitted
from .measured import MeasuredStep, Measurements
from .measured_history import read_history
from .measured_jobs import read_jobs, take_rows
from .scan_fit import Value, as_row, changed_share, scan_rate, sized
from .tried import tried

HOLD_OUT: Final = 0.2
NOTES_SHOWN: Final = 3
"""Notes that a refusal repeats: why what was read teaches nothing."""
LEAST: Final = 3
"""Steps of a kind from which on its duration is fitted."""
_UNSIZED: Final = "the size of the disks is not known: name the estate with --estate, or give protected items as JSON"
_UNTOLD: Final = "no source tells the bytes that crossed the link: give protected items as JSON"


@dataclass(frozen=True, slots=True)
class CalibrationRequest:
    """What to calibrate from, and how. `rows` are jobs and items read live; `on` is the date where none is told."""

    sources: tuple[Path, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    estate: str | Scenario | None = None
    architecture: Architecture | None = None
    hold_out: float = HOLD_OUT
    least: int = LEAST
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The file, and a paragraph for each thing that could not be used."""

    file: CalibrationFile
    notes: tuple[str, ...]


def calibrate(request: CalibrationRequest) -> Calibrated:
    """Read, fit, test. Raises `BadInput` where nothing can be learnt; what cannot be used is in `notes`."""
    _sensible(request)
    measured = _read(request)
    groups = without_jumps(_groups(measured.steps), measured.notes)
    fits = {
        key: fitted([s.took_s for s in steps], _default(key))
        for key, steps in groups.items()
        if _enough(steps, request)
    }
    scenario = _scenario(request)
    scan, changed = _site(scenario, measured)
    if not fits and scan is None and changed is None:
        raise _bad(_sources(request), " ".join((_nothing(groups, request) + ".", *measured.notes[:NOTES_SHOWN])))
    day = request.on or measured.newest
    if day is None:
        raise _bad(
            _sources(request), "no source contains a date; give the date of the newest run with --date 2026-06-05"
        )
    tested = back_test(groups, _default, request.hold_out, request.least)
    file = CalibrationFile(
        failback_calibration=FORMAT,
        date=day,
        model=model_version(),
        n=sum(fit.n for fit in fits.values()) + (scan.n if scan else 0),
        durations={key: fit.duration() for key, fit in fits.items()},
        site=FittedSite(_value(scan), _value(changed)),
        sources=dict(sorted(measured.sources.items())),
        fits={**{key: _fit_row(fit) for key, fit in fits.items()}, **_site_rows(scan, changed)},
        kept=_kept(measured, groups, fits, scan, changed, request),
        back_test=_test_row(tested, request),
        tried=None if scenario is None else tried(measured, scenario.estate),
    )
    return Calibrated(file, tuple(measured.notes))


CALIBRATION: Final = "calibration"
"""The kind of output that is written."""


def write_calibration(file: CalibrationFile, path: Path) -> None:
    """Write the file. It names no machine, no server and no vault. Raises `CannotWrite`."""
    head = "# Written by failback calibrate; name it in a scenario under homecoming: {calibration: ...}.\n"
    text = yaml_text(as_plain(file), width=120)
    write_text(path, head + text, CALIBRATION)


def as_plain(value: Any) -> Any:
    """The file as plain data, without what is not given."""
    if is_dataclass(value) and not isinstance(value, type):
        values = ((f.name, getattr(value, f.name)) for f in fields(value))
        return {name: as_plain(part) for name, part in values if part is not None and part != ""}
    if isinstance(value, Mapping):
        return {key: as_plain(part) for key, part in value.items()}
    return list(value) if isinstance(value, tuple) else value


def _sensible(request: CalibrationRequest) -> None:
    if not 0 <= request.hold_out <= 0.5:
        raise _bad("--hold-out", f"found {request.hold_out:g}; expected a share from 0 to 0.5, for instance 0.2")
    if request.least < 1:
        raise _bad("--min-measurements", f"found {request.least}; expected a whole number of at least 1")
    if not request.sources and not request.rows:
        raise _bad("calibrate", "there is nothing to read; name histories or job lists, or read a vault with --world")


def _bad(place: str, message: str) -> BadInput:
    return BadInput(Mistake("", place, 0, message))


def _sources(request: CalibrationRequest) -> str:
    return ", ".join(str(path) for path in request.sources) or "the vault"


def _read(request: CalibrationRequest) -> Measurements:
    """Every source; one that cannot be read is noted, and refused only where it is the last hope."""
    measured, refused = Measurements(), list[BadInput]()
    for run, path in each_once(request.sources, measured.notes):
        try:
            _read_one(path, measured, run, request.architecture)
        except BadInput as broken:
            refused.append(broken)
    if request.rows:
        take_rows(request.rows, "the vault", measured, len(request.sources) + 1, request.architecture)
    if refused and not measured.sources:
        raise BadInput(*(mistake for broken in refused for mistake in broken.mistakes))
    measured.notes += (f"{broken}; the other sources are used." for broken in refused)
    return measured


def _read_one(path: Path, measured: Measurements, run: int, architecture: Architecture | None) -> None:
    file = source_file(path)
    if file.suffix == ".jsonl":
        read_history(file, measured, run)
    else:
        read_jobs(file, measured, run, architecture)


def _groups(steps: Iterable[MeasuredStep]) -> dict[str, list[MeasuredStep]]:
    """By key, in the order of the packaged durations."""
    groups: dict[str, list[MeasuredStep]] = {key: [] for key in load_default_durations()}
    for step in steps:
        groups.setdefault(step.key, []).append(step)
    return {key: found for key, found in groups.items() if found and key in load_default_durations()}


def _default(key: str) -> Duration:
    return load_default_durations()[key]


def _enough(steps: Sequence[MeasuredStep], request: CalibrationRequest) -> bool:
    return len(steps) >= request.least


def _scenario(request: CalibrationRequest) -> Scenario | None:
    given = request.estate
    return load_located(resolve(given)).scenario if isinstance(given, str) else given


def _site(scenario: Scenario | None, measured: Measurements) -> tuple[Value | None, Value | None]:
    resyncs = measured.resyncs
    if scenario is not None:
        resyncs = sized(resyncs, scenario.estate, scenario.site.disk_scan)
    if resyncs:
        measured.count("resyncs", len(resyncs))
    return scan_rate(resyncs), changed_share(resyncs)


def _value(found: Value | None) -> float | None:
    return None if found is None else float(f"{found.value:.6g}")


def _fit_row(fit: Fit) -> dict[str, Any]:
    row = {name: _short(value) for name, value in asdict(fit).items()}
    low_s, high_s = fit.band_s()
    return {**row, "low_5_percent_s": _short(low_s), "high_95_percent_s": _short(high_s)}


def _short(value: float | int | None) -> float | int | None:
    return value if value is None or isinstance(value, int) else float(f"{value:.6g}")


def _site_rows(scan: Value | None, changed: Value | None) -> dict[str, Mapping[str, object]]:
    rows = {"site/scan_mib_per_s": (scan, "mib_per_s"), CHANGED: (changed, "share")}
    return {key: as_row(found, unit) for key, (found, unit) in rows.items() if found is not None}


def _kept(
    measured: Measurements,
    groups: Mapping[str, Sequence[MeasuredStep]],
    fits: Mapping[str, Fit],
    scan: Value | None,
    changed: Value | None,
    request: CalibrationRequest,
) -> dict[str, str]:
    """What keeps its default, and why."""
    mine = tuple(f"task/{kind.value}/" for kind in measured.architectures)
    concern = [key for key in load_default_durations() if key.startswith(mine) or "/" not in key]
    kept = {key: _why(len(groups.get(key, ())), request.least) for key in concern if key not in fits}
    if scan is None:
        kept["site/scan_mib_per_s"] = _UNSIZED if measured.resyncs else "no resync was seen"
    if changed is None:
        kept[CHANGED] = _UNTOLD
    return kept


def _why(n: int, least: int) -> str:
    return f"seen {n} times, {least} are needed" if n else "not seen"


def _test_row(tested: BackTest, request: CalibrationRequest) -> dict[str, Any]:
    row = {"hold_out": request.hold_out, "steps_left_out": tested.left_out, "inside_90_percent_band": tested.inside}
    return {**row, "share_inside": None if tested.share is None else round(tested.share, 3)}


def _nothing(groups: Mapping[str, Sequence[MeasuredStep]], request: CalibrationRequest) -> str:
    most = max((len(steps) for steps in groups.values()), default=0)
    if most:
        needed = f"{request.least} are needed; give more runs, or --min-measurements {most}"
        return f"no step was seen more than {most} times, {needed}"
    return "no step of any job was seen from its beginning to its end; give histories of runs that went through a leg"
