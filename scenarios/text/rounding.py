"""Numbers that are shown beside their sum: rounded so that they add up to it, by the largest remainder."""

from collections.abc import Mapping, Sequence
from math import floor
from typing import TypeVar

from .language import said

_Key = TypeVar("_Key")
_EXACT = 1e-9


def adding_up(values: Sequence[float], unit: float = 1.0) -> tuple[int, ...]:
    """Whole units for each value, which add up to the whole units of their sum."""
    exact = [value / unit for value in values]
    whole = [floor(value + _EXACT) for value in exact]
    left = floor(sum(exact) + _EXACT) - sum(whole)
    first = sorted(range(len(exact)), key=lambda n: whole[n] - exact[n])[:left]
    return tuple(number + (n in first) for n, number in enumerate(whole))


def percent(share: float) -> str:
    """A share from 0 to 1, to the whole percent."""
    return f"{100 * share:.0f} %"


def whole_minutes(seconds: Mapping[_Key, float]) -> dict[_Key, float]:
    """The same seconds in whole minutes that add up to those of their sum."""
    return {key: 60.0 * n for key, n in zip(seconds, adding_up(tuple(seconds.values()), 60.0), strict=True)}


def percents(values: Sequence[float]) -> tuple[str, ...]:
    """The share of each in percent; they add up to a hundred, and a share of some is never said to be none."""
    total = sum(values)
    if not total:
        return ("0 %",) * len(values)
    parts = adding_up([100.0 * (value / total) for value in values])
    return tuple(
        said("under 1 %") if value and not part else said("{n} %", n=str(part))
        for value, part in zip(values, parts, strict=True)
    )
