"""The verb behind `clock/step` and the front page's first button."""

from math import inf

from failback.simulator import World


def next_news(world: World) -> tuple[float, frozenset[str]]:
    """Jump to the next instant at which the vault shows something new; what belongs to this instant is no news."""
    began_s = world.env.now
    while world.env.peek() <= began_s:
        world.jump()
    if world.env.now == began_s:
        world.vault.record.take_changed()
    return world.advance(inf)
