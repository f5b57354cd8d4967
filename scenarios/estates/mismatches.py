"""What does not fit together, or what a person should know before the way home: one line each, with the names."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from failback.adapters.importing.records import Origin, Reading
from failback.reprotect import Side, phase_row

from .addresses import addresses_on_site
from .datastores_of_servers import contradicted_datastores
from .join import Joined
from .matching import dates_of, surely_after
from .mismatch_words import (
    NO_DATE,
    NO_TOOLS,
    ODD,
    OLD_FILES,
    OTHER_DATE,
    OTHER_DAY,
    PERHAPS_STATIC,
    RAN_TWICE_AFTER,
    RUNS_TWICE,
    SAME_BIOS_UUID,
    SAME_DISK_UUID,
    SAME_INSTANCE_UUID,
    SAME_NAME_IN_VAULT,
    SERVER_STORES,
    SILENT,
    SNAPSHOTS,
    STATIC,
    TROUBLES,
    UNSEEN_DATASTORES,
    protected_otherwise,
    with_codes,
)
from .remarks import Named, Remark
from .told import JoinedPart
from .unique_names import folded

OLD: Final = timedelta(days=7)
APART: Final = timedelta(days=1)

Found = Iterator[tuple[Remark, list[Named]]]


def mismatches(done: Joined, reading: Reading) -> dict[Remark, list[Named]]:
    """All of them; in the order of the table, each list in the order of names."""
    found = {**_run_twice(done), **done.remarks}
    for check in _CHECKS:
        found.update({what: parts for what, parts in check(done, reading) if parts})
    return found | {TROUBLES[trouble.kind]: list(trouble.parts) for trouble in reading.troubles}


def _alone(names: Iterable[str]) -> list[Named]:
    """Parts of which nothing is said behind the name."""
    return [(name, "") for name in names]


def _run_twice(done: Joined) -> dict[Remark, list[Named]]:
    """The vault knows in which phase an item is; whether its machine is on, vCenter, or else the vault's discovery."""
    found: dict[Remark, list[Named]] = {}
    for machine, name in zip(done.machines, done.names, strict=True):
        item, on = machine.pair.item, machine.told.facts.get("powered_on") is True
        if on and item is not None and item.phase is not None and phase_row(item.phase).runs is Side.AZURE:
            detail = dates_of(machine.pair) if surely_after(machine.pair) else ""
            found.setdefault(RAN_TWICE_AFTER if detail else RUNS_TWICE, []).append((name, detail))
    return found


def _twice(_: Joined, reading: Reading) -> Found:
    times = Counter(folded(item.name) for item in reading.items)
    same = sorted((item.name, item.id.rpartition("/")[2]) for item in reading.items if times[folded(item.name)] > 1)
    yield SAME_NAME_IN_VAULT, list(dict.fromkeys(same))


def _equal_uuids(done: Joined, _: Reading) -> Found:
    yield SAME_BIOS_UUID, _shared(done, lambda facts: [facts.get("bios_uuid")])
    yield SAME_INSTANCE_UUID, _shared(done, lambda facts: [facts.get("instance_uuid")])
    yield (
        SAME_DISK_UUID,
        _shared(done, lambda facts: [d.get("uuid") for d in facts["disks"]]),
    )


def _shared(done: Joined, of: Callable[[dict[str, Any]], list[Any]]) -> list[Named]:
    times = Counter(str(u).casefold() for part in done.parts["virtual_machines"] for u in of(part.told.facts) if u)
    return _alone(
        p.name
        for p in done.parts["virtual_machines"]
        if any(times[str(u).casefold()] > 1 for u in of(p.told.facts) if u)
    )


def _unseen_datastores(done: Joined, _: Reading) -> Found:
    """Datastores of machines that come home and that no master target's or appliance's host mounts."""
    servers = [*done.parts["master_targets"], *done.parts["appliances"]]
    hosts = {part.told.facts.get("host") for part in servers}
    mounts = [part.told.facts.get("datastores") for part in done.parts["hosts"] if part.name in hosts]
    if not mounts or None in hosts or None in mounts:
        return
    seen = {store for stores in mounts for store in stores or ()}
    used = {part.told.facts.get("datastore") for part in done.parts["virtual_machines"]} - {None}
    yield UNSEEN_DATASTORES, _alone(sorted(map(str, used - seen)))


def _datastores_of_servers(done: Joined, reading: Reading) -> Found:
    yield SERVER_STORES, list(contradicted_datastores(done, reading))


_KEEPS_ITS_ADDRESS: Final = {("classic", "windows")}
"""Architecture and family of machines whose static address comes home: neither A07 nor G01 concerns them."""


def _addresses(done: Joined, _: Reading) -> Found:
    """Those that the way home loses: static ones surely, and of those of which nobody says it, perhaps."""
    machines = done.parts["virtual_machines"]
    parts = [
        p for p in machines if (p.told.facts.get("architecture"), p.told.facts.get("os")) not in _KEEPS_ITS_ADDRESS
    ]
    static = [p for p in parts if p.told.facts.get("static_ip")]
    unsaid = [p for p in parts if p.told.facts.get("static_ip") is None and addresses_on_site(p.told.facts)]
    yield STATIC, list(map(_addressed, static))
    yield PERHAPS_STATIC, list(map(_addressed, unsaid))


def _addressed(part: JoinedPart) -> Named:
    return part.name, ", ".join(addresses_on_site(part.told.facts))


def _with(fact: str, what: Remark) -> Callable[[Joined, Reading], Found]:
    def check(done: Joined, _: Reading) -> Found:
        yield what, _alone(part.name for part in done.parts["virtual_machines"] if part.told.facts.get(fact))

    return check


def _without_tools(done: Joined, _: Reading) -> Found:
    """Known to have none; where no file tells it, nothing is said."""
    yield NO_TOOLS, _alone(p.name for p in done.parts["virtual_machines"] if p.told.facts.get("tools", "") is None)


def _items(done: Joined, _: Reading) -> Found:
    named = [(n, m.pair.item) for m, n in zip(done.machines, done.names, strict=True) if m.pair.item]
    yield SILENT, _alone(n for n, i in named if i.silent)
    yield ODD, _alone(n for n, i in named if i.odd)
    codes = sorted({code for _, item in named for code in item.errors})
    yield with_codes(codes), [(n, ", ".join(sorted(set(i.errors)))) for n, i in named if i.errors]


def _other_items(_: Joined, reading: Reading) -> Found:
    for provider in sorted({other.provider for other in reading.others}):
        names = sorted(other.name for other in reading.others if other.provider == provider)
        yield protected_otherwise(provider), _alone(names)


def _old_files(_: Joined, reading: Reading) -> Found:
    newest = max((naive(origin) for origin in reading.origins if origin.dated), default=None)
    dated = [origin for origin in reading.origins if origin.dated and newest]
    yield OLD_FILES, _alone(o.file for o in dated if newest and newest - naive(o) > OLD)
    yield OTHER_DAY, _alone(o.file for o in dated if newest and APART < newest - naive(o) <= OLD)
    named = [(o, o.named) for o in dated if o.named is not None and abs(naive(o) - o.named) > APART]
    yield OTHER_DATE, [(o.file, f"name: {at:%Y-%m-%d}, {o.dated_by}: {naive(o):%Y-%m-%d}") for o, at in named]
    yield NO_DATE, _alone(o.file for o in reading.origins if not o.dated)


def naive(origin: Origin) -> datetime:
    """The date without its offset: an export of RVTools has none."""
    return (origin.dated or datetime.min).replace(tzinfo=None)


_CHECKS: Final = (
    _twice,
    _equal_uuids,
    _unseen_datastores,
    _datastores_of_servers,
    _with("snapshots", SNAPSHOTS),
    _without_tools,
    _items,
    _addresses,
    _other_items,
    _old_files,
)
