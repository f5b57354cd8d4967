"""Addresses of a machine, from all that tell of them: adapters on site, the replica's in Azure, whether they differ."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from failback.adapters.importing.records import Facts, Origin

from .told import Told

COMPARED: Final = Origin("addresses on site and in Azure", "comparison")


def adapters(told: Iterable[tuple[Facts, ...]]) -> tuple[Facts, ...]:
    """The adapters that the last one tells. A machine that is off shows no address, so what others tell is kept.

    Adapters are the same by their MAC, else by their place, where both tell of equally many [inferred].
    """
    found: tuple[Facts, ...] = ()
    for known in told:
        found = _over(known, found)
    return found


def _over(known: tuple[Facts, ...], before: tuple[Facts, ...]) -> tuple[Facts, ...]:
    if not known or not before:
        return known or before
    by_mac = {_mac(adapter): adapter for adapter in before if adapter.get("mac")}
    placed = before if len(before) == len(known) else ({},) * len(known)
    return tuple(_kept(by_mac.get(_mac(a)) or _unless_other(a, b)) | a for a, b in zip(known, placed, strict=True))


def _unless_other(adapter: Facts, placed: Facts) -> Facts:
    """The one in its place, unless its MAC says that it is another."""
    return {} if adapter.get("mac") and placed.get("mac") else placed


def _kept(adapter: Facts) -> Facts:
    return {fact: value for fact, value in adapter.items() if value}


def _mac(adapter: Facts) -> str:
    return str(adapter.get("mac", "")).casefold().replace("-", ":")


def compare(told: Told) -> None:
    """Say whether the machine kept its address in Azure, where both sides are known and nobody says it.

    Of fewer addresses in Azure than adapters, those that are not known may be the ones that it kept.
    """
    on_site = set(addresses_on_site(told.facts))
    in_azure = set(told.facts.get("azure", {}).get("addresses", ()))
    kept, all_known = bool(on_site & in_azure), len(in_azure) >= len(told.facts.get("adapters", ()))
    if on_site and in_azure and (kept or all_known) and "retains_ip" not in told.facts:
        told.add({"retains_ip": kept}, COMPARED)


def contradict(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether both tell addresses on site of one family and have none in common."""
    return any(
        of_one and of_other and not of_one & of_other
        for of_one, of_other in zip(_families(one), _families(other), strict=True)
    )


def _families(facts: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    told = set(addresses_on_site(facts))
    six = {address for address in told if ":" in address}
    return told - six, six


def addresses_on_site(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """All of them, in the order of its adapters."""
    return tuple(address for adapter in facts.get("adapters", ()) for address in adapter.get("addresses", ()))
