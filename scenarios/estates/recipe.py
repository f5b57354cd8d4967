"""A recipe for a synthetic estate: how many machines, of which kinds, with which faults."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from math import exp, inf
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any, ClassVar, Final

from pydantic import TypeAdapter, ValidationError

from failback.reprotect import Architecture, OsFamily
from failback.scenarios.files.loader import MACHINES_MAX
from failback.scenarios.files.yaml_source import BadInput, Mistake, Source, read_source

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}
SIGMA_MAX: Final = 5.0
SERVERS_MAX: Final = 100
FAULTS: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "snapshot": {"snapshots": ["left over"]},
        "gone": {"exists_on_premises": False, "powered_on": False},
        "stopped_in_azure": {"azure": {"running": False}},
        "pending_question": {"pending_question": True},
        "no_tools": {"tools": None},
        "no_disk_uuids": {"disk_enable_uuid": False},
    }
)
"""What is wrong with a machine, by the name that a recipe gives it."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A lognormal distribution within bounds; `sigma` 0: always the median."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    median: float
    sigma: float = 0.0
    least: float = 0.0
    most: float = inf

    def __post_init__(self) -> None:
        if not (0 < self.median < inf and 0 <= self.sigma <= SIGMA_MAX and 0 <= self.least <= self.most):
            raise ValueError(
                f"a distribution must have a median above 0, a sigma from 0 to {SIGMA_MAX:g}, and least not above most"
            )

    def draw(self, stream: Random) -> float:
        """A value."""
        drawn = self.median * exp(stream.gauss(0.0, self.sigma))
        return min(max(drawn, self.least), self.most)


@dataclass(frozen=True, slots=True)
class System:
    """An operating system and how common it is."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    os: OsFamily
    version: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """All of it; every key but the first may be left out."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    machines: int
    seed: int = 1
    architecture: Architecture = Architecture.MODERNISED
    bandwidth_mbit_per_s: float = 1000.0
    tiers: Mapping[str, float] = field(default_factory=lambda: {"app": 1.0})
    systems: tuple[System, ...] = (System(OsFamily.LINUX, "Ubuntu 22.04"),)
    disks: Spread = Spread(1)
    disk_gib: Spread = Spread(80)
    memory_gib: Spread = Spread(8)
    churn_mib_per_s: Spread | None = None
    changed_fraction: Spread | None = None
    machines_per_host: int = 25
    machines_per_datastore: int = 40
    servers: int = 1
    faults: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for wrong in _wrong(self):
            raise ValueError(wrong)


def _wrong(recipe: Recipe) -> list[str]:
    weights = [*recipe.tiers.values(), *(system.weight for system in recipe.systems)]
    odd = sorted(set(recipe.faults) - set(FAULTS))
    checks = (
        (1 <= recipe.machines <= MACHINES_MAX, f"machines is from 1 to {MACHINES_MAX}"),
        (0 < recipe.bandwidth_mbit_per_s < inf, "bandwidth_mbit_per_s is above 0"),
        (
            min(recipe.machines_per_host, recipe.machines_per_datastore) >= 1,
            "a host and a datastore have 1 machine or more",
        ),
        (1 <= recipe.servers <= SERVERS_MAX, f"servers is from 1 to {SERVERS_MAX}"),
        (bool(recipe.tiers and recipe.systems) and all(0 < w < inf for w in weights), "weights are above 0"),
        (recipe.disks.least >= 1 or recipe.disks.sigma == 0, "disks needs `least: 1` or more"),
        (all(0 <= share <= 1 for share in recipe.faults.values()), "the share of a fault is from 0 to 1"),
        (not odd, f"found fault {', '.join(odd)}; the known faults are {', '.join(FAULTS)}"),
    )
    return [message for holds, message in checks if not holds]


@cache
def _adapter() -> TypeAdapter[Recipe]:
    return TypeAdapter(Recipe)


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file. Raises `BadInput` with all that is wrong."""
    source = read_source(path)
    try:
        recipe = _adapter().validate_python(source.data)
    except ValidationError as refused:
        raise BadInput(*source.mistakes, *_mistakes(source, refused)) from None
    if source.mistakes:
        raise BadInput(*source.mistakes)
    return recipe


def _mistakes(source: Source, refused: ValidationError) -> Iterator[Mistake]:
    for error in refused.errors(include_url=False):
        message = str(error["msg"]).removeprefix("Value error, ")
        yield source.mistake(error["loc"], f"{message[:1].lower()}{message[1:]}; see `failback generate --example`")


def example() -> Path:
    """The packaged recipe."""
    return Path(str(files("failback.scenarios") / "data" / "recipe.yaml"))
