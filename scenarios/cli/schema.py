"""The command `schema`."""

from dataclasses import dataclass

from .exit_codes import AS_EXPECTED


@dataclass(frozen=True, slots=True)
class SchemaOptions:
    """It has no options."""


def schema(_: SchemaOptions) -> int:
    """Print the JSON Schema of scenario files, for completion in an editor."""
    from failback.scenarios.files.json_schema import as_text

    print(as_text(), end="")
    return AS_EXPECTED
