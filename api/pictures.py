"""Pictures of results, drawn by matplotlib (extra `study`). A notebook shows them; the method `save` writes a file."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .accepts import story_frame
from .arguments import checked

if TYPE_CHECKING:
    from pandas import DataFrame

    from failback.scenarios.outcomes.answers import Answer
    from failback.scenarios.outcomes.busy import Busy
    from failback.scenarios.outcomes.pictures import Picture
    from failback.scenarios.study.sensitivity import Swing

__all__ = ["gantt", "home_against", "prediction_picture", "story_bars", "swings_picture", "utilisation"]


def __dir__() -> list[str]:
    return __all__


@checked()
def gantt(answer: "Answer", title: str = "The way home") -> "Picture":
    """Draw the legs of each machine over time, with the critical path above. `answer` is the result of `Study.play`."""
    from failback.scenarios.outcomes.pictures import gantt

    return gantt(answer, title)


@checked()
def utilisation(parts: "Busy", title: str = "How busy each part was") -> "Picture":
    """Draw the load of each server, datastore and link over time. `parts` is the result of `Study.busy`."""
    from failback.scenarios.outcomes.pictures import utilisation

    return utilisation(parts, title)


@checked()
def home_against(frame: "DataFrame", column: str, per: str | None = None, by_h: float | None = None) -> "Picture":
    """Plot the time at which everything is home as a function of `column`, with a line for each value of `per`.

    The plot shows the median and the middle 80 % of the runs, and the deadline `by_h` (in hours) if you give one.
    """
    from failback.scenarios.study.pictures import home_against

    return home_against(frame, column, per, by_h)


@checked(frame=story_frame)
def story_bars(frame: "DataFrame") -> "Picture":
    """Draw how many machines come home in each scenario of `stories.side_by_side`, and when the last one is home."""
    from failback.scenarios.study.pictures import story_bars

    return story_bars(frame)


@checked()
def swings_picture(swings: "Sequence[Swing]") -> "Picture":
    """Draw what changes the finish time most, as a tornado chart. `swings` is the result of `Study.tornado`."""
    from failback.scenarios.study.pictures import swings_picture

    return swings_picture(swings)


@checked()
def prediction_picture(assumed_s: Sequence[float], known_s: Sequence[float], actual_s: Sequence[float]) -> "Picture":
    """Draw the predictions without and with calibration beside the actual durations.

    The arguments are those of `failback.words.prediction_words`.
    """
    from failback.scenarios.calibrations.predicted_versus_actual import prediction_picture

    return prediction_picture(assumed_s, known_s, actual_s)
