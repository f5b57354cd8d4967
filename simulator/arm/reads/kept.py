"""Resources that clients made, changed or removed: kept by their path, and laid over the estate's own."""

from collections.abc import Callable, Mapping

from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import Json, Response, not_found, reply, resource

from .pages import page

_VAULT_DEPTH = 9
"""Segments of a path up to the vault's name, with the empty one before the first slash."""


def below(ask: Ask, depth: int) -> str:
    """The first segments of the request's path below the vault."""
    return "/".join(ask.path.split("/")[_VAULT_DEPTH : _VAULT_DEPTH + depth])


def keep(ask: Ask, path: str, properties: Mapping[str, Json]) -> None:
    """Make or change one."""
    kept = ask.around.kept
    kept.made[path.lower()], kept.names[path.lower()] = properties, path
    kept.gone.discard(path.lower())


def drop(ask: Ask, path: str) -> None:
    """Remove one, the estate's own or a made one."""
    ask.around.kept.made.pop(path.lower(), None)
    ask.around.kept.gone.add(path.lower())


def made_at(ask: Ask, path: str) -> Mapping[str, Json] | None:
    """The properties of a made one."""
    return ask.around.kept.made.get(path.lower())


def one(ask: Ask, depth: int, own: Callable[[Ask], Json]) -> Response:
    """The resource at the request's path: a made one, or the estate's own."""
    return reply(body_of(ask, below(ask, depth), own))


def body_of(ask: Ask, path: str, own: Callable[[Ask], Json]) -> Json:
    """The same without a reply. Raises a 404."""
    if path.lower() in ask.around.kept.gone:
        raise not_found(f"'{path.rpartition('/')[2]}'")
    return _body(ask, path) if made_at(ask, path) is not None else own(ask)


def listed(ask: Ask, own: list[Json], collection: str, under: str = "") -> Response:
    """The estate's own and the made ones of a collection, below a path."""
    kept, rows = ask.around.kept, {}
    for row in own:
        path = "/".join(row["id"].split("/")[_VAULT_DEPTH:]).lower()
        rows[path] = row
    for path in kept.made:
        if path.split("/")[-2] == collection.lower() and path.startswith(under.lower()):
            rows[path] = _body(ask, path)
    return page(ask, [row for path, row in rows.items() if path not in kept.gone], _same)


def _same(body: Json) -> Json:
    return body


def _body(ask: Ask, path: str) -> Json:
    kept = ask.around.kept
    own = kept.names[path.lower()]
    kinds = "/".join(own.split("/")[::2])
    return resource(ask.ids.child(own), kinds, kept.made[path.lower()])
