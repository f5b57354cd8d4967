"""What a requirement's predicate finds: met, met but with something to know, broken by named objects, or unsure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from failback.reprotect.estate import Fact, known


@dataclass(frozen=True, slots=True)
class Blocker:
    """One object that breaks the rule, or that a note is about, and how, in a sentence.

    `lasts`: it stays as it is, even where the rule may resolve itself (`waits_s`). `holds`: the cases of `CASES` that
    the predicate saw hold, for the words of steps and proofs. `others`: the machines that break it together with it.
    """

    name: str
    sentence: str
    lasts: bool = False
    holds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """One fact that nobody knows, and how to obtain it; `holds` as of a `Blocker`.

    `others`: the machines whose own findings answer it, where it is no fact of the object itself.
    """

    fact: str
    how: str
    holds: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Met:
    """The rule holds."""


@dataclass(frozen=True, slots=True)
class Broken:
    """The rule does not hold because of these objects."""

    blockers: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    """The rule holds and does not block, but these objects are worth knowing about."""

    notes: tuple[Blocker, ...]


@dataclass(frozen=True, slots=True)
class Unsure:
    """Whether the rule holds depends on these facts; what is worth knowing meanwhile is kept."""

    gaps: tuple[Gap, ...]
    notes: tuple[Blocker, ...] = ()


Verdict: TypeAlias = Met | Noted | Broken | Unsure
LINK: Final = "link"
"""The name under which the link between Azure and the site is at fault."""
MET: Final = Met()
_WITH_NOTES: Final = (Noted, Unsure)
_CONSEQUENCE: Final = re.compile(r", (?:so|but|and|which) ")


def broken(
    name: str, sentence: str, *, lasts: bool = False, holds: tuple[str, ...] = (), others: Iterable[str] = ()
) -> Broken:
    """Broken by one object, perhaps together with other machines."""
    return Broken((Blocker(name, sentence, lasts, holds, tuple(others)),))


def noted(name: str, sentence: str, *, holds: tuple[str, ...] = (), others: Iterable[str] = ()) -> Noted:
    """Met, but this object is worth knowing about, perhaps together with other machines."""
    return Noted((Blocker(name, sentence, holds=holds, others=tuple(others)),))


def unsure(fact: str, how: str, *, holds: tuple[str, ...] = (), others: Iterable[str] = ()) -> Unsure:
    """Unsure for want of one fact."""
    return Unsure((Gap(fact, how, holds, tuple(others)),))


def unknown_fact(name: str, sentence: str, *, wrong: bool) -> str:
    """The question for a fact's value: which value is the wrong one, by the sentence without its consequence.

    The answer is the value itself, so nobody can write down the opposite of what was asked.
    """
    return f"{name}: true or false? `{str(wrong).lower()}` means that {_without_consequence(sentence)}"


@lru_cache(maxsize=1024)
def _without_consequence(sentence: str) -> str:
    return _CONSEQUENCE.split(sentence, maxsplit=1)[0]


def needs(fact: Fact[bool], name: str, sentence: str, how: str, *, holds: tuple[str, ...] = ()) -> Verdict:
    """Met when the fact is true; `sentence` says what is wrong otherwise; `how` says who would know."""
    if not known(fact):
        return unsure(unknown_fact(name, sentence, wrong=False), how)
    return MET if fact else broken(name, sentence, holds=holds)


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """One broken part breaks the whole, and no note matters then; one unsure part leaves it unsure, with the notes."""
    parts = [verdict for verdict in verdicts if verdict is not MET]
    if len(parts) < 2:
        return parts[0] if parts else MET
    if blockers := tuple(b for part in parts if isinstance(part, Broken) for b in part.blockers):
        return Broken(blockers)
    notes = tuple(note for part in parts if isinstance(part, _WITH_NOTES) for note in part.notes)
    if gaps := tuple(g for part in parts if isinstance(part, Unsure) for g in part.gaps):
        return Unsure(gaps, notes)
    return Noted(notes) if notes else MET
