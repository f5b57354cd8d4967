"""What changed between two estates, for a terminal: the same change of many parts is one line."""

from collections.abc import Iterable, Iterator
from typing import Final

from failback.reprotect import by_id
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import machines

from .comparing import Difference, FindingKey

NAMES_SHOWN: Final = 6
"""Names of a line; `--json` has all of them."""
_MORE: Final = "--json names them"


def lines_of(difference: Difference) -> Iterator[str]:
    """All of it, the changes first."""
    if not difference:
        yield "No change: every fact and every finding is the same."
        return
    yield from _changes(difference)
    still = [key for key in difference.went if key[2] not in difference.removed]
    for title, found in (("New findings", difference.came), ("Findings that are gone", still)):
        if found:
            yield f"{title}:"
            yield from _findings(found)
    if gone := len(difference.went) - len(still):
        yield f"The {gone:,} findings of machines that were removed are gone with them."
    yield from _to_verify(difference)


def _to_verify(difference: Difference) -> Iterator[str]:
    """Each reason with its machines; machines that have several stand under each."""
    if difference.to_verify:
        yield f"Needs verification, since what was rehearsed may not hold ({machines(len(difference.to_verify))}):"
    if difference.themselves:
        yield f"  their own facts or findings changed: {_named(difference.themselves)}"
    groups: dict[tuple[str, ...], list[str]] = {}
    for part, names in difference.used_by.items():
        groups.setdefault(names, []).append(part)
    for names, parts in groups.items():
        yield f"  they use {_named(parts)}: {_named(names)}"


def _changes(difference: Difference) -> Iterator[str]:
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for each in difference.changes:
        groups.setdefault((each.section, each.fact, each.before, each.after), []).append(each.name)
    for (section, fact, before, after), names in groups.items():
        words = f"{fact}: {before} -> {after}" if fact else after
        yield " ".join(filter(None, (section, _named(names), words)))


def _findings(found: Iterable[FindingKey]) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for status, rule, item in found:
        groups.setdefault((status, rule), []).append(item)
    for (status, rule), items in groups.items():
        row = by_id(rule)
        yield f"  {status} {rule}{f' ({row.title})' if row else ''}: {_named(items)}"


def _named(names: Iterable[str]) -> str:
    return listed(tuple(names), NAMES_SHOWN, _MORE)
