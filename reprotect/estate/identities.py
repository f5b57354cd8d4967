"""Which machine of vSphere or of a vault is which one here: an import gives equal names something of their own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from .facts import known
from .machine import VirtualMachine
from .whole import Estate

Key = TypeVar("Key")
_SECTIONS: Final = ("virtual_machines", "master_targets", "appliances")
_IDS: Final = ("vault_id", "instance_uuid", "id")
"""What tells a machine from others of its name, the surest first: an `id` may be one that two vCenters have given."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a machine may be called outside, the likeliest first; and its ids in lower case, the surest first.

    An id that is not known is an empty text.
    """

    names: tuple[str, ...]
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outside(Generic[Key]):
    """A machine as it is outside: what the reader knows it by, its name and its ids in lower case."""

    key: Key
    name: str
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matched(Generic[Key]):
    """What each machine is outside; or what it may be, where nobody can tell."""

    one: Mapping[str, Key] = field(default_factory=dict)
    unclear: Mapping[str, tuple[Key, ...]] = field(default_factory=dict)


def identities(estate: Estate, sections: Sequence[str] = _SECTIONS) -> Mapping[str, Identity]:
    """Identities of machines by their names in the estate."""
    return {name: _identity(part) for section in sections for name, part in getattr(estate, section).items()}


def items_in_the_vault(estate: Estate) -> Mapping[str, Identity]:
    """Those of the machines that a vault protects."""
    return identities(estate, _SECTIONS[:1])


def _identity(part: Any) -> Identity:
    """A server that was renamed is called in vSphere as in the vault (inferred)."""
    told = (getattr(part, "vsphere_name", ""), getattr(part, "vault_name", ""), part.name)
    ids = (getattr(part, key, "") for key in _IDS)
    return Identity(
        tuple(dict.fromkeys(str(name) for name in told if name)),
        tuple(str(each).casefold() if known(each) and each else "" for each in ids),
    )


def outside_of(key: Key, machine: VirtualMachine) -> Outside[Key]:
    """A machine of another estate, as it is outside."""
    identity = _identity(machine)
    return Outside(key, identity.names[0], frozenset(filter(None, identity.ids)))


def matched(wanted: Mapping[str, Identity], found: Iterable[Outside[Key]]) -> Matched[Key]:
    """By name; of several with one name by their ids, then by who is left. Whoever has kept his name comes first."""
    by_name: dict[str, list[Outside[Key]]] = {}
    for each in found:
        by_name.setdefault(each.name, []).append(each)
    match = _Match(wanted, by_name)
    for rank in range(len(_IDS)):
        match.take(dict(match.by_id(rank)))
    kept = {name for name, identity in wanted.items() if len(identity.names) == 1}
    match.take(dict(match.by_name(kept)))
    match.take(dict(match.by_name(wanted.keys() - kept)))
    return Matched({name: one.key for name, one in match.one.items()}, dict(match.unclear()))


class _Match(Generic[Key]):
    """Goes from the sure to the less sure; what is taken in one step is not offered in the next."""

    def __init__(self, wanted: Mapping[str, Identity], by_name: Mapping[str, list[Outside[Key]]]) -> None:
        self._wanted, self._by_name = wanted, by_name
        self.one: dict[str, Outside[Key]] = {}
        self._taken: set[int] = set()
        self._by_id: dict[str, list[Outside[Key]]] = {}
        for one in (one for several in by_name.values() for one in several):
            for key in one.ids:
                self._by_id.setdefault(key, []).append(one)

    def take(self, step: Mapping[str, Outside[Key]]) -> None:
        self.one |= step
        self._taken |= {id(one) for one in step.values()}

    def by_id(self, rank: int) -> Iterator[tuple[str, Outside[Key]]]:
        """The first id is enough by itself; the others tell apart what has one name."""
        for name, identity in self._open():
            key = identity.ids[rank] if rank < len(identity.ids) else ""
            same = (one for one in self._by_id.get(key, ()) if id(one) not in self._taken) if key else ()
            if hit := next((one for one in same if rank == 0 or one.name in identity.names), None):
                yield name, hit

    def by_name(self, names: Iterable[str]) -> Iterator[tuple[str, Outside[Key]]]:
        """Those of whom one is left, and whom nobody else of these may mean."""
        left = {name: self._left(identity) for name, identity in self._open() if name in names}
        times = Counter(id(one) for several in left.values() for one in several)
        return ((name, own[0]) for name, own in left.items() if len(own) == 1 and times[id(own[0])] == 1)

    def unclear(self) -> Iterator[tuple[str, tuple[Key, ...]]]:
        for name, identity in self._open():
            if left := self._left(identity):
                yield name, tuple(one.key for one in left)

    def _open(self) -> Iterator[tuple[str, Identity]]:
        return ((name, identity) for name, identity in self._wanted.items() if name not in self.one)

    def _left(self, identity: Identity) -> list[Outside[Key]]:
        return next((free for each in identity.names if (free := self._free(each))), [])

    def _free(self, name: str) -> list[Outside[Key]]:
        return [one for one in self._by_name.get(name, ()) if id(one) not in self._taken]
