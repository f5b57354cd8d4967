"""How a mock answers one request: which fork it is for, what is logged of it, and who serves it."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from functools import partial
from typing import Final
from urllib.parse import unquote

from failback.simulator import Refusal
from failback.simulator.arm.control.control_plane import control
from failback.simulator.arm.control.front_page import front_page, pressed
from failback.simulator.arm.routes import Route, find
from failback.simulator.arm.state.consistency import is_late
from failback.simulator.arm.state.context import Context, ParsedRequest
from failback.simulator.arm.state.inputs import Input
from failback.simulator.arm.state.mock_state import MockState
from failback.simulator.arm.state.people import caller_of
from failback.simulator.arm.wire.paths import CONTROL
from failback.simulator.arm.wire.response import IS_MOCK, REQUEST_ID, ArmError, Response, error_reply

from .dispatch import dispatch
from .request_parts import header_of, is_unlogged, parse_request, parsed_json, split_url

BODY_MAX: Final = 4 * 2**20
"""Bytes of a request's body; more is a 413."""
_VAULT_IN_URL: Final = re.compile(r"/vaults/([^/?]+)|[?&]vault=([^&]+)", re.IGNORECASE)


def handle(state: MockState, method: str, url: str, sent: Mapping[str, str], body: bytes) -> Response:
    """Answer one request. `url` is absolute, or a path with its query."""
    fork = _fork_for(state, url)
    if fork is not None:
        return handle(fork, method, url, sent, body)
    client_request_id = header_of(sent, "x-ms-client-request-id")
    with state.lock, state.world.lock:
        state.follow_the_wall()
        caller = caller_of(state.context, header_of(sent, "authorization"))
        entry = Input(state.world.env.now, method.upper(), url, body, caller)
        answer = state.limits.take(method, url) or logged(state, entry, client_request_id)
        limits = state.limits.headers(method, url)
    if answer.delay_s > 0:
        state.pause(answer.delay_s)
    echoed = () if client_request_id is None else (("x-ms-client-request-id", client_request_id),)
    headers = (*answer.headers, IS_MOCK, ("Date", _date(state)), *limits, *echoed)
    return identified(state, replace(answer, headers=headers))


def _date(state: MockState) -> str:
    """When it is at the vault: clients judge heartbeats by it."""
    now = state.context.epoch + timedelta(seconds=state.world.env.now)
    return format_datetime(now.astimezone(UTC), usegmt=True)


def identified(state: MockState, answer: Response) -> Response:
    """The answer with an id of its request, unless it names a job there already (recorded)."""
    if any(name == REQUEST_ID for name, _ in answer.headers):
        return answer
    return replace(answer, headers=(*answer.headers, (REQUEST_ID, state.next_request_id())))


def not_taken(state: MockState, error: ArmError) -> Response:
    """What a door answers to a request that the mock itself does not get to see."""
    answer = error_reply(error)
    return identified(state, replace(answer, headers=(*answer.headers, IS_MOCK)))


def apply_input(state: MockState, entry: Input) -> None:
    """Let this happen (again), at whatever instant it is."""
    logged(state, replace(entry, at_s=state.world.env.now), None)


def _fork_for(state: MockState, url: str) -> MockState | None:
    named = _VAULT_IN_URL.search(url) if state.forks else None
    return None if named is None else state.forks.get(unquote(named[1] or named[2]).lower())


def logged(state: MockState, entry: Input, client_request_id: str | None) -> Response:
    """Answer one request and note it, where it changed something: from what is noted the state can be had again."""
    method, url = entry.method, entry.url
    state.context.caller = entry.caller
    state.context.jumped = state.context.counted = False
    state.context.asked, context, inputs = None, state.context, state.log
    try:
        answer = _answer(state, method, url, entry.body)
    except ArmError as refused:
        answer = _refused(state, refused, client_request_id)
    except Refusal as refused:
        error = ArmError(refused.status, refused.code, refused.message, asr=refused.status != 404)
        answer = _refused(state, error, client_request_id)
    if inputs is not state.log or answer.status == 413 or is_unlogged(url):
        return answer
    if method not in ("GET", "HEAD") or context.jumped or context.counted:
        inputs.append(entry)
    if context.asked is not None and method not in ("GET", "HEAD"):
        _write_down(context, entry, answer, *context.asked)
    return answer


def _refused(state: MockState, error: ArmError, client_request_id: str | None) -> Response:
    """The error under an id of its own; it stands for the client's where that sends none (inferred)."""
    activity = state.next_request_id()
    answer = error_reply(error, client_request_id or activity, activity)
    return replace(answer, headers=(*answer.headers, (REQUEST_ID, activity)))


def _write_down(context: Context, entry: Input, answer: Response, operation: str, item: str | None) -> None:
    path = entry.url.partition("?")[0]
    data = {"operation": operation, "verb": entry.method, "path": path, "status": answer.status}
    why = {} if answer.status < 400 or answer.dropped else {"error": json.loads(answer.body)["error"]["message"]}
    data |= {"dropped": True} if answer.dropped else why
    context.history.add(entry.at_s, "command", "Asked", item, data)


def _answer(state: MockState, method: str, url: str, body: bytes) -> Response:
    split = split_url(url)
    if len(body) > BODY_MAX:
        raise ArmError(413, "RequestEntityTooLarge", f"The body has more than {BODY_MAX} bytes.")
    if split.path in ("", "/"):
        return front_page(state, split.query) if method in ("GET", "HEAD") else pressed(state, method, body)
    if split.path.lower().startswith(CONTROL):
        return _controlled(state, method, split.path[len(CONTROL) :], body)
    segments = [unquote(part) for part in split.path.strip("/").split("/")]
    route, params = find(method, segments)
    request = parse_request(state.context, state.enforced, split, route, params, body)
    state.context.asked = route.operation, request.names.items.get(params.get("item", "").lower())
    return dispatch(request, route.operation, _serving(state, route))


def _serving(state: MockState, route: Route) -> Callable[[ParsedRequest], Response]:
    if state.lag_s == 0 or not is_late(route.operation, route.verb):
        return route.serve
    return partial(state.past().read, route.serve, state.log)


def _controlled(state: MockState, method: str, name: str, body: bytes) -> Response:
    if not state.has_control:
        raise ArmError(404, "NotFound", "The control API of this mock is turned off.")
    return control(state, method, name, parsed_json(body))
