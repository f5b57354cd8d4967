"""Whom a pilot passes over, and whom it does not need: a sentence for each reason, and no machine without one."""

from collections.abc import Iterator
from typing import Final

from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import LEG_WORDS

from .pilot import Pilot
from .pilot_largest import TIMES
from .pilot_limits import Why
from .pilot_not_chosen import NotChosen
from .pilot_notes import Note, NoteKind
from .rule_titles import titled


def passed_over(found: Pilot) -> Iterator[Note]:
    """Those that cannot go or should not; those in doubt that go all the same; those that would try nothing new."""
    passed = (*_blocked(found), *_stopping(found), *_in_doubt(found), *_others(found))
    yield from (Note(NoteKind.PASSED_OVER, text) for text in passed)
    for one in found.doubts:
        if taken := tuple(name for name in one.machines if name in found.machines):
            text = f"{listed(taken)} is in the pilot because of --with. {_sentence(one.why)}"
            yield Note(NoteKind.CAREFUL, text)
    for left in found.not_chosen:
        if left.why is Why.NOTHING_NEW:
            yield Note(NoteKind.NOT_NEEDED, _nothing_new(left))


def _sentence(why: str) -> str:
    return f"{why[:1].upper()}{why[1:]}."


def _blocked(found: Pilot) -> Iterator[str]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, rules in found.blocked.items():
        groups.setdefault(rules, []).append(name)
    for rules, names in groups.items():
        by = ", ".join(map(titled, rules))
        yield f"{listed(names)}. Blocked now by {by}; `failback check {found.file}` says what to do."


def _stopping(found: Pilot) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for stop in found.passed_over:
        groups.setdefault((LEG_WORDS[stop.operation].name, stop.rule), []).append(stop.item)
    for (leg, rule), names in groups.items():
        stops = "it stops" if len(names) == 1 else "they stop"
        yield f"{listed(names)}. In the simulation, {stops} at {leg} ({titled(rule)})."


def _in_doubt(found: Pilot) -> Iterator[str]:
    for one in found.doubts:
        if left := tuple(name for name in one.machines if name not in found.machines):
            yield f"{listed(left)}. {_sentence(one.why)}"


def _others(found: Pilot) -> Iterator[str]:
    """Those of whom no sentence was said yet, by reason."""
    told = {*found.blocked, *(stop.item for stop in found.passed_over)}
    told |= {name for one in found.doubts for name in one.machines}
    told |= {*found.longer.slow} if found.longer else set()
    for one in found.not_chosen:
        names = tuple(name for name in one.machines if name not in told)
        if names and one.why in _WORDS:
            yield f"{listed(names)}. {_WORDS[one.why]}"


_OF_IT: Final = "of the same application or of one that must be home before it"
_MATE: Final = "In a replication group with a machine that {is_so}, and its machines come home together."
_WORDS: Final = {
    Why.BLOCKED: _MATE.format(is_so="is blocked"),
    Why.STOPS: _MATE.format(is_so="stops in the simulation"),
    Why.DOUBT: _MATE.format(is_so="is in doubt"),
    Why.LEFT_OUT: "Left out by --without.",
    Why.TOO_LATE: "The pilot would end after the way home of all machines begins.",
    Why.TOO_LONG: f"The pilot would take more than {TIMES} times as long, for the largest disk alone.",
    Why.IMPORTANT: "Of the most important tier, which a pilot leaves alone; --with takes one all the same.",
}


def _nothing_new(left: NotChosen) -> str:
    by, could = left.tried_by, "it" if len(left.machines) == 1 else "they"
    tries = f"{listed(by)} {'tries' if len(by) == 1 else 'try'} all that {could} could try"
    text = f"{listed(left.machines)}. {tries} ({', '.join(left.could_try)})."
    if left.waits_for:
        text += f" Besides, a question is open about {listed(left.waits_for)}, {_OF_IT}; see Passed over."
    return text
