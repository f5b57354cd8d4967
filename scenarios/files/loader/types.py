"""How pydantic sees the parts of a file."""

from functools import cache
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from failback.scenarios.files.schema import ScenarioFile

Error: TypeAlias = Any
"""One of pydantic's error details."""


def file_adapter() -> TypeAdapter[ScenarioFile]:
    """Pydantic's view of a scenario file."""
    return adapter_of(ScenarioFile)


@cache
def adapter_of(shape: Any) -> TypeAdapter[Any]:
    """Pydantic's view of a type, made once."""
    return TypeAdapter(shape)
