"""A scenario written down whole: everything that it names elsewhere is in it, so that it can be read anywhere."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from failback.reprotect import Phase, VirtualMachine

from .schema import SECTIONS, Scenario

_FILES: Final = ("file", "estate_file", "estate_files")
_IMPORTED: Final = ("left_out", "in_doubt", "mismatches", "vaults")
_ELSEWHERE: Final = frozenset({"estate", "calibration", "phases_given", *_IMPORTED, *_FILES})
"""Fields of a scenario that a file has in another form; the numbers of a calibration stand in its durations."""
_BEGINS: Final = Phase.REPLICATING_TO_AZURE


def resolved_text(scenario: Scenario, mark: str) -> str:
    """The scenario as a file that `load_scenario` reads; `mark` says which schema it is of, and who wrote it."""
    estate: dict[str, Any] = {name: list(getattr(scenario.estate, name).values()) for name in SECTIONS}
    estate["virtual_machines"] = [_as_told(vm, scenario) for vm in scenario.estate.virtual_machines.values()]
    document = {f.name: getattr(scenario, f.name) for f in fields(scenario) if f.name not in _ELSEWHERE}
    told = {
        "files": scenario.estate_files,
        "machines_left_out": scenario.left_out,
        "machines_in_doubt": scenario.in_doubt,
        "mismatches": scenario.mismatches,
        "vaults": scenario.vaults,
    }
    imported = {"sources": told} if any(told.values()) else {}
    shown = plain({**document, "estate": {**estate, "link": scenario.estate.link, **imported}})
    shown["homecoming"].pop("calibration", None)
    if scenario.time_zone is None:
        del shown["time_zone"]
    shown["$schema"] = mark
    return json.dumps(shown, sort_keys=True, separators=(",", ":")) + "\n"


def _as_told(vm: VirtualMachine, scenario: Scenario) -> Any:
    """Without the phase in which everything begins, where nobody said it."""
    unsaid = vm.at is _BEGINS and vm.name not in scenario.phases_given
    return {key: part for key, part in _fields(vm).items() if not (unsaid and key == "at")}


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
