"""The lines of a history that can be read: the one reader for the report, the comparison and the calibration."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from failback.reprotect import VOCABULARY, WATCHED, Line, decoded, plain
from failback.reprotect.driver import Recorded
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.scenarios.run.shared_uuids import NOTED

from .reading import bytes_of

_MAX: Final = 1e9
"""No history is longer, in lines or seconds; NaN is neither above nor below it."""
_LEFT_OUT: Final = "steps under way there are left out, all others are kept"
_EXPECTED: Final = "expected the folder of a run or a watch that was made with --out, with its history.jsonl"
PROMISES: Final[Mapping[str, type[Any]]] = {**VOCABULARY, **WATCHED, **NOTED}
"""Name of a line -> what its data must be. Whoever reads a history may rely on it; other lines are free."""


def history_lines(path: Path, notes: list[str], on_torn_line: Callable[[], None] = lambda: None) -> Iterator[Line]:
    """The lines that can be read. `on_torn_line` is called where some are missing or time jumps; `notes` says so."""
    last_n, last_s, last = 0, 0.0, b""
    texts = _texts(path)
    for at, text in enumerate(texts, 1):
        if text == last:  # written or joined twice, which loses nothing
            continue
        line, last = _line(text), text
        if line is None:
            notes.append(_broken_words(path, at, len(texts)))
            on_torn_line()
            continue
        if line.n != last_n + 1:
            notes.append(f"{path}:{at}: line number n is {line.n} after {last_n}, so lines are missing; {_LEFT_OUT}.")
            on_torn_line()
        if line.t_s < last_s:
            back = f"the clock goes back from {last_s:g} s to {line.t_s:g} s"
            notes.append(f"{path}:{at}: {back}; {_LEFT_OUT}. Do not join the histories of two runs in one file.")
            on_torn_line()
        last_n, last_s = line.n, line.t_s
        if (whole := _as_promised(line)) is not None:
            yield whole
        else:
            notes.append(f"{path}: the line {line.n} is not a valid {line.name}; {_LEFT_OUT}.")
            on_torn_line()


def _broken_words(path: Path, at: int, of: int) -> str:
    if at == of:
        return (
            f"{path}:{at}: the last line is incomplete, as after a run that was killed; everything before it is kept."
        )
    return f"{path}:{at}: this is not a line of a history; {_LEFT_OUT}."


def _texts(path: Path) -> list[bytes]:
    """A line ends with a line feed and with nothing else: a name may hold what other readers take for an end."""
    try:
        content = bytes_of(path)
    except (OSError, ValueError) as broken:
        why = getattr(broken, "strerror", None) or str(broken)
        raise BadInput(Mistake("", str(path), 0, f"the history cannot be read: {why}; {_EXPECTED}")) from broken
    return [text for text in content.removeprefix(b"\xef\xbb\xbf").split(b"\n") if text.strip()]


def _line(text: bytes) -> Line | None:
    try:
        line = decoded(text.decode("utf-8"))
    except (ValueError, TypeError, RecursionError):
        return None
    n_s: tuple[Any, Any] = line.n, line.t_s
    numbers = all(isinstance(number, int | float) and -_MAX < number < _MAX for number in n_s)
    item, data, words = line.item, line.data, (line.kind, line.name)
    texts = all(isinstance(word, str) for word in words) and isinstance(item, str | None)
    return line if numbers and texts and isinstance(data, dict) else None


def recorded_of(text: bytes) -> Recorded | None:
    """The line, and what it says in the vocabulary; None where that is not all there as its name promises."""
    line = _line(text)
    if line is None:
        return None
    if line.name not in PROMISES or line.name in NOTED:  # the drill hears no note
        return Recorded(line, None)
    thing = _thing(line)
    return None if thing is None else Recorded(line, thing)


def _as_promised(line: Line) -> Line | None:
    """The line with all that its name promises; what an older failback did not write yet has its default."""
    if line.name not in PROMISES:
        return line
    found = _thing(line)
    return None if found is None else replace(line, data=plain(found))


def _thing(line: Line) -> Any:
    try:
        return _adapter(line.name).validate_json(json.dumps(line.data), strict=True)
    except (ValueError, RecursionError):
        return None


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(PROMISES[name])
