"""Libraries that the base install does without: imported when asked for, named with their extra when missing."""

from importlib import import_module
from typing import Any

from .files.yaml_source import BadInput, Mistake


def needed(module: str, extra: str, purpose: str) -> Any:
    """The module. Raises `BadInput` that says which extra brings it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as missing:
        library = module.partition(".")[0]
        if (missing.name or "").partition(".")[0] != library:
            raise
        how = f"in failback's source folder, install the extra `{extra}`: pip install '.[{extra}]'"
        raise BadInput(
            Mistake("", "study", 0, f"{library} is needed to {purpose} but is not installed; {how}")
        ) from None
