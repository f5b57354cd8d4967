"""The comments above the waves of a new scenario: their order, what to decide, and who is in which wave and why."""

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Final

from failback.reprotect import Estate
from failback.scenarios.files.applications import Application
from failback.scenarios.text.name_lists import listed

from .one_server import one_server_words
from .planned_waves import PlannedWave
from .turns import Turns, turns_of
from .values_to_choose import values_to_choose

_WIDTH: Final = 120
_PLAN: Final = """\
# How the waves are ordered: an application comes after those on which it depends; of the others, the tier with the
# lowest number comes first; machines that should come home one after the other are in different waves; no wave has more
# disks than the servers have slots.
# A wave begins its way home when the wave before it is home. `opens_s` gives it an earliest second after the start,
# `seed_opens_s` copies its data before its turn.
# Decide: are these waves right? Fewer waves are sooner home, and put more machines into one cutover.
# Decide: who says go? A gate makes the drill wait for an answer, for instance:
#   gates: [{name: approved, before: failback, question: May the application go down now?}]
"""


def plan_comments(estate: Estate, waves: Sequence[PlannedWave], applications: Sequence[Application]) -> str:
    """Lines that each begin with `#`."""
    asked = (f"Decide: {question}" for question in (*values_to_choose(estate), *one_server_words(estate)))
    groups = turns_of(estate, applications)
    notes = (f"{one.wave.name}: {_wave_words(one, waves, applications, groups)}" for one in waves)
    return _PLAN + comments((*asked, *notes, *(words for one in waves for words in one.to_decide())))


def comments(texts: Iterable[str]) -> str:
    """Each text as a comment of as many lines as it needs; what is in a name cannot end a comment."""
    return "".join(f"{line}\n" for text in texts for line in _lines(text))


def _lines(text: str) -> Iterator[str]:
    whole = " ".join(text.split())
    yield from wrap(
        whole,
        _WIDTH,
        initial_indent="# ",
        subsequent_indent="#   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _wave_words(
    one: PlannedWave, waves: Sequence[PlannedWave], applications: Sequence[Application], groups: Sequence[Turns]
) -> str:
    """Its applications, each with its tier; of one that is in several waves, what of it is here, and why."""
    own = [each for each in applications if each.name in one.applications]
    named = (f"{each.name}{f' (tier {each.tier})' if each.tier else ''}" for each in own)
    parts = (_part_words(each, one, waves, groups) for each in own)
    return "; ".join(f"{name}{part}" for name, part in zip(named, parts, strict=True)) or "machines of no application"


def _part_words(one: Application, here: PlannedWave, waves: Sequence[PlannedWave], groups: Sequence[Turns]) -> str:
    """Empty where all of it is here."""
    there = [wave for wave in waves if one.name in wave.applications]
    if len(there) == 1:
        return ""
    own = listed([name for name in one.machines if name in here.wave.items])
    if not (before := there[: there.index(here)]):
        return f": {own} (the rest in {listed([wave.wave.name for wave in there[1:]])})"
    items, earlier = frozenset(here.wave.items), frozenset(name for wave in before for name in wave.wave.items)
    met = (each for each in groups if items.intersection(each.machines) and earlier.intersection(each.machines))
    why = dict.fromkeys(each.because.value for each in met)
    return f": {own} (after those in {listed([wave.wave.name for wave in before])}: {', '.join(why)})"
