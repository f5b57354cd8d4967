"""Long lists of names for people: numbered neighbours as a range, and what does not fit is counted, never dropped."""

import re
from collections.abc import Sequence
from typing import Final

RUN_MIN: Final = 3
"""So many numbered neighbours become a range."""
OTHERS_MAX: Final = 6
"""Pieces of a list behind a sentence."""
_NUMBERED: Final = re.compile(r"(?<!\d)(\d{1,18})(?=\D*\Z)")
"""The last number of a name; one of more digits counts nothing, and the longest ones cannot be read as numbers."""


def listed(names: Sequence[str], most: int | None = None, more: str = "") -> str:
    """The names in their order as one text; `web-01`, `web-02`, `web-03` as `web-01 to web-03`.

    Beyond `most` pieces the rest is counted; `more` says where it is to be seen.
    """
    pieces = [piece for run in _runs(names) for piece in _pieces(run)]
    if most is None or len(pieces) <= most:
        return ", ".join(text for text, _ in pieces)
    shown = ", ".join(text for text, _ in pieces[:most])
    return f"{shown} and {sum(count for _, count in pieces[most:]):,} more{f' ({more})' if more else ''}"


def others_named(names: Sequence[str]) -> str:
    """Who comes behind the first in a sentence; many are counted, since a finding names all of its objects once."""
    pieces = sum(len(_pieces(run)) for run in _runs(names))
    return listed(names) if pieces <= OTHERS_MAX else f"the other {len(names):,} of this finding"


def _runs(names: Sequence[str]) -> list[list[str]]:
    """Neighbours in the list whose last number goes up by one."""
    runs: list[list[str]] = []
    awaited: str | None = None
    for name in names:
        if name == awaited:
            runs[-1].append(name)
        else:
            runs.append([name])
        awaited = _next(name)
    return runs


def _next(name: str) -> str | None:
    """`web-02` after `web-01`."""
    found = _NUMBERED.search(name)
    if found is None:
        return None
    number = str(int(found[1]) + 1).zfill(len(found[1]))
    return f"{name[: found.start()]}{number}{name[found.end() :]}"


def _pieces(run: list[str]) -> list[tuple[str, int]]:
    """Each as it is shown, and how many names it stands for."""
    if len(run) < RUN_MIN:
        return [(name, 1) for name in run]
    return [(f"{run[0]} to {run[-1]}", len(run))]
