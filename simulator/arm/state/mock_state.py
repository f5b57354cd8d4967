"""A mock's state as a whole: what it is made of, its clock, its snapshots and forks."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import count
from threading import RLock
from time import monotonic, sleep
from typing import Any, Final, TypeAlias, TypedDict

from failback.simulator import World, WorldSpec
from failback.simulator.arm.wire.dates import DEFAULT_EPOCH, SECONDS_MAX
from failback.simulator.arm.wire.response import ArmError

from .armed_rules import ArmedRules
from .clock_mode import ClockMode, Mode, clock_mode
from .consistency import DelayedCopy
from .context import Context
from .inputs import Input, Snapshot
from .request_limits import RequestLimits

SUBSCRIPTION: Final = "00000000-0000-4000-8000-000000000001"
RESOURCE_GROUP: Final = "failback"
VAULT: Final = "vault"
USUAL_NAMES: Final = {"subscription": SUBSCRIPTION, "resource_group": RESOURCE_GROUP, "vault": VAULT}
"""What the mock calls them itself where nobody says otherwise."""
WorldSpecLoader = Callable[[str], tuple[WorldSpec, datetime]]
"""What a scenario of this name is made of, and its date. Raises ValueError where there is none."""


class MockSettings(TypedDict, total=False):
    """What a mock can be told when it is made; `MockState` has what holds otherwise."""

    epoch: datetime
    clock: str
    subscription: str | None
    resource_group: str | None
    vault: str | None
    base_url: str | None
    operations_url: str | None
    page_size: int
    lag_s: float
    control: bool
    load: WorldSpecLoader | None
    wall: Callable[[], float]
    pause: Callable[[float], None]
    retry_after: bool
    reads_limited: bool


ApplyInput: TypeAlias = "Callable[[MockState, Input], None]"
"""Lets something happen (again) to a mock, at whatever instant it is."""


class MockState:
    """What a mock is made of, and its state as a whole: read, kept, had again, copied. It answers no request."""

    def __init__(
        self,
        world: World,
        apply_input: ApplyInput,
        *,
        epoch: datetime = DEFAULT_EPOCH,
        clock: str = "poll",
        subscription: str | None = None,
        resource_group: str | None = None,
        vault: str | None = None,
        base_url: str | None = None,
        operations_url: str | None = None,
        page_size: int = 100,
        lag_s: float = 0.0,
        control: bool = True,
        load: WorldSpecLoader | None = None,
        wall: Callable[[], float] = monotonic,
        pause: Callable[[float], None] = sleep,
        retry_after: bool = False,
        reads_limited: bool = False,
    ) -> None:
        if epoch.tzinfo is None:
            raise ValueError("the epoch of a mock must have a time zone")
        if lag_s > 0 and world.site.hands is not world.vsphere:
            raise ValueError(
                "a world that acts on an external vSphere cannot have stale reads, because its past cannot be rebuilt"
            )
        self._around = Context(world, epoch, clock_mode(clock), base_url, page_size, operations_url, retry_after)
        self._around.history.begin(world.vault)
        self.enforced = {"subscription": subscription, "resource_group": resource_group, "vault": vault}
        self.lock, self.pause, self.log, self.has_control = RLock(), pause, list[Input](), control
        self._apply_input, self._wall, self._load, self._began_clock = apply_input, wall, load, clock
        self._began_wall, self._began_s = wall(), world.env.now
        self._beginning = Snapshot(world.spec, clock, (), 0.0, epoch, lag_s)
        self._lag_s, self._requests = lag_s, count(1)
        self.limits = RequestLimits(wall, reads_limited=reads_limited)
        self._late: DelayedCopy | None = None
        self.snapshots: dict[str, Snapshot] = {}
        self.forks: dict[str, MockState] = {}

    # What others read

    @property
    def context(self) -> Context:
        """What answers are made from."""
        return self._around

    @property
    def lag_s(self) -> float:
        """How many virtual seconds late reads are."""
        return self._lag_s

    @property
    def world(self) -> World:
        """The simulated world."""
        return self._around.world

    @property
    def epoch(self) -> datetime:
        """The date of virtual second 0."""
        return self._around.epoch

    @property
    def clock(self) -> ClockMode:
        """How the clock goes."""
        return self._around.clock

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What came in from outside, in order."""
        return tuple(self.log)

    @property
    def subscription(self) -> str:
        """A subscription id that this mock takes."""
        return self.enforced["subscription"] or SUBSCRIPTION

    @property
    def resource_group(self) -> str:
        """A resource group name that this mock takes."""
        return self.enforced["resource_group"] or RESOURCE_GROUP

    @property
    def vault_name(self) -> str:
        """A vault name that this mock takes."""
        return self.enforced["vault"] or VAULT

    @property
    def now(self) -> datetime:
        """The virtual date."""
        return self.epoch + timedelta(seconds=self.world.env.now)

    def next_request_id(self) -> str:
        """A new id for the request at hand, the same in every run."""
        return self.world.site.chance.guid("request", next(self._requests))

    def send_operations_to(self, url: str) -> None:
        """Let the headers of long-running operations lead there from now on."""
        self._around.operations_url = url

    @property
    def rules(self) -> ArmedRules:
        """The armed fault rules."""
        return self._around.rules

    @property
    def history(self) -> list[dict[str, Any]]:
        """What happened so far, line by line."""
        return self._around.history.lines(self.world.vault)

    # State as a whole

    def note_fault(self, kind: str) -> None:
        """Write down a fault that is neither a rule's nor the world's."""
        self._around.history.add(self.world.env.now, "fault", "FaultFired", None, {"kind": kind})

    def apply_input(self, entry: Input) -> None:
        """Let this happen (again), at whatever instant it is."""
        self._apply_input(self, entry)

    def past(self) -> DelayedCopy:
        """The copy that answers reads late."""
        if self._late is None:
            self._late = DelayedCopy(self._copy(Snapshot(self.world.spec, "step", (), 0.0, self.epoch)), self._lag_s)
        return self._late

    def follow_the_wall(self) -> None:
        """In mode real, let the world catch up with the clock on the wall."""
        if self.clock.mode is Mode.REAL:
            gone_s = (self._wall() - self._began_wall) * self.clock.factor
            self.world.catch_up(min(self._began_s + gone_s, SECONDS_MAX))

    def follow(self, clock: str) -> None:
        """Let the clock go another way from now on. Raises ValueError."""
        self._around.clock = clock_mode(clock)
        self._began_wall, self._began_s = self._wall(), self.world.env.now

    def begins_here(self) -> None:
        """Let a reset lead back to the state of now, and the history begin here."""
        self._beginning = self.snapshot()
        self._around.history.begin(self.world.vault)

    def reset(self) -> None:
        """Begin again. Only a world with its own vSphere can."""
        self.restore(self._beginning)

    def snapshot(self) -> Snapshot:
        """All that is needed to have this mock again: what its world is made of and what came in."""
        with self.lock, self.world.lock:
            inputs, now_s = self.inputs, self.world.env.now
            return Snapshot(self.world.spec, self._began_clock, inputs, now_s, self.epoch, self._lag_s)

    def keep(self, name: str) -> Snapshot:
        """Keep a snapshot under a name. Only of a world with its own vSphere."""
        self._refuse_outside()
        self.snapshots[name] = taken = self.snapshot()
        return taken

    def restore(self, snapshot: Snapshot) -> None:
        """Have an earlier state again."""
        self._refuse_outside()
        other = self._copy(snapshot)
        self._around, self.log, self._began_clock = other._around, other.log, other._began_clock
        self._began_wall, self._began_s, self._late = other._began_wall, other._began_s, other._late

    def fork(self, vault: str) -> "MockState":
        """A copy of the state, which this mock's doors serve as another vault."""
        self._refuse_outside()
        copy = self.forks[vault.lower()] = self._copy(self.snapshot())
        copy._beginning = self._beginning
        return copy

    def load(self, scenario: str) -> None:
        """Begin with another scenario."""
        self._refuse_outside()
        if self._load is None:
            raise ArmError(409, "NoScenarios", "The program that created this mock gave it no scenarios to load.")
        try:
            spec, epoch = self._load(scenario)
        except ValueError as wrong:
            raise ArmError(400, "BadRequest", str(wrong)) from None
        self._beginning = Snapshot(spec, str(self.clock), (), 0.0, epoch, self._lag_s)
        self.restore(self._beginning)

    def _copy(self, snapshot: Snapshot) -> "MockState":
        context = self._around
        settings: dict[str, Any] = {"base_url": context.base_url, "page_size": context.page_size, "wall": self._wall}
        settings |= {"operations_url": context.operations_url}
        settings |= {"pause": self.pause, "control": self.has_control, "load": self._load}
        settings |= {"retry_after": context.retry_after, "reads_limited": self.limits.reads_limited}
        return MockState.restored(snapshot, self._apply_input, self._beginning, **settings)

    def _replay(self, inputs: Iterable[Input]) -> None:
        for entry in inputs:
            self.world.catch_up(entry.at_s)
            self.apply_input(entry)

    def _refuse_outside(self) -> None:
        if self.world.site.hands is not self.world.vsphere:
            raise ArmError(409, "NotResettable", "This world acts on an external vSphere; only its owner can reset it.")

    @classmethod
    def restored(
        cls, snapshot: Snapshot, apply_input: ApplyInput, begins: Snapshot | None = None, **settings: Any
    ) -> "MockState":
        """The mock of a snapshot: a fresh world to which everything happens again. `settings` as for a new mock.

        `begins`: where its history began.
        """
        first: dict[str, Any] = {"clock": snapshot.clock, "epoch": snapshot.epoch, "lag_s": snapshot.lag_s}
        mock = cls(World(snapshot.spec), apply_input, **(first | settings))
        before = len(begins.inputs) if begins is not None else 0
        mock._replay(snapshot.inputs[:before])
        if begins is not None:
            mock.world.catch_up(min(begins.now_s, snapshot.now_s))
            mock._around.history.begin(mock.world.vault)
        mock._replay(snapshot.inputs[before:])
        mock.world.catch_up(snapshot.now_s)
        mock._began_wall, mock._began_s = mock._wall(), snapshot.now_s
        return mock
