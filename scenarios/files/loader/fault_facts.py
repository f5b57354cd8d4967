"""Facts of faults, as the types of the part that they happen to."""

from collections.abc import Mapping
from dataclasses import fields, replace
from difflib import get_close_matches
from functools import cache
from typing import Any, get_type_hints

from pydantic import ValidationError

from failback.reprotect import Link
from failback.scenarios.files.lint import PARTS
from failback.scenarios.files.schema import EstateFile
from failback.scenarios.files.yaml_source import KeyPath
from failback.simulator import LINK, Fault, FaultKind

from .document import Document
from .messages import message_of
from .shape import with_unknowns
from .types import adapter_of


def typed_facts(document: Document, faults: tuple[Fault, ...], estate: EstateFile) -> tuple[Fault, ...]:
    """The facts of each change, as the types of the part that it happens to."""
    kinds: dict[str, type] = {part.name: type(part) for section in PARTS for part in getattr(estate, section)}
    kinds[LINK] = Link
    typed = []
    for index, fault in enumerate(faults):
        part = kinds.get(fault.object) if fault.kind is FaultKind.CHANGE_FACTS else None
        path: KeyPath = ("faults", index, "facts")
        facts = {k: _typed_fact(document, (*path, k), part, v) if part else v for k, v in fault.facts.items()}
        typed.append(replace(fault, facts=facts))
    return tuple(typed)


def _typed_fact(document: Document, path: KeyPath, part: type, value: Any) -> Any:
    hints, key = _facts_of(part), str(path[-1])
    if key not in hints:
        near = get_close_matches(key, hints, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(hints)}"
        document.add(path, f"unknown fact `{key}`; {hint}")
        return value
    try:
        return adapter_of(hints[key]).validate_python(with_unknowns({key: value})[key])
    except ValidationError as refused:
        document.add(path, message_of(path, refused.errors(include_url=False)))
        return value


@cache
def _facts_of(part: type) -> Mapping[str, Any]:
    """Fields that may change: all but the name."""
    hints = get_type_hints(part)
    return {f.name: hints[f.name] for f in fields(part) if f.name != "name"}
