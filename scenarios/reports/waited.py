"""What the end of a run waited for: its critical path, backwards from whatever ended last, of any world's result.

What was still under way when the run ended is what that end waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from failback.scenarios.outcomes.critical_path import WAIT, Activity, Part, critical_path
from failback.scenarios.outcomes.segments import segments
from failback.scenarios.run.result import Result
from failback.scenarios.text.plain_words import LEG_WORDS, h_min
from failback.scenarios.text.rounding import whole_minutes

ROWS_MAX: Final = 24
"""Pieces that are shown; of more, the longest ones, in the order of time."""
_OPEN: Final = ", still under way"
_KINDS: Final = {
    "job": "job",
    "resync": "resync",
    "failed": "a try that failed",
    "cancelled": "a try that was cancelled",
    WAIT: "waiting for a wave, a gate, a retry or the next look",
}


@dataclass(frozen=True, slots=True)
class WaitPiece:
    """One piece: the machine, its leg, what of it, when it began and how long it took."""

    item: str
    leg: str
    what: str
    start_s: float
    length_s: float


def waited(result: Result) -> tuple[WaitPiece, ...]:
    """All pieces, without a gap from the start to the last end; nothing where no leg began."""
    begun = [segment for segment in segments(result) if segment.end_s > segment.start_s]
    if not begun:
        return ()
    last = max(begun, key=lambda segment: segment.end_s)
    done = (Activity(s.item, s.leg, s.kind + _OPEN * s.is_open, s.start_s, s.end_s) for s in begun)
    return tuple(_piece(part) for part in critical_path(done, last.item, 0.0, last.end_s))


def longest(pieces: Sequence[WaitPiece]) -> tuple[WaitPiece, ...]:
    """Those that are shown, in the order of time."""
    few = sorted(pieces, key=lambda piece: -piece.length_s)[:ROWS_MAX]
    return tuple(piece for piece in pieces if piece in few)


def waited_words(pieces: Sequence[WaitPiece]) -> str:
    """The sum of it all in a sentence, by what it was."""
    sums: dict[str, float] = {}
    for piece in pieces:
        sums[piece.what] = sums.get(piece.what, 0.0) + piece.length_s
    shown = whole_minutes(sums)
    each = " + ".join(f"{what} {minutes_words(shown[what])}" for what in sorted(sums, key=lambda what: -sums[what]))
    left_out = len(pieces) - len(longest(pieces))
    more = f" The {left_out} shortest parts are not shown." if left_out else ""
    return f"One after another, without a gap, {h_min(sum(sums.values()))} in all = {each}.{more}"


def minutes_words(seconds: float) -> str:
    """Whole minutes of a sum of several."""
    return h_min(seconds) if seconds >= 60 else "under a minute"


def minutes_of(pieces: Sequence[WaitPiece]) -> dict[WaitPiece, str]:
    """How long each took, in minutes that add up to those of the whole."""
    shown = whole_minutes({piece: piece.length_s for piece in pieces})
    return {piece: minutes_words(seconds) for piece, seconds in shown.items()}


def _piece(part: Part) -> WaitPiece:
    leg = "" if part.leg is None else LEG_WORDS[part.leg].name
    return WaitPiece(part.item, leg, _KINDS.get(part.bottleneck, part.bottleneck), part.start_s, part.length_s)


def bottleneck(pieces: Sequence[WaitPiece]) -> tuple[str, str, float, float] | None:
    """The leg, and what of it, that took longest of the way, how long it took and of how much.

    Waiting is no bottleneck, since something else has caused it, or the plan.
    """
    sums: dict[tuple[str, str], float] = {}
    for piece in pieces:
        if piece.what != _KINDS[WAIT]:
            sums[piece.leg, piece.what] = sums.get((piece.leg, piece.what), 0.0) + piece.length_s
    if not sums:
        return None
    longest_one = max(sums, key=lambda key: sums[key])
    return *longest_one, sums[longest_one], sum(piece.length_s for piece in pieces)
