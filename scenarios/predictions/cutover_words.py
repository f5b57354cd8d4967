"""Seed and cutover in the sentence of the answer."""

from failback.scenarios.text.plain_words import date_words
from failback.scenarios.text.spans import span_words

from .cutover_values import Span, WaveCutover
from .prediction import Prediction


def begin_words(found: Prediction) -> str:
    """When it begins, for the sentence."""
    seeds = found.cutover
    if seeds is None:
        return f"starting on {date_words(found.question.start)}"
    if seeds.begins >= seeds.at:
        return f"failing back from {date_words(seeds.at)} on, with nothing seeded ahead"
    return f"replicating home from {date_words(seeds.begins)} and failing back from {date_words(seeds.at)} on"


def wave_words(found: Prediction) -> str:
    """Each wave in a sentence: when it must begin to seed, how long its cutover takes, and its latest go/no-go time."""
    return " ".join(_wave_words(wave) for wave in found.cutover.waves) if found.cutover is not None else ""


def _wave_words(wave: WaveCutover) -> str:
    known = [at for at in wave.seed_latest.values() if at is not None]
    later = f" (if nothing slows it, on {date_words(max(known))})" if known and min(known) < max(known) else ""
    ahead = f"{wave.disks_ahead} of {wave.disks} disks"
    seed = "when slots come free" if wave.begins is None else f"by {date_words(wave.begins)} at the latest{later}"
    takes = "is not over in every run" if wave.cutover_s is None else f"takes {between_words(wave.cutover_s)}"
    decision = "the latest time for the go/no-go decision"
    go = "which is too late" if wave.last_go is None else f"and {decision} is {date_words(wave.last_go)}"
    return f"Wave {wave.wave} ({ahead} ahead) begins to seed {seed}. Its cutover {takes}, {go}."


def between_words(span: Span) -> str:
    """The least and the most, or the one time that both are."""
    return " to ".join(dict.fromkeys(map(span_words, span)))


def seed_words(found: Prediction) -> str | None:
    """By when seeding has to begin, and what the cases leave open; None where nobody asked for a cutover."""
    seeds = found.cutover
    if seeds is None:
        return None
    known = [at for at in seeds.starts.values() if at is not None]
    if not known:
        return "nothing begins to seed before the cutover"
    least, most = min(known), max(known)
    band = f"{date_words(least)} and {date_words(most)}" if least < most else date_words(least)
    between = f"between {band}, depending on the data and the bandwidth" if least < most else f"by {band} in every case"
    return f"seeding has to begin {between}"
