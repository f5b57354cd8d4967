"""The published JSON Schema of scenario files, built from the types that load them, for editors and other tools."""

import json
from pathlib import Path
from typing import Any, Final

from .loader import file_adapter

TITLE: Final = "A failback scenario"
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
PUBLISHED: Final = Path("docs") / "scenario.schema.json"
"""Where the project keeps it, seen from its top."""

_FACTS: Final = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
    "description": "Files with answers that fill in the estate, as `failback check --fill` writes them; "
    "relative to this file.",
}


def json_schema() -> dict[str, Any]:
    """The schema of a scenario file as a person writes it, short forms included."""
    schema = file_adapter().json_schema()
    parts = schema["$defs"]
    _allow_short_machines(parts)
    _allow_plain_durations(schema)
    parts["EstateFile"]["properties"]["facts"] = _FACTS
    schema["properties"]["$schema"] = {"type": "string", "description": "The location of this schema, for editors."}
    schema["anyOf"] = [{"required": ["estate"]}, {"required": ["estate_file"]}]
    return {"$schema": DIALECT, **schema, "title": TITLE}


def as_text() -> str:
    """The schema as the file has it."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def write(path: Path = PUBLISHED) -> None:
    """Write it down anew."""
    path.write_text(as_text(), encoding="utf-8", newline="\n")


def _allow_short_machines(parts: dict[str, Any]) -> None:
    machine = parts["VirtualMachine"]
    counted = {
        "type": "integer",
        "minimum": 1,
        "description": "Makes this many machines; the name has a place for the number: app-{n:03}.",
    }
    defaults = {**machine, "description": "Values that all machines share.", "required": []}
    parts["VirtualMachineDefaults"] = {**defaults, "title": "VirtualMachineDefaults"}
    parts["VirtualMachine"] = {
        **machine,
        "properties": {**machine["properties"], "count": counted},
        "required": ["name"],
        "description": f"{machine['description']} Its os and disks may come from `defaults`.",
    }
    parts["EstateFile"]["properties"]["defaults"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"virtual_machine": {"$ref": "#/$defs/VirtualMachineDefaults"}},
        "description": "Default values for all machines.",
    }


def _allow_plain_durations(schema: dict[str, Any]) -> None:
    rows = schema["properties"]["durations"]
    fixed = {"type": "number", "minimum": 0, "description": "A fixed time in seconds."}
    rows["additionalProperties"] = {"anyOf": [rows["additionalProperties"], fixed]}


if __name__ == "__main__":
    write()
