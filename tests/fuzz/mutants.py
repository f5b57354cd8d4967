"""Mutants of a text that a program reads: seeded, so that the number of a mutant names it for ever.

Every reader of ours can be fed with them: JSON and JSON lines are changed as values, any text as bytes.
"""

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

ODD: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    0,
    10**400,
    1e308,
    -1e308,
    1e12,
    0.5,
    float("nan"),
    float("inf"),
    "",
    "\x00",
    "\ud800",
    "\u2028",
    "x" * 100_000,
    "9999-12-31T23:59:59+00:00",
    "0001-01-01T00:00:00",
    [],
    {},
    [[]],
    {"": None},
)
"""What nobody expects in the place of a value."""
DEPTH: Final = 100_000
"""Levels of nesting that no recursion survives."""

Change = Callable[[bytes, random.Random], bytes]


def mutants(seed_text: bytes, changes: tuple[Change, ...], count: int, seed: int) -> Iterator[tuple[int, bytes]]:
    """`count` mutants with their numbers; each suffers one to three changes."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        text = seed_text
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            text = chance.choice(changes)(text, chance)
        yield number, text


# Any text


def flip_bytes(text: bytes, chance: random.Random) -> bytes:
    """A few bytes become others."""
    found = bytearray(text)
    for _ in range(chance.randint(1, 8) if found else 0):
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def cut(text: bytes, chance: random.Random) -> bytes:
    """The end, or a stretch in the middle, is missing."""
    first, last = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
    return text[:first] if chance.random() < 0.5 else text[:first] + text[last:]


def insert(text: bytes, chance: random.Random) -> bytes:
    """Something foreign stands in the middle."""
    foreign = (
        b"\x00",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        "\u2028\u0085".encode(),
        b"[" * DEPTH,
        b'{"a":' * DEPTH,
        b"1" * 5000,
    )
    at = chance.randint(0, len(text))
    return text[:at] + chance.choice(foreign) + text[at:]


# JSON


def swap_value(text: bytes, chance: random.Random) -> bytes:
    """A value somewhere within becomes another one, is missing, or changes places with its neighbour."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return flip_bytes(text, chance)
    _change(data, chance)
    return json.dumps(data, ensure_ascii=chance.random() < 0.5).encode("utf-8", errors="surrogatepass")


def nest(text: bytes, chance: random.Random) -> bytes:
    """A value becomes a deep one."""
    places = [at for at, byte in enumerate(text) if byte in b":["]
    if not places:
        return text
    at = chance.choice(places) + 1
    opened, closed = chance.choice(((b"[", b"]"), (b'{"a":', b"}")))
    levels = chance.choice((50, 900, DEPTH))
    return text[:at] + opened * levels + b"0" + closed * levels + b"," + text[at:]


def _change(text: Any, chance: random.Random) -> None:
    places = list(_places(text))
    if not places:
        return
    holder, key = chance.choice(places)
    match chance.randrange(4):
        case 0:
            del holder[key]
        case 1 if len(places) > 1:
            other, its_key = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[its_key]))
        case _:
            holder[key] = chance.choice(ODD)


def _places(text: Any) -> Iterator[tuple[Any, Any]]:
    keys = text.keys() if isinstance(text, dict) else range(len(text)) if isinstance(text, list) else ()
    for key in keys:
        yield text, key
        yield from _places(text[key])


# JSON lines


def swap_line_value(text: bytes, chance: random.Random) -> bytes:
    """A value within one line becomes another one."""
    return _one_line(text, chance, swap_value)


def nest_line(text: bytes, chance: random.Random) -> bytes:
    """A value within one line becomes a deep one."""
    return _one_line(text, chance, nest)


def move_lines(text: bytes, chance: random.Random) -> bytes:
    """Lines come twice, in another order, or not at all."""
    lines = text.split(b"\n")
    first, last = sorted((chance.randint(0, len(lines)), chance.randint(0, len(lines))))
    segment = lines[first:last]
    match chance.randrange(3):
        case 0:
            lines[first:last] = [*segment, *segment]
        case 1:
            chance.shuffle(segment)
            lines[first:last] = segment
        case _:
            del lines[first:last]
    return b"\n".join(lines)


def _one_line(text: bytes, chance: random.Random, change: Change) -> bytes:
    lines = text.split(b"\n")
    at = chance.randrange(len(lines))
    lines[at] = change(lines[at], chance)
    return b"\n".join(lines)


OF_TEXT: Final[tuple[Change, ...]] = (flip_bytes, cut, insert)
OF_JSON: Final[tuple[Change, ...]] = (*OF_TEXT, swap_value, swap_value, swap_value, nest)
OF_LINES: Final[tuple[Change, ...]] = (
    *OF_TEXT,
    swap_line_value,
    swap_line_value,
    swap_line_value,
    nest_line,
    move_lines,
)


# XML


def swap_element(text: bytes, chance: random.Random) -> bytes:
    """What an element says becomes something else, or the element comes twice, or not at all."""
    found = list(_ELEMENT.finditer(text))
    if not found:
        return flip_bytes(text, chance)
    one = chance.choice(found)
    match chance.randrange(6):
        case 0:
            return text[: one.start()] + text[one.end() :]
        case 1:
            return text[: one.end()] + one[0] + text[one.end() :]
        case 2:
            other = chance.choice(found)
            return text[: one.start()] + other[0] + text[one.end() :]
        case _:
            return text[: one.start(2)] + chance.choice(_SAID) + text[one.end(2) :]


def swap_word(text: bytes, chance: random.Random) -> bytes:
    """A name of an element, or what an attribute says, becomes another one that stands somewhere."""
    found = list(_WORD.finditer(text))
    if not found:
        return flip_bytes(text, chance)
    one = chance.choice(found)
    return text[: one.start(1)] + (chance.choice(found)[1] if chance.random() < 0.8 else b"x") + text[one.end(1) :]


def nest_element(text: bytes, chance: random.Random) -> bytes:
    """Elements within elements take the place of what one says."""
    found = list(_ELEMENT.finditer(text))
    if not found:
        return text
    one, levels = chance.choice(found), chance.choice((50, 900, DEPTH // 10))
    return text[: one.start(2)] + b"<a>" * levels + b"</a>" * levels + text[one.end(2) :]


_ELEMENT: Final = re.compile(rb"<(\w+)[^<>/]*>([^<>]*)</\1>")
_WORD: Final = re.compile(rb"(?<=[<\"])([\w:.-]+)(?=[\" >])")
_SAID: Final = (
    b"",
    b"-1",
    b"1" * 5000,
    b"1e308",
    b"NaN",
    b"true",
    b"not a number",
    b"0001-01-01T00:00:00",
    b"9999-12-31T23:59:59Z",
    b"\xed\xa0\x80",
    b"&#xd800;",
    b"&nobody;",
    b"<a/>",
    b"x" * 100_000,
    "\u2028\u202e".encode(),
)
OF_XML: Final[tuple[Change, ...]] = (
    *OF_TEXT,
    swap_element,
    swap_element,
    swap_element,
    swap_word,
    swap_word,
    nest_element,
)
