"""The refusal of an output, in one paragraph."""

from collections.abc import Sequence
from pathlib import Path

from failback.scenarios.files.yaml_source import BadInput, Mistake


class CannotWrite(BadInput):
    """An output cannot be written, or must not be."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(Mistake("", str(path), 0, message))

    @classmethod
    def of(cls, refused: Sequence["CannotWrite"]) -> "CannotWrite":
        """All of them in one."""
        whole = refused[0]
        whole.mistakes = tuple(mistake for each in refused for mistake in each.mistakes)
        return whole


def why(broken: OSError) -> str:
    """What the system says: No space left on device."""
    return broken.strerror or str(broken)
