"""Seed and cutover in the sentence of the answer."""

from failback.scenarios.text.plain_words import date_words

from .prediction import Prediction


def begin_words(found: Prediction) -> str:
    """When it begins, for the sentence."""
    seeds = found.cutover
    if seeds is None:
        return f"starting on {date_words(found.question.start)}"
    if seeds.begins >= seeds.at:
        return f"failing back from {date_words(seeds.at)} on, with nothing seeded ahead"
    return f"replicating home from {date_words(seeds.begins)} and failing back from {date_words(seeds.at)} on"


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
