"""One vault, looked at again and again: two lists a look, and single reads only where a list cannot tell.

A list leaves half of an item blank, so an item is read alone when its row has changed, and now and then while its
resync goes on. What one look may read is limited: a subscription's budget of reads is shared by all its users.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from failback.reprotect import Identity, ItemSeen, Progress, phase_row

from .estate_client import EstateClient
from .foreign import understood
from .pace import Pace
from .settings import AzureSettings
from .site_recovery_client import ResourceAbsent, item_path
from .translation import Json, NotUnderstood, current_job, instant, last_segment, part, parts, text
from .translation_reads import ENDED, item_from_sdk, job_state, plan_children
from .vault_names import NOBODY, VaultNames, vault_names
from .watched_jobs import WatchedJob, operation_of, row_job_id, target_of, watched_job
from .watched_progress import progress_of
from .watched_servers import WatchedServers

ALL: Final = 10**9
"""Single reads in a look that may read everything."""


@dataclass(frozen=True, slots=True)
class VaultLook:
    """What a vault showed at one instant, by its own clock.

    `odd`: items that could not be understood, and why; `unclear`: names that could mean several items, and which;
    `waiting`: how many single reads another look has to do; `fresh`: whose progress was read now, not before, and
    when: many single reads take a while, and a rate is told by the times between them; `servers`: through which servers
    an item comes home, by the choices of a reprotect.
    """

    at: datetime
    items: Mapping[str, ItemSeen]
    progress: Mapping[str, Progress] = field(default_factory=dict)
    jobs: tuple[WatchedJob, ...] = ()
    unclear: Mapping[str, str] = field(default_factory=dict)
    odd: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    waiting: int = 0
    fresh: Mapping[str, datetime] = field(default_factory=dict)
    servers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Known:
    """An item as it was last read alone, and what its row of the list was then."""

    row: Any
    raw: Json
    seen: ItemSeen
    looked_at: datetime
    read_at: datetime


class _Budget:
    """Single reads that are left in this look."""

    def __init__(self, reads: int) -> None:
        self.left, self.waiting = reads, 0

    def takes(self) -> bool:
        """Whether one more may go; one that may not is counted."""
        self.left -= 1
        self.waiting += self.left < 0
        return self.left >= 0


class WatchedVault:
    """Looks at the items of these names in one vault. GETs only.

    `plans`: recovery plans whose jobs are theirs, too; one may begin and end a job of an item between two looks.
    `since`: jobs that ended before it are of no interest; the first look when left out.
    `machines`: what the items are called, see `items_in_the_vault`.
    """

    def __init__(
        self,
        settings: AzureSettings,
        names: Collection[str],
        plans: Collection[str] = (),
        since: datetime | None = None,
        pace: Pace | None = None,
        machines: Mapping[str, Identity] = NOBODY,
    ) -> None:
        self._client, self._names = EstateClient(settings, pace, retries=1), tuple(names)
        self._machines = machines
        self._since, self._plans = since, frozenset(plans)
        self._known: dict[str, _Known] = {}
        self._jobs: dict[str, WatchedJob] = {}
        self._plans_over: set[str] = set()
        self._servers = WatchedServers(self._client)

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def refuse_live(self, what: str) -> None:
        """Raise `ReadOnly` unless the vault is a simulator."""
        self._client.guard.refuse_live(what)

    @understood("The vault")
    def look(self, reads_max: int = ALL) -> VaultLook:
        """Look once; at most `reads_max` items and jobs are read alone. Raises `Unreachable`, `NotUnderstood`."""
        listed = vault_names(self._client.below_vault("replicationProtectedItems"), self._machines)
        jobs = self._client.below_vault("replicationJobs")
        at, odd, budget = self._client.server_time or datetime.now(UTC), dict[str, str](), _Budget(reads_max)
        self._since = self._since or at
        unclear = {name: what for name in self._names for what in listed.unclear((name,))}
        ours = (name for name in self._names if name not in unclear)
        found = {name: row for name in ours if (row := listed.one(name)) is not None}
        self._read_items(found, at, budget, odd)
        items = {name: seen for name, row in found.items() if (seen := self._seen(name, row, odd)) is not None}
        self._read_jobs(jobs, found, items, budget)
        progress = {name: progress_of(self._known[name].raw) for name in items if name in self._known}
        seen_jobs = tuple(self._jobs.values())
        fresh = {name: self._known[name].read_at for name in progress if self._known[name].looked_at == at}
        absent, servers = tuple(self._absent(listed)), dict(self._servers_of(items))
        return VaultLook(at, items, progress, seen_jobs, unclear, odd, absent, budget.waiting, fresh, servers)

    def _absent(self, listed: VaultNames) -> Iterator[str]:
        return (name for name in self._names if not listed.items.get(name))

    def _servers_of(self, items: Mapping[str, ItemSeen]) -> Iterator[tuple[str, Mapping[str, str]]]:
        for name, seen in items.items():
            if name in self._known and (found := self._servers.of(self._known[name].raw, seen.phase)):
                yield name, found

    # Items

    def _read_items(self, found: Mapping[str, Json], at: datetime, budget: _Budget, odd: dict[str, str]) -> None:
        """Read those that need it: the changed ones first, then those whose resync was not looked at for longest."""
        changed = [name for name, row in found.items() if self._is_stale(name, row)]
        moving = [name for name, row in found.items() if not self._is_stale(name, row) and self._is_moving(name)]
        for name in (*changed, *sorted(moving, key=lambda name: self._known[name].looked_at)):
            if budget.takes():
                self._read_item(name, found[name], at, odd)

    def _read_item(self, name: str, row: Json, at: datetime, odd: dict[str, str]) -> None:
        try:
            raw = self._client.resource(item_path(text(row.get("id"))).id)
            read_at = self._client.server_time or at
            self._known[name] = _Known(_shown(row), raw, replace(item_from_sdk(raw), item=name), at, read_at)
        except ResourceAbsent:  # it went between the list and this read; the next list tells
            self._known.pop(name, None)
        except NotUnderstood as unknown:
            odd[name] = str(unknown)

    def _is_stale(self, name: str, row: Json) -> bool:
        return name not in self._known or self._known[name].row != _shown(row)

    def _is_moving(self, name: str) -> bool:
        """Whether a list would not tell what changes of it: the progress of a resync, or an agent that registers."""
        seen = self._known[name].seen
        return phase_row(seen.phase).resyncs or seen.agent_registered is False

    def _seen(self, name: str, row: Json, odd: dict[str, str]) -> ItemSeen | None:
        """By its single read where that still fits the list, by the list where that read has to wait."""
        if name in odd:
            return None
        if not self._is_stale(name, row):
            return self._known[name].seen
        try:
            return replace(item_from_sdk(row), item=name)
        except NotUnderstood as unknown:
            odd[name] = str(unknown)
            return None

    # Jobs

    def _read_jobs(
        self, rows: Iterable[Json], found: Mapping[str, Json], items: Mapping[str, ItemSeen], budget: _Budget
    ) -> None:
        """Each job is read alone when it is new, while it runs, and once when it has ended."""
        ours = {last_segment(text(row.get("id"))): name for name, row in found.items()} | {name: name for name in items}
        rows = tuple(rows)
        wanted = dict(self._wanted(rows, ours, items))
        wanted |= dict(self._of_plans(rows, ours, budget))
        wanted |= self._children(found, {row_job_id(row) for row in rows})
        for job_id, name in wanted.items():
            if name in items and budget.takes():
                self._read_job(job_id, items[name])

    def _wanted(
        self, rows: Iterable[Json], ours: Mapping[str, str], items: Mapping[str, ItemSeen]
    ) -> Iterator[tuple[str, str]]:
        for row in rows:
            name = next((ours[target] for target in target_of(row) if target in ours), "")
            if name in items and operation_of(row, items[name]) is not None and self._is_news(row):
                yield row_job_id(row), name

    def _of_plans(self, rows: Iterable[Json], ours: Mapping[str, str], budget: _Budget) -> Iterator[tuple[str, str]]:
        """Jobs that recovery plans have begun for our items."""
        for row in rows:
            is_plan = not self._plans.isdisjoint(target_of(row)) and row_job_id(row) not in self._plans_over
            if is_plan and self._is_news(row) and budget.takes():
                job = self._client.vault_resource(f"replicationJobs/{quote(row_job_id(row), safe='')}")
                if job_state(job) in ENDED:
                    self._plans_over.add(row_job_id(row))
                for target, job_id in plan_children(job).items():
                    if target in ours and (job_id not in self._jobs or self._jobs[job_id].ended is None):
                        yield job_id, ours[target]

    def _is_news(self, row: Json) -> bool:
        known = self._jobs.get(row_job_id(row))
        if known is not None:
            return known.ended is None
        ended = instant(part(row, "properties").get("endTime")) if job_state(row) in ENDED else None
        return ended is None or self._since is None or ended >= self._since

    def _children(self, found: Mapping[str, Json], listed: Collection[str]) -> Mapping[str, str]:
        """Jobs that a recovery plan has begun: no list has them, their items name them."""
        known = {id_: job.seen.subject for id_, job in self._jobs.items() if job.ended is None and id_ not in listed}
        named = {current[1]: name for name, row in found.items() if (current := current_job(row)) is not None}
        return known | {id_: name for id_, name in named.items() if id_ not in listed}

    def _read_job(self, job_id: str, item: ItemSeen) -> None:
        try:
            job = watched_job(self._client.vault_resource(f"replicationJobs/{quote(job_id, safe='')}"), item)
        except ResourceAbsent:  # a vault keeps jobs for a while only
            self._jobs.pop(job_id, None)
            return
        if job is not None:
            self._jobs[job_id] = job


def _shown(row: Json) -> Any:
    """What a list tells of an item that makes a single read worth its price when it changes."""
    properties = part(row, "properties")
    errors = tuple(text(error.get("errorCode")) for error in parts(properties, "healthErrors"))
    states = tuple(text(properties.get(key)) for key in ("protectionState", "activeLocation", "replicationHealth"))
    return text(row.get("id")), states, current_job(row), errors
