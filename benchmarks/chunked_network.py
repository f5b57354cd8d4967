"""The obvious model of a site's links, to measure the real one against: chunks of 512 MB that go link after link.

Each disk has a process that scans it, 512 MB at a time, and one that sends what differed of each chunk: at each link of
its route it waits for its turn, holds the link for as long as the chunk takes, and goes on to the next one. Disks that
wait for one link take turns, which shares it fairly. A link that limits nobody is not waited for. `CoarseNetwork` scans
until 512 MB differ, so that it has fewer chunks, where little differs far fewer.

It has the methods that the simulated site uses of the real one. What the drill of the benchmark does not need (caches,
room on datastores, loads over time) it refuses.
"""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any, ClassVar, Final

import simpy

from failback.simulator import SiteParameters
from failback.simulator.network.schedule import Schedule, as_schedule, is_constant

CHUNK_BYTES: Final = 512e6
CHUNK_S: Final = CHUNK_BYTES / (SiteParameters().scan_mib_per_s * 2**20)
"""Seconds in which a chunk is scanned."""
_Process = Generator[simpy.Event, Any, None]


class ChunkedLink:
    """One chunk at a time, at the link's capacity."""

    def __init__(self, env: simpy.Environment, capacity: float | Schedule) -> None:
        self._env, self._turns = env, simpy.Resource(env)
        self._changed = env.event()
        self.schedule = as_schedule(capacity)

    @property
    def bytes_per_s(self) -> float:
        """What it carries now."""
        return self.schedule.at(self._env.now)

    def change(self, capacity: float | Schedule) -> None:
        """It carries something else from the next chunk on."""
        self.schedule = as_schedule(capacity)
        changed, self._changed = self._changed, self._env.event()
        changed.succeed()

    def cross(self, chunk_bytes: float) -> _Process:
        """Take a turn, and the time that the chunk takes."""
        with self._turns.request() as turn:
            yield turn
            yield from self.wait_until_open()
            yield self._env.timeout(chunk_bytes / self.bytes_per_s)

    def wait_until_open(self) -> _Process:
        """Until it carries anything."""
        while self.bytes_per_s <= 0:
            due_s = self.schedule.next_change_s(self._env.now)
            yield self._changed if due_s == inf else self._changed | self._env.timeout(due_s - self._env.now)


@dataclass(eq=False)
class Sending:
    """One disk on its way."""

    done: simpy.Event
    links: tuple[ChunkedLink, ...]
    chunks: simpy.Store
    churn_bytes_per_s: float = 0.0
    waiting_bytes: float = 0.0
    sent_bytes: float = 0.0
    scanned_s: float = 0.0
    is_scanned: bool = False
    is_stopped: bool = False

    def put(self, size_bytes: float) -> None:
        """So much waits to be sent."""
        if size_bytes > 0:
            self.waiting_bytes += size_bytes
            self.chunks.put(size_bytes)

    def note_end(self) -> None:
        """It is through once all is scanned and nothing waits."""
        if self.is_scanned and self.waiting_bytes <= 0.5 and not self.done.triggered:
            self.done.succeed()


class ChunkedNetwork:
    """Links by name, and the disks that cross them. Asked for a kernel it has none."""

    load_watch: None = None
    on_line: ClassVar[bool] = False

    def __init__(self, env: simpy.Environment, links: Mapping[str, float | Schedule], **_kernel: object) -> None:
        self.env = env
        self.links = {name: ChunkedLink(env, capacity) for name, capacity in links.items()}

    # What is asked

    def transfer(self, route: Iterable[str], size_bytes: float) -> Sending:
        """Send so many bytes."""
        sending = self._sending(route)
        sending.is_scanned = True
        whole, rest = divmod(size_bytes if sending.links else 0.0, CHUNK_BYTES)
        for chunk_bytes in (*[CHUNK_BYTES] * int(whole), rest):
            sending.put(chunk_bytes)
        sending.note_end()
        return self._begun(sending)

    def replicate(
        self, route: Iterable[str], scan_s: float, scan_bytes_per_s: float, churn_bytes_per_s: float = 0.0
    ) -> Sending:
        """Scan a disk and send what differs; what is written meanwhile and later follows."""
        sending = self._sending(route)
        sending.churn_bytes_per_s = churn_bytes_per_s
        self.env.process(self._scan(sending, scan_s, scan_bytes_per_s + churn_bytes_per_s))
        return self._begun(sending)

    def stop(self, sending: Sending) -> None:
        """Nobody waits for it any more."""
        sending.is_stopped = True
        sending.chunks.items.clear()

    def set_capacity(self, link: str, bytes_per_s: float | Schedule) -> None:
        """A link carries something else."""
        self.links[link].change(bytes_per_s)

    def set_cache(self, link: str, size_bytes: float) -> None:
        """There are none here."""
        raise NotImplementedError(f"{link}: the chunked model has no caches")  # never asked

    def set_budget(self, link: str, size_bytes: float, spent: object) -> None:
        """There are none here."""
        raise NotImplementedError(f"{link}: the chunked model has no datastores that fill")  # never asked

    def budget_left(self, link: str) -> float:  # noqa: ARG002  (as the real one is asked)
        """No datastore fills here."""
        return inf

    def watch(self) -> None:
        """Loads are not noted here."""
        raise NotImplementedError("the chunked model notes no loads")  # never asked

    # What is seen

    def remaining_bytes(self, sending: Sending) -> float:
        """What waits to cross."""
        return sending.waiting_bytes

    def sent_bytes(self, sending: Sending) -> float:
        """What has crossed."""
        return sending.sent_bytes

    def scanned_s(self, sending: Sending) -> float:
        """Seconds of its scan that are done."""
        return sending.scanned_s

    def rpo_s(self, sending: Sending) -> float:
        """Age of the oldest change that waits."""
        return sending.waiting_bytes / sending.churn_bytes_per_s if sending.churn_bytes_per_s > 0 else 0.0

    def is_dead(self, link: str) -> bool:
        """Whether a link carries nothing, and no schedule will mend it."""
        return is_constant(self.links[link].schedule) and self.links[link].bytes_per_s <= 0

    # Processes

    def _sending(self, route: Iterable[str]) -> Sending:
        links = tuple(self.links[name] for name in route)
        return Sending(self.env.event(), links, simpy.Store(self.env))

    def _begun(self, sending: Sending) -> Sending:
        self.env.process(self._send(sending))
        return sending

    def _scan(self, sending: Sending, scan_s: float, bytes_per_s: float) -> _Process:
        """Chunk after chunk while the way is open; afterwards what has been written, once it makes a chunk."""
        left_s = scan_s
        while left_s > 0 and not sending.is_stopped:
            for link in sending.links:
                yield from link.wait_until_open()
            part_s = min(self._chunk_s(bytes_per_s), left_s)
            yield self.env.timeout(part_s)
            left_s -= part_s
            sending.scanned_s += part_s
            sending.put(part_s * bytes_per_s)
        sending.is_scanned = True
        sending.note_end()
        while sending.churn_bytes_per_s > 0 and not sending.is_stopped:
            yield self.env.timeout(CHUNK_BYTES / sending.churn_bytes_per_s)
            sending.put(CHUNK_BYTES)

    def _chunk_s(self, bytes_per_s: float) -> float:
        if not self.on_line:
            return CHUNK_S
        return CHUNK_BYTES / bytes_per_s if bytes_per_s > 0 else inf

    def _send(self, sending: Sending) -> _Process:
        while not sending.is_stopped:
            chunk_bytes = yield sending.chunks.get()
            for link in sending.links:
                if link.bytes_per_s < inf:
                    yield from link.cross(chunk_bytes)
            sending.waiting_bytes -= chunk_bytes
            sending.sent_bytes += chunk_bytes
            sending.note_end()


class CoarseNetwork(ChunkedNetwork):
    """Chunks are 512 MB on the line, not on the disk."""

    on_line = True
