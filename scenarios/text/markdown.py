"""Names and sentences in Markdown: as text, whatever is in them."""

import re
from collections.abc import Iterable
from typing import Any, Final

from failback.reprotect import replaced

_MARKUP: Final = re.compile(r"[\\`*\[\]<|~$]|&(?=#?\w+;)|(?<![^\W_])_|_(?![^\W_])")
"""What is markup wherever it stands; an underscore only where it is not within a word."""
_BLOCK: Final = re.compile(r"^(\s*)([#+\-=>])|^(\s*[0-9]+)([.)](?=\s|$))")
"""What makes a heading, a list, a quotation or a rule at the start of a line."""


class MarkdownText(str):
    """Text that is Markdown already."""

    __slots__ = ()


def in_markdown(text: str) -> MarkdownText:
    """Plain text in one line of Markdown."""
    return MarkdownText(_BLOCK.sub(r"\1\3\\\2\4", _inline(text)))


def cells(row: Iterable[Any]) -> MarkdownText:
    """The cells of a row of a table, escaped, with bars between them."""
    return MarkdownText(" | ".join(_inline(str(cell)) for cell in row))


def finalized(value: Any) -> Any:
    """For templates: text becomes Markdown unless it is."""
    return in_markdown(value) if type(value) is str else value


def _inline(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", " ".join(replaced(text).splitlines()))
