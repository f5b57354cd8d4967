"""Names of columns and values as people write them."""

from enum import Enum
from typing import Any, Final

_UNITS: Final = {"_mbit_per_s": "Mbit/s", "_mib_per_s": "MiB/s", "_h": "h", "_min": "min", "_gib": "GiB", "_s": "s"}


def column_words(column: str) -> str:
    """A column's name, its unit behind it: bandwidth (Mbit/s)."""
    unit = next((unit for unit in _UNITS if column.endswith(unit)), "")
    words = column.removesuffix(unit).replace("_", " ")
    return f"{words} ({_UNITS[unit]})" if unit else words


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
