"""A release of an operating system as people and systems write it, parsed together with its distribution.

Numbers of two distributions say nothing about each other: Debian 11 is not older than Ubuntu 16.04. What cannot be
read as one release is `None`, and a rule that needs it is unsure.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from failback.reprotect.item import OsFamily

WINDOWS_SERVER: Final = "Windows Server"
UBUNTU: Final = "Ubuntu"


@dataclass(frozen=True, slots=True)
class OsRelease:
    """A distribution and its numbers; Windows Server 2008 R2 is 2008.2, SLES 12 SP5 is 12.5."""

    distribution: str
    numbers: tuple[int, ...]


WINDOWS_2008_R2: Final = OsRelease(WINDOWS_SERVER, (2008, 2))

# The first that a text contains, as words without punctuation.
_NAMES: Final = (
    ("red hat", "RHEL"),
    ("redhat", "RHEL"),
    ("rhel", "RHEL"),
    ("centos", "CentOS"),
    ("oracle", "Oracle Linux"),
    ("rocky", "Rocky Linux"),
    ("alma", "AlmaLinux"),
    ("opensuse", "openSUSE"),
    ("suse", "SLES"),
    ("sles", "SLES"),
    ("debian", "Debian"),
    ("ubuntu", UBUNTU),
)
_NT: Final[dict[tuple[int, ...], tuple[int, int]]] = {
    (6, 0): (2008, 1),
    (6, 1): (2008, 2),
    (6, 2): (2012, 1),
    (6, 3): (2012, 2),
}
"""What Windows Server reports of itself. A client reports the same; none is protected as a physical server [inferred]."""
_NT_BUILDS: Final = {14393: (2016, 1), 17763: (2019, 1), 20348: (2022, 1), 26100: (2025, 1)}
"""Builds of version 10.0."""
_SEVERAL: Final = re.compile(r"or later|\d\s*/\s*\d")
"""vCenter's names for several releases at once: CentOS 4/5 or later."""
_ASIDE: Final = re.compile(r"\([^)]*\)|\b(?:32|64)[- ]?bit\b|\bx?86_64\b|\bx64\b")
_YEAR: Final = re.compile(r"(?<![\d.])(20\d\d)(?![\d.])\s*(r2)?")
_DOTTED: Final = re.compile(r"(?<![\d.])\d+(?:\.\d+)*")
_SERVICE_PACK: Final = re.compile(r"\bsp\s*(\d+)")
_UBUNTU_NUMBER: Final = re.compile(r"(?:1[0-9]|2[0-9])\.(?:04|10)(?:\.\d+)?")
"""A number that only Ubuntu has: year and month."""


@cache
def os_release(text: str | None, family: OsFamily) -> OsRelease | None:
    """The release that this text names, or None."""
    plain = _ASIDE.sub(" ", (text or "").lower())
    if _SEVERAL.search(plain):
        return None
    return _windows(plain) if family is OsFamily.WINDOWS else _linux(plain)


def not_older(ours: OsRelease, theirs: OsRelease) -> bool:
    """Whether ours is the same or a later release of the same distribution, as far as both are written out."""
    both = min(len(ours.numbers), len(theirs.numbers))
    return ours.distribution == theirs.distribution and ours.numbers[:both] >= theirs.numbers[:both]


def _windows(text: str) -> OsRelease | None:
    """By its year, else by the number that Windows itself reports; a service pack is no release of its own."""
    if year := _YEAR.search(text):
        return OsRelease(WINDOWS_SERVER, (int(year[1]), 2 if year[2] else 1))
    if "windows" in text and "nt" not in text.split() and "server" not in text and "version" not in text:
        return None
    found = _DOTTED.search(text)
    numbers = tuple(map(int, found[0].split("."))) if found else ()
    named = _NT.get(numbers[:2]) or (_NT_BUILDS.get(numbers[2]) if numbers[:2] == (10, 0) and numbers[2:] else None)
    return OsRelease(WINDOWS_SERVER, named) if named else None


def _linux(text: str) -> OsRelease | None:
    found = _DOTTED.search(text)
    if found is None:
        return None
    names = (name for word, name in _NAMES if word in text)
    name = next(names, UBUNTU if _UBUNTU_NUMBER.fullmatch(text.strip()) else None)
    pack = _SERVICE_PACK.search(text)
    numbers = tuple(map(int, found[0].split(".")))
    return OsRelease(name, (*numbers, int(pack[1])) if pack and len(numbers) == 1 else numbers) if name else None
