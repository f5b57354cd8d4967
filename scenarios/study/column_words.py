"""Names of columns and values as people write them."""

from enum import Enum
from typing import Any, Final

_UNITS: Final = {"_mbit_per_s": "Mbit/s", "_mib_per_s": "MiB/s", "_h": "h", "_min": "min", "_gib": "GiB", "_s": "s"}

_NAMES: Final = {"scan_mib_per_s": "scan rate", "churn_mib_per_s": "rate of change"}
"""Where the name without its unit is not the name of the quantity."""


def column_words(column: str, *, unit: bool = True) -> str:
    """A column's name, its unit behind it unless it is not wanted: bandwidth (Mbit/s)."""
    end = next((end for end in _UNITS if column.endswith(end)), "")
    words = _NAMES.get(column) or column.removesuffix(end).replace("_", " ")
    return f"{words} ({_UNITS[end]})" if end and unit else words


def value_words(value: Any) -> str:
    """A value without needless digits."""
    plain = value.value if isinstance(value, Enum) else value
    return f"{plain:g}" if isinstance(plain, float) else str(plain)


def value_in_words(column: str, value: Any) -> str:
    """A value with what it is one of: 100 Mbit/s, 2 appliances, changed fraction 0.25."""
    unit = next((unit for unit in _UNITS if column.endswith(unit)), "")
    if unit:
        return f"{value_words(value)} {_UNITS[unit]}"
    words = column.replace("_", " ")
    if type(value) is not int:
        return f"{words} {value_words(value)}"
    return f"{value} {words.removesuffix('s') if value == 1 else words}"
