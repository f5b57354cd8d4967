"""Characters that no name needs and that harm whoever shows them: control characters, line separators, overrides.

One pattern for all ways out of the program. Where text is shown or is JSON they are escaped; in a page or in XML, where
an escape would be wrong or not allowed, a replacement character stands for each.
"""

import re
from typing import Final

UNSAFE: Final = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters, escape (the start of terminal sequences) among them
    "\u2028\u2029"  # line and paragraph separator, at which many readers split
    "\u202a-\u202e\u2066-\u2069"  # what turns the direction of all that follows
    "\ud800-\udfff\ufffe\uffff]"  # what is no character, and not allowed in XML
    "|\r(?!\n)"  # alone it goes back to the start of the line
)
"""Tabs, line feeds and both together with a carriage return are no part of it: whole texts have lines."""


def escaped(text: str) -> str:
    """The text with each unsafe character as JSON writes it, so that JSON stays the JSON that it was."""
    return UNSAFE.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text)


def replaced(text: str) -> str:
    """The text with a replacement character for each unsafe one, for pages and XML."""
    return UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)
