"""What differs from the scenario, told once for all machines of which the same is true."""

import re
from collections.abc import Iterator
from typing import Final

from failback.reprotect import Phase, by_id
from failback.scenarios.run.result import Result
from failback.scenarios.text.plain_words import machines, phase_words

NAMED_MAX: Final = 6
"""Machines that are named in one sentence."""
_PHASE: Final = re.compile(rf"(?<= )({'|'.join(phase.value for phase in Phase)})(?=;|$)")
"""Where a judge's sentence names one; a machine may be called so, too, and stands elsewhere in it."""
_REASON: Final = re.compile(r"(?<= stopped by )([^ ;]+)(?= in |;)")


def grouped_surprises(result: Result) -> Iterator[str]:
    """Each difference as a sentence, in the order in which it came up first."""
    names = {item.name for item in result.items}
    groups: dict[str, list[str]] = {}
    for said in result.surprises:
        name = next((name for name in _heads(said) if name in names), "")
        groups.setdefault(_plain(said[len(name) :]) if name else said, []).append(name)
    for rest, those in groups.items():
        yield f"{those[0]}{rest}" if len(those) == 1 else _together(rest, those)


def _plain(said: str) -> str:
    """The judge's words with those for people: the files keep the short ones."""
    with_phases = _PHASE.sub(lambda found: f"“{phase_words(found[1])}”", said)
    return _REASON.sub(lambda found: f"rule {found[1]}" if by_id(found[1]) else found[1], with_phases)


def _together(rest: str, names: list[str]) -> str:
    more = f" and {len(names) - NAMED_MAX} more" if len(names) > NAMED_MAX else ""
    return f"{machines(len(names))}{rest}: {', '.join(names[:NAMED_MAX])}{more}"


def _heads(said: str) -> Iterator[str]:
    """What may be the name at the beginning of a sentence; names may have spaces in them."""
    for word in (" ended ", " was stopped by "):
        head, found, _ = said.partition(word)
        if found:
            yield head
