"""Replication policies: what each says, and which one a protected item has for either way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from failback.adapters.translation import INMAGE, RCM_FAILBACK, Json, last_segment, part, text
from failback.reprotect import bound_of

from .records import Facts

_HOMEWARD: Final = frozenset({INMAGE, RCM_FAILBACK})
"""Kinds of policies for the way home, and of items that have one."""
_CONTAINED: Final = ("/replicationprotectioncontainermappings/", "/replicationprotecteditems/")
_HOUR_MIN: Final = 60
_NUMBERS: Final[Mapping[str, tuple[str, float]]] = {
    "recoveryPointThresholdInMinutes": ("rpo_threshold_min", 1),
    "recoveryPointHistory": ("retention_h", _HOUR_MIN),
    "recoveryPointHistoryInMinutes": ("retention_h", _HOUR_MIN),
    "appConsistentFrequencyInMinutes": ("app_consistent_every_min", 1),
    "crashConsistentFrequencyInMinutes": ("crash_consistent_every_min", 1),
}
"""By the words of the vault: the fact, and what its minutes are divided by."""


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A policy that a container has. `home`: for the way home."""

    policy: str
    name: str
    home: bool


class Policies:
    """All that the files say of policies; `used` are the ids, in lower case, of those that an item has."""

    def __init__(self, policies: Iterable[Json], mappings: Iterable[Json]) -> None:
        self._rows = {text(row.get("id")).casefold(): row for row in policies}
        self._mapped: dict[str, list[_Mapped]] = {}
        for row in mappings:
            self._mapped.setdefault(container_of(row), []).append(self._of_mapping(row))
        self.used: set[str] = set()

    def facts(self, item: Json) -> Facts:
        """The policy of the item for the way to Azure, and the one for the way home, as far as they are known.

        The item names the one of its own way. The other is the only one that its container has for that way.
        """
        properties = part(item, "properties")
        details = part(properties, "providerSpecificDetails")
        home = text(details.get("instanceType")) in _HOMEWARD
        own = self._told(text(properties.get("policyId")), text(properties.get("policyFriendlyName")))
        last = self._told(text(details.get("lastUsedPolicyId")), text(details.get("lastUsedPolicyFriendlyName")))
        other = last or self._only(container_of(item), home=not home)
        found = {"failback_policy": own, "policy": other} if home else {"policy": own, "failback_policy": other}
        return {fact: told for fact, told in found.items() if told}

    def _only(self, container: str, *, home: bool) -> Facts:
        found = {(each.policy, each.name) for each in self._mapped.get(container, ()) if each.home is home}
        return self._told(*found.pop()) if len(found) == 1 else {}

    def _told(self, policy: str, name: str) -> Facts:
        row = self._rows.get(policy.casefold(), {})
        if row:
            self.used.add(policy.casefold())
        friendly = name or text(part(row, "properties").get("friendlyName")) or last_segment(policy)
        return {"name": friendly, **dict(_numbers(row))} if friendly else {}

    def _of_mapping(self, row: Json) -> _Mapped:
        properties = part(row, "properties")
        policy = text(properties.get("policyId"))
        return _Mapped(policy.casefold(), text(properties.get("policyFriendlyName")), self._is_for_home(row, policy))

    def _is_for_home(self, mapping: Json, policy: str) -> bool:
        """The policy's own kind says it; where no file has the policy, the target of the mapping."""
        kind = text(_details(self._rows.get(policy.casefold(), {})).get("instanceType"))
        return kind in _HOMEWARD if kind else leads_home(mapping)


def leads_home(mapping: Json) -> bool:
    """Recorded for classic: the failback policy's mapping has its own container for target."""
    return text(part(mapping, "properties").get("targetProtectionContainerId")).casefold() == container_of(mapping)


def container_of(row: Json) -> str:
    """The id, in lower case, of the container that an item or mapping is in."""
    id_ = text(row.get("id")).casefold()
    return next((id_.partition(kind)[0] for kind in _CONTAINED if kind in id_), "")


def _details(policy: Json) -> Json:
    return part(part(policy, "properties"), "providerSpecificDetails")


def _numbers(policy: Json) -> Iterator[tuple[str, float]]:
    for key, value in _details(policy).items():
        fact, divided_by = _NUMBERS.get(key, ("", 1))
        if fact and type(value) in (int, float) and bound_of(fact).holds(value / divided_by):
            yield fact, value / divided_by
