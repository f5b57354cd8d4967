"""How busy each part was on one way home, for pictures: played with somebody watching the loads."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from failback.simulator import Load, World

from .people import Team
from .player import play
from .way_home import WayHome


def busy(way: WayHome, seed: int) -> dict[str, list[tuple[float, float, float]]]:
    """How busy each part with a limit was: change points of second since the start, bytes/s carried and possible."""
    scenario, worlds = replace(way.scenario, seed=seed), list[World]()

    def meet(world: World) -> None:
        world.watch_load()
        worlds.append(world)

    play(scenario, operator=Team(scenario), meet=meet)
    parts = worlds[0].utilisation()
    return {name: _since(points, way.begins_s) for name, points in parts.items() if _is_limited(points)}


def _is_limited(points: Sequence[Load]) -> bool:
    return any(point.capacity_bytes_per_s < inf and point.bytes_per_s > 0 for point in points)


def _since(points: Sequence[Load], begins_s: float) -> list[tuple[float, float, float]]:
    """From the start of the way home on, what held then included."""
    return [(max(0.0, p.t_s - begins_s), p.bytes_per_s, p.capacity_bytes_per_s) for p in points]
