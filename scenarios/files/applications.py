"""Applications: which machines serve one, who owns it, what it needs first, and how one sees that it works."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, unique
from typing import Any, ClassVar, Final

_STRICT: dict[str, Any] = {"extra": "forbid", "use_attribute_docstrings": True}


@unique
class CheckKind(Enum):
    """How an application is checked after the failback."""

    TCP = "tcp"
    HTTP = "http"
    DNS = "dns"


@dataclass(frozen=True, slots=True)
class ApplicationCheck:
    """One check of an application after its failback."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    kind: CheckKind
    """tcp, http or dns."""
    target: str
    """What is checked: host:port, a URL, or a name that must resolve."""


@dataclass(frozen=True, slots=True)
class Application:
    """An application and its machines."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name, for instance web shop."""
    machines: tuple[str, ...]
    """Machines on which it runs."""
    tier: str = ""
    """Tier of its machines that have no tier in the estate; default: the application's name."""
    owner: str = ""
    """Person who agrees to its downtime and checks it."""
    phone: str = ""
    """Telephone number of the owner during the return."""
    depends_on: tuple[str, ...] = ()
    """Applications that must be home first."""
    checks: tuple[ApplicationCheck, ...] = ()
    """Checks that it works."""
    tiers: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Machines of another tier than the application, each with its own. A tier in the estate wins."""

    downtime_s: float | None = None
    """Longest time that it may be down while it moves home, if not the recovery target of its tier."""

    def tier_of(self, machine: str) -> str:
        """The tier of one of its machines, where the estate gives none."""
        return self.tiers.get(machine) or self.tier or self.name


def owners_of(applications: Iterable[Application]) -> Mapping[str, str]:
    """Machine -> the owner of its application in words, where one is named."""
    found: dict[str, str] = {}
    for each in applications:
        call = f", telephone {each.phone}" if each.phone else ""
        name = f": {each.owner}{call}" if each.owner or call else ""
        found |= dict.fromkeys(each.machines, f"owner of application {each.name}{name}")
    return found


_NUMBER: Final = re.compile(r"\d{1,9}")


def tier_number(tier: str) -> float:
    """The first number in the name of a tier: the lower it is, the more important are its machines.

    Infinite where there is none, since words have no order.
    """
    hit = _NUMBER.search(tier)
    return float("inf") if hit is None else float(hit[0])
