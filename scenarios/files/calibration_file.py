"""The file that `failback calibrate` writes and that a scenario names: read, checked, applied."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from failback.reprotect import beyond
from failback.simulator import Duration

from .calibration import Calibration, Tried
from .yaml_source import BadInput, Mistake, Source, read_source

if TYPE_CHECKING:
    from .schema import Scenario

FORMAT: Final = 1
CHANGED: Final = "site/changed_fraction"
"""Key of the share that differs among the fits."""
ERRORS: Final = 2.0
"""Standard errors either way that count as what a fit leaves open."""
_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}
_AGAIN: Final = "let `failback calibrate` write the file again"


@dataclass(frozen=True, slots=True)
class FittedSite:
    """Numbers of the site that earlier runs gave; None: the scenario's stays."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    scan_mib_per_s: float | None = None
    """Rate at which a resync compares one disk, MiB/s."""
    changed_fraction: float | None = None
    """Share of the blocks that differed, 0 to 1."""

    def __post_init__(self) -> None:
        rate, share = self.scan_mib_per_s, self.changed_fraction
        if rate is not None and not 0 < rate < float("inf"):
            raise ValueError("a scan rate must be above 0 MiB/s")
        if share is not None and not 0 <= share <= 1:
            raise ValueError("a changed fraction must be from 0 to 1")


@dataclass(frozen=True, slots=True)
class CalibrationFile:
    """The file. `fits`, `kept`, `back_test` and `sources` are for people: how good the numbers are."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    failback_calibration: int
    """Version of this format."""
    date: date
    """Date of the newest run behind the numbers."""
    model: str
    """What fitted them."""
    n: int
    """Steps that were fitted."""
    durations: Mapping[str, Duration] = field(default_factory=dict)
    """Fitted durations, with the keys of a scenario's `durations`."""
    site: FittedSite = FittedSite()
    """Fitted numbers of the site."""
    sources: Mapping[str, int] = field(default_factory=dict)
    """What was read, counted."""
    fits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Per number: samples, estimate, standard error."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Per number that was not fitted: why the default stays."""
    back_test: Mapping[str, Any] = field(default_factory=dict)
    """How many steps left out of the fit fell into the predicted band."""
    tried: Tried | None = None
    """What the machines tried that came home in these runs; known where `--estate` was given."""


def read_calibration(path: str | Path, known: Mapping[str, Duration]) -> CalibrationFile:
    """Read one; `known` has the keys that durations may have. Raises `BadInput` with lines."""
    source = read_source(path)
    if not isinstance(source.data, dict) or "failback_calibration" not in source.data:
        raise BadInput(source.mistake((), f"this is not a calibration: `failback_calibration` is missing; {_AGAIN}"))
    mistakes = [*source.mistakes]
    try:
        found: CalibrationFile | None = _adapter().validate_python(source.data)
    except ValidationError as refused:
        found = None
        mistakes += (_mistake(source, error) for error in refused.errors(include_url=False))
    mistakes += () if found is None else _senseless(source, found, known)
    if mistakes or found is None:
        raise BadInput(*mistakes)
    return found


def calibrated(scenario: "Scenario", found: CalibrationFile) -> "Scenario":
    """The scenario with the file's numbers instead of its own."""
    site = {name: value for name in FittedSite.__slots__ if (value := getattr(found.site, name)) is not None}
    return replace(
        scenario,
        durations=MappingProxyType({**scenario.durations, **found.durations}),
        site=replace(scenario.site, **site),
        calibration=Calibration(
            found.date,
            found.model,
            found.n,
            found.site.changed_fraction is not None,
            _changed_between(found),
            found.tried,
        ),
    )


def _changed_between(found: CalibrationFile) -> tuple[float, float] | None:
    share, error = found.site.changed_fraction, found.fits.get(CHANGED, {}).get("standard_error")
    if share is None or not isinstance(error, float) or not error > 0:
        return None
    return max(0.0, share - ERRORS * error), min(1.0, share + ERRORS * error)


@cache
def _adapter() -> TypeAdapter[CalibrationFile]:
    return TypeAdapter(CalibrationFile)


def _mistake(source: Source, error: Any) -> Mistake:
    message = str(error["msg"]).removeprefix("Value error, ")
    return source.mistake(error["loc"], f"{message[:1].lower()}{message[1:]}; {_AGAIN}")


def _senseless(source: Source, found: CalibrationFile, known: Mapping[str, Duration]) -> Iterator[Mistake]:
    if found.failback_calibration != FORMAT:
        text = f"found format {found.failback_calibration}, this failback reads {FORMAT}; {_AGAIN}"
        yield source.mistake(("failback_calibration",), text)
    for section, part in (("durations", found.durations), ("site", found.site)):
        for path, wrong in beyond(part):
            yield source.mistake((section, *path), f"{wrong}; {_AGAIN}")
    for key in found.durations.keys() - known.keys():
        yield source.mistake(("durations", key), f"unknown duration `{key}`; {_AGAIN}")
