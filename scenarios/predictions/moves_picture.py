"""The tornado of a dated answer: what moves the end of the expected case most, and whether it is still in time."""

from collections.abc import Sequence
from math import inf, isfinite

from failback.scenarios.outcomes.answers import model_version
from failback.scenarios.outcomes.pictures import Picture, tornado

from .levers import LeverEffect


def moves_picture(moves: Sequence[LeverEffect], by_h: float) -> Picture:
    """A bar for each, the widest on top; an end at which not all come home is left out."""
    base_h = next((move.base_h for move in moves), inf)
    known = [move for move in moves if isfinite(move.width_h)] if isfinite(base_h) else []
    bars = {
        f"{move.lever.words}\n{move.lever.low_words} to {move.lever.high_words}": (move.low_h, move.high_h)
        for move in known
    }
    return tornado(bars, base_h if known else 0.0, model=model_version(), by_h=by_h)
