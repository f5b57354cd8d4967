"""Items of a vault by the names of the estate: which a name means, and where it could mean another."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from failback.reprotect import Identity, Outside, difference_words, matched, name_key

from .translation import Json, last_segment, part, text
from .translation_reads import is_vmware, item_name

NOBODY: Final[Mapping[str, Identity]] = MappingProxyType({})
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class VaultNames:
    """Items by name, and each way to spell a name by what all spellings share.

    `shared`: names of machines that may all be the same item.
    """

    items: Mapping[str, tuple[Json, ...]]
    spelt: Mapping[str, tuple[str, ...]]
    shared: frozenset[str] = frozenset()

    def one(self, name: str) -> Json | None:
        """The item of exactly this name, None where there is none or more than one."""
        found = self.items.get(name, ())
        return found[0] if len(found) == 1 and name not in self.shared else None

    def unclear(self, names: Collection[str]) -> Iterator[str]:
        """Of these names: what the vault has twice, or beside another that people take for it."""
        for name in dict.fromkeys(names):
            same, others = self.items.get(name, ()), self._others(name)
            if len(same) > 1:
                yield f"{len(same)} items named '{item_name(same[0])}' (ids {_ids(same)})"
            elif name in self.shared:
                yield f"one item named '{item_name(same[0])}' (id {_ids(same)}), which several machines may be"
            elif same and others:
                what = difference_words(name, others[0])
                ids = _ids((*same, *self.items[others[0]]))
                yield f"items named '{name}' and '{others[0]}', which differ only in {what} (ids {ids})"

    def spelt_otherwise(self, names: Collection[str]) -> Iterator[str]:
        """Of these names: what the vault does not have, but another that people take for it."""
        for name in dict.fromkeys(names):
            others = self._others(name)
            if name not in self.items and others:
                yield f"'{others[0]}', which differs from '{name}' only in {difference_words(name, others[0])}"

    def _others(self, name: str) -> tuple[str, ...]:
        return tuple(other for other in self.spelt.get(name_key(name), ()) if other != name)


def called_outside(name: str, machines: Mapping[str, Identity]) -> str:
    """What the vault calls it, where that is another name."""
    other = machines[name].names[0] if name in machines else name
    return f" (there named '{other}')" if other != name else ""


def _ids(items: Iterable[Json]) -> str:
    """By the alphabet, since the order of a list means nothing."""
    ids = sorted(text(item.get("name")) or text(item.get("id")) for item in items)
    return " and ".join(filter(None, (", ".join(ids[:-1]), ids[-1])))


def vault_names(items: Iterable[Json], machines: Mapping[str, Identity] = NOBODY) -> VaultNames:
    """The VMware items among these, by the name of their machine among `machines`, else by their own."""
    found = list(filter(is_vmware, items))
    match = matched(machines, (Outside(n, item_name(item), _ids_of(item)) for n, item in enumerate(found)))
    unclear = {name: tuple(found[n] for n in numbers) for name, numbers in match.unclear.items()}
    named = {name: (found[n],) for name, n in match.one.items()} | unclear
    meant = {*match.one.values(), *(n for numbers in match.unclear.values() for n in numbers)}
    strangers: dict[str, tuple[Json, ...]] = {}
    for item in (item for n, item in enumerate(found) if n not in meant and item_name(item) not in named):
        strangers[item_name(item)] = (*strangers.get(item_name(item), ()), item)
    named |= strangers
    spelt: dict[str, tuple[str, ...]] = {}
    for name in named:
        spelt[name_key(name)] = (*spelt.get(name_key(name), ()), name)
    return VaultNames(named, spelt, frozenset(name for name, several in unclear.items() if len(several) == 1))


def _ids_of(item: Json) -> frozenset[str]:
    """Its own id, and the UUID by which vCenter knows its machine, where discovery's id ends with it (inferred)."""
    details = part(part(item, "properties"), "providerSpecificDetails")
    hit = _UUID.search(text(details.get("fabricDiscoveryMachineId")))
    own = text(item.get("name")) or last_segment(text(item.get("id")))
    return frozenset(each.casefold() for each in (own, hit[0] if hit else "") if each)
