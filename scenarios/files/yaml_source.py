"""A YAML or JSON file as plain data, with the line and column of everything in it, and what a mistake in it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

import yaml

from failback.adapters.settings_file import SECTIONS

from .json_source import NotJson, compose_json

SIZE_MAX_BYTES: Final = 20_000_000
"""Largest file that is read."""
NODES_MAX: Final = 1_000_000
"""Values in one file, with every alias written out."""
DEPTH_MAX: Final = 40
"""Levels of nesting."""
ALIASES_MAX: Final = 50
"""Uses of YAML anchors in one file; more looks like a bomb."""
NUMBER_CHARACTERS_MAX: Final = 40
"""Longest number; a longer one stays text."""
MISTAKES_MAX: Final = 1000
"""Mistakes reported of one file."""

KeyPath: TypeAlias = tuple[str | int, ...]
"""Keys and list indices from the root of a file to a value."""
Mark: TypeAlias = tuple[int, int]
"""Line and column, from 1."""

_SHORTER: Final = "use `count` and `defaults` for machines that are alike"
_SAFE: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SAFE):  # type: ignore[misc]  # the compiled one where there is one
    """Guesses no tag of a plain value, which costs a quarter of reading a large file: `_scalar` reads the text."""

    def resolve(self, *_: object) -> str:
        """One for all, since nobody reads it."""
        return "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing in an input that cannot stay as it is. `line` 0: the file as a whole."""

    path_text: str
    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}" + (f" (at {self.path_text})" if self.path_text else "")


class BadInput(Exception):
    """An input is invalid. The message has a paragraph for each mistake."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(*mistakes)
        self.mistakes: tuple[Mistake, ...] = mistakes

    def __str__(self) -> str:
        return "\n".join(str(mistake) for mistake in self.mistakes)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read. `mistakes` are those that did not keep the rest from being read."""

    file: str
    data: Any
    marks: dict[KeyPath, Mark]
    mistakes: tuple[Mistake, ...] = ()

    def mistake(self, path: KeyPath, message: str) -> Mistake:
        """A mistake at this path, or at the nearest thing round it that stands in the file."""
        return Mistake(path_text(path), self.file, self._line(path), message)

    def _line(self, path: KeyPath) -> int:
        there = (path[:length] for length in range(len(path), -1, -1))
        return next((self.marks[p][0] for p in there if p in self.marks), 1)


def path_text(path: KeyPath) -> str:
    """A path as people write it: `estate.hosts[0].name`."""
    parts = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(parts).removeprefix(".")


def read_source(path: str | Path) -> Source:
    """Read a file. Raises `BadInput` where nothing useful can be read."""
    file = str(path)
    text = _text(_bytes(path, file), file)
    found, node = _json(text, file) if Path(path).suffix.lower() == ".json" else _yaml(text, file)
    if node is None:
        raise BadInput(Mistake("", file, 0, "the file is empty; expected a mapping with a name and an estate"))
    reader = _Reader(file, found)
    source = Source(file, reader.plain(node, ()), reader.marks, tuple(reader.mistakes[:MISTAKES_MAX]))
    _refuse_settings(source)
    return source


def _refuse_settings(source: Source) -> None:
    """A settings file has what is nobody else's business, so nothing more is said of it than that it is one."""
    keys = source.data.keys() if isinstance(source.data, dict) else ()
    section = next((name for name in SECTIONS if name in keys), None)
    if section is not None and not {"estate", "estate_file"} & set(keys):
        found = f"this is a settings file (it has the section `{section}`)"
        raise BadInput(source.mistake((section,), f"{found}, and a scenario is expected here; give it to --settings"))


def _yaml(text: str, file: str) -> tuple[list[Mistake], yaml.Node | None]:
    try:
        return list(_refused_tags(text, file)), yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as broken:
        raise BadInput(_syntax(broken, file)) from broken


def _json(text: str, file: str) -> tuple[list[Mistake], yaml.Node | None]:
    try:
        return [], compose_json(text, DEPTH_MAX)
    except NotJson as broken:
        raise BadInput(Mistake("", file, broken.line, f"this is not JSON: {broken.why}")) from broken


def _bytes(path: str | Path, file: str) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(SIZE_MAX_BYTES + 1)
    except (OSError, ValueError) as broken:
        reason = getattr(broken, "strerror", None) or str(broken)
        message = f"the file cannot be read: {reason}; check the path and its permissions"
        raise BadInput(Mistake("", file, 0, message)) from broken
    if len(content) > SIZE_MAX_BYTES:
        message = f"the file is larger than {SIZE_MAX_BYTES // 1_000_000} MB; {_SHORTER}"
        raise BadInput(Mistake("", file, 0, message))
    return content


def _text(content: bytes, file: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput(Mistake("", file, 1, "the file is UTF-16; save it as UTF-8"))
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        message = "the file is binary (it has a NUL byte); expected YAML or JSON text in UTF-8"
        raise BadInput(Mistake("", file, line, message))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        line = content[: broken.start].count(b"\n") + 1
        raise BadInput(Mistake("", file, line, "this line is not UTF-8; save the file as UTF-8")) from broken


_QUOTED: Final = re.compile(r"'(?!<)[^']{2,}'")
"""What the parser quotes of the file: of any length, and it may be a secret."""


def _syntax(broken: yaml.YAMLError, file: str) -> Mistake:
    mark = getattr(broken, "problem_mark", None) or getattr(broken, "context_mark", None)
    problem = getattr(broken, "problem", None) or getattr(broken, "reason", None) or "it cannot be parsed"
    problem = _QUOTED.sub("...", problem)
    line = mark.line + 1 if mark is not None else 1
    message = f"this is not YAML: {problem}; check indentation, quotes and brackets near this line"
    return Mistake("", file, line, message)


def _refused_tags(text: str, file: str) -> Iterator[Mistake]:
    """Go over the events, which needs no nesting, before anything is built; tags are mistakes, limits end it."""
    depth = nodes = aliases = documents = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = _line_of(event)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        nodes += isinstance(event, yaml.NodeEvent)
        aliases += isinstance(event, yaml.AliasEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        _keep_limits(file, line, depth, nodes, aliases, documents)
        if getattr(event, "tag", None) is not None:
            message = "found a YAML tag; leave it out, and put a value that begins with ! in quotes"
            yield Mistake("", file, line, message)


def _line_of(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _keep_limits(file: str, line: int, depth: int, nodes: int, aliases: int, documents: int) -> None:
    if depth <= DEPTH_MAX and nodes <= NODES_MAX and aliases <= ALIASES_MAX and documents <= 1:
        return
    limits = (
        (depth > DEPTH_MAX, f"nested deeper than {DEPTH_MAX} levels; expected a scenario or an estate"),
        (nodes > NODES_MAX, f"more than {NODES_MAX} values; {_SHORTER}"),
        (aliases > ALIASES_MAX, f"more than {ALIASES_MAX} YAML aliases; write the values out, or use `defaults`"),
        (documents > 1, "a second YAML document begins; expected one document in a file"),
    )
    broken = next(message for is_broken, message in limits if is_broken)
    raise BadInput(Mistake("", file, line, broken))


@dataclass(slots=True)
class _Reader:
    """Turns nodes into plain data and notes where each value stands."""

    file: str
    mistakes: list[Mistake]
    marks: dict[KeyPath, Mark] = field(default_factory=dict)
    nodes: int = 0

    def plain(self, node: yaml.Node, path: KeyPath) -> Any:
        """The value of this node. Aliases are written out, within the limits."""
        self.nodes += 1
        _keep_limits(self.file, node.start_mark.line + 1, len(path), self.nodes, 0, 1)
        self.marks.setdefault(path, _mark(node))
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*path, index)) for index, child in enumerate(node.value)]
        return self._mapping(node, path)

    def _mapping(self, node: yaml.Node, path: KeyPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path, values)
            if key is not None:
                self.marks[*path, key] = _mark(key_node)
                values[key] = self.plain(value_node, (*path, key))
        return values

    def _key(self, node: yaml.Node, path: KeyPath, taken: dict[str, Any]) -> str | None:
        refused = self._refusal(node, path, taken)
        if refused is None:
            return str(node.value)
        self.mistakes.append(Mistake(path_text(path), self.file, node.start_mark.line + 1, refused))
        return None

    def _refusal(self, node: yaml.Node, path: KeyPath, taken: dict[str, Any]) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            return "found a list or mapping as a key; expected a name"
        if node.value == "<<" and not node.style:
            return "found the merge key `<<`; it is not used here, write the values out or use `defaults`"
        if node.value in taken:
            lines = f"first on line {self.marks[*path, node.value][0]} and again on line {node.start_mark.line + 1}"
            return f"found the key `{node.value}` twice, {lines}; keep one"
        return None


def _mark(node: yaml.Node) -> Mark:
    return node.start_mark.line + 1, node.start_mark.column + 1


# YAML 1.2's core words: a date, `yes` or 12:30 stays text, and whoever expects a date or a truth value reads it.
_WORDS: Final = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: value for value in (True, False) for word in (str(value), str(value).lower(), str(value).upper())
}
_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_NUMBER: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"([-+]?)\.(inf|nan)", re.IGNORECASE)


def _scalar(node: yaml.ScalarNode) -> Any:
    text: str = node.value
    if node.style or len(text) > NUMBER_CHARACTERS_MAX:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    odd = _NOT_FINITE.fullmatch(text)
    return float(odd[1] + odd[2]) if odd else text
