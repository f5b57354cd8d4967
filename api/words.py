"""Results in sentences. `frame` is a table of runs, as `failback.Study(...).run()` returns it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .accepts import story_frame
from .accepts import table as any_table
from .arguments import checked

if TYPE_CHECKING:
    from pathlib import Path

    from pandas import DataFrame

    from failback.scenarios.files.schema import Scenario
    from failback.scenarios.outcomes.answers import Answer
    from failback.scenarios.outcomes.busy import Busy
    from failback.scenarios.study.sensitivity import Swing

__all__ = [
    "busy_words",
    "comparison_words",
    "knee_words",
    "least_words",
    "prediction_words",
    "purchase_words",
    "readable_table",
    "slot_words",
    "summary_table",
    "swing_words",
    "unknown_words",
    "way_words",
]


def __dir__() -> list[str]:
    return __all__


@checked()
def slot_words(scenario: "Scenario | str | Path") -> str:
    """Return a sentence on the number of batches in which the machines come home (calculated without a simulation).

    The disk slots (places for disks) of an appliance or master target limit its batches.

    Example:
        >>> failback.words.slot_words("one_vm")
        '1 machine with 2 disks comes home in 1 batch (mt-linux: 2 disks, up to 58 at once, 1 batch).'
    """
    from failback.scenarios.outcomes.server_batches import slot_words

    return slot_words(scenario)  # type: ignore[arg-type]  # `checked` has read it


@checked()
def way_words(answer: "Answer") -> str:
    """Return sentences on the result of `Study.play`: when everything was home, the critical path, and the downtime."""
    from failback.scenarios.study.words import way_words

    return way_words(answer)


@checked()
def least_words(frame: "DataFrame", column: str, by_h: float, sure: float) -> str:
    """Name the smallest value of `column` that brings all machines home within `by_h` hours.

    At least the share `sure` of the runs must do so (0 to 1, not a percentage).
    """
    from failback.scenarios.study.words import least_words

    return least_words(frame, column, by_h, sure)


@checked()
def knee_words(frame: "DataFrame", column: str) -> str:
    """Name the value of `column` above which an increase helps little, and the bottleneck at that value."""
    from failback.scenarios.study.words import knee_words

    return knee_words(frame, column)


@checked()
def purchase_words(frame: "DataFrame", now: Mapping[str, Any]) -> str:
    """Name the quantity, such as the bandwidth, whose increase brings all machines home soonest.

    `now` maps each quantity (a column of `frame`) to its present value.
    """
    from failback.scenarios.study.words import purchase_words

    return purchase_words(frame, now)


@checked(frame=story_frame)
def comparison_words(frame: "DataFrame") -> str:
    """Compare each scenario with the first one. `frame` is the result of `failback.stories.side_by_side`."""
    from failback.scenarios.study.words import comparison_words

    return comparison_words(frame)


@checked()
def swing_words(swings: "Sequence[Swing]") -> str:
    """Name the key that changes the finish time most. `swings` is the result of `Study.tornado`."""
    from failback.scenarios.study.words import swing_words

    return swing_words(swings)


@checked()
def unknown_words(frame: "DataFrame", column: str) -> str:
    """State how much of the spread of the finish time comes from chance, and how much from the values in `column`."""
    from failback.scenarios.study.words import unknown_words

    return unknown_words(frame, column)


@checked()
def summary_table(frame: "DataFrame", *columns: str) -> "DataFrame":
    """Summarise `frame` in a table with a row for each combination of values in `columns`."""
    from failback.scenarios.study.words import summary_table

    return summary_table(frame, *columns)


@checked(table=any_table)
def readable_table(table: "DataFrame") -> "DataFrame":
    """Return the table of a study with readable names of columns, legs and bottlenecks."""
    from failback.scenarios.study.readable import readable_table

    return readable_table(table)


@checked()
def busy_words(parts: "Busy") -> str:
    """State the average load of each server, datastore and link, and how long each was at full load.

    `parts` is the result of `Study.busy`.
    """
    from failback.scenarios.outcomes.busy import busy_words

    return busy_words(parts)


@checked()
def prediction_words(assumed_s: Sequence[float], known_s: Sequence[float], actual_s: Sequence[float]) -> str:
    """State how many actual durations are in the predicted 90 % range, without and with a calibration.

    All arguments are durations of drills in seconds: `assumed_s` predicted without a calibration, `known_s` predicted
    with one, `actual_s` measured.
    """
    from failback.scenarios.calibrations.predicted_versus_actual import prediction_words

    return prediction_words(assumed_s, known_s, actual_s)
