"""What the end of a run waited for: its critical path, backwards from whatever ended last, of any world's result.

What was still under way when the run ended is what that end waited for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from failback.scenarios.outcomes.critical_path import WAIT, Activity, Part, critical_path
from failback.scenarios.outcomes.segments import segments
from failback.scenarios.run.result import Result
from failback.scenarios.text.plain_words import LEG_WORDS

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

    @property
    def whole_s(self) -> int:
        """Its seconds from the second in which it began, so that those of all pieces add up to the whole."""
        return int(self.start_s + self.length_s) - int(self.start_s)


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
    sums: dict[str, int] = {}
    for piece in pieces:
        sums[piece.what] = sums.get(piece.what, 0) + piece.whole_s
    each = " + ".join(f"{what} {to_the_second(sums[what])}" for what in sorted(sums, key=lambda what: -sums[what]))
    left_out = len(pieces) - len(longest(pieces))
    more = f" The {left_out} shortest parts are not shown." if left_out else ""
    return f"One after another, without a gap, {to_the_second(sum(sums.values()))} in all = {each}.{more}"


def to_the_second(seconds: float) -> str:
    """A duration of a sum: 3 h 48 min 12 s, cut to the second."""
    minutes, rest = divmod(int(seconds), 60)
    parts = zip((*divmod(minutes, 60), rest), ("h", "min", "s"), strict=True)
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


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
