"""What a driver has seen last of each thing, so that it tells the drill only what is new."""

from typing import Final, TypeAlias

from failback.reprotect.events import ItemSeen, JobSeen, JobState, Observation, VmSeen

Key: TypeAlias = tuple[type, str]
_GOES_ON: Final = frozenset({JobState.RUNNING, JobState.SUSPENDED})


class Seen:
    """The last look at each item, job and machine."""

    def __init__(self) -> None:
        self._last: dict[Key, Observation] = {}
        self._told: set[str] = set()

    def __bool__(self) -> bool:
        """Whether anything was seen."""
        return bool(self._last)

    def __contains__(self, key: Key) -> bool:
        """Whether anything of this kind and name was seen."""
        return key in self._last

    def is_new(self, seen: Observation) -> bool:
        """Whether the last look showed something else; if so, this is the last look now."""
        key = _key(seen)
        before = self._last.get(key)
        if before == seen or (isinstance(seen, JobSeen) and seen.job_id in self._told):
            return False
        self._forget_vm_of_another_phase(before, seen)
        self._last[key] = seen
        return True

    def _forget_vm_of_another_phase(self, before: Observation | None, seen: Observation) -> None:
        """A machine that was on may be on still, which matters anew once it is a replication target (R33)."""
        if isinstance(seen, ItemSeen) and isinstance(before, ItemSeen) and before.phase is not seen.phase:
            self._last.pop((VmSeen, seen.item), None)

    def tell(self, job_id: str) -> None:
        """The end of this job is told: whatever shows it again is no news."""
        self._told.add(job_id)

    def forget_ends_not_told(self) -> None:
        """The end of a job that nobody was told of is to be seen once more."""
        jobs = [(key, seen) for key, seen in self._last.items() if isinstance(seen, JobSeen)]
        for key, job in jobs:
            if job.state not in _GOES_ON and job.job_id not in self._told:
                del self._last[key]


def _key(seen: Observation) -> Key:
    return type(seen), seen.subject if isinstance(seen, JobSeen) else seen.item
