"""Faults of a scenario that was made in Python: a fact that its part does not have is found before the run begins."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from typing import Any

from failback.reprotect import Estate
from failback.scenarios.files.schema import Scenario
from failback.scenarios.usage_error import UsageError
from failback.simulator import LINK, Fault, FaultKind


def checked_faults(scenario: Scenario) -> Scenario:
    """The scenario as it is. Raises `UsageError` for the first change of facts that can never take place."""
    for fault in scenario.faults:
        if fault.kind is FaultKind.CHANGE_FACTS:
            _check(fault, _part(scenario.estate, fault.object))
    return scenario


def _check(fault: Fault, part: Any) -> None:
    if part is None:
        raise UsageError(_said(fault, "which the estate does not have; write the name of one of its parts."))
    known = [field.name for field in fields(part) if field.name != "name"]
    for fact in fault.facts:
        if fact not in known:
            near = get_close_matches(fact, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"its facts are: {', '.join(known)}."
            raise UsageError(
                _said(fault, f"to which it gives the fact {fact}. No {type(part).__name__} has it; {hint}")
            )


def _said(fault: Fault, what: str) -> str:
    return f"A fault of the scenario changes facts of {fault.object}, {what}"


def _part(estate: Estate, name: str) -> Any:
    """The part of this name, of whatever kind."""
    if name == LINK:
        return estate.link
    mappings = [getattr(estate, field.name) for field in fields(estate)]
    found = (parts[name] for parts in mappings if isinstance(parts, Mapping) and name in parts)
    return next((part for part in found if is_dataclass(part)), None)
