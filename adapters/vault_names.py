"""Items of a vault by the names that people know them by: which a name means, and where it could mean another."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from failback.reprotect import difference_words, name_key

from .translation import Json, text
from .translation_reads import is_vmware, item_name


@dataclass(frozen=True, slots=True)
class VaultNames:
    """Items by name, and each way to spell a name by what all spellings share."""

    items: Mapping[str, tuple[Json, ...]]
    spelt: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> Json | None:
        """The item of exactly this name, None where there is none or more than one."""
        found = self.items.get(name, ())
        return found[0] if len(found) == 1 else None

    def unclear(self, names: Collection[str]) -> Iterator[str]:
        """Of these names: what the vault has twice, or beside another that people take for it."""
        for name in dict.fromkeys(names):
            same, others = self.items.get(name, ()), self._others(name)
            if len(same) > 1:
                yield f"{len(same)} items named '{name}' (ids {_ids(same)})"
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


def _ids(items: Iterable[Json]) -> str:
    """By the alphabet, since the order of a list means nothing."""
    ids = sorted(text(item.get("name")) or text(item.get("id")) for item in items)
    return ", ".join(ids[:-1]) + f" and {ids[-1]}"


def vault_names(items: Iterable[Json]) -> VaultNames:
    """The VMware items among these, by name."""
    named: dict[str, tuple[Json, ...]] = {}
    for item in filter(is_vmware, items):
        named[item_name(item)] = (*named.get(item_name(item), ()), item)
    spelt: dict[str, tuple[str, ...]] = {}
    for name in named:
        spelt[name_key(name)] = (*spelt.get(name_key(name), ()), name)
    return VaultNames(named, spelt)
