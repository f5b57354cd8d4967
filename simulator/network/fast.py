"""The compiled kernel of extra `fast`: the same source as the plain one, made into machine code by numba."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import Any

from . import fair_shares
from .fair_shares import Heaps, KernelState, Wiring, Workload


def is_there() -> bool:
    """Whether numba is installed; it is not imported for that."""
    return find_spec("numba") is not None


def run(wiring: Wiring, state: KernelState, heaps: Heaps, story: Workload, finish: list[float]) -> int:
    """As `fair_shares.run`."""
    import numpy as np

    through = np.asarray(finish, dtype=np.float64)
    count = _compiled()(_arrays(wiring), _arrays(state), _arrays(heaps), _arrays(story), through)
    finish[:] = through.tolist()
    return int(count)


@cache
def _compiled() -> Callable[..., int]:
    from numba import njit
    from numba.extending import register_jitable

    for helper in fair_shares.HELPERS:
        register_jitable(helper)
    compiled: Callable[..., int] = njit(fair_shares.run)
    return compiled


_WHOLE = frozenset(
    {"route_start", "route_links", "link_start", "link_classes", "by_cap", "users", "count", "left_users"}
    | {"first", "size", "flow", "flow_class", "change_link"}
)
_FLAGS = frozenset({"is_open"})


def _arrays(parts: Any) -> Any:
    """The same fields as arrays: counters and indices whole, the rest floating."""
    import numpy as np

    def kind(name: str) -> Any:
        return np.int64 if name in _WHOLE else np.bool_ if name in _FLAGS else np.float64

    return type(parts)(*(np.array(value, dtype=kind(name)) for name, value in zip(parts._fields, parts, strict=True)))
