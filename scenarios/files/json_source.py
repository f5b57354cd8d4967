r"""JSON text as the nodes that YAML's reader gives, each with its line and column.

YAML refuses some of what JSON may hold: a character written as two escapes, such as an emoji (\ud83d\ude00), and tabs.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

import yaml

_DECODER: Final = json.JSONDecoder()
_BLANK: Final = re.compile(r"[ \t\n\r]*")
_HALF: Final = re.compile("[\ud800-\udfff]")
_PLAIN: Final = re.compile(r"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null)(?![\w.+-])")
_TAG: Final = "tag:yaml.org,2002:json"
"""The nodes' tags, which nobody reads."""


class NotJson(Exception):
    """The text is no JSON: why, and on which line."""

    def __init__(self, why: str, line: int) -> None:
        super().__init__(why)
        self.why, self.line = why, line


@dataclass(slots=True)
class _Composer:
    text: str
    depth_max: int
    at: int = 0
    line: int = 0
    line_start: int = 0

    def value(self, depth: int) -> yaml.Node:
        if depth > self.depth_max:
            raise self.refused(f"nested deeper than {self.depth_max} levels; expected a scenario or an estate")
        opening, mark = self.peek(), self.mark()
        if opening == "{":
            return yaml.MappingNode(_TAG, self.listed("}", depth, self.pair), mark, mark)
        if opening == "[":
            return yaml.SequenceNode(_TAG, self.listed("]", depth, self.value), mark, mark)
        return self.string() if opening == '"' else self.plain()

    def listed(self, closing: str, depth: int, part: Any) -> list[Any]:
        self.at += 1
        found: list[Any] = []
        while self.peek() != closing or found:
            found.append(part(depth + 1))
            if self.peek() == closing:
                break
            self.expect(",", f"a comma or {closing}")
        self.at += 1
        return found

    def pair(self, depth: int) -> tuple[yaml.Node, yaml.Node]:
        if self.peek() != '"':
            raise self.refused('expected a name in double quotes (")')
        key = self.string()
        self.expect(":", "a colon")
        return key, self.value(depth)

    def string(self) -> yaml.ScalarNode:
        mark = self.mark()
        try:
            text, self.at = _DECODER.raw_decode(self.text, self.at)
        except json.JSONDecodeError as broken:
            raise self.refused(broken.msg[:1].lower() + broken.msg[1:]) from None
        if _HALF.search(text):
            raise self.refused("a text has one half of an escaped character (a surrogate) without the other")
        return yaml.ScalarNode(_TAG, text, mark, mark, style='"')

    def plain(self) -> yaml.ScalarNode:
        mark, found = self.mark(), _PLAIN.match(self.text, self.at)
        if found is None:
            raise self.refused("expected a value: text in double quotes, a number, true, false, null, [ or {")
        self.at = found.end()
        return yaml.ScalarNode(_TAG, found[0], mark, mark)

    def expect(self, sign: str, words: str) -> None:
        if self.peek() != sign:
            raise self.refused(f"expected {words}")
        self.at += 1

    def peek(self) -> str:
        """The next character that is no blank; nothing at the end."""
        blank = _BLANK.match(self.text, self.at)
        end = self.at if blank is None else blank.end()
        self.line += self.text.count("\n", self.at, end)
        self.line_start = max(self.line_start, self.text.rfind("\n", self.at, end) + 1)
        self.at = end
        return self.text[end : end + 1]

    def mark(self) -> Any:
        return yaml.Mark("", self.at, self.line, self.at - self.line_start, None, 0)

    def refused(self, why: str) -> NotJson:
        return NotJson(why, self.line + 1)


def compose_json(text: str, depth_max: int) -> yaml.Node | None:
    """The node of this text, None where it is empty. Raises `NotJson`."""
    composer = _Composer(text, depth_max)
    if not composer.peek():
        return None
    node = composer.value(0)
    if composer.peek():
        raise composer.refused("there is text after the end of the value; remove it")
    return node
