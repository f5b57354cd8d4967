"""The results as pictures, by matplotlib (extra `study`). A notebook shows a picture; `save` writes it to a file."""

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


@checked()
def gantt(answer: "Answer", title: str = "The way home") -> "Picture":
    """The legs of each machine over time, with the critical path above, for one way home as `Study.play` returns it."""
    from failback.scenarios.outcomes.pictures import gantt

    return gantt(answer, title)


@checked()
def utilisation(parts: "Busy", title: str = "How busy each part was") -> "Picture":
    """The share of its capacity that each part used over time, for the result of `Study.busy`."""
    from failback.scenarios.outcomes.pictures import utilisation

    return utilisation(parts, title)


@checked()
def home_against(frame: "DataFrame", column: str, per: str | None = None, by_h: float | None = None) -> "Picture":
    """When everything is home, plotted against `column`: median and middle 80 %, one line per value of `per`."""
    from failback.scenarios.study.pictures import home_against

    return home_against(frame, column, per, by_h)


@checked(frame=story_frame)
def story_bars(frame: "DataFrame") -> "Picture":
    """How many machines come home in each scenario, and when the last does, for `failback.stories.side_by_side`."""
    from failback.scenarios.study.pictures import story_bars

    return story_bars(frame)


@checked()
def swings_picture(swings: "Sequence[Swing]") -> "Picture":
    """What changes the finish time most, as a tornado chart, for the result of `Study.tornado`."""
    from failback.scenarios.study.pictures import swings_picture

    return swings_picture(swings)


@checked()
def prediction_picture(assumed_s: Sequence[float], known_s: Sequence[float], actual_s: Sequence[float]) -> "Picture":
    """Predictions without and with calibration beside what happened. All values in seconds."""
    from failback.scenarios.calibrations.predicted_versus_actual import prediction_picture

    return prediction_picture(assumed_s, known_s, actual_s)
