"""What the help shows behind an option or argument: the kind of its value in plain words, and nothing for a switch."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final, get_args

from typer.core import TyperCommand, TyperGroup

WORDS: Final[dict[Any, str]] = {
    bool: "",
    str: "<text>",
    Path: "<path>",
    int: "<number>",
    float: "<number>",
    datetime: "<YYYY-MM-DD>",
}
"""By type of the value. Typer shows the names of Python's types, for a switch too."""


class PlainCommand(TyperCommand):
    """A command whose help has these words."""

    def get_params(self, ctx: Any) -> list[Any]:
        """All options and arguments, that of the help too."""
        return _in_plain_words(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The same for the list of all commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """All options and arguments, that of the help too."""
        return _in_plain_words(super().get_params(ctx))


def _in_plain_words(parameters: list[Any]) -> list[Any]:
    for parameter in parameters:
        kind = parameter.type_descriptor
        if not kind.is_choice:
            word = WORDS[(get_args(kind.annotation) or (kind.annotation,))[0]]
            parameter.__dict__["display_type"] = lambda _, word=word: word  # not its metavar, which errors quote too
    return parameters
