"""Lists in pages, as the service sends them: an explicit null where there is no next one (recorded)."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import Json, Response, bad_request, reply

T = TypeVar("T")


def page(request: ParsedRequest, things: Sequence[T], shown: Callable[[T], Json]) -> Response:
    """The page that the request's skipToken asks for, and the way to the next."""
    first = _offset(request.query.get("skiptoken", "0"))
    size = request.context.page_size
    take = request.query.get("take")
    if take is not None:
        size = min(size, _taken(take))
    values = [shown(thing) for thing in things[first : first + size]]
    more = first + size < len(things)
    return reply({"value": values, "nextLink": _next_link(request, first + size) if more else None})


def whole(values: Sequence[Json]) -> Response:
    """A list that comes in one page."""
    return reply({"value": list(values), "nextLink": None})


def _offset(token: str) -> int:
    if not (token.isascii() and token.isdigit() and len(token) < 10):
        raise bad_request(f"The skipToken '{token[:50]}' was not returned by this service.", code="InvalidSkipToken")
    return int(token)


def _taken(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:9]) < 10**6):
        raise bad_request(f"$take is '{text[:50]}'; it must be a positive whole number.", code="InvalidParameter")
    return int(text)


def _next_link(request: ParsedRequest, offset: int) -> str:
    query = {"api-version": request.query["api-version"], "skipToken": str(offset)}
    query |= {f"${name}": request.query[name] for name in ("filter", "take") if name in request.query}
    return f"{request.origin}{request.path}?{urlencode(query)}"
