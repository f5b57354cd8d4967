"""What `failback whatif` prints on a terminal: a table with a row per variant, or what moves the result most."""

from collections.abc import Callable, Mapping, Sequence
from math import isfinite
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .column_words import column_words, value_words
from .rows import RunRow
from .sensitivity import Index, Swing
from .whatif_summary import Spread

SHOWN_MAX: Final = 60
"""Rows of the table; a file has them all."""
Cell = tuple[str, str, Callable[[RunRow], str]]
"""Head of a column, its side, and what stands in it."""


def print_variants(found: Sequence[RunRow], kind: str, names: Sequence[str], console: Console) -> None:
    """Print the first of them, and say how many more there are."""
    cells = [*(_value(name) for name in names), *(_value(name) for name in _BELOW[kind]), *_CELLS[kind]]
    table = Table(box=SIMPLE_HEAD)
    for head, side, _ in cells:
        table.add_column(head, justify="right" if side == "right" else "left")
    for row in found[:SHOWN_MAX]:
        table.add_row(*(Text(shown(row)) for _, _, shown in cells))
    console.print(table)
    if len(found) > SHOWN_MAX:
        console.print(f"{len(found) - SHOWN_MAX} more rows are not shown; --out FILE.parquet or FILE.csv has them all.")


def print_swings(swings: Sequence[Swing], console: Console) -> None:
    """Print them, the widest first, with a bar."""
    widest = max((swing.width for swing in swings if isfinite(swing.width)), default=0.0)
    table = Table("One key at a time", "from", "home after", "to", "home after", "changes it by", box=SIMPLE_HEAD)
    for s in swings:
        ends = (value_words(s.low), _hours(s.at_low), value_words(s.high), _hours(s.at_high))
        table.add_row(column_words(s.key), *ends, f"{_hours(s.width):>8} {_bar(s.width, widest)}")
    console.print(table)
    base = swings[0].base
    console.print(f"As the scenario is: {f'home after {_hours(base)}' if isfinite(base) else 'not all come home'}.")


def print_indices(indices: Sequence[Index], console: Console) -> None:
    """Print them, the largest first."""
    table = Table("All keys at once", "alone", "including interactions", "", box=SIMPLE_HEAD)
    for i in indices:
        shares = (f"{i.first:.2f} ± {i.first_95:.2f}", f"{i.total:.2f} ± {i.total_95:.2f}")
        table.add_row(column_words(i.key), *shares, _bar(i.total, 1.0))
    console.print(table)
    console.print("Shares of the variance of the time home (Sobol indices, ± their 95 % sampling error).")


def _bar(value: float, widest: float) -> str:
    return "█" * round(20 * min(1.0, max(0.0, value / widest))) if widest else ""


def _hours(hours: float | None) -> str:
    return f"{hours:.1f} h" if hours is not None and isfinite(hours) else "never"


def _minutes(minutes: float | None) -> str:
    return f"{minutes:.0f} min" if minutes is not None else "never"


def _from_to(spread: Spread, shown: Callable[[float | None], str]) -> str:
    return f"{shown(spread.low).removesuffix(' h').removesuffix(' min')} to {shown(spread.high)}"


def _value(name: str) -> Cell:
    return column_words(name), "left", lambda row: "as it is" if row[name] is None else value_words(row[name])


def _share_home(row: RunRow) -> str:
    return "all" if row["runs_home"] == row["runs"] else f"{row['runs_home']} of {row['runs']}"


def _bottleneck(row: RunRow) -> str:
    often = "" if row["binds_share"] == 1 else f" ({row['binds_share']:.0%} of runs)"
    if row["binds"]:
        return f"{row['binds']}{often}"
    return "none" if row["runs_home"] == row["runs"] else "not home"


def _loads(row: RunRow) -> str:
    return str(row["slot_loads"])


_HOME: Final[tuple[Cell, ...]] = (
    ("home after (median)", "right", lambda row: _hours(row["home_h"].middle)),
    ("10-90 % of runs", "right", lambda row: _from_to(row["home_h"], _hours)),
    ("runs home", "right", _share_home),
)
_CELLS: Final[Mapping[str, tuple[Cell, ...]]] = {
    "run": (
        *_HOME,
        ("downtime (mean)", "right", lambda row: _minutes(row["downtime_mean_min"])),
        ("longest", "right", lambda row: _minutes(row["downtime_max_min"])),
        ("bottleneck", "left", _bottleneck),
        ("batches", "right", _loads),
    ),
    "wave": (
        *_HOME,
        ("machines", "right", lambda row: str(row["machines"])),
        ("first request after", "right", lambda row: _hours(row["waited_h"])),
        ("took (median)", "right", lambda row: _hours(row["took_h"].middle)),
        ("10-90 % of runs", "right", lambda row: _from_to(row["took_h"], _hours)),
        ("seeded after", "right", lambda row: _hours(row["seeded_h"].middle)),
        ("cutover takes", "right", lambda row: _hours(row["cutover_h"].middle)),
    ),
    "item": (
        *_HOME,
        ("waited", "right", lambda row: _hours(row["waited_h"])),
        ("downtime (median)", "right", lambda row: _minutes(row["downtime_min"].middle)),
        ("10-90 % of runs", "right", lambda row: _from_to(row["downtime_min"], _minutes)),
    ),
    "leg": (
        ("took (median)", "right", lambda row: _minutes(row["took_min"].middle)),
        ("10-90 %", "right", lambda row: _from_to(row["took_min"], _minutes)),
        ("done", "right", lambda row: f"{row['legs_done']} of {row['legs']}"),
    ),
}
_BELOW: Final[Mapping[str, tuple[str, ...]]] = {"run": (), "wave": ("wave",), "item": ("item",), "leg": ("leg",)}
