"""What pydantic refuses, in plain words."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from failback.scenarios.files.yaml_source import KeyPath

from .types import Error
from .unknown_keys import unknown_key

EXPECTED: Final[Mapping[str, str]] = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "finite": "a finite number",
    "string": "text (a number used as a name goes in quotes)",
    "none": "null",
    "dataclass": "a mapping of keys to values",
    "dict": "a mapping of names to values",
    "mapping": "a mapping of names to values",
    "tuple": "a list",
    "list": "a list",
    "datetime": "a date and time with its offset, for instance 2026-06-05T18:00:00Z",
}


def is_unknown_key(error: Error) -> bool:
    """Whether pydantic complains of a key."""
    return error["type"] in ("unexpected_keyword_argument", "extra_forbidden")


def message_of(path: KeyPath, errors: list[Error]) -> str:
    """What is wrong at this place, and what is expected there."""
    first = errors[0]
    if is_unknown_key(first):
        return unknown_key(path)
    if first["type"] == "missing":
        return f"`{path[-1]}` is missing; add it"
    if first["type"] == "value_error":
        return str(first["msg"]).removeprefix("Value error, ")
    expected = " or ".join(dict.fromkeys(_expected(error) for error in errors))
    return f"found {shown(first['input'])}; expected {expected}{_nearest_choice(first['input'], errors)}"


def _expected(error: Error) -> str:
    if error["type"] == "enum":
        return str(error["ctx"]["expected"]).replace("'", "")
    return EXPECTED.get(error["type"].partition("_")[0], str(error["msg"]))


def shown(value: Any) -> str:
    """A value as a message shows it."""
    names = {dict: "a mapping", list: "a list", type(None): "nothing", bool: str(value).lower()}
    text = str(value)
    return names.get(type(value)) or f"`{text if len(text) <= 60 else text[:57] + '...'}`"


def _nearest_choice(value: Any, errors: list[Error]) -> str:
    words = [word for e in errors if e["type"] == "enum" for word in re.findall(r"\w+", _expected(e)) if word != "or"]
    near = get_close_matches(str(value), words, n=1)
    return f"; did you mean {near[0]}?" if near else ""
