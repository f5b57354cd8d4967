"""Where all pages come from: templates in which a name is text, whatever is in it."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from failback.reprotect import replaced

from .language import said, spoken
from .markdown import cells, finalized


@cache
def templates(*, markdown: bool = False, code: bool = False, **filters: Callable[..., Any]) -> Environment:
    """The packaged templates, of pages in HTML or in Markdown, each compiled once; filters are given by name.

    `code`: what stands between backticks is set as code, in HTML too.
    """
    made = Environment(
        loader=PackageLoader("failback.scenarios"),
        autoescape=not markdown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalized if markdown else _with_code if code else _printable,
    )
    made.filters |= {"cells": cells, **filters}
    made.globals |= {"said": said, "spoken": spoken}
    return made


def _printable(value: Any) -> Any:
    """Text without what no XML may hold, such as a control character in an error message; anything else as it is."""
    return replaced(value) if type(value) is str else value


_CODE: Final = re.compile(r"`([^`\n]+)`")


def _with_code(value: Any) -> Any:
    """Printable text in which a command or a key between backticks is marked as code."""
    text = _printable(value)
    if type(text) is not str or "`" not in text:
        return text
    parts = _CODE.split(text)
    return Markup("").join(Markup("<code>{}</code>").format(one) if n % 2 else one for n, one in enumerate(parts))
