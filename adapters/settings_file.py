"""A settings file as plain sections. What a message says of it never quotes what stands there: it may be a secret."""

import re
import tomllib
from pathlib import Path
from typing import Any, Final

SECTIONS: Final = ("azure", "vsphere", "clock")
SIZE_MAX_BYTES: Final = 100_000
"""Largest file that is read; a full one has less than two thousand."""
DEPTH_MAX: Final = 10
"""Levels of nesting; a section and its keys are two."""


class BadSettings(Exception):
    """Settings with mistakes: all of them, one paragraph each."""

    def __init__(self, *mistakes: str) -> None:
        super().__init__(*mistakes)
        self.mistakes = mistakes

    def __str__(self) -> str:
        return "\n".join(self.mistakes)


def read_settings_file(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The sections of a YAML or TOML file, and what is wrong in them. Raises `BadSettings` for no such file."""
    sections = _parsed(path)
    expected = ", ".join(SECTIONS)
    unknown = [f"{path}: unknown section '{name}'; expected {expected}." for name in sections if name not in SECTIONS]
    flat = [name for name in SECTIONS if name in sections and not isinstance(sections[name], dict)]
    mistakes = unknown + [f"{path}: {name} is not a mapping; expected keys and values below it." for name in flat]
    return sections | {name: {} for name in flat}, mistakes


def reason_of(broken: Exception) -> str:
    """Why something cannot be read, as the system says it."""
    return str(getattr(broken, "strerror", None) or broken)


def _parsed(path: Path) -> dict[str, Any]:
    import yaml

    try:
        content = _text(path)
        parsed = tomllib.loads(content) if path.suffix == ".toml" else _from_yaml(path, content)
    except OSError as broken:
        raise BadSettings(f"{path}: the settings cannot be read: {reason_of(broken)}.") from broken
    except (ValueError, RecursionError, yaml.YAMLError) as broken:
        raise BadSettings(_not_parsed(path, broken)) from None
    if parsed is not None and not isinstance(parsed, dict):
        raise BadSettings(f"{path}: expected a mapping with a section azure, and found a {type(parsed).__name__}.")
    return _with_names(parsed or {})


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(SIZE_MAX_BYTES + 1)
    if len(content) > SIZE_MAX_BYTES:
        raise BadSettings(
            f"{path}: larger than {SIZE_MAX_BYTES // 1000} kB, so it cannot be a settings file. Check the path."
        )
    return content.decode("utf-8-sig")


def _from_yaml(path: Path, content: str) -> Any:
    """Its events first: what would grow when it is built, or be built as something else than text, is refused there."""
    import yaml

    depth = 0
    for event in yaml.parse(content, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        refused = _refusal(event, depth)
        if refused:
            line = event.start_mark.line + 1 if event.start_mark is not None else 1
            raise BadSettings(f"{path}:{line}: {refused}. Expected a section azure with keys and values.")
    return yaml.safe_load(content)


def _refusal(event: Any, depth: int) -> str:
    if depth > DEPTH_MAX:
        return f"nested deeper than {DEPTH_MAX} levels"
    if getattr(event, "anchor", None) is not None:
        return "found a YAML anchor or alias; write the value out, and put one that begins with & or * in quotes"
    if getattr(event, "tag", None) is not None:
        return "found a YAML tag; leave it out, and put a value that begins with ! in quotes"
    return ""


def _with_names(mapping: dict[Any, Any]) -> dict[str, Any]:
    """The same; whatever stands as a key, of a section too, is a name."""
    return {str(key): _with_names(value) if isinstance(value, dict) else value for key, value in mapping.items()}


def _not_parsed(path: Path, broken: Exception) -> str:
    """Where it is wrong, and nothing of what stands there: parsers quote it."""
    mark = getattr(broken, "problem_mark", None) or getattr(broken, "context_mark", None)
    found = re.search(r"\bline (\d+)", str(broken)) if path.suffix == ".toml" else None
    line = mark.line + 1 if mark is not None else int(found[1]) if found else None
    kind = "TOML" if path.suffix == ".toml" else "YAML"
    return (
        f"{path}{'' if line is None else f':{line}'}: this is not {kind} in UTF-8. Look at indentation near this line, "
        "and put a value that begins with @, *, &, ! or % in quotes. Expected a section azure with keys and values."
    )
