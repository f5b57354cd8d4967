"""Seed and cutover of each wave as a picture: one run in the middle, seed on the left, the night on the right."""

from collections.abc import Sequence
from typing import Any, Final

from failback.reprotect import Operation, Wave
from failback.scenarios.outcomes.answers import Answer
from failback.scenarios.outcomes.pictures import HOUR_S, INK, LEG_COLOURS, Picture, finish_axes, new_figure
from failback.scenarios.text.spans import span_words

from .cutover_windows import SEED, seeded_s
from .prediction import Prediction

_TITLE: Final = "Seed and cutover of each wave"
_Bar = tuple[float, float]
"""From, to, in seconds after the cutover; before it they are negative."""


def cutover_picture(found: Prediction) -> Picture:
    """A row per wave, in a run of the first case that is in the middle of all."""
    waves, answer, lead_s = found.question.scenario.plan.waves, found.middle, found.question.lead_s
    seeds = {wave.name: _seed(answer, wave, lead_s) for wave in waves}
    moves = {wave.name: _move(answer, wave, lead_s) for wave in waves}
    figure = new_figure(_TITLE, found.model, height=1.8 + 0.35 * len(waves))
    left, right = figure.subplots(1, 2, sharey=True)
    _draw(left, [seeds[wave.name] for wave in waves], SEED, "hours from the cutover")
    _draw(right, [moves[wave.name] for wave in waves], Operation.FAILBACK, "hours after the cutover")
    left.axvline(0.0, color=INK, linewidth=1.0)
    left.set_title("seed: the applications work in Azure", fontsize=9, color=INK, loc="left")
    right.set_title("cutover: failback, checks, commit", fontsize=9, color=INK, loc="left")
    left.set_yticks(range(len(waves)), [wave.name for wave in waves])
    left.invert_yaxis()
    said = [_words(wave.name, seeds[wave.name], moves[wave.name]) for wave in waves]
    return Picture(figure, f"{_TITLE}, one simulated run. {' '.join(said)}")


def _draw(axes: Any, bars: Sequence[_Bar | None], operation: Operation, across: str) -> None:
    for row, bar in enumerate(bars):
        if bar is not None:
            begin, end = (at_s / HOUR_S for at_s in bar)
            axes.barh(row, end - begin, left=begin, color=LEG_COLOURS[operation], height=0.6)
    finish_axes(axes, across, "")


def _seed(answer: Answer, wave: Wave, lead_s: float) -> _Bar | None:
    """From the first reprotect of the wave to the end of its last resync."""
    ends_s, those = seeded_s(answer), set(wave.items)
    begun = [leg.start_s for leg in answer.legs if leg.item in those and leg.leg == SEED.value]
    done = [ends_s[name] for name in wave.items if name in ends_s]
    return (min(begun) - lead_s, max(done) - lead_s) if begun and done else None


def _move(answer: Answer, wave: Wave, lead_s: float) -> _Bar | None:
    """From the first failback of the wave until its last machine is home."""
    items = [item for item in answer.items if item.item in set(wave.items)]
    begun = [item.failback_s for item in items if item.failback_s is not None]
    home = [item.home_s for item in items if item.home_s is not None]
    return (min(begun) - lead_s, max(home) - lead_s) if begun and len(home) == len(items) else None


def _words(wave: str, seed: _Bar | None, move: _Bar | None) -> str:
    seeds = f"seeds for {span_words(seed[1] - seed[0])}, done {_when(seed[1])}" if seed else "does not seed"
    moves = f"moves home from {_when(move[0])} to {_when(move[1])}" if move else "does not come home"
    return f"Wave {wave} {seeds}, and {moves}."


def _when(at_s: float) -> str:
    if abs(at_s) < 60.0:
        return "the cutover"
    return f"{span_words(abs(at_s))} {'before' if at_s < 0 else 'after'} the cutover"
