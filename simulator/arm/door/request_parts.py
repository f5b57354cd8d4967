"""A request as it comes: its address, its headers, its JSON, and what it asks of which vault."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from failback.simulator.arm.control.control_plane import UNLOGGED
from failback.simulator.arm.routes import FORMS, WITHOUT_VERSION, Route
from failback.simulator.arm.state.context import Context, ParsedRequest
from failback.simulator.arm.state.mock_state import USUAL_NAMES
from failback.simulator.arm.wire.api_versions import check_version
from failback.simulator.arm.wire.naming import Addresses
from failback.simulator.arm.wire.response import ArmError, Json


def is_unlogged(url: str) -> bool:
    """Whether this request acts on the state as a whole, and is no part of it."""
    path = url.partition("?")[0].partition("://")[2].partition("/")[2] or url.partition("?")[0].lstrip("/")
    return path.lower().removeprefix("failback/") in UNLOGGED and path.lower().startswith("failback/")


def header_of(headers: Mapping[str, str], name: str) -> str | None:
    """A header's value; its name in any case."""
    return next((value for key, value in headers.items() if key.lower() == name), None)


def split_url(url: str) -> Any:
    """The parts of an address. Raises a 400."""
    try:
        return urlsplit(url)
    except ValueError:
        raise ArmError(400, "BadRequest", "The address cannot be read.") from None


def parsed_json(body: bytes) -> Json:
    """The body as JSON; None for an empty one. Raises a 400."""
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


def parse_request(
    context: Context,
    names: Mapping[str, str | None],
    url: Any,
    route: Route,
    params: Mapping[str, str],
    body: bytes,
) -> ParsedRequest:
    """The request for one route. `names` are those that are enforced, where they are given. Raises a 400 or a 404."""
    query = {key.lower().lstrip("$"): value for key, value in parse_qsl(url.query, keep_blank_values=True)}
    if route.operation not in WITHOUT_VERSION:
        _check_version(route, query.get("api-version"))
    _check_names(names, params)
    origin = context.base_url or (f"{url.scheme}://{url.netloc}" if url.netloc else "")
    ids = Addresses(context.names, *(params.get(key) or names[key] or USUAL_NAMES[key] for key in names))
    parsed = None if route.operation in FORMS else parsed_json(body)
    return ParsedRequest(context, ids, origin, url.path, params, query, parsed)


def _check_version(route: Route, version: str | None) -> None:
    if not version:
        why = "The api-version query parameter (?api-version=) is required for all requests."
        raise ArmError(400, "MissingApiVersionParameter", why)
    check_version(route.verb, route.path, version)


def _check_names(names: Mapping[str, str | None], params: Mapping[str, str]) -> None:
    if any(not character.isprintable() for value in params.values() for character in value):
        raise ArmError(404, "InvalidResourceName", "A name in the path has a character that cannot be printed.")
    for key, name in names.items():
        found = params.get(key)
        if name is not None and found is not None and found.lower() != name.lower():
            kind = key.replace("_", " ")
            raise ArmError(404, "ResourceNotFound", f"The {kind} '{found[:100]}' was not found.")
