"""Which protected item is which virtual machine: by the UUID of vCenter where the vault tells it, else by name."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Final

from failback.adapters.importing.records import READ, MachineRow, SiteMachine, VaultItem

from .remarks import Named
from .unique_names import folded


@dataclass(slots=True)
class Pair:
    """What two sides say of one machine; either may be missing."""

    item: VaultItem | None = None
    site: SiteMachine | None = None
    row: MachineRow | None = None

    @property
    def name(self) -> str:
        """The name that people know: vSphere's, else the vault's, else that of their list."""
        known = self.site or self.item or self.row
        return known.name if known else ""

    @property
    def surely_one(self) -> bool:
        """Whether it is one machine by the UUID that vault and vCenter have of it, and not by its name alone."""
        uuid = self.item.instance_uuid.casefold() if self.item else ""
        return bool(uuid) and self.site is not None and uuid == str(self.site.facts.get("instance_uuid")).casefold()

    @property
    def id(self) -> str:
        """What tells it from others of its name."""
        if self.site:
            return self.site.id
        return self.item.id.rpartition("/")[2] if self.item else ""


def from_before(pair: Pair) -> bool:
    """Whether the inventory is older than the machine's last failover or failback.

    An export of RVTools has no offset: its clock is taken for UTC [inferred], so within hours it may be wrong.
    """
    moved = pair.item.last_failover if pair.item else None
    if pair.site is None or moved is None or pair.site.origin.dated is None or pair.site.origin.dated_by == READ:
        return False
    dated = pair.site.origin.dated
    return (dated if dated.tzinfo else dated.replace(tzinfo=UTC)) < moved


_OFFSET_MAX: Final = timedelta(hours=14)
"""Of a clock to UTC."""


def surely_after(pair: Pair) -> bool:
    """Whether the inventory is newer than the last failover or failback, in whichever zone its clock was."""
    moved, dated = pair.item.last_failover if pair.item else None, pair.site.origin.dated if pair.site else None
    if moved is None or dated is None:
        return False
    return dated > moved if dated.tzinfo else dated.replace(tzinfo=UTC) - _OFFSET_MAX > moved


def dates_of(pair: Pair) -> str:
    """Of the inventory, as it says it, and of the failover or failback; both are known."""
    inventory, moved = pair.site and pair.site.origin.dated, pair.item and pair.item.last_failover
    return f"inventory: {inventory:%Y-%m-%d %H:%M}, failover: {moved:%Y-%m-%d %H:%M} UTC"


@dataclass(slots=True)
class Matches:
    """Pairs, and what did not find its other half."""

    pairs: list[Pair] = field(default_factory=list)
    gone: list[Named] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    others: list[SiteMachine] = field(default_factory=list)
    """Machines on site that the vault does not protect."""


def matched(items: Iterable[VaultItem], machines: list[SiteMachine], *, has_vault: bool) -> Matches:
    """Pairs in the order of their names. Without a vault, every machine on site is meant to go home."""
    found, taken = Matches(), set[int]()
    by_uuid, by_name = _by_uuid(machines), _by_name(machines)
    for item in items:
        there = by_uuid.get(item.instance_uuid.casefold(), []) or by_name.get(folded(item.name), [])
        _one(found, item, there, inventory=bool(machines))
        taken.update(id(each) for each in there)
    paired = {id(pair.site) for pair in found.pairs}
    rest = [machine for machine in machines if id(machine) not in paired]
    if has_vault:
        found.others = rest
    else:
        found.pairs += [Pair(site=machine) for machine in rest]
    found.pairs.sort(key=lambda pair: (folded(pair.name), pair.id))
    return found


def _one(found: Matches, item: VaultItem, there: list[SiteMachine], *, inventory: bool) -> None:
    found.pairs.append(Pair(item, there[0] if len(there) == 1 else None))
    if inventory and not there:
        found.gone.append((item.name, ", ".join(item.discovered)))
    elif len(there) > 1:
        found.ambiguous.append(item.name)


def _by_uuid(machines: Iterable[SiteMachine]) -> dict[str, list[SiteMachine]]:
    found = defaultdict(list)
    for machine in machines:
        if uuid := str(machine.facts.get("instance_uuid") or "").casefold():
            found[uuid].append(machine)
    return found


def _by_name(machines: Iterable[SiteMachine]) -> dict[str, list[SiteMachine]]:
    found = defaultdict(list)
    for machine in machines:
        found[folded(machine.name)].append(machine)
    return found


def with_rows(pairs: list[Pair], rows: Iterable[MachineRow], *, alone: bool) -> Iterator[str]:
    """Give each pair the row of its name; where there is nothing else, the rows are the machines."""
    by_name = {folded(pair.name): pair for pair in pairs}
    for row in rows:
        pair = by_name.get(folded(row.name))
        if pair is not None:
            pair.row = row
        elif alone:
            pairs.append(Pair(row=row))
        else:
            yield row.name
