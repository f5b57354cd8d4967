"""When everything is home, and how long that takes."""

from math import isfinite

from failback.scenarios.text.language import said
from failback.scenarios.text.local_time import after
from failback.scenarios.text.spans import span_words, when_words

from .prediction import Prediction


def end_words(found: Prediction, seconds: float | None) -> str:
    """When that is, and how long after the cutover or the start."""
    if seconds is None or not isfinite(seconds):
        return said("never")
    date = when_words(after(found.question.start, seconds), found.question.begins)
    return said("{date} ({takes})", date=date, takes=takes_words(found, seconds))


def takes_words(found: Prediction, home_s: float | None) -> str:
    """How long that is from the cutover on, or from the start where nobody asked for a cutover."""
    return said("never") if home_s is None else span_words(max(0.0, home_s - found.question.lead_s))
