"""What every answer is made from: the world, its names, its dates, and the addresses under which the mock is known."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import inf

from failback.simulator import Vault, World

from .clock_mode import ClockMode, Mode
from .dates import stamp
from .naming import Addresses, Names
from .response import Json


@dataclass(slots=True)
class Surroundings:
    """A mock's own state besides its log. `finished` has the operations that ended at once, and what they made."""

    world: World
    epoch: datetime
    clock: ClockMode
    base_url: str | None
    page_size: int
    names: Names = field(init=False)
    finished: dict[str, str] = field(default_factory=dict)
    jumped: bool = False

    def __post_init__(self) -> None:
        self.names = Names(self.world)

    def jump(self) -> None:
        """Mode `poll`: somebody looks at what is unfinished, so let the world go on until there is news."""
        if self.clock.mode is Mode.POLL and self.world.env.peek() < inf:
            self.jumped = True
            self.world.jump()


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, parsed. `query` has lower-case keys without the dollar sign; `body` is parsed JSON or None."""

    around: Surroundings
    ids: Addresses
    origin: str
    path: str
    params: Mapping[str, str]
    query: Mapping[str, str]
    body: Json

    @property
    def world(self) -> World:
        """The world."""
        return self.around.world

    @property
    def vault(self) -> Vault:
        """The simulated vault."""
        return self.around.world.vault

    @property
    def names(self) -> Names:
        """Names of the world's parts."""
        return self.around.names

    @property
    def now(self) -> str:
        """The date now."""
        return self.when(self.world.env.now)

    def when(self, at_s: float) -> str:
        """The date of a virtual second."""
        return stamp(self.around.epoch, at_s)
