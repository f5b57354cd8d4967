"""The ASR mock: one handler of requests over a simulated world, without a socket."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import unquote

from failback.simulator import Refusal
from failback.simulator.arm.control.control_plane import control
from failback.simulator.arm.control.front_page import front_page, pressed
from failback.simulator.arm.routes import Route, find
from failback.simulator.arm.state.clock_mode import Mode
from failback.simulator.arm.state.consistency import Late, is_late
from failback.simulator.arm.state.inputs import Input, Snapshot
from failback.simulator.arm.state.mock_state import MockState
from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.dates import SECONDS_MAX
from failback.simulator.arm.wire.paths import CONTROL
from failback.simulator.arm.wire.response import IS_MOCK, ArmError, Response, error_reply

from .dispatch import dispatch
from .request_parts import ask_of, header_of, is_unlogged, parsed_json, split_url

BODY_MAX: Final = 4 * 2**20
"""Bytes of a request's body; more is a 413."""
_VAULT_IN_URL: Final = re.compile(r"/vaults/([^/?]+)|[?&]vault=([^&]+)", re.IGNORECASE)


class ArmMock(MockState):
    """The mock of one vault over `world`.

    `clock` is poll (a look at what is unfinished jumps to the next news), step (only the control plane moves it) or
    real:FACTOR. Any subscription, resource group and vault name is taken for this vault, unless one is given here: then
    others are a 404.
    `control` False switches the control plane and the front page's buttons off. `load` finds scenarios for it.
    `base_url` is where clients are sent for what goes on; they are sent back where they came from when it is left out.
    `operations_url` is another such place for the headers of long-running operations alone, as the service has regions.
    `lag_s` is how many virtual seconds late reads are: 0 for strong consistency.
    """

    def fault(self, **said: Any) -> str | None:
        """Arm a fault rule or let something happen on site, as POST /failback/faults does; returns a rule's id.

        Raises ValueError for what is no fault of this world.
        """
        answer = self._logged("POST", "/failback/faults", json.dumps(said).encode(), None)
        body: dict[str, Any] = json.loads(answer.body)
        if answer.status != 200:
            raise ValueError(body["error"]["message"])
        return body.get("id")

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
        echoed = () if client_request_id is None else (("x-ms-client-request-id", client_request_id),)
        return replace(answer, headers=(*answer.headers, IS_MOCK, *echoed))

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
        return dispatch(ask, route.operation, self._serving(route))

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

    def hear(self, entry: Input) -> None:
        """Let this happen (again), at whatever instant it is."""
        self._logged(entry.method, entry.url, entry.body, None)
