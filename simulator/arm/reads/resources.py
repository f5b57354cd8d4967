"""Resources that clients made, changed or removed: kept by their path, and laid over the estate's own."""

from collections.abc import Callable, Mapping

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource

from .filters import refuse_any
from .pages import page

_VAULT_DEPTH = 9
"""Segments of a path up to the vault's name, with the empty one before the first slash."""


def below(request: ParsedRequest, depth: int) -> str:
    """The first segments of the request's path below the vault."""
    return "/".join(request.path.split("/")[_VAULT_DEPTH : _VAULT_DEPTH + depth])


def keep(request: ParsedRequest, path: str, properties: Mapping[str, Json]) -> None:
    """Make or change one."""
    resources = request.context.resources
    resources.made[path.lower()], resources.names[path.lower()] = properties, path
    resources.gone.discard(path.lower())


def drop(request: ParsedRequest, path: str) -> None:
    """Remove one, the estate's own or a made one, with all that was made below it."""
    made = request.context.resources.made
    for one_ in [known for known in made if f"{known}/".startswith(f"{path.lower()}/")]:
        del made[one_]
    request.context.resources.gone.add(path.lower())


def made_at(request: ParsedRequest, path: str) -> Mapping[str, Json] | None:
    """The properties of a made one."""
    return request.context.resources.made.get(path.lower())


def one(request: ParsedRequest, depth: int, own: Callable[[ParsedRequest], Json]) -> Response:
    """The resource at the request's path: a made one, or the estate's own."""
    return reply(body_of(request, below(request, depth), own))


def body_of(request: ParsedRequest, path: str, own: Callable[[ParsedRequest], Json]) -> Json:
    """The same without a reply. Raises a 404."""
    if _is_gone(request, path):
        raise not_found(f"'{path.rpartition('/')[2]}'")
    return _body(request, path) if made_at(request, path) is not None else own(request)


def listed(request: ParsedRequest, own: list[Json], collection: str, under: str = "") -> Response:
    """The estate's own and the made ones of a collection, below a path."""
    refuse_any(request.query.get("filter"))
    return page(request, rows_of(request, own, collection, under), _same)


def rows_of(request: ParsedRequest, own: list[Json], collection: str, under: str = "") -> list[Json]:
    """The same without a reply."""
    resources, rows = request.context.resources, {}
    for row in own:
        path = "/".join(row["id"].split("/")[_VAULT_DEPTH:]).lower()
        rows[path] = row
    for path in resources.made:
        if path.split("/")[-2] == collection.lower() and path.startswith(under.lower()):
            rows[path] = _body(request, path)
    return [row for path, row in rows.items() if not _is_gone(request, path)]


def _is_gone(request: ParsedRequest, path: str) -> bool:
    """Whether it was removed, or what it belonged to."""
    parts = path.lower().split("/")
    return any("/".join(parts[:depth]) in request.context.resources.gone for depth in range(2, len(parts) + 1, 2))


def _same(body: Json) -> Json:
    return body


def _body(request: ParsedRequest, path: str) -> Json:
    resources = request.context.resources
    own = resources.names[path.lower()]
    kinds = "/".join(own.split("/")[::2])
    return resource(request.ids.child(own), kinds, resources.made[path.lower()])
