"""A table of a study for people: names of columns and values in words, nothing cut short."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.text.plain_words import LEG_WORDS

from .column_words import column_words

if TYPE_CHECKING:
    from pandas import DataFrame

_HEADS: Final = {
    "item": "machine",
    "binds": "bottleneck",
    "home_h": "home after (h)",
    "home_median_h": "home after, median (h)",
    "home_10_h": "10 % of the runs (h)",
    "home_90_h": "90 % of the runs (h)",
    "runs_home": "runs with all machines home",
    "machines_home": "machines home, median",
    "downtime_mean_min": "downtime, mean (min)",
    "downtime_max_min": "downtime, longest (min)",
    "transferred_gib": "sent (GiB)",
    "took_min": "took (min)",
    "found_s": "fitted median (s)",
    "error_s": "standard error (s)",
    "hidden_s": "hidden median (s)",
    "off_by_errors": "differs by (standard errors)",
}
"""Where a column's own name, with its unit, does not say what it is."""
_LEGS: Final = {leg.value: words.name for leg, words in LEG_WORDS.items()}
_NEVER: Final = "never"
_DURATION: Final = "duration"


def readable_table(table: "DataFrame") -> "DataFrame":
    """The same table with words; the first column names the rows."""
    shown = _with_tasks(table) if _DURATION in table.columns else table.copy()
    for name in shown.columns:
        if name in _VALUES:
            shown[name] = [_VALUES[name](value) for value in shown[name]]
        elif shown[name].dtype.kind == "f":
            shown[name] = [_number(value) for value in shown[name]]
    named = shown.rename(columns={name: _HEADS.get(str(name)) or column_words(str(name)) for name in shown.columns})
    return named.set_index(named.columns[0])


def _number(value: float) -> str:
    """Two decimals at most; what never happened is no number."""
    return _NEVER if value != value else f"{value:.2f}".rstrip("0").rstrip(".")


def _with_tasks(table: "DataFrame") -> "DataFrame":
    """The key of a duration in two columns, so that none is cut: its leg, and the task of its job."""
    parts = [_parts(str(key)) for key in table[_DURATION]]
    named = table.drop(columns=_DURATION)
    named.insert(0, "task", [task for _, task in parts])
    named.insert(0, "leg", [leg for leg, _ in parts])
    return named


def _parts(key: str) -> tuple[str, str]:
    kind, *rest = key.split("/")
    return (rest[-2], rest[-1]) if len(rest) >= 2 else ("", kind.replace("_", " "))


_VALUES: Final[Mapping[str, Callable[[Any], str]]] = {
    "leg": lambda leg: _LEGS.get(str(leg), str(leg)),
    "binds": lambda cause: cause_name(str(cause)),
}
"""Columns whose values are names of our own."""
