"""Whom a pilot passes over although they would be able to come home early, or nearly: a sentence for each reason."""

from collections.abc import Iterator

from failback.reprotect import by_id
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import LEG_WORDS

from .pilot import Pilot
from .pilot_notes import Note, NoteKind


def passed_over(found: Pilot) -> Iterator[Note]:
    """Those that a rule blocks, those that stop in the simulation, and those of whom something is open."""
    yield from _blocked(found)
    yield from _stopping(found)
    for one in found.doubts:
        left = tuple(name for name in one.machines if name not in found.machines)
        taken = tuple(name for name in one.machines if name in found.machines)
        if left:
            yield Note(NoteKind.PASSED_OVER, f"{listed(left)}. {one.why[:1].upper()}{one.why[1:]}.")
        if taken:
            why = f"{one.why[:1].upper()}{one.why[1:]}"
            yield Note(NoteKind.CAREFUL, f"{listed(taken)} is in the pilot because of --with. {why}.")


def _blocked(found: Pilot) -> Iterator[Note]:
    groups: dict[tuple[str, ...], list[str]] = {}
    for name, rules in found.blocked.items():
        groups.setdefault(rules, []).append(name)
    for rules, names in groups.items():
        by = ", ".join(map(_titled, rules))
        text = f"{listed(names)}. Blocked now by {by}; `failback check` says what to do."
        yield Note(NoteKind.PASSED_OVER, text)


def _stopping(found: Pilot) -> Iterator[Note]:
    groups: dict[tuple[str, str], list[str]] = {}
    for stop in found.passed_over:
        groups.setdefault((LEG_WORDS[stop.operation].name, stop.rule), []).append(stop.item)
    for (leg, rule), names in groups.items():
        stops = "it stops" if len(names) == 1 else "they stop"
        text = f"{listed(names)}. In the simulation, {stops} at {leg} ({_titled(rule)})."
        yield Note(NoteKind.PASSED_OVER, text)


def _titled(rule: str) -> str:
    row = by_id(rule)
    return f"{rule} {row.title}" if row is not None else rule.replace("_", " ")
