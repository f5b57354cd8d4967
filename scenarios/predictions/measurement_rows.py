"""The table of what to measure before."""

from failback.scenarios.text.language import said, translated
from failback.scenarios.text.local_time import after
from failback.scenarios.text.spans import span_words, when_words

from .measurements import Measurement
from .prediction import Prediction


def measurement_rows(found: Prediction) -> list[tuple[str, str, str]]:
    """Each measurement, the range of finish times with it, and how much shorter that is."""
    return [(translated(one.words), range_words(found, one.after_s), _narrower(one)) for one in found.measurements]


def range_words(found: Prediction, ends_s: tuple[float, float]) -> str:
    """Between which dates everything is home."""
    start = found.question.start
    low, high = (when_words(after(start, seconds), found.question.begins) for seconds in ends_s)
    return low if low == high else said("{low} to {high}", low=low, high=high)


def _narrower(one: Measurement) -> str:
    if abs(one.narrows_s) < 60:
        return said("no difference")
    time = span_words(abs(one.narrows_s))
    return said("{time} narrower", time=time) if one.narrows_s > 0 else said("{time} wider", time=time)
