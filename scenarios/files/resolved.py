"""A scenario written down whole: everything that it names elsewhere is in it, so that it can be read anywhere."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from .schema import SECTIONS, Scenario

_ELSEWHERE: Final = frozenset({"estate", "calibration", "estate_files"})
"""Fields of a scenario that a file has in another form; the numbers of a calibration stand in its durations."""


def resolved_text(scenario: Scenario, mark: str) -> str:
    """The scenario as a file that `load_scenario` reads; `mark` says which schema it is of, and who wrote it."""
    estate: dict[str, Any] = {name: list(getattr(scenario.estate, name).values()) for name in SECTIONS}
    document = {f.name: getattr(scenario, f.name) for f in fields(scenario) if f.name not in _ELSEWHERE}
    imported = {"sources": {"files": scenario.estate_files}} if scenario.estate_files else {}
    shown = plain({**document, "estate": {**estate, "link": scenario.estate.link, **imported}})
    shown["homecoming"].pop("calibration", None)
    if scenario.time_zone is None:
        del shown["time_zone"]
    shown["$schema"] = mark
    return json.dumps(shown, sort_keys=True, separators=(",", ":")) + "\n"


def plain(value: Any) -> Any:
    """The value in the types of JSON."""
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(plain(key)): plain(part) for key, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
        case set() | frozenset():
            return sorted(plain(part) for part in value)
        case _ if is_dataclass(value):
            return _fields(value)
        case _:
            return value


def _fields(value: Any) -> dict[str, Any]:
    """None is left out where that is what leaving out means."""
    found = {f.name: (getattr(value, f.name), f.default) for f in fields(value)}
    return {name: plain(part) for name, (part, default) in found.items() if part is not None or default is not None}
