"""Names in a page that no line breaks in the middle: browsers break at each hyphen, and names are full of them."""

import re
from typing import Final

from markupsafe import Markup, escape

_BETWEEN: Final = re.compile(r"(?<=,)( )|( to )")


def whole_names(text: str) -> Markup:
    """Markup of a list of names: each with a hyphen stays on one line, unless it is longer than the line."""
    return Markup("").join(_piece(piece) for piece in _BETWEEN.split(text) if piece)


def _piece(text: str) -> Markup:
    return Markup('<span class="whole">{}</span>').format(text) if "-" in text else escape(text)


def phone_number(text: str) -> Markup:
    """Markup of a telephone number: it stays on one line."""
    return Markup('<span class="phone">{}</span>').format(text) if text else Markup()
