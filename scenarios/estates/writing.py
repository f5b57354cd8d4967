"""The text of an estate file: YAML in a stable order, so that two imports can be compared line by line."""

from collections.abc import Mapping
from typing import Any, Final

from failback.scenarios.text.yaml_text import yaml_text

_HEAD: Final = (
    "# failback import: an estate from the files under `sources`. `unknown` is what no file told.\n"
    "# What you know, write over it: a new import replaces this file.\n"
)


def as_yaml(estate: Mapping[str, Any]) -> str:
    """The file's text."""
    return _HEAD + yaml_text(dict(estate), flow=None)
