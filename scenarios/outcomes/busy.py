"""How busy each part was on one way home, for pictures: played with somebody watching the loads."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import Final, TypeAlias

from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.player import play
from failback.scenarios.text.rounding import percent
from failback.simulator import LINK, LINK_OUT, Load, World

from .answers import answer
from .bottleneck import FULL
from .people import Team
from .way_home import WayHome, way_home

Busy: TypeAlias = Mapping[str, Sequence[tuple[float, float, float]]]
"""Change points of each part: second since the start, bytes/s carried and possible."""
_WAYS: Final = {LINK: "link, homeward", LINK_OUT: "link, to Azure"}


def busy(way: WayHome, seed: int) -> dict[str, list[tuple[float, float, float]]]:
    """How busy each part with a limit was: change points of second since the start, bytes/s carried and possible."""
    scenario, worlds = replace(way.scenario, seed=seed), list[World]()

    def on_world(world: World) -> None:
        world.watch_load()
        worlds.append(world)

    play(scenario, operator=Team(scenario), on_world=on_world, only=())
    parts = worlds[0].utilisation()
    return {name: _since(points, way.begins_s) for name, points in parts.items() if _is_limited(points)}


def named_parts(parts: Busy) -> Busy:
    """The same under names for people: the link has two directions."""
    return {_WAYS.get(name, name): points for name, points in parts.items()}


def until(parts: Busy, end_s: float) -> Busy:
    """Only what was before this second."""
    return {name: [point for point in points if point[0] <= end_s] for name, points in parts.items()}


def busy_until_home(scenario: Scenario, seed: int | None = None) -> Busy:
    """One way home of a scenario, watched until the last machine is home; parts under names for people."""
    way, number = way_home(scenario), scenario.seed if seed is None else seed
    home_s = answer(way, number).home_s
    return until(named_parts(busy(way, number)), inf if home_s is None else home_s)


def busy_words(parts: Busy) -> str:
    """How much of what it can carry each part carried on average, and for which share of the time it was full."""
    sentences = [
        f"{name[:1].upper()}{name[1:]}: {percent(mean)} used on average, full for {percent(full)} of the time."
        for name, mean, full in _used(parts)
    ]
    return " ".join(sentences) or "No part has a limit that was ever used."


def _used(parts: Busy) -> Iterator[tuple[str, float, float]]:
    """Over the time between the first and the last change of any part."""
    instants = [at_s for points in parts.values() for at_s, _, _ in points]
    end_s = max(instants, default=0.0)
    for name, points in parts.items():
        ends_s = [at_s for at_s, _, _ in points[1:]] + [end_s]
        spans = [
            (to_s - at_s, load / room if room else 0.0) for (at_s, load, room), to_s in zip(points, ends_s, strict=True)
        ]
        whole_s = sum(length_s for length_s, _ in spans) or 1.0
        mean = sum(length_s * share for length_s, share in spans) / whole_s
        yield name, mean, sum(length_s for length_s, share in spans if share >= FULL) / whole_s


def _is_limited(points: Sequence[Load]) -> bool:
    return any(point.capacity_bytes_per_s < inf and point.bytes_per_s > 0 for point in points)


def _since(points: Sequence[Load], begins_s: float) -> list[tuple[float, float, float]]:
    """From the start of the way home on, what held then included."""
    return [(max(0.0, p.t_s - begins_s), p.bytes_per_s, p.capacity_bytes_per_s) for p in points]
