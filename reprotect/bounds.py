"""Between what every number lies that comes from outside, by the name of its field: one table for all ways in.

Scenario and estate files, faults of the mock's control API, calibrations, settings and what a study varies use it.
The bounds are wide (ours): they keep out what hangs, overflows or fills the memory, and what cannot be meant.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from math import inf
from typing import Any, Final, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Fields, keys and indices from a value to one of its parts."""
YEARS: Final = range(2000, 3000)
"""Years in which a story may begin: calendars end, and nobody plans further."""
_TEN_YEARS_S: Final = 315_360_000.0


@dataclass(frozen=True, slots=True)
class Bound:
    """From `low` to `high`, and 0 besides where it means that there is none. `hint` is for whoever missed it."""

    low: float
    high: float
    hint: str = ""
    or_zero: bool = False

    def holds(self, value: float) -> bool:
        """Whether the value, however large an integer it is, lies within."""
        return self.low <= value <= self.high or (self.or_zero and value == 0)


_NO_LIMIT: Final = "leave it out if there is no limit"
_COUNT: Final = Bound(1, 1000)
BOUNDS: Final[Mapping[str, Bound]] = {
    "size_gib": Bound(1e-3, 65_536, "64 TiB, larger than any vSphere disk"),
    "capacity_gib": Bound(1e-3, 10_000_000),
    "cache_gib": Bound(1e-3, 10_000_000, _NO_LIMIT),
    "upload_mib_per_s": Bound(1e-3, 10_000_000, _NO_LIMIT),
    "receive_mib_per_s": Bound(1e-3, 10_000_000, _NO_LIMIT),
    "write_mib_per_s": Bound(1e-3, 10_000_000, _NO_LIMIT),
    "scan_mib_per_s": Bound(1e-3, 10_000_000),
    "churn_mib_per_s": Bound(0, 1_000_000),
    "compression_ratio": Bound(0.01, 1000, "1 means no compression"),
    "changed_spread": Bound(0, 1),
    "local_disks": Bound(0, 1000, "no virtual machine has more"),
    "closed_ports": Bound(0, 65_535),
    "people": Bound(1, 10_000),
    "attempts_max": Bound(1, 1000),
    "times": Bound(1, 1_000_000),
    "seed": Bound(-(2.0**63), 2.0**63 - 1024),
    "poll_s": Bound(1, 86_400, "0 sees every change at once", or_zero=True),
    "recheck_s": Bound(1, _TEN_YEARS_S),
    "retry_delay_s": Bound(1, _TEN_YEARS_S),
    "give_up_after_s": Bound(1, _TEN_YEARS_S),
    "every_s": Bound(1, _TEN_YEARS_S),
    "heartbeat_period_s": Bound(1, 900, "silence of 900 s is an error"),
    "duration_factor": Bound(0.001, 1000, "1 leaves them as they are"),
    "appliances": _COUNT,
    "master_targets": _COUNT,
    "process_servers": _COUNT,
    "wave_size": _COUNT,
    "lead_days": Bound(0, 3650, "ten years"),
    "nth": Bound(1, 1_000_000_000),
    "count": Bound(1, 1_000_000_000),
    "probability": Bound(0, 1),
    "delay_s": Bound(0, 60),
    "azure.connect_timeout_s": Bound(0.01, 86_400),
    "azure.read_timeout_s": Bound(0.01, 86_400),
    "azure.reads_per_s": Bound(0.001, 10_000),
    "vsphere.connect_timeout_s": Bound(0.01, 86_400),
    "vsphere.read_timeout_s": Bound(0.01, 86_400),
    "vsphere.port": Bound(1, 65_535),
    "clock.poll_s": Bound(0.01, 86_400),
    "clock.factor": Bound(0.001, 1_000_000),
    "clock.patience_s": Bound(1, 86_400, "0 ends a run at the first read that fails", or_zero=True),
}
"""By field; with its section where another field has the same name."""
UNITS: Final[Mapping[str, tuple[str, Bound]]] = {
    "_mbit_per_s": ("Mbit/s", Bound(1e-3, 100_000_000)),
    "_mib_per_s": ("MiB/s", Bound(0, 10_000_000)),
    "_gib": ("GiB", Bound(0, 10_000_000)),
    "_mib": ("MiB", Bound(0, 10_000_000_000)),
    "_fraction": ("", Bound(0, 1)),
    "_hour": ("hours", Bound(0, 24)),
    "_s": ("seconds", Bound(0, _TEN_YEARS_S, "ten years")),
    "_min": ("minutes", Bound(0, _TEN_YEARS_S / 60, "ten years")),
    "_h": ("hours", Bound(0, _TEN_YEARS_S / 3600, "ten years")),
}
"""By the end of a field's name, which is its unit: for fields that have no line of their own."""
_ANY: Final = Bound(0, 1_000_000_000)


@lru_cache(maxsize=1024)
def bound_of(key: str) -> Bound:
    """The bound of this field."""
    bare = key.rpartition(".")[2]
    own = BOUNDS.get(key) or BOUNDS.get(bare)
    return own or next((bound for unit, (_, bound) in UNITS.items() if bare.endswith(unit)), _ANY)


def out_of_bound(key: str, value: float, called: str = "") -> str:
    """What is wrong with this value of this field, or nothing; `called` is its name where a person has another one."""
    if bound_of(key).holds(value):
        return ""
    bare = called or key.rpartition(".")[2]
    finite = "" if -inf < value < inf else "finite "
    return f"`{bare}` is {number_words(value)}; expected a {finite}number {bound_words(key)}"


def bound_words(key: str) -> str:
    """The bound of this field in words: from 1 to 86,400 seconds, or 0."""
    bound, bare = bound_of(key), key.rpartition(".")[2]
    unit = next((f" {unit}" for end, (unit, _) in UNITS.items() if bare.endswith(end) and unit), "")
    zero, hint = ", or 0" if bound.or_zero else "", f" ({bound.hint})" if bound.hint else ""
    return f"from {number_words(bound.low)} to {number_words(bound.high)}{unit}{zero}{hint}"


def number_words(value: float) -> str:
    """A number in a message; of an integer that no other number can hold, about how many digits it has."""
    if isinstance(value, int) and abs(value) >= 10**18:
        return f"a number of some {int(value.bit_length() * 0.30103) + 1} digits"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value in this one that has no parts, and where it stands, in its order."""
    if value is None or isinstance(value, _LEAVES):
        yield path, value
        return
    open_parts = [(path, iter(_parts(value)))]
    while open_parts:
        here, parts = open_parts[-1]
        for step, part in parts:
            if part is None or isinstance(part, _LEAVES):
                yield (*here, step), part
            else:
                open_parts.append(((*here, step), iter(_parts(part))))
                break
        else:
            open_parts.pop()


_LEAVES: Final = (str, bool, Enum, int, float)
_NO_NUMBERS: Final = (str, bool, Enum)


@cache
def _fields_of(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def texts_in(value: Any) -> Iterator[tuple[Path, str]]:
    """Every text in this value and where it stands."""
    for path, text in leaves(value):
        if isinstance(text, str):
            yield path, text


def beyond(value: Any, section: str = "") -> Iterator[tuple[Path, str]]:
    """Every number in this value that lies out of its bound: where, and what is wrong with it."""
    for path, number in leaves(value):
        if number is None or isinstance(number, _NO_NUMBERS):
            continue
        key = next((step for step in reversed(path) if isinstance(step, str)), "")
        wrong = out_of_bound(f"{section}.{key}" if section else key, number)
        if wrong:
            yield path, wrong


def _parts(value: Any) -> Iterable[tuple[str | int, Any]]:
    if is_dataclass(value):
        kind: Any = type(value)
        return ((name, getattr(value, name)) for name in _fields_of(kind))
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, list | tuple) else ()
