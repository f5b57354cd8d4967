"""The ASR mock: one handler of requests over a simulated world, without a socket."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from threading import RLock
from time import monotonic, sleep
from typing import Any, Final
from urllib.parse import unquote

from failback.simulator import Refusal, World, WorldSpec

from .armed_rules import ArmedRules
from .clock_mode import ClockMode, Mode, clock_mode
from .consistency import Late, is_late
from .control import control
from .dates import DEFAULT_EPOCH, SECONDS_MAX
from .front_page import front_page, pressed
from .inputs import Input, Snapshot
from .mishaps import meet
from .paths import CONTROL
from .request_parts import ask_of, header_of, is_unlogged, parsed_json, split_url
from .response import ArmError, Response, error_reply
from .routes import Route, find
from .surroundings import Ask, Surroundings

BODY_MAX: Final = 4 * 2**20
"""Bytes of a request's body; more is a 413."""
SUBSCRIPTION: Final = "00000000-0000-4000-8000-000000000001"
RESOURCE_GROUP: Final = "failback"
VAULT: Final = "vault"
_VAULT_IN_URL: Final = re.compile(r"/vaults/([^/?]+)|[?&]vault=([^&]+)", re.IGNORECASE)
WorldSpecLoader = Callable[[str], tuple[WorldSpec, datetime]]
"""What a scenario of this name is made of, and its date. Raises ValueError where there is none."""


class ArmMock:
    """The mock of one vault over `world`.

    `clock` is poll (a look at what is unfinished jumps to the next news), step (only the control plane moves it) or
    real:FACTOR. Any subscription, resource group and vault name is taken for this vault, unless one is given here: then
    others are a 404.
    `control` False switches the control plane and the front page's buttons off. `load` finds scenarios for it.
    `base_url` is where clients are sent for what goes on; they are sent back where they came from when it is left out.
    `operations_url` is another such place for the headers of long-running operations alone, as the service has regions.
    `lag_s` is how many virtual seconds late reads are: 0 for strong consistency.
    """

    def __init__(
        self,
        world: World,
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
    ) -> None:
        if epoch.tzinfo is None:
            raise ValueError("the epoch of a mock has to say its time zone")
        if lag_s > 0 and world.site.hands is not world.vsphere:
            raise ValueError("a world that acts on a vSphere outside cannot be read late: its past cannot be had again")
        self._around = Surroundings(world, epoch, clock_mode(clock), base_url, page_size, operations_url)
        self._enforced = {"subscription": subscription, "resource_group": resource_group, "vault": vault}
        self._lock, self._wall, self._pause, self._inputs = RLock(), wall, pause, list[Input]()
        self._control, self._load, self._began_clock = control, load, clock
        self._began_wall, self._began_s = wall(), world.env.now
        self._beginning = Snapshot(world.spec, clock, (), 0.0, epoch, lag_s)
        self._lag_s = lag_s
        self._late: Late | None = None
        self.snapshots: dict[str, Snapshot] = {}
        self.forks: dict[str, ArmMock] = {}

    # What others read

    @property
    def surroundings(self) -> Surroundings:
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
        return tuple(self._inputs)

    @property
    def subscription(self) -> str:
        """A subscription id that this mock takes."""
        return self._enforced["subscription"] or SUBSCRIPTION

    @property
    def resource_group(self) -> str:
        """A resource group name that this mock takes."""
        return self._enforced["resource_group"] or RESOURCE_GROUP

    @property
    def vault_name(self) -> str:
        """A vault name that this mock takes."""
        return self._enforced["vault"] or VAULT

    @property
    def now(self) -> datetime:
        """The virtual date."""
        return self.epoch + timedelta(seconds=self.world.env.now)

    def switch_control_off(self) -> None:
        """Answer no request of the control plane from now on."""
        self._control = False

    def send_operations_to(self, url: str) -> None:
        """Let the headers of long-running operations lead there from now on."""
        self._around.operations_url = url

    @property
    def has_control(self) -> bool:
        """Whether the control plane is on."""
        return self._control

    @property
    def rules(self) -> ArmedRules:
        """The armed fault rules."""
        return self._around.rules

    @property
    def history(self) -> list[dict[str, Any]]:
        """What happened so far, line by line."""
        return self._around.history.lines(self.world.vault)

    def fault(self, **said: Any) -> str | None:
        """Arm a fault rule or let something happen on site, as POST /failback/faults does; returns a rule's id.

        Raises ValueError for what is no fault of this world.
        """
        answer = self._logged("POST", "/failback/faults", json.dumps(said).encode(), None)
        body: dict[str, Any] = json.loads(answer.body)
        if answer.status != 200:
            raise ValueError(body["error"]["message"])
        return body.get("id")

    def note_fault(self, kind: str) -> None:
        """Write down a fault that is neither a rule's nor the world's."""
        self._around.history.add(self.world.env.now, "fault", "FaultFired", None, {"kind": kind})

    # Requests

    def handle(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request. `url` is absolute, or a path with its query."""
        fork = self._fork_for(url)
        if fork is not None:
            return fork.handle(method, url, headers, body)
        client_request_id = header_of(headers, "x-ms-client-request-id")
        with self._lock, self.world.lock:
            self._follow_the_wall()
            answer = self._logged(method.upper(), url, body, client_request_id)
        if answer.delay_s > 0:
            self._pause(answer.delay_s)
        if client_request_id is None:
            return answer
        return replace(answer, headers=(*answer.headers, ("x-ms-client-request-id", client_request_id)))

    def _fork_for(self, url: str) -> "ArmMock | None":
        named = _VAULT_IN_URL.search(url) if self.forks else None
        return None if named is None else self.forks.get(unquote(named[1] or named[2]).lower())

    def _follow_the_wall(self) -> None:
        if self.clock.mode is Mode.REAL:
            gone_s = (self._wall() - self._began_wall) * self.clock.factor
            self.world.catch_up(min(self._began_s + gone_s, SECONDS_MAX))

    def _logged(self, method: str, url: str, body: bytes, client_request_id: str | None) -> Response:
        entry = Input(self.world.env.now, method, url, body)
        self._around.jumped = self._around.counted = False
        self._around.asked, around, inputs = None, self._around, self._inputs
        try:
            answer = self._answer(method, url, body)
        except ArmError as refused:
            answer = error_reply(refused, client_request_id)
        except Refusal as refused:
            error = ArmError(refused.status, refused.code, refused.message, asr=refused.status != 404)
            answer = error_reply(error, client_request_id)
        if inputs is not self._inputs or answer.status == 413 or is_unlogged(url):
            return answer
        if method not in ("GET", "HEAD") or around.jumped or around.counted:
            inputs.append(entry)
        if around.asked is not None and method not in ("GET", "HEAD"):
            self._write_down(entry, answer, *around.asked)
        return answer

    def _write_down(self, entry: Input, answer: Response, operation: str, item: str | None) -> None:
        path = entry.url.partition("?")[0]
        data = {"operation": operation, "verb": entry.method, "path": path, "status": answer.status}
        why = {} if answer.status < 400 or answer.dropped else {"error": json.loads(answer.body)["error"]["message"]}
        data |= {"dropped": True} if answer.dropped else why
        self._around.history.add(entry.at_s, "command", "Asked", item, data)

    def _answer(self, method: str, url: str, body: bytes) -> Response:
        split = split_url(url)
        if len(body) > BODY_MAX:
            raise ArmError(413, "RequestEntityTooLarge", f"The body has more than {BODY_MAX} bytes.")
        if split.path in ("", "/"):
            return front_page(self, split.query) if method in ("GET", "HEAD") else pressed(self, method, body)
        if split.path.lower().startswith(CONTROL):
            return self._controlled(method, split.path[len(CONTROL) :], body)
        segments = [unquote(part) for part in split.path.strip("/").split("/")]
        route, params = find(method, segments)
        ask = ask_of(self._around, self._enforced, split, route, params, body)
        self._around.asked = route.operation, ask.names.items.get(params.get("item", "").lower())
        return meet(ask, route.operation, self._serving(route))

    def _serving(self, route: Route) -> Callable[[Ask], Response]:
        if self._lag_s == 0 or not is_late(route.operation, route.verb):
            return route.serve
        if self._late is None:
            self._late = Late(self._copy(Snapshot(self.world.spec, "step", (), 0.0, self.epoch)), self._lag_s)
        return partial(self._late.read, route.serve, self._inputs)

    def _controlled(self, method: str, name: str, body: bytes) -> Response:
        if not self._control:
            raise ArmError(404, "NotFound", "The control plane of this mock is switched off.")
        return control(self, method, name, parsed_json(body))

    # State as a whole

    def hear(self, entry: Input) -> None:
        """Let this happen (again), at whatever instant it is."""
        self._logged(entry.method, entry.url, entry.body, None)

    def follow(self, clock: str) -> None:
        """Let the clock go another way from now on. Raises ValueError."""
        self._around.clock = clock_mode(clock)
        self._began_wall, self._began_s = self._wall(), self.world.env.now

    def begins_here(self) -> None:
        """Let a reset lead back to the state of now."""
        self._beginning = self.snapshot()

    def reset(self) -> None:
        """Begin again. Only a world with its own vSphere can."""
        self.restore(self._beginning)

    def snapshot(self) -> Snapshot:
        """All that is needed to have this mock again: what its world is made of and what came in."""
        with self._lock, self.world.lock:
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
        self._around, self._inputs, self._began_clock = other._around, other._inputs, other._began_clock
        self._began_wall, self._began_s, self._late = other._began_wall, other._began_s, other._late

    def fork(self, vault: str) -> "ArmMock":
        """A copy of the state, which this mock's doors serve as another vault."""
        self._refuse_outside()
        copy = self.forks[vault.lower()] = self._copy(self.snapshot())
        copy._beginning = self._beginning
        return copy

    def load(self, scenario: str) -> None:
        """Begin with another scenario."""
        self._refuse_outside()
        if self._load is None:
            raise ArmError(409, "NoScenarios", "This mock was made in a program that gave it no scenarios to load.")
        try:
            spec, epoch = self._load(scenario)
        except ValueError as wrong:
            raise ArmError(400, "BadRequest", str(wrong)) from None
        self._beginning = Snapshot(spec, str(self.clock), (), 0.0, epoch, self._lag_s)
        self.restore(self._beginning)

    def _copy(self, snapshot: Snapshot) -> "ArmMock":
        around = self._around
        settings: dict[str, Any] = {"base_url": around.base_url, "page_size": around.page_size, "wall": self._wall}
        settings |= {"operations_url": around.operations_url}
        settings |= {"pause": self._pause, "control": self._control, "load": self._load}
        return ArmMock.restored(snapshot, **settings)

    def _refuse_outside(self) -> None:
        if self.world.site.hands is not self.world.vsphere:
            raise ArmError(
                409, "NotResettable", "This world acts on a vSphere outside; only the owner can make a fresh one."
            )

    @classmethod
    def restored(cls, snapshot: Snapshot, **settings: Any) -> "ArmMock":
        """The mock of a snapshot: a fresh world to which everything happens again. `settings` as for a new mock."""
        first: dict[str, Any] = {"clock": snapshot.clock, "epoch": snapshot.epoch, "lag_s": snapshot.lag_s}
        mock = cls(World(snapshot.spec), **(first | settings))
        for entry in snapshot.inputs:
            mock.world.catch_up(entry.at_s)
            mock.hear(entry)
        mock.world.catch_up(snapshot.now_s)
        mock._began_wall, mock._began_s = mock._wall(), snapshot.now_s
        return mock
