"""The text of an estate file: YAML in a stable order, so that two imports can be compared line by line."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

_HEAD: Final = (
    "# failback import: an estate from the files under `sources`. `unknown` is what no file told.\n"
    "# What you know, write over it: a new import replaces this file.\n"
)
_DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_WIDE: Final = 4096


def as_yaml(estate: Mapping[str, Any]) -> str:
    """The file's text."""
    body: str = yaml.dump(
        dict(estate), Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=_WIDE, default_flow_style=None
    )
    return _HEAD + body
