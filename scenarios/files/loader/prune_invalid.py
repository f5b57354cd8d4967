"""Refused values taken out, so that the rest can be checked."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from failback.scenarios.files.yaml_source import KeyPath

from .document import Document
from .paths import path_in, value_at
from .types import Error

_PLACEHOLDERS: Final[Mapping[KeyPath, Any]] = {
    ("name",): "unnamed",
    ("estate", "link"): {"bandwidth_mbit_per_s": 1.0},
    ("estate", "virtual_machines"): [],
}
"""Stand-ins for required values that were refused, so that the rest can be checked."""


def take_out(document: Document, errors: Iterable[Error]) -> None:
    """Take out what was refused, and remember what is missing now."""
    gone: dict[KeyPath, set[int]] = {}
    for error in errors:
        path = path_in(document.data, error)
        listed = next((n for n, step in enumerate(path) if isinstance(step, int)), None)
        if listed is not None and (error["type"] == "missing" or isinstance(path[-1], int)):
            gone.setdefault(path[:listed], set()).add(int(path[listed]))
        else:
            _delete(document, path[:-1] if error["type"] == "missing" and path not in _PLACEHOLDERS else path)
    for path, places in gone.items():
        _drop(document, path, places)


def _delete(document: Document, path: KeyPath) -> None:
    holder = _copied_way(document, path[:-1])
    if not path or not isinstance(holder, dict):
        return
    if path[0] == "estate" and len(path) > 1:
        document.refused_sections.add(str(path[1]))
    if path in _PLACEHOLDERS:
        holder[path[-1]] = _PLACEHOLDERS[path]
    else:
        holder.pop(path[-1], None)


def _drop(document: Document, path: KeyPath, places: set[int]) -> None:
    holder, old = _copied_way(document, path[:-1]), value_at(document.data, path)
    if not isinstance(holder, dict) or not isinstance(old, list):
        return
    refused = [part for n, part in enumerate(old) if n in places]
    document.refused_names.update(str(part["name"]) for part in refused if isinstance(part, dict) and "name" in part)
    document.refused_sections.add(str(path[-1]))
    kept = [n for n in range(len(old)) if n not in places]
    before = document.places.get(path, list(range(len(old))))
    document.places[path] = [before[n] for n in kept]
    holder[path[-1]] = [old[n] for n in kept]


def _copied_way(document: Document, path: KeyPath) -> Any:
    """The container at this path, in copies of all on the way: defaults and aliases share values between parts."""
    here: Any = document.data
    for step in path:
        below = value_at(here, (step,))
        if not isinstance(below, (dict, list)):
            return None
        here[step] = below.copy()
        here = here[step]
    return here
