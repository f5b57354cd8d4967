"""Where all pages come from: templates in which a name is text, whatever is in it."""

from collections.abc import Callable
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from failback.reprotect import replaced

from .language import said, spoken
from .markdown import cells, finalized


@cache
def templates(*, markdown: bool = False, **filters: Callable[..., Any]) -> Environment:
    """The packaged templates, of pages in HTML or in Markdown, each compiled once; filters are given by name."""
    made = Environment(
        loader=PackageLoader("failback.scenarios"),
        autoescape=not markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalized if markdown else _printable,
    )
    made.filters |= {"cells": cells, **filters}
    made.globals |= {"said": said, "spoken": spoken}
    return made


def _printable(value: Any) -> Any:
    """Text without what no XML may hold, such as a control character in an error message; anything else as it is."""
    return replaced(value) if type(value) is str else value
