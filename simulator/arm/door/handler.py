"""The ASR mock as its users hold it: a simulated world's state, and the requests that are answered from it."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self, Unpack

from failback.simulator import World
from failback.simulator.arm.state.armed_rules import ArmedRules
from failback.simulator.arm.state.clock_mode import ClockMode
from failback.simulator.arm.state.context import Context
from failback.simulator.arm.state.inputs import Input, Snapshot
from failback.simulator.arm.state.mock_state import MockSettings, MockState
from failback.simulator.arm.state.people import token_of
from failback.simulator.arm.wire.response import Response

from .requests import apply_input, handle, logged


class ArmMock:
    """The mock of one vault over `world`.

    `clock` is poll (a look at what is unfinished jumps to the next news), step (only the control API moves it) or
    real:FACTOR. Any subscription, resource group and vault name is taken for this vault, unless one is given here: then
    others are a 404.
    `control` False switches the control API and the front page's buttons off. `load` finds scenarios for it.
    `base_url` is where clients are sent for what goes on; they are sent back where they came from when it is left out.
    `operations_url` is another such place for the headers of long-running operations alone, as the service has regions.
    `retry_after` asks clients of mode poll for a second's wait by the header Retry-After, for those that know no other.
    `reads_limited`: too many reads are refused, as Azure Resource Manager does.
    `lag_s` is how many virtual seconds late reads are: 0 for strong consistency.
    """

    def __init__(self, world: World, **settings: Unpack[MockSettings]) -> None:
        self.state = MockState(world, apply_input, **settings)

    @classmethod
    def restored(cls, snapshot: Snapshot, **settings: Any) -> Self:
        """The mock of a snapshot: a fresh world to which everything happens again. `settings` as for a new mock."""
        mock = cls.__new__(cls)
        mock.state = MockState.restored(snapshot, apply_input, **settings)
        return mock

    # Requests

    def handle(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request. `url` is absolute, or a path with its query."""
        return handle(self.state, method, url, headers, body)

    def fault(self, **fields: Any) -> str | None:
        """Arm a fault rule or let something happen on site, as POST /failback/faults does; returns a rule's id.

        Raises ValueError for what is no fault of this world.
        """
        answer = logged(
            self.state, Input(self.world.env.now, "POST", "/failback/faults", json.dumps(fields).encode()), None
        )
        body: dict[str, Any] = json.loads(answer.body)
        if answer.status != 200:
            raise ValueError(body["error"]["message"])
        return body.get("id")

    def token_of(self, caller: str) -> str:
        """A token for a made-up person, or for a program where the name begins with `app:`."""
        return token_of(self.context, caller)

    # State as a whole

    def snapshot(self) -> Snapshot:
        """All that is needed to have this mock again: what its world is made of and what came in."""
        return self.state.snapshot()

    def begins_here(self) -> None:
        """Let a reset lead back to the state of now."""
        self.state.begins_here()

    def switch_control_off(self) -> None:
        """Answer no request of the control API from now on."""
        self.state.has_control = False

    def send_operations_to(self, url: str) -> None:
        """Let the headers of long-running operations lead there from now on."""
        self.state.send_operations_to(url)

    # What others read

    @property
    def context(self) -> Context:
        """What answers are made from."""
        return self.state.context

    @property
    def world(self) -> World:
        """The simulated world."""
        return self.state.world

    @property
    def epoch(self) -> datetime:
        """The date of virtual second 0."""
        return self.state.epoch

    @property
    def now(self) -> datetime:
        """The virtual date."""
        return self.state.now

    @property
    def clock(self) -> ClockMode:
        """How the clock goes."""
        return self.state.clock

    @property
    def lag_s(self) -> float:
        """How many virtual seconds late reads are."""
        return self.state.lag_s

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What came in from outside, in order."""
        return self.state.inputs

    @property
    def subscription(self) -> str:
        """A subscription id that this mock takes."""
        return self.state.subscription

    @property
    def resource_group(self) -> str:
        """A resource group name that this mock takes."""
        return self.state.resource_group

    @property
    def vault_name(self) -> str:
        """A vault name that this mock takes."""
        return self.state.vault_name

    @property
    def rules(self) -> ArmedRules:
        """The armed fault rules."""
        return self.state.rules

    @property
    def history(self) -> list[dict[str, Any]]:
        """What happened so far, line by line."""
        return self.state.history

    @property
    def forks(self) -> dict[str, MockState]:
        """Copies of the state, by the vault that each is served as."""
        return self.state.forks
