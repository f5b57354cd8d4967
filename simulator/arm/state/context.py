"""What every answer is made from: the world, its names, its dates, and the addresses under which the mock is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from failback.simulator import SimulatedVault, World
from failback.simulator.arm.wire.dates import stamp
from failback.simulator.arm.wire.naming import Addresses, Names
from failback.simulator.arm.wire.response import Json

from .armed_rules import ArmedRules
from .clock_mode import ClockMode, Mode
from .mock_history import MockHistory
from .resource_store import ResourceStore


@dataclass(slots=True)
class Context:
    """A mock's own state besides its log. `finished` has the operations that ended at once, with the date.

    `jumped` and `counted` say of the request at hand that it moved the clock, or that a fault rule counted it;
    `asked` is its operation and item, `caller` who asks (see `people`).
    """

    world: World
    epoch: datetime
    clock: ClockMode
    base_url: str | None
    page_size: int
    operations_url: str | None = None
    """Where the headers of long-running operations lead: the service sends clients to a regional host (recorded)."""
    retry_after: bool = False
    """Mode poll: whether clients are asked for a wait of a second in the header that all of them know."""
    names: Names = field(init=False)
    finished: dict[str, str] = field(default_factory=dict)
    jumped: bool = False
    counted: bool = False
    asked: tuple[str, str | None] | None = None
    caller: str = ""
    rules: ArmedRules = field(init=False)
    resources: ResourceStore = field(default_factory=ResourceStore)
    history: MockHistory = field(default_factory=MockHistory)

    def __post_init__(self) -> None:
        self.names = Names(self.world)
        self.rules = ArmedRules(self.world.site.chance)
        self.world.on_fault(self.history.add_fault)

    def jump(self) -> bool:
        """Mode `poll`: somebody looks at what is unfinished, the world goes on until there is news. Whether it did."""
        if self.clock.mode is not Mode.POLL or self.world.env.peek() == inf:
            return False
        self.jumped = True
        self.world.jump()
        return True

    def wait(self) -> None:
        """Mode `poll`: somebody has waited, the world goes on to its next news after this instant."""
        began_s = self.world.env.now
        while self.world.env.now <= began_s and self.jump():
            continue


@dataclass(frozen=True, slots=True)
class ParsedRequest:
    """One request, parsed. `query` has lower-case keys without the dollar sign; `body` is parsed JSON or None.

    `beats` are the dates of heartbeats that its answer shows, of what goes on beating.
    """

    context: Context
    ids: Addresses
    origin: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Json
    beats: set[str] = field(default_factory=set)

    @property
    def world(self) -> World:
        """The world."""
        return self.context.world

    @property
    def vault(self) -> SimulatedVault:
        """The simulated vault."""
        return self.context.world.vault

    @property
    def names(self) -> Names:
        """Names of the world's parts."""
        return self.context.names

    @property
    def now(self) -> str:
        """The date now."""
        return self.when(self.world.env.now)

    def when(self, at_s: float) -> str:
        """The date of a virtual second."""
        return stamp(self.context.epoch, at_s)
