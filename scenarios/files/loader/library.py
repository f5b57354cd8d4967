"""What is packaged: the library of scenarios, and the durations that hold unless a scenario says otherwise."""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from failback.scenarios.files.path_checks import is_file, is_there
from failback.scenarios.files.yaml_source import BadInput, Mistake, read_source
from failback.simulator import Duration, Durations

from .types import adapter_of

SHOWN_MAX: Final = 200
"""Characters of a name that are shown when it names nothing."""
SUFFIXES: Final = (".yaml", ".yml", ".json")
"""Endings of a name that is certainly a path."""


@cache
def library() -> Mapping[str, Path]:
    """The packaged scenarios: name to path, in alphabetical order."""
    folder = Path(str(files("failback.scenarios") / "library"))
    return MappingProxyType({path.stem: path for path in sorted(folder.rglob("*.yaml"), key=lambda path: path.stem)})


def resolve(name_or_path: str | Path) -> Path:
    """The path of a library scenario or of a file. Raises `BadInput` when it is neither."""
    text, shelf = str(name_or_path), library()
    if text in shelf and not is_file(text):
        return shelf[text]
    if text.endswith(SUFFIXES) or "/" in text or "\\" in text or is_there(text):
        return Path(text)
    near = get_close_matches(text, shelf, n=1)
    hint = f"did you mean `{near[0]}`?" if near else f"the library has {_on_top(shelf)}"
    shown = text if len(text) <= SHOWN_MAX else text[:SHOWN_MAX] + "..."
    raise BadInput(Mistake("", shown, 0, f"neither a file nor a library scenario; {hint}"))


def _on_top(shelf: Mapping[str, Path]) -> str:
    """Stories of single rules are counted, all others named."""
    named = [name for name, path in shelf.items() if path.parent.name != "rules"]
    return f"{', '.join(named)}, and {len(shelf) - len(named)} scenarios of single rules"


@cache
def load_default_durations() -> Durations:
    """The packaged durations, by key."""
    packaged = read_source(Path(str(files("failback.scenarios") / "data" / "durations.yaml")))
    return MappingProxyType(adapter_of(dict[str, Duration]).validate_python(packaged.data))
