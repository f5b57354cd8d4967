"""Jobs of recovery plans under way: until one ends, the vault locks every item of its plan [inferred]."""

from collections.abc import Iterable, Mapping

from failback.reprotect.events import Event, JobCancelled, JobFailed, JobSucceeded, RequestRefused, Unanswered

from .batches import ReadyBatch


class PlanJobs:
    """Which plans have a job under way that the drill asked for, and what waits for its end."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}
        self._items: dict[str, tuple[str, ...]] = {}
        self._kept: list[ReadyBatch] = []

    @property
    def items(self) -> Mapping[str, tuple[str, ...]]:
        """Items of each plan that was asked for something, by the plan's name."""
        return self._items

    @property
    def holds(self) -> bool:
        """Whether something waits for the end of a plan's job."""
        return bool(self._kept)

    def begins(self, plan: str, items: tuple[str, ...], key: str) -> None:
        """The plan is asked, by the request with this key."""
        self._keys[plan], self._items[plan] = key, items

    def keep(self, ready: ReadyBatch) -> bool:
        """Keep it where the plan of one of its items has a job under way; False: it may be requested now."""
        locked = any(not set(self._items[plan]).isdisjoint(ready.items) for plan in self._keys)
        if locked:
            self._kept.append(ready)
        return locked

    def ends(self, event: Event) -> Iterable[ReadyBatch]:
        """What the end of a plan's job lets go, or the answer that no job has begun. Other events let nothing go."""
        match event:
            case RequestRefused() | Unanswered() if self._keys.get(event.subject) == event.key:
                del self._keys[event.subject]
            case JobSucceeded() | JobFailed() | JobCancelled() if event.subject in self._keys:
                del self._keys[event.subject]
            case _:
                return ()
        kept, self._kept = self._kept, []
        return kept
