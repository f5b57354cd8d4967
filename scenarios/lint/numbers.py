"""Numbers, dates and durations."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from math import isfinite
from typing import Any, Final

from failback.scenarios.yaml_source import KeyPath
from failback.simulator import SILENT_S

from .subject import Finding, Subject, nearest


def a_number_is_out_of_range(subject: Subject) -> Iterator[Finding]:
    """Every number of the file, estate included, against the bounds of its field."""
    for path, value in _numbers(subject.estate, ("estate",)):
        yield from _out_of_range(path, value)
    for path, value in _numbers(subject.file, ()):
        if path[0] != "estate":
            yield from _out_of_range(path, value)


def _above_zero(value: float) -> bool:
    return value > 0


def _not_negative(value: float) -> bool:
    return value >= 0


def _share(value: float) -> bool:
    return 0 <= value <= 1


def _at_least_one(value: float) -> bool:
    return value >= 1


def _until_silent(value: float) -> bool:
    return 0 < value <= SILENT_S


_BOUNDS: Final[Mapping[str, tuple[Callable[[float], bool], str]]] = {
    "bandwidth_mbit_per_s": (_above_zero, "above 0, in Mbit/s"),
    "bandwidth_to_azure_mbit_per_s": (_above_zero, "above 0, in Mbit/s"),
    "upload_mib_per_s": (_above_zero, "above 0, in MiB/s; leave it out where nothing limits it"),
    "receive_mib_per_s": (_above_zero, "above 0, in MiB/s; leave it out where nothing limits it"),
    "write_mib_per_s": (_above_zero, "above 0, in MiB/s; leave it out where nothing limits it"),
    "cache_gib": (_above_zero, "above 0, in GiB; leave it out where nothing limits it"),
    "size_gib": (_above_zero, "above 0, in GiB"),
    "capacity_gib": (_above_zero, "above 0, in GiB"),
    "scan_mib_per_s": (_above_zero, "above 0, in MiB/s"),
    "heartbeat_period_s": (_until_silent, "above 0, in seconds, and at most 900, from which on silence is an error"),
    "compression_ratio": (_above_zero, "above 0; 1 means no compression"),
    "changed_fraction": (_share, "between 0 and 1"),
    "changed_spread": (_share, "between 0 and 1"),
    "attempts_max": (_at_least_one, "at least 1"),
    "times": (_at_least_one, "at least 1"),
    "recheck_s": (_above_zero, "above 0, in seconds"),
    "retry_delay_s": (_above_zero, "above 0, in seconds"),
    "give_up_after_s": (_above_zero, "above 0, in seconds"),
}
_ANY_BOUND: Final = (_not_negative, "0 or above")
_UNBOUNDED: Final = frozenset({"seed"})


def _out_of_range(path: KeyPath, value: float) -> Iterator[Finding]:
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "")
    holds, expected = _BOUNDS.get(key, _ANY_BOUND)
    if not isfinite(value):
        yield path, f"`{key}` is {value}; expected a finite number, {expected}"
    elif key not in _UNBOUNDED and not holds(value):
        yield path, f"`{key}` is {value:g}; expected a number {expected}"


def _numbers(value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, float]]:
    if isinstance(value, (str, bool, Enum)) or value is None:
        return
    if isinstance(value, (int, float)):
        yield path, value
    for step, part in _parts(value):
        yield from _numbers(part, (*path, step))


def _parts(value: Any) -> Iterable[tuple[str | int, Any]]:
    if is_dataclass(value):
        return ((f.name, getattr(value, f.name)) for f in fields(value))
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple)) else ()


def the_start_has_no_offset(subject: Subject) -> Iterator[Finding]:
    """A date without an offset is another instant in every place."""
    if subject.file.starts_at.tzinfo is None:
        yield ("starts_at",), "the date has no offset; write Z for UTC or an offset such as +09:00 at its end"


def a_duration_is_unknown(subject: Subject) -> Iterator[Finding]:
    """A duration that the model never asks for changes nothing."""
    for key in subject.file.durations:
        if key not in subject.duration_keys:
            yield ("durations", key), f"nothing takes a time called `{key}`{nearest(key, subject.duration_keys)}"
