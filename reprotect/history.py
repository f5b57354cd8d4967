"""The history: one append-only sequence of what was heard, asked, seen and decided in virtual time, as JSON lines.

Everything that is said of a run later is read from it: report, checkers, parity, replay. So a line has one form:
equal things give equal bytes, names in order, instants to the microsecond, our own words for enum values.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, Final

from .unsafe_text import escaped
from .vocabulary import name_of

DECIMALS: Final = 6
"""Microseconds: below that, two worlds may round differently."""
CHECKSUM: Final = "crc"
"""Key of a line's checksum, where it has one."""
RESUMED: Final = "Resumed"
"""Name of the note with which another driver goes on; the instant before it may have been read in part only."""

_ARM_ID: Final = re.compile(r"/subscriptions/[^\s,;'\"]+", re.IGNORECASE)
_MANAGED_OBJECT: Final = re.compile(
    r"\b(?:vm|host|datastore|datacenter|network|task|session|snapshot|group-[a-z])-\d+\b"
)
_JOB_KEYS: Final = frozenset({"job_id"})


def _encoder() -> Callable[[Any], str]:
    """`json`'s own encoder, with its compiled part made once: `encode` makes that anew for every line."""
    plainly = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return plainly.encode
    encode = make(None, plainly.default, json.encoder.encode_basestring, None, ":", ",", True, False, False)
    return lambda thing: "".join(encode(thing, 0))


_as_text: Final = _encoder()


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `kind` is event, command, observation, fault, decision or note; `name` is that of the vocabulary."""

    n: int
    t_s: float
    kind: str
    name: str
    item: str | None
    data: Mapping[str, Any]

    def as_json(self) -> str:
        """The line as text, without its end. What would end it for some readers is escaped."""
        text = _as_text(
            {
                "n": self.n,
                "t_s": self.t_s,
                "kind": self.kind,
                "name": self.name,
                "item": self.item,
                "data": self.data,
            }
        )
        return escaped(text) if not text.isascii() or "\x7f" in text else text


class History:
    """Appends lines. Each goes to the sink as it happens; without one they are kept in `lines`.

    `sync` makes sure that what the sink took so far outlives a power cut; it is called before a command takes effect.
    `last_n` and `last_s`: number and instant of the last line of an earlier run that goes on here. `exact`: instants
    are not rounded, as a history needs from which a run is resumed; `masked` rounds them for comparisons.
    `only`: names of the lines that somebody reads; of others the number is counted and nothing is made.
    """

    def __init__(
        self,
        sink: Callable[[Line], None] | None = None,
        sync: Callable[[], None] | None = None,
        *,
        last_n: int = 0,
        last_s: float = 0.0,
        exact: bool = False,
        only: Collection[str] | None = None,
    ) -> None:
        self.lines: list[Line] = []
        self._sink, self._sync = sink or self.lines.append, sync
        self._n, self._exact, self._only = last_n, exact, only
        self.last_s = last_s
        """The instant of the last line: whoever notes something between two steps of the driver takes it."""

    def sync(self) -> None:
        """Let the disk have every line so far."""
        if self._sync is not None:
            self._sync()

    def add(self, t_s: float, kind: str, name: str, item: str | None, data: Mapping[str, Any]) -> Line:
        """Append one line."""
        return self._append(t_s, kind, name, item, plain(data))

    def write(self, t_s: float, kind: str, thing: Any) -> Line:
        """Append an event, a command, an observation or a decision: any dataclass of the vocabulary."""
        name = name_of(thing)
        if self._only is not None and name not in self._only:
            return self._count(t_s, kind, name)
        data = _plain_fields(thing, type(thing))
        return self._append(t_s, kind, name, _item_of(data), data)

    def _count(self, t_s: float, kind: str, name: str) -> Line:
        self._n += 1
        self.last_s = t_s
        return Line(self._n, t_s, kind, name, None, {})

    def note(self, t_s: float, name: str, data: Mapping[str, Any], *, transport: bool = False) -> Line:
        """Append a note. A note on the transport concerns one world only; comparisons leave it out."""
        return self.add(t_s, "note", name, None, {**data, "transport": True} if transport else data)

    def _append(self, t_s: float, kind: str, name: str, item: str | None, data: Mapping[str, Any]) -> Line:
        self._n += 1
        self.last_s = t_s
        line = Line(self._n, t_s if self._exact else round(t_s, DECIMALS), kind, name, item, data)
        self._sink(line)
        return line


def decoded(text: str) -> Line:
    """The line that this text stands for; a checksum says nothing more of it."""
    parts = json.loads(text)
    if isinstance(parts, dict):
        parts.pop(CHECKSUM, None)
    return Line(**parts)


def masked(line: Line) -> Line | None:
    """The line as two worlds must agree on it: without counters and foreign ids. None: a note on the transport."""
    if line.kind == "note" and line.data.get("transport"):
        return None
    return replace(line, n=0, t_s=round(line.t_s, DECIMALS), data=_masked(line.data))


def plain(value: Any) -> Any:
    """The value in JSON's types."""
    kind: Any = type(value)
    if kind in _PLAIN:  # most values are, and the patterns below take ten times as long to find that out
        return value
    match value:
        case Enum():
            return value.value
        case float():
            return round(value, DECIMALS)
        case bool() | int() | str():
            return value
        case list() | tuple():
            return [plain(part) for part in value]
        case _ if is_dataclass(value):
            return _plain_fields(value, kind)
        case Mapping():
            return {str(plain(key)): plain(part) for key, part in value.items()}
        case frozenset() | set():
            return sorted(plain(part) for part in value)
        case _:
            raise TypeError(f"{type(value).__name__} has no place in a history: {value!r}")


_PLAIN: Final = frozenset({bool, int, str, type(None)})


def _plain_fields(value: Any, kind: Any) -> dict[str, Any]:
    found = {}
    for name in _names_of(kind):
        part = getattr(value, name)
        found[name] = part if type(part) in _PLAIN else part.value if isinstance(part, Enum) else plain(part)
    return found


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    return tuple(f.name for f in fields(kind))


def _item_of(data: Mapping[str, Any]) -> str | None:
    for name in ("item", "subject", "plan"):
        if name in data:
            item: str | None = data[name]
            return item or None
    return None


def _masked(value: Any, key: str = "") -> Any:
    match value:
        case str() if key in _JOB_KEYS:
            return "job"
        case str():
            return _MANAGED_OBJECT.sub("object", _ARM_ID.sub("arm", value))
        case Mapping():
            return {name: _masked(part, name) for name, part in value.items()}
        case list():
            return [_masked(part) for part in value]
        case _:
            return value
