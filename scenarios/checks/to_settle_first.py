"""What an import could not settle of the objects of a finding: it is said there, and comes before the steps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from failback.scenarios.files.schema import InDoubt, Mismatch, MismatchKind
from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed

from .causes import Cause
from .still_open import listed_stores

_FIRST: Final = "only when it is settled {what} (to clear up first)"
_RULES: Final = re.compile(r"\b[A-Z]\d\d\b")
_CHANGES: Final = frozenset({Status.BLOCKS.value, Status.ADVICE.value, Status.BEFORE_RETURN.value})
"""Findings whose steps change something before the return."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What contradicts a finding, or is in doubt about its objects; `first`: what comes before anything is done."""

    found: tuple[str, ...] = ()
    first: str = ""


def unsettled(cause: Cause, mismatches: Sequence[Mismatch], in_doubt: Sequence[InDoubt]) -> Unsettled:
    """Of the objects and servers that the finding names, and of the machines that are its objects."""
    if cause.status not in _CHANGES:
        return Unsettled()
    servers = [name for name in _of_kind(MismatchKind.SERVER_IDENTITY, mismatches) if _names(cause, name)]
    stores, values = list(_listed(cause, mismatches)), list(_values(cause, mismatches))
    own = cause.objects if cause.is_the_machines_own else ()
    machines = sorted({name for one in in_doubt for name in one.machines if name in own})
    found = [f"but the vault lists {store} as accessible to {server}{dates}" for store, server, dates in stores]
    found += [f"but vault and vCenter contradict each other: {name}" for name in values]
    return Unsettled(
        (*found, *(f"it is not sure which virtual machine {server} is" for server in servers)),
        _first(servers, machines, list(dict.fromkeys((*(store for store, _, __ in stores), *values)))),
    )


def _first(servers: Sequence[str], machines: Sequence[str], stores: Sequence[str]) -> str:
    several = [f"which virtual machine each of these is: {listed(machines)}"] if machines else []
    whats = (
        *(f"which virtual machine {server} is" for server in servers),
        *(f"whether vault or vCenter is right about {store}" for store in stores),
        *(several if machines[1:] else [f"which virtual machine {name} is" for name in machines]),
    )
    return _FIRST.format(what=", and ".join(whats)) if whats else ""


def _of_kind(kind: MismatchKind, mismatches: Sequence[Mismatch]) -> dict[str, None]:
    return dict.fromkeys(name for one in mismatches if one.kind is kind for name in one.parts())


def _names(cause: Cause, name: str) -> bool:
    whole = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-])")
    return name in cause.objects or any(whole.search(sentence) for sentence in cause.sentences)


def _values(cause: Cause, mismatches: Sequence[Mismatch]) -> Iterator[str]:
    """An object at fault with the two values of what this rule judges, where the import names the rule behind them."""
    for one in mismatches:
        if one.kind is MismatchKind.DIFFERS and cause.rule in _RULES.findall(one.what):
            yield from (text for name, text in zip(one.parts(), one.names, strict=True) if name in cause.objects)


def _listed(cause: Cause, mismatches: Sequence[Mismatch]) -> Iterator[tuple[str, str, str]]:
    """Datastores at fault, the server that the finding names, and the dates of vault and inventory in brackets."""
    for one in (each for each in mismatches if each.kind is MismatchKind.SERVER_DATASTORES):
        for server, store, _, dates in listed_stores(one):
            if store in cause.objects and _names(cause, server):
                yield store, server, f" ({dates})" if dates else ""
