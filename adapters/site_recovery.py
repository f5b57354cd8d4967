"""The port `Vault` over a real vault, or anything that speaks its API.

A request goes out once. Where its fate is in doubt (a conflict, a 5xx, a dropped connection) the item is read: a job of
our kind that was not there before the request is ours, anything else means that nothing was started. A job that began
and ended between the two reads stays unseen; the item's phase tells of it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from failback.reprotect import (
    Accepted,
    Answer,
    Architecture,
    Identity,
    ItemSeen,
    JobSeen,
    Operation,
    RequestRefused,
    StartOperation,
    StartPlanOperation,
    Unanswered,
    VaultCommand,
    as_the_vault_says,
)

from .foreign import understood
from .liveness import Guard
from .settings import AzureSettings
from .site_recovery_client import (
    ItemPath,
    RequestAccepted,
    RequestDeclined,
    RequestUnclear,
    ResourceAbsent,
    Sent,
    SiteRecoveryClient,
    item_path,
)
from .translation import SCENARIOS, Json, MissingChoice, NotUnderstood, current_job, last_segment, part, text
from .translation_fabric import Directory, directory_from_sdk
from .translation_reads import ENDED, architecture_of, item_from_sdk, job_from_sdk, plan_children
from .translation_requests import BodyInputs, Request, item_request, needs_directory, needs_points, plan_request
from .vault_names import NOBODY, called_outside, vault_names


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What never changes about an item."""

    path: ItemPath
    architecture: Architecture


@dataclass(slots=True)
class OurJob:
    """A job that we started, or that runs for a plan of ours, as last read; an ended one is not read again."""

    operation: Operation
    id: str
    raw: Json | None = None
    seen: JobSeen | None = None

    @property
    def has_ended(self) -> bool:
        """Whether its last read showed its end."""
        return self.seen is not None and self.seen.state in ENDED


@dataclass(frozen=True, slots=True)
class UnclearRequest:
    """A request whose fate was not known, and the job that the item showed before it."""

    operation: Operation
    before: str | None


class SiteRecoveryVault:
    """Asks and reads one vault. `names`: only these items; all VMware items of the vault when left out.

    `servers`: outside names of servers and datastores that have another one here, see `names_in_requests`;
    `machines`: what the items of machines are called, see `items_in_the_vault`.
    """

    def __init__(
        self,
        settings: AzureSettings,
        names: Collection[str] | None = None,
        servers: Mapping[str, str] = MappingProxyType({}),
        machines: Mapping[str, Identity] = NOBODY,
    ) -> None:
        self._settings, self._names, self._servers, self._machines = settings, names, servers, machines
        self._client = SiteRecoveryClient(settings)
        self._items: dict[str, KnownItem] | None = None
        self._spelt_otherwise: Callable[[Collection[str]], Iterable[str]] = lambda _: ()
        self._directories: dict[str, Directory] = {}
        self._jobs: dict[str, OurJob] = {}
        self._plan_of: dict[str, str] = {}
        self._answers: dict[str, Answer] = {}
        self._doubts: dict[str, UnclearRequest] = {}
        self._adopted: set[str] = set()

    @property
    def retry_after_s(self) -> float | None:
        """How long the vault last asked to be left alone; what a `WallClock` takes as its pace."""
        return self._client.retry_after_s

    @property
    def guard(self) -> Guard:
        """What refuses to change a live vault."""
        return self._client.guard

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    @understood("The vault")
    def items(self) -> tuple[str, ...]:
        """Names of all protected items, read anew. Raises `Unreachable`."""
        self._items = self._listed()
        return tuple(self._items)

    # Asking

    @understood("The vault")
    def perform(self, command: VaultCommand) -> Answer:
        """Send one request, once; a repeat with the same key gets the answer of the first.

        Raises `ReadOnly` for a live vault, `Unreachable` when the vault cannot even be read.
        """
        earlier = self._answers.get(command.key)
        if isinstance(earlier, Accepted | RequestRefused):
            return earlier
        self.guard.refuse_live(f"{command.operation.value} of {_subject(command)}")
        answer = self._ask(command)
        self._learn(command, answer)
        return answer

    @understood("The vault")
    def reconcile(self, command: VaultCommand) -> Answer:
        """What became of a request that an earlier run may have sent, and heard no answer to. Sends nothing.

        Its job may run, or have ended since: then it is the newest one of the item or plan in the list of jobs.
        """
        job_id = _ours(self._target(command), command.operation, None) or self._newest(command)
        if job_id is None or job_id in self._adopted:
            return _unanswered(command, "An earlier run sent it; there is no job of it.")
        answer = _accepted(command, job_id)
        self._learn(command, answer)
        return answer

    def _newest(self, command: VaultCommand) -> str | None:
        """Inferred: while a job runs its item is locked, so nobody else has started one between ours and now."""
        jobs = (job for job in self._client.jobs() if _scenario_of(job).endswith(_OPERATIONS))
        of_subject = (job for job in jobs if self._is_about(command, part(job, "properties")))
        newest = max(of_subject, key=lambda job: text(part(job, "properties").get("startTime")), default=None)
        is_of_kind = newest is not None and _scenario_of(newest).endswith(SCENARIOS[command.operation])
        return text(newest.get("name")) if newest is not None and is_of_kind else None

    def _is_about(self, command: VaultCommand, job: Json) -> bool:
        names = {_subject(command)}
        if isinstance(command, StartOperation):
            names.add(self._item(command.item).path.name)
        return not names.isdisjoint((text(job.get("targetObjectName")), last_segment(text(job.get("targetObjectId")))))

    def adopt(self, accepted: Accepted, items: Collection[str] = ()) -> None:
        """Take a job that an earlier run started for ours; `items` are those of a plan."""
        self._adopted.add(accepted.job_id)
        self._begin(accepted.subject, accepted.operation, accepted.job_id, items)

    def _ask(self, command: VaultCommand) -> Answer:
        try:
            target = self._target(command)
            before = self._before(command, target)
            if job_id := _ours(target, command.operation, before):
                return _accepted(command, job_id)
            return self._judged(command, self._send(command, target), before)
        except ResourceAbsent as absent:
            return _refused(command, RequestDeclined("ResourceNotFound", str(absent)))
        except MissingChoice as missing:
            return _refused(command, RequestDeclined("MissingChoice", str(missing)))

    def _before(self, command: VaultCommand, target: Json) -> str | None:
        """The job that was there before our first request whose fate is in doubt, else the one that is there now."""
        doubt = self._doubts.get(_subject(command))
        if doubt is not None and doubt.operation is command.operation:
            return doubt.before
        current = current_job(target)
        return current[1] if current else None

    def _judged(self, command: VaultCommand, sent: Sent, before: str | None) -> Answer:
        if isinstance(sent, RequestAccepted):
            return _accepted(command, sent.job_id)
        if isinstance(sent, RequestUnclear):
            self._doubts[_subject(command)] = UnclearRequest(command.operation, before)
        if job_id := _ours(self._target(command), command.operation, before):
            return _accepted(command, job_id)
        return _refused(command, sent) if isinstance(sent, RequestDeclined) else _unanswered(command, sent.message)

    def _learn(self, command: VaultCommand, answer: Answer) -> None:
        self._answers[command.key] = answer
        if not isinstance(answer, Unanswered):
            self._doubts.pop(answer.subject, None)
        if isinstance(answer, Accepted):
            members = command.items if isinstance(command, StartPlanOperation) else ()
            self._begin(answer.subject, answer.operation, answer.job_id, members)

    def _begin(self, subject: str, operation: Operation, job_id: str, members: Collection[str]) -> None:
        self._jobs[subject] = OurJob(operation, job_id)
        self._plan_of.pop(subject, None)
        self._plan_of.update(dict.fromkeys(members, subject))

    def _target(self, command: VaultCommand) -> Json:
        match command:
            case StartOperation(item):
                return self._client.item(self._item(item).path)
            case StartPlanOperation(plan):
                return self._client.plan(plan)

    def _send(self, command: VaultCommand, target: Json) -> Sent:
        match command:
            case StartOperation(item, operation, choices):
                path = self._item(item).path
                told = as_the_vault_says(choices, self._servers)
                request = self._item_request(path, BodyInputs(operation, told, target))
                return self._client.ask_item(path, request.verb, request.body)
            case StartPlanOperation(plan, items, operation, choices):
                request = plan_request(plan, operation, choices, {self._item(name).architecture for name in items})
                return self._client.ask_plan(plan, request.verb, request.body)

    def _item_request(self, path: ItemPath, asked: BodyInputs) -> Request:
        if needs_points(asked.operation, asked.choices):
            return item_request(replace(asked, points=self._client.points(path)))
        if not needs_directory(asked.operation):
            return item_request(asked)
        try:
            return item_request(replace(asked, directory=self._directory(path)))
        except MissingChoice:  # the fabric may know the name by now
            self._directories.pop(path.container_id, None)
            return item_request(replace(asked, directory=self._directory(path)))

    def _directory(self, path: ItemPath) -> Directory:
        known = self._directories.get(path.container_id)
        if known is None:
            known = self._directories[path.container_id] = self._read_directory(path)
        return known

    def _read_directory(self, path: ItemPath) -> Directory:
        fabric = self._client.fabric(path.fabric)
        classic = part(part(fabric, "properties"), "customDetails").get("masterTargetServers") is not None
        return directory_from_sdk(
            fabric, path.container_id, self._client.mappings(path), () if classic else self._client.appliances()
        )

    # Reading

    @understood("The vault")
    def read(self, subjects: Collection[str]) -> tuple[ItemSeen | JobSeen, ...]:
        """Our job of each subject, then the item itself; a plan's children come under their items.

        Raises `Unreachable`, and `NotUnderstood` for something that was never recorded.
        """
        seen: list[ItemSeen | JobSeen] = []
        fresh: set[str] = set()
        for name in subjects:
            self._adopt_child(name, fresh)
            if name in self._jobs:
                seen.append(self._job_seen(name, fresh))
            if name in self._known():
                seen.extend(self._item_seen(name))
        return tuple(seen)

    def _adopt_child(self, name: str, fresh: set[str]) -> None:
        """Take the child job that a plan of ours has begun for this item for the item's own."""
        plan = self._plan_of.get(name)
        if plan is None:
            return
        ended = self._job_seen(plan, fresh).state in ENDED
        job = self._jobs[plan]
        children = plan_children(job.raw or {})
        job_id = children.get(name) or children.get(self._item(name).path.name)
        if job_id is not None:
            self._jobs[name] = OurJob(job.operation, job_id)
        if job_id is not None or ended:
            del self._plan_of[name]

    def _job_seen(self, subject: str, fresh: set[str]) -> JobSeen:
        """The job of a subject, read at most once in one look."""
        job = self._jobs[subject]
        if job.seen is None or not (job.has_ended or job.id in fresh):
            job.raw = self._client.job(job.id)
            job.seen = job_from_sdk(job.raw, subject, job.operation, self._client.job)
            fresh.add(job.id)
        return job.seen

    def _item_seen(self, name: str) -> tuple[ItemSeen, ...]:
        try:
            return (self._item_at(self._item(name).path, name),)
        except ResourceAbsent:  # moved or no longer protected: the list knows
            self._items = None
        known = self._known().get(name)
        return (self._item_at(known.path, name),) if known else ()

    def _item_at(self, path: ItemPath, name: str) -> ItemSeen:
        return replace(item_from_sdk(self._client.item(path)), item=name)

    def _known(self) -> dict[str, KnownItem]:
        if self._items is None:
            self._items = self._listed()
        return self._items

    def _item(self, name: str) -> KnownItem:
        if name not in self._known():
            self._items = self._listed()
        if name not in self._known():
            others = "".join(f" It has {other}." for other in self._spelt_otherwise((name,)))
            called = called_outside(name, self._machines)
            raise ResourceAbsent(f"There is no replication protected item '{name}'{called} in this vault.{others}")
        return self._known()[name]

    def _listed(self) -> dict[str, KnownItem]:
        listed = vault_names(self._client.items(), self._machines)
        names = listed.items if self._names is None else self._names
        for unclear in listed.unclear(names):
            raise NotUnderstood(
                f"Vault '{self._settings.vault}' has {unclear}. It is unknown which one is meant: rename one, or "
                "leave the name out."
            )
        self._spelt_otherwise = listed.spelt_otherwise
        found = {name: item for name in names if (item := listed.one(name)) is not None}
        return {name: KnownItem(item_path(text(i.get("id"))), architecture_of(i)) for name, i in found.items()}


def _subject(command: VaultCommand) -> str:
    return command.item if isinstance(command, StartOperation) else command.plan


def _ours(target: Json, operation: Operation, before: str | None) -> str | None:
    """The job that runs now, if it is of our kind and was not there before."""
    current = current_job(target)
    if current is None or current[1] == before:
        return None
    # Inferred: a plan's scenarios end like those of its items.
    return current[1] if current[0].endswith(SCENARIOS[operation]) else None


_OPERATIONS: Final = tuple({name for names in SCENARIOS.values() for name in names})
"""Ends of the names of all jobs that an operation starts; a vault also has jobs of its own."""


def _scenario_of(job: Json) -> str:
    return text(part(job, "properties").get("scenarioName"))


def _accepted(command: VaultCommand, job_id: str) -> Accepted:
    return Accepted(_subject(command), command.operation, command.key, job_id)


def _refused(command: VaultCommand, no: RequestDeclined) -> RequestRefused:
    return RequestRefused(_subject(command), command.operation, command.key, no.code, no.message)


def _unanswered(command: VaultCommand, message: str) -> Unanswered:
    return Unanswered(_subject(command), command.operation, command.key, message)
