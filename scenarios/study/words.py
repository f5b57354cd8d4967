"""What a study says, in sentences: made of its rows, so that they say something else when the numbers do."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import TYPE_CHECKING, Any, Final

from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.outcomes.bottleneck import cause_name
from failback.scenarios.text.rounding import percent

from .column_words import column_words, value_in_words
from .rows import RunRow, data_frame
from .sensitivity import Swing
from .variants import refused
from .whatif_summary import summaries

if TYPE_CHECKING:
    from pandas import DataFrame

GAIN_MIN: Final = 0.05
"""A share of the time that is worth a purchase."""
_SHOWN_MIN_H: Final = 0.05
"""Hours from which on a tenth of an hour is shown."""
STORY: Final = "story"
"""Column of what is compared."""


def way_words(answer: Answer) -> str:
    """One run: when all were home, what that time was made of, how long applications were down."""
    summary = answer.summary()
    if answer.home_s is None:
        return f"{summary['machines_home'] or 'None'} of the {summary['machines']} machines came home."
    causes = "; ".join(
        f"{cause_name(cause)} ({percent(seconds / answer.home_s)})" for cause, seconds in answer.causes.items()
    )
    return (
        f"All {summary['machines']} machines are home after {summary['home_h']:.1f} h. This time consists of: "
        f"{causes}. "
        f"An application is down for {summary['downtime_mean_min']:.0f} minutes on average and for "
        f"{summary['downtime_max_min']:.0f} at the longest; the rest of the work is done while it runs in Azure."
    )


def least_words(frame: "DataFrame", column: str, by_h: float, sure: float) -> str:
    """The least of what varies that brings all home in time, in so large a share of the runs."""
    shares = {value: _in_time(rows, by_h) for value, rows in _by(frame, column).items()}
    enough = [value for value, share in shares.items() if share >= sure]
    wanted = f"To be home within {by_h:g} hours in {percent(sure)} of the runs"
    if not enough:
        best = max(shares, key=lambda value: shares[value])
        return f"{wanted}, none of these is enough: {value_in_words(column, best)} does it in {percent(shares[best])}."
    below = [value for value in shares if value < enough[0]]
    less = f"; with {value_in_words(column, below[-1])} it is {percent(shares[below[-1]])}" if below else ""
    return f"{wanted}, {value_in_words(column, enough[0])} is enough ({percent(shares[enough[0]])}){less}."


def knee_words(frame: "DataFrame", column: str) -> str:
    """From where on more of it gains little, and what binds there."""
    found = {row[column]: row for row in _sums(frame, (column,))}
    for value, row in found.items():
        beyond = [_home_h(other) for more, other in found.items() if more > value]
        if beyond and _home_h(row) < inf and _home_h(row) - min(beyond) < GAIN_MIN * _home_h(row):
            gain = max(0.0, _home_h(row) - min(beyond))
            return (
                f"Going beyond {value_in_words(column, value)} gains {_at_most(gain)}: from there on, "
                f"the bottleneck is {cause_name(row['binds'])}."
            )
    last = list(found.values())[-1]
    return (
        f"Up to {value_in_words(column, last[column])}, each step gains something; there, the bottleneck is "
        f"{cause_name(last['binds'])}."
    )


def purchase_words(frame: "DataFrame", now: Mapping[str, Any]) -> str:
    """Of single steps up from the present values, the one that brings all home soonest."""
    found = _sums(frame, tuple(now))
    here = _home_h(_row_at(found, now))
    gains = {step: here - _home_h(_row_at(found, {**now, **dict([step])})) for step in _steps(found, now)}
    each = "; ".join(f"{value_in_words(*step)}: {_sooner(gain)}" for step, gain in gains.items())
    best = max(gains, key=lambda step: gains[step], default=None)
    if best is None or gains[best] < GAIN_MIN * here:
        return f"All are home after {here:.1f} h as it is, and no single step up gains much ({each or 'no step'})."
    buy = f"The better buy is {value_in_words(*best)}."
    return f"All are home after {here:.1f} h as it is. One step up: {each}. {buy}"


def comparison_words(frame: "DataFrame") -> str:
    """Each story beside the first one, a sentence each."""
    first, *others = _sums(frame, (STORY,))
    return " ".join(_beside(first, story) for story in (first, *others))


def swing_words(swings: Sequence[Swing]) -> str:
    """Which single unknown moves the end most, and what hardly matters."""
    first = swings[0]
    small = [column_words(swing.key, unit=False) for swing in swings if swing.width < GAIN_MIN * first.base]
    least = f" Of little effect: {', '.join(small)}." if small else ""
    low, high = (value_in_words(first.key, value) for value in (first.low, first.high))
    ends = f"with {low}, all are home after {first.at_low:.1f} h, with {high}, after {first.at_high:.1f} h"
    return f"What changes the finish time most is the {column_words(first.key, unit=False)}: {ends}.{least}"


def unknown_words(frame: "DataFrame", column: str) -> str:
    """How far chance moves the end, and how far the unknown of this column does, in the widest case of each."""
    known = [row for row in _sums(frame, _varied(frame)) if row["runs_home"] == row["runs"]]
    chance = max((row["home_h"].high - row["home_h"].low for row in known), default=0.0)
    others = [name for name in _varied(frame) if name != column]
    groups: dict[tuple[Any, ...], list[float]] = {}
    for row in known:
        groups.setdefault(tuple(row[name] for name in others), []).append(_home_h(row))
    unknown = max((max(hours) - min(hours) for hours in groups.values()), default=0.0)
    return f"Chance changes the finish time by {_at_most(chance)}, the {column_words(column)} by {_at_most(unknown)}."


def _at_most(hours: float) -> str:
    """At most so many hours, to a tenth; fewer are some all the same."""
    return f"at most {hours:.1f} h" if hours >= _SHOWN_MIN_H else "less than 0.1 h" if hours else "nothing"


def _sooner(gain_h: float) -> str:
    """How much sooner; what is later or the same is said to be so."""
    if abs(gain_h) < _SHOWN_MIN_H:
        return "no sooner"
    return f"{abs(gain_h):.1f} h {'sooner' if gain_h > 0 else 'later'}"


def _varied(frame: "DataFrame") -> list[str]:
    """Columns of what varies: they stand between the variant and the replication."""
    names = [str(name) for name in frame.columns]
    return names[names.index("variant") + 1 : names.index("replication")]


def summary_table(frame: "DataFrame", *columns: str) -> "DataFrame":
    """The study in a small table: the middle of the runs, where eight in ten lie, what binds."""
    return data_frame(_table_row(row, columns) for row in _sums(frame, columns))


def _table_row(row: RunRow, columns: Sequence[str]) -> RunRow:
    return {
        **{name: row[name] for name in columns},
        "home_median_h": row["home_h"].middle,
        "home_10_h": row["home_h"].low,
        "home_90_h": row["home_h"].high,
        "runs_home": f"{row['runs_home']} of {row['runs']}",
        "machines_home": row["machines_home"],
        "downtime_mean_min": row["downtime_mean_min"],
        "binds": row["binds"] or "not all came home",
    }


def _by(frame: "DataFrame", column: str) -> dict[Any, list[RunRow]]:
    groups: dict[Any, list[RunRow]] = {}
    for row in sorted(records(frame), key=lambda row: row[column]):
        groups.setdefault(row[column], []).append(row)
    return groups


def records(frame: "DataFrame") -> list[RunRow]:
    """The rows as a study made them: what did not happen is None."""
    rows = frame.to_dict("records")
    return [{str(name): None if value != value else value for name, value in row.items()} for row in rows]


def _sums(frame: "DataFrame", columns: Sequence[str]) -> list[RunRow]:
    """One per combination of these columns, over all else."""
    rows = [{**row, "variant": 0} for row in records(frame)]
    return list(summaries(rows, "run", columns))


def _in_time(rows: Sequence[RunRow], by_h: float) -> float:
    return len([row for row in rows if row["home_h"] is not None and row["home_h"] <= by_h]) / len(rows)


def _home_h(row: RunRow) -> float:
    middle: float | None = row["home_h"].middle
    return inf if middle is None else middle


def _steps(found: Sequence[RunRow], now: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """For each column its next value up."""
    for column, value in now.items():
        more = sorted({row[column] for row in found if row[column] > value})
        yield from ((column, above) for above in more[:1])


def _row_at(found: Sequence[RunRow], at: Mapping[str, Any]) -> RunRow:
    for row in found:
        if all(row[name] == value for name, value in at.items()):
            return row
    raise refused(f"no run has the present values {dict(at)}; include them in the varied values")


def _ending(row: RunRow) -> str:
    if row["runs_home"] < row["runs"]:
        if not row["runs_home"] and not row["machines_home"]:
            return f"in none of the {row['runs']} runs does a machine come home"
        left = f"in {row['runs'] - row['runs_home']} of {row['runs']} runs some machines stay in Azure"
        return f"{left} ({row['machines_home']:g} of {row['machines']} machines come home)"
    return f"home after {_home_h(row):.1f} h"


def _beside(first: RunRow, other: RunRow) -> str:
    later = _home_h(other) - _home_h(first)
    more = f", {_sooner(-later)}" if _SHOWN_MIN_H <= abs(later) < inf else ""
    return f"{str(other[STORY])[:1].upper()}{str(other[STORY])[1:]}: {_ending(other)}{more}."
