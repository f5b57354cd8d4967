"""Whether what was approved covers what is asked: the same, or less of it, or later. Anything else is approved anew."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from .subject import Subject

_TIMES: Final = ("opens_s", "closes_s", "seed_opens_s", "seed_closes_s")
_OWN_RULE: Final = frozenset({"goals", "waves"})
"""Keys of a plan that may shrink or be postponed."""
_Rows = Sequence[Mapping[str, Any]]


def differences(approved: Subject, asked: Subject) -> tuple[str, ...]:
    """What is asked and was not approved; nothing where machines are taken out, waves postponed or last goals cut."""
    return (*_machines(approved, asked), *_servers(approved, asked), *_plans(approved, asked))


def _machines(approved: Subject, asked: Subject) -> Iterator[str]:
    for name, ids in asked.machines.items():
        if name not in approved.machines:
            yield f"machine {name} was not in it"
        elif ids != approved.machines[name]:
            yield f"machine {name} had another id"


def _servers(approved: Subject, asked: Subject) -> Iterator[str]:
    for kind in dict.fromkeys((*asked.servers, *approved.servers)):
        if asked.servers.get(kind) != approved.servers.get(kind):
            yield f"it had other {kind.replace('_', ' ')}"


def _plans(approved: Subject, asked: Subject) -> Iterator[str]:
    gone = approved.machines.keys() - asked.machines.keys()
    if gone & _members(approved):
        yield "machines were taken out of a recovery plan, which the vault runs as a whole"
    plan = {**approved.plan, "gates": _without(approved.plan["gates"], gone)}
    plan["item_choices"] = {name: each for name, each in plan["item_choices"].items() if name not in gone}
    plan["together"] = _entries_without(plan.get("together", ()), gone)
    now = {**asked.plan, "together": _entries_without(asked.plan.get("together", ()), ())}
    for key in plan.keys() | now.keys():
        if key not in _OWN_RULE and plan.get(key) != now.get(key):
            yield f"its plan had another value of {key}"
    if list(asked.plan["goals"]) != list(plan["goals"][: len(asked.plan["goals"])]):
        yield "its plan had other goals"
    if not _postponed(_without(plan["waves"], gone), asked.plan["waves"]):
        yield "its plan had other waves, or they opened later"
    if _without(approved.answers, gone) != list(asked.answers):
        yield "its scenario gave other answers"


def _members(subject: Subject) -> frozenset[str]:
    groups = subject.servers["recovery_plans"].values()
    return frozenset(name for each in groups for group in each for name in group)


def _without(rows: _Rows, gone: Collection[str]) -> list[Mapping[str, Any]]:
    """The rows without these machines. One of which none is left goes; one that names none is about all."""
    left = [(row, [name for name in row["items"] if name not in gone]) for row in rows]
    return [{**row, "items": names} for row, names in left if names or not row["items"]]


def _entries_without(entries: _Rows, gone: Collection[str]) -> list[Mapping[str, Any]]:
    """Machines that fail back together, without these; an entry of which none is left goes."""
    lists = [[[name for name in names if name not in gone] for names in entry["order"]] for entry in entries]
    orders = [[names for names in order if names] for order in lists]
    return [{**entry, "order": order} for entry, order in zip(entries, orders, strict=True) if order]


def _postponed(approved: _Rows, asked: _Rows) -> bool:
    """Whether these are the same waves, each with all of its times as much later."""
    return len(approved) == len(asked) and all(map(_is_later, approved, asked))


def _is_later(approved: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    by_s = asked["opens_s"] - approved["opens_s"]
    shifted = {key: None if approved.get(key) is None else approved[key] + by_s for key in _TIMES}
    return by_s >= 0 and {**approved, **shifted} == {**asked, **{key: asked.get(key) for key in _TIMES}}
