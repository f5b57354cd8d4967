"""Keys that nobody knows, and which were meant: the same stem with another unit, or the nearest."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from failback.scenarios.files.schema import ScenarioFile, keys_at
from failback.scenarios.files.yaml_source import KeyPath

_UNITS: Final[Mapping[str, str]] = {
    "gbit": "1 Gbit/s is 1000 Mbit/s",
    "gbit_per_s": "1 Gbit/s is 1000 Mbit/s",
    "gbps": "1 Gbit/s is 1000 Mbit/s",
    "mbps": "in Mbit/s",
    "mbit": "in Mbit/s",
    "mb_per_s": "1 MB/s is 8 Mbit/s or 0.954 MiB/s",
    "mib": "in MiB/s",
    "tib": "1 TiB is 1024 GiB",
    "tb": "1 TB is 931.3 GiB",
    "gb": "1 GB is 0.931 GiB",
    "mib_size": "1024 MiB is 1 GiB",
    "ms": "1000 ms is 1 s",
    "seconds": "in seconds",
    "sec": "in seconds",
    "m": "1 minute is 60 s",
    "min": "1 minute is 60 s",
    "minutes": "1 minute is 60 s",
    "h": "1 hour is 3600 s",
    "hours": "1 hour is 3600 s",
    "d": "1 day is 86400 s",
    "days": "1 day is 86400 s",
    "percent": "1 % is 0.01",
}
"""Units that people write and the files do not use, with what to do about them."""
_UNIT: Final = re.compile(
    r"_(mbit_per_s|mib_per_s|gib|s|fraction|" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")$"
)


def unknown_key(path: KeyPath) -> str:
    """What to say of a key that nobody knows."""
    key, known, meant = str(path[-1]), keys_at(ScenarioFile, path[:-1]), key_meant(path)
    if not meant:
        return f"unknown key `{key}`; known here: {', '.join(k for k in known if k != '$schema')}"
    unit = _UNITS.get(key.removeprefix(_stem(meant)).strip("_"), "")
    return f"unknown key `{key}`; did you mean `{meant}`{f' ({unit})' if unit else ''}?"


def key_meant(path: KeyPath) -> str:
    """The known key with the same stem and another unit, or else the nearest one."""
    key, known = str(path[-1]), keys_at(ScenarioFile, path[:-1])
    same = [k for k in known if _stem(k) == _stem(key) and _stem(k) != k]
    bare = [k for k in known if key in (_stem(k), _stem(k).rstrip("_"))]
    return next(iter((*same, *bare, *get_close_matches(key, known, n=1))), "")


def _stem(key: str) -> str:
    return _UNIT.sub("", key)
