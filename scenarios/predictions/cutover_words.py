"""Seed and cutover in the sentence of the answer."""

from failback.scenarios.text.language import said
from failback.scenarios.text.plain_words import date_words
from failback.scenarios.text.spans import span_words

from .cutover_values import Span, WaveCutover
from .later_twins import Waits
from .prediction import Prediction


def begin_words(found: Prediction) -> str:
    """When it begins, for the sentence."""
    seeds = found.cutover
    if seeds is None:
        return said("starting on {date}", date=date_words(found.question.start))
    at = date_words(seeds.at)
    if seeds.begins >= seeds.at:
        return said("failing back from {date} on, with nothing seeded ahead", date=at)
    begins = date_words(seeds.begins)
    return said("replicating home from {begins} and failing back from {date} on", begins=begins, date=at)


def wave_words(found: Prediction) -> str:
    """Each wave in a sentence: when it must begin to seed, how long its cutover takes, and its latest go/no-go time."""
    return " ".join(_wave_words(wave) for wave in found.cutover.waves) if found.cutover is not None else ""


def _wave_words(wave: WaveCutover) -> str:
    known = [at for at in wave.seed_latest.values() if at is not None]
    later = f" (if nothing slows it, on {date_words(max(known))})" if known and min(known) < max(known) else ""
    ahead = f"{wave.disks_ahead} of {wave.disks} disks"
    waits = "when slots become free" if wave.waits is None else waits_words(wave.waits)
    seed = waits if wave.begins is None else f"by {date_words(wave.begins)} at the latest{later}"
    takes = "is not over in every run" if wave.cutover_s is None else f"takes {between_words(wave.cutover_s)}"
    decision = "the latest time for the go/no-go decision"
    go = "which is too late" if wave.last_go is None else f"and {decision} is {date_words(wave.last_go)}"
    return f"Wave {wave.wave} ({ahead} ahead) begins to seed {seed}. Its cutover {takes}, {go}."


def waits_words(waits: Waits) -> str:
    """When a wave begins to seed that does not seed ahead for a BIOS UUID."""
    if waits.firsts:
        return said("when {wave} is home", wave=waits.wave)
    return said("when {wave} has begun", wave=waits.wave)


def between_words(span: Span) -> str:
    """The least and the most, or the one time that both are."""
    low, high = map(span_words, span)
    return low if low == high else said("{low} to {high}", low=low, high=high)


def seed_words(found: Prediction) -> str | None:
    """By when seeding has to begin, and what the cases leave open; None where nobody asked for a cutover."""
    seeds = found.cutover
    if seeds is None:
        return None
    known = [at for at in seeds.starts.values() if at is not None]
    if not known:
        return said("nothing begins to seed before the cutover")
    least, most = date_words(min(known)), date_words(max(known))
    if min(known) == max(known):
        return said("seeding has to begin by {date} in every case", date=least)
    return said(
        "seeding has to begin between {low} and {high}, depending on the data and the bandwidth", low=least, high=most
    )
