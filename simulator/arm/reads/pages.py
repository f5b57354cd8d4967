"""Lists in pages, as the service sends them: an explicit null where there is no next one (recorded)."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import Json, Response, bad_request, reply

T = TypeVar("T")


def page(ask: Ask, things: Sequence[T], shown: Callable[[T], Json]) -> Response:
    """The page that the request's skipToken asks for, and the way to the next."""
    first = _offset(ask.query.get("skiptoken", "0"))
    size = ask.around.page_size
    values = [shown(thing) for thing in things[first : first + size]]
    more = first + size < len(things)
    return reply({"value": values, "nextLink": _next_link(ask, first + size) if more else None})


def whole(values: Sequence[Json]) -> Response:
    """A list that comes in one page."""
    return reply({"value": list(values), "nextLink": None})


def _offset(token: str) -> int:
    if not (token.isascii() and token.isdigit() and len(token) < 10):
        raise bad_request(f"The skipToken '{token[:50]}' is not one that this service gave.", code="InvalidSkipToken")
    return int(token)


def _next_link(ask: Ask, offset: int) -> str:
    query = {"api-version": ask.query["api-version"], "skipToken": str(offset)}
    if "filter" in ask.query:
        query["$filter"] = ask.query["filter"]
    return f"{ask.origin}{ask.path}?{urlencode(query)}"
