"""The ASR mock: one handler of requests over a simulated world, without a socket."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from threading import RLock
from time import monotonic
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

from failback.simulator import Refusal, World

from .clock_mode import ClockMode, Mode, clock_mode
from .control import control
from .dates import DEFAULT_EPOCH, SECONDS_MAX
from .inputs import Input, Snapshot
from .naming import Addresses
from .paths import CONTROL
from .response import ArmError, Json, Response, error_reply
from .routes import FORMS, WITHOUT_VERSION, Route, find
from .surroundings import Ask, Surroundings

BODY_MAX: Final = 4 * 2**20
"""Bytes of a request's body; more is a 413."""
SUBSCRIPTION: Final = "00000000-0000-4000-8000-000000000001"
RESOURCE_GROUP: Final = "failback"
VAULT: Final = "vault"


class ArmMock:
    """The mock of one vault over `world`.

    `clock` is poll (a look at what is unfinished jumps to the next news), step (only the control plane moves it) or
    real:FACTOR. Any subscription, resource group and vault name is taken for this vault, unless one is given here: then
    others are a 404.
    `base_url` is where clients are sent for what goes on; they are sent back where they came from when it is left out.
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
        page_size: int = 100,
        wall: Callable[[], float] = monotonic,
    ) -> None:
        if epoch.tzinfo is None:
            raise ValueError("the epoch of a mock has to say its time zone")
        self._around = Surroundings(world, epoch, clock_mode(clock), base_url, page_size)
        self._enforced = {"subscription": subscription, "resource_group": resource_group, "vault": vault}
        self._lock, self._wall, self._inputs = RLock(), wall, list[Input]()
        self._began_wall, self._began_s = wall(), world.env.now

    # What others read

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

    # Requests

    def handle(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request. `url` is absolute, or a path with its query."""
        client_request_id = _header(headers, "x-ms-client-request-id")
        with self._lock, self.world.lock:
            self._follow_the_wall()
            answer = self._logged(method.upper(), url, body, client_request_id)
        if client_request_id is None:
            return answer
        return replace(answer, headers=(*answer.headers, ("x-ms-client-request-id", client_request_id)))

    def _follow_the_wall(self) -> None:
        if self.clock.mode is Mode.REAL:
            gone_s = (self._wall() - self._began_wall) * self.clock.factor
            self.world.catch_up(min(self._began_s + gone_s, SECONDS_MAX))

    def _logged(self, method: str, url: str, body: bytes, client_request_id: str | None) -> Response:
        entry = Input(self.world.env.now, method, url, body)
        self._around.jumped, inputs = False, self._inputs
        try:
            answer = self._answer(method, url, body)
        except ArmError as refused:
            answer = error_reply(refused, client_request_id)
        except Refusal as refused:
            error = ArmError(refused.status, refused.code, refused.message, asr=refused.status != 404)
            answer = error_reply(error, client_request_id)
        if (method not in ("GET", "HEAD") or self._around.jumped) and answer.status != 413 and inputs is self._inputs:
            inputs.append(entry)
        return answer

    def _answer(self, method: str, url: str, body: bytes) -> Response:
        split = _split(url)
        if len(body) > BODY_MAX:
            raise ArmError(413, "RequestEntityTooLarge", f"The body has more than {BODY_MAX} bytes.")
        if split.path.lower().startswith(CONTROL):
            return control(self, method, split.path[len(CONTROL) :], _json(body))
        segments = [unquote(part) for part in split.path.strip("/").split("/")]
        route, params = find(method, segments)
        return route.serve(self._ask(split, route, params, body))

    def _ask(self, split: Any, route: Route, params: Mapping[str, str], body: bytes) -> Ask:
        query = {key.lower().lstrip("$"): value for key, value in parse_qsl(split.query, keep_blank_values=True)}
        if not query.get("api-version") and route.operation not in WITHOUT_VERSION:
            raise ArmError(
                400,
                "MissingApiVersionParameter",
                "The api-version query parameter (?api-version=) is required for all requests.",
            )
        self._check_names(params)
        origin = self._around.base_url or (f"{split.scheme}://{split.netloc}" if split.netloc else "")
        ids = Addresses(self._around.names, *(params.get(key, "") for key in self._enforced))
        parsed = None if route.operation in FORMS else _json(body)
        return Ask(self._around, ids, origin, split.path, params, query, parsed)

    def _check_names(self, params: Mapping[str, str]) -> None:
        for key, name in self._enforced.items():
            found = params.get(key)
            if name is not None and found is not None and found.lower() != name.lower():
                kind = key.replace("_", " ")
                raise ArmError(404, "ResourceNotFound", f"The {kind} '{found[:100]}' was not found.")

    # State as a whole

    def reset(self) -> None:
        """Begin again with a fresh world of the same specification. Only a world with its own vSphere can."""
        if self.world.site.hands is not self.world.vsphere:
            raise ArmError(
                409, "NotResettable", "This world acts on a vSphere outside; only the owner can make a fresh one."
            )
        self._around = replace(self._around, world=World(self.world.spec), finished={})
        self._inputs = []
        self._began_wall, self._began_s = self._wall(), 0.0

    def snapshot(self) -> Snapshot:
        """All that is needed to have this mock again: what its world is made of and what came in."""
        with self._lock, self.world.lock:
            return Snapshot(self.world.spec, str(self.clock), self.inputs, self.world.env.now)

    @classmethod
    def restored(cls, snapshot: Snapshot, **settings: Any) -> "ArmMock":
        """The mock of a snapshot: a fresh world to which everything happens again. `settings` as for a new mock."""
        mock = cls(World(snapshot.spec), clock=snapshot.clock, **settings)
        for entry in snapshot.inputs:
            mock.world.catch_up(entry.at_s)
            mock._logged(entry.method, entry.url, entry.body, None)
        mock.world.catch_up(snapshot.now_s)
        mock._began_wall, mock._began_s = mock._wall(), snapshot.now_s
        return mock


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _split(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:
        raise ArmError(400, "BadRequest", "The address cannot be read.") from None


def _json(body: bytes) -> Json:
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ArmError(
            400, "InvalidRequestContent", "The request content was invalid and could not be read as JSON."
        ) from None


def _no_constant(word: str) -> None:
    raise ValueError(word)
