"""Ways into the plain data of a file."""

from typing import Any

from failback.scenarios.files.yaml_source import KeyPath

from .types import Error


def path_in(data: Any, error: Error) -> KeyPath:
    """Pydantic's place without the names of union members that it puts between."""
    path: list[str | int] = []
    for step in error["loc"]:
        if _has(data, step):
            path.append(step)
            data = data[step]
    return (*path, error["loc"][-1]) if error["type"] == "missing" else tuple(path)


def value_at(value: Any, path: KeyPath) -> Any:
    """What stands at this path, None where it leads nowhere."""
    for step in path:
        value = value[step] if _has(value, step) else None
    return value


def _has(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)
