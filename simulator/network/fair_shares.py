"""The arithmetic of shared links: max-min fair rates by progressive filling, and the run from event to event.

Everything here reads and writes plain sequences by index, so that one source serves twice: on lists as it stands, on
arrays once numba has compiled it. Both take the same steps in the same order and so give the same numbers.
"""

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

Run = Callable[..., int]
"""Takes wiring, state, heaps, story and finish times, as `run` does."""


class Wiring(NamedTuple):
    """Which class crosses which link, both ways round, and what is fixed of a class. `by_cap`: tightest cap first."""

    route_start: Any
    route_links: Any
    link_start: Any
    link_classes: Any
    weight: Any
    cap: Any
    by_cap: Any


class KernelState(NamedTuple):
    """What each link carries and each class gets now. `left_*` and `is_open` are working space of `share_out`."""

    capacity: Any
    load: Any
    users: Any
    count: Any
    rate: Any
    left_room: Any
    left_load: Any
    left_users: Any
    is_open: Any


class Heaps(NamedTuple):
    """For each class the flows that run in it, by the service at which each is complete."""

    served: Any
    wait: Any
    first: Any
    size: Any
    key: Any
    flow: Any


class Workload(NamedTuple):
    """What comes when: flows in the order of their starts, changes of capacity in theirs."""

    start: Any
    bytes: Any
    flow_class: Any
    change_at: Any
    change_link: Any
    change_capacity: Any


# Rates


def join(wiring: Any, state: Any, c: int) -> None:
    """One more flow in class `c`."""
    fresh = state.count[c] == 0
    state.count[c] += 1
    for at in range(wiring.route_start[c], wiring.route_start[c + 1]):
        link = wiring.route_links[at]
        state.load[link] += wiring.weight[c]
        if fresh:
            state.users[link] += 1


def leave(wiring: Any, state: Any, c: int) -> None:
    """One flow fewer in class `c`."""
    state.count[c] -= 1
    gone = state.count[c] == 0
    for at in range(wiring.route_start[c], wiring.route_start[c + 1]):
        link = wiring.route_links[at]
        state.load[link] -= wiring.weight[c]
        if gone:
            state.users[link] -= 1
        if state.users[link] == 0:
            state.load[link] = 0.0  # what rounding left behind


def share_out(wiring: Any, state: Any) -> None:
    """The rate of one flow of each class: all rise by their weights; who meets its cap or a full link stays there."""
    left = _open_all(state)
    at = 0
    while left > 0:
        link, level = _tightest(state)
        at = _next_capped(wiring, state, at)
        if at < len(wiring.by_cap) and _cap_level(wiring, at) <= level:
            _freeze(wiring, state, wiring.by_cap[at], wiring.cap[wiring.by_cap[at]])
            left -= 1
        elif link < 0:
            break
        else:
            left -= _fill(wiring, state, link, level)


def _open_all(state: Any) -> int:
    left = 0
    for c in range(len(state.count)):
        state.rate[c] = 0.0
        state.is_open[c] = state.count[c] > 0
        if state.is_open[c]:
            left += 1
    state.left_room[:] = state.capacity
    state.left_load[:] = state.load
    state.left_users[:] = state.users
    return left


def _tightest(state: Any) -> tuple[int, float]:
    link, level = -1, inf
    for n in range(len(state.capacity)):
        if state.left_users[n] > 0:
            own = state.left_room[n] / state.left_load[n]
            if own < level:
                link, level = n, own
    return link, level


def _next_capped(wiring: Any, state: Any, at: int) -> int:
    while at < len(wiring.by_cap) and not state.is_open[wiring.by_cap[at]]:
        at += 1
    return at


def _cap_level(wiring: Any, at: int) -> float:
    c = wiring.by_cap[at]
    level: float = wiring.cap[c] / wiring.weight[c]
    return level


def _fill(wiring: Any, state: Any, link: int, level: float) -> int:
    filled = 0
    for at in range(wiring.link_start[link], wiring.link_start[link + 1]):
        c = wiring.link_classes[at]
        if state.is_open[c]:
            _freeze(wiring, state, c, level * wiring.weight[c])
            filled += 1
    return filled


def _freeze(wiring: Any, state: Any, c: int, rate: float) -> None:
    state.rate[c], state.is_open[c] = rate, False
    taken, load = rate * state.count[c], wiring.weight[c] * state.count[c]
    for at in range(wiring.route_start[c], wiring.route_start[c + 1]):
        link = wiring.route_links[at]
        state.left_room[link] = max(0.0, state.left_room[link] - taken)
        state.left_load[link] -= load
        state.left_users[link] -= 1


# From event to event


def run(wiring: Any, state: Any, heaps: Any, story: Any, finish: Any) -> int:
    """Let all flows run; writes when each is through, by its place in the story. Gives how many are through."""
    now, come, changed, through = 0.0, 0, 0, 0
    while True:
        share_out(wiring, state)
        ends = _soonest(state, heaps)
        soon = _next_instant(story, come, changed, now + ends)
        if soon == inf:
            return through
        _serve(state, heaps, soon - now)
        if soon == now + ends:
            through += _finish(wiring, state, heaps, finish, ends, soon)
        now = soon
        changed = _change(state, story, changed, now)
        come = _begin(wiring, state, heaps, story, come, now)


def _soonest(state: Any, heaps: Any) -> float:
    """Seconds until the next flow is through, as rates are now."""
    soonest = inf
    for c in range(len(state.count)):
        heaps.wait[c] = inf
        if state.rate[c] > 0.0:
            heaps.wait[c] = max(0.0, heaps.key[heaps.first[c]] - heaps.served[c]) / state.rate[c]
            soonest = min(soonest, heaps.wait[c])
    return soonest


def _next_instant(story: Any, come: int, changed: int, ends: float) -> float:
    if come < len(story.start):
        ends = min(ends, story.start[come])
    if changed < len(story.change_at):
        ends = min(ends, story.change_at[changed])
    return ends


def _serve(state: Any, heaps: Any, passed: float) -> None:
    for c in range(len(state.count)):
        if state.rate[c] > 0.0:
            heaps.served[c] += state.rate[c] * passed


def _finish(wiring: Any, state: Any, heaps: Any, finish: Any, ends: float, now: float) -> int:
    through = 0
    for c in range(len(state.count)):
        if heaps.wait[c] <= ends < inf:
            through += _finish_class(wiring, state, heaps, finish, c, now)
    return through


def _finish_class(wiring: Any, state: Any, heaps: Any, finish: Any, c: int, now: float) -> int:
    first, through = heaps.first[c], 0
    heaps.served[c] = max(heaps.served[c], heaps.key[first])
    while heaps.size[c] > 0 and heaps.key[first] <= heaps.served[c]:
        finish[heaps.flow[first]] = now
        pop(heaps, c)
        leave(wiring, state, c)
        through += 1
    return through


def _change(state: Any, story: Any, changed: int, now: float) -> int:
    while changed < len(story.change_at) and story.change_at[changed] <= now:
        state.capacity[story.change_link[changed]] = story.change_capacity[changed]
        changed += 1
    return changed


def _begin(wiring: Any, state: Any, heaps: Any, story: Any, come: int, now: float) -> int:
    while come < len(story.start) and story.start[come] <= now:
        c = story.flow_class[come]
        if heaps.size[c] == 0:
            heaps.served[c] = 0.0  # small numbers keep their precision
        push(heaps, c, heaps.served[c] + story.bytes[come], come)
        join(wiring, state, c)
        come += 1
    return come


# A heap in a stretch of two sequences


def push(heaps: Any, c: int, key: float, flow: int) -> None:
    """Put a flow into its class's heap."""
    first, at = heaps.first[c], heaps.size[c]
    heaps.size[c] += 1
    while at > 0 and heaps.key[first + (at - 1) // 2] > key:
        _move(heaps, first + (at - 1) // 2, first + at)
        at = (at - 1) // 2
    heaps.key[first + at], heaps.flow[first + at] = key, flow


def pop(heaps: Any, c: int) -> None:
    """Take the first flow out of a class's heap."""
    heaps.size[c] -= 1
    first, size, at = heaps.first[c], heaps.size[c], 0
    key, flow = heaps.key[first + size], heaps.flow[first + size]
    child = _lesser_child(heaps, first, size, at)
    while child < size and heaps.key[first + child] < key:
        _move(heaps, first + child, first + at)
        at, child = child, _lesser_child(heaps, first, size, child)
    heaps.key[first + at], heaps.flow[first + at] = key, flow


def _lesser_child(heaps: Any, first: int, size: int, at: int) -> int:
    child = 2 * at + 1
    if child + 1 < size and heaps.key[first + child + 1] < heaps.key[first + child]:
        return child + 1
    return child


def _move(heaps: Any, source: int, target: int) -> None:
    heaps.key[target], heaps.flow[target] = heaps.key[source], heaps.flow[source]


HELPERS = (
    join,
    leave,
    share_out,
    _open_all,
    _tightest,
    _next_capped,
    _cap_level,
    _fill,
    _freeze,
    _soonest,
    _next_instant,
    _serve,
    _finish,
    _finish_class,
    _change,
    _begin,
    push,
    pop,
    _lesser_child,
    _move,
)
"""What `run` calls: to be compiled with it."""
