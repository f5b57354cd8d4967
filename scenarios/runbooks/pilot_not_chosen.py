"""Whom a pilot does not choose: each machine with its reason, those of one reason together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .pilot_cover import PilotGroup, covered, names_of
from .pilot_limits import Limits, Why


@dataclass(frozen=True, slots=True)
class NotChosen:
    """Machines that are not in the pilot for one reason; the rest is told of those that would try nothing new.

    `could_try`: their properties. `tried_by`: the machines of the pilot that try all of these. `waits_for`: machines in
    doubt, for which these rank after others.
    """

    why: Why
    machines: tuple[str, ...]
    could_try: tuple[str, ...] = ()
    tried_by: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()


def not_chosen(groups: Sequence[PilotGroup], chosen: Sequence[PilotGroup], limits: Limits) -> tuple[NotChosen, ...]:
    """Every machine outside of the pilot once, in the order of the reasons."""
    found: dict[tuple[Why, tuple[str, ...], tuple[str, ...]], list[PilotGroup]] = {}
    for group in groups:
        if group not in chosen:
            why = limits.why_not(group)
            key = (why, (), ()) if why else (Why.NOTHING_NEW, names_of(_who_try(group, chosen)), group.waits_for)
            found.setdefault(key, []).append(group)
    order = list(Why)
    return tuple(_of(*key, found[key]) for key in sorted(found, key=lambda key: order.index(key[0])))


def _of(why: Why, tried_by: tuple[str, ...], waits_for: tuple[str, ...], groups: Sequence[PilotGroup]) -> NotChosen:
    could_try = tuple(sorted(covered(groups))) if tried_by else ()
    return NotChosen(why, names_of(groups), could_try, tried_by, waits_for)


def _who_try(group: PilotGroup, chosen: Sequence[PilotGroup]) -> Iterator[PilotGroup]:
    """Each in turn that tries something of it that none before has tried."""
    left = group.properties
    for one in chosen:
        if left & one.properties:
            yield one
            left -= one.properties
