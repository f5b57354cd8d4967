"""What arguments accept: each by its name, since an argument of one name means one thing everywhere."""

import os
from collections.abc import Callable, Mapping
from operator import index
from pathlib import Path
from typing import Any, Final, TypeAlias

Accept: TypeAlias = Callable[[Any], Any]
"""Gives the value as it is used. Raises `InvalidArgument` with what was expected."""


class InvalidArgument(ValueError):
    """A value that an argument does not take; the message says what it does take."""


def scenario(value: Any) -> Any:
    """A scenario, the path of its file, or a name of the library."""
    from failback.scenarios.files.loader import load_scenario
    from failback.scenarios.files.schema import Scenario

    return value if isinstance(value, Scenario) else load_scenario(scenario_file(value))


def served_estate(value: Any) -> Any:
    """The same, or the path of an estate file: an estate is a scenario without faults or expectations."""
    from failback.scenarios.files.loader import load_located
    from failback.scenarios.files.schema import Scenario

    return value if isinstance(value, Scenario) else load_located(scenario_file(value)).scenario


def scenario_file(value: Any) -> Path:
    """The path of a scenario's file, or of one of the library."""
    from failback.scenarios.files.loader import resolve

    wanted = "a scenario, the path of its file, or a name of the library (failback.library() lists them)"
    try:
        return resolve(path_text(value))
    except (InvalidArgument, OSError, ValueError):
        raise InvalidArgument(wanted) from None


def path_text(value: Any) -> str:
    """A path as text."""
    text = os.fspath(value) if isinstance(value, (str, os.PathLike)) else None
    if not isinstance(text, str) or not text.strip() or "\0" in text:
        raise InvalidArgument("a path")
    return text


def path(value: Any) -> Path:
    """A path that the system can have; whether something is there is another question."""
    found = Path(path_text(value))
    try:
        found.exists()
    except OSError:
        raise InvalidArgument("a path") from None
    return found


def text(value: Any) -> str:
    """Text."""
    if not isinstance(value, str):
        raise InvalidArgument("text")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise InvalidArgument("True or False")
    return value


def function(value: Any) -> Any:
    """Something that can be called."""
    if not callable(value):
        raise InvalidArgument("a function")
    return value


def number(value: Any) -> float:
    """A number of any library; the function that uses it knows its bounds."""
    try:
        found = None if isinstance(value, (bool, str, bytes)) else float(value)
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None:
        raise InvalidArgument("a number")
    return found


def whole(value: Any) -> int:
    """A whole number of any library."""
    try:
        found = None if isinstance(value, bool) else index(value)
    except TypeError:
        found = None
    if found is None:
        raise InvalidArgument("a whole number")
    return found


def at_least_one(value: Any) -> int:
    """A whole number from 1 on."""
    try:
        found = whole(value)
    except InvalidArgument:
        found = 0
    if found < 1:
        raise InvalidArgument("a whole number of at least 1")
    return found


def names(value: Any) -> tuple[str, ...]:
    """Names: one as text, or several."""
    if isinstance(value, str):
        return (value,)
    try:
        found = tuple(value)
    except TypeError:
        found = (None,)
    if not all(isinstance(name, str) for name in found):
        raise InvalidArgument("a list of names")
    return found


def mapping(value: Any) -> Mapping[Any, Any]:
    """A mapping."""
    if not isinstance(value, Mapping):
        raise InvalidArgument("a mapping, such as a dict")
    return value


def one_of(*choices: str) -> Accept:
    """One of these words."""

    def accept(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise InvalidArgument(f"one of {', '.join(choices)}")
        return value

    return accept


def maybe(accept: Accept) -> Accept:
    """The same, or None."""

    def or_none(value: Any) -> Any:
        try:
            return None if value is None else accept(value)
        except InvalidArgument as wrong:
            raise InvalidArgument(f"{wrong}, or None") from None

    return or_none


def operator(value: Any) -> Any:
    """An object that answers questions, as `failback.reprotect.driver.Operator` describes."""
    if not all(hasattr(value, name) for name in ("ask", "answers", "next_s")):
        raise InvalidArgument("an object with ask(question, now_s), answers(now_s) and next_s")
    return value


def settings(value: Any) -> Any:
    """Settings, or the path of their file."""
    from failback.adapters import Settings

    return value if isinstance(value, Settings) else path(value)


def answer(value: Any) -> Any:
    """One simulated way home."""
    from failback.scenarios.outcomes.answers import Answer

    if not isinstance(value, Answer):
        raise InvalidArgument("one way home, as failback.Study(...).play() returns it")
    return value


def frame(value: Any) -> Any:
    """A table of a study with a row per run."""
    columns = getattr(value, "columns", None)
    if columns is None or not hasattr(value, "to_dict") or not {"home_h", "variant"} <= set(columns) or not len(value):
        raise InvalidArgument("a table of runs, as failback.Study(...).run() returns it")
    return value


def table(value: Any) -> Any:
    """Any table with columns and rows."""
    if not hasattr(value, "columns") or not hasattr(value, "to_dict") or not len(value.columns):
        raise InvalidArgument("a table, as failback.Study(...).run() or failback.words.summary_table returns it")
    return value


def story_frame(value: Any) -> Any:
    """A table that compares stories."""
    if "story" not in getattr(frame(value), "columns", ()):
        raise InvalidArgument("a table of stories, as failback.stories.side_by_side(...) returns it")
    return value


def swings(value: Any) -> Any:
    """What `Study.tornado` gives."""
    from failback.scenarios.study.sensitivity import Swing

    found = tuple(value) if isinstance(value, (list, tuple)) else ()
    if not found or not all(isinstance(swing, Swing) for swing in found):
        raise InvalidArgument("swings, as failback.Study(...).tornado() returns them")
    return found


def loads(value: Any) -> Any:
    """What `Study.busy` gives."""
    if not isinstance(value, Mapping) or not all(isinstance(part, str) for part in value):
        raise InvalidArgument("loads of parts, as failback.Study(...).busy() returns them")
    return value


def seconds(value: Any) -> list[float]:
    """Durations in seconds."""
    try:
        found = [] if isinstance(value, (str, bytes)) else [number(one) for one in value]
    except (TypeError, InvalidArgument):
        found = []
    if len(found) < 2:
        raise InvalidArgument("at least two durations in seconds")
    return found


def _many_scenarios(value: Any) -> dict[str, Any]:
    given = mapping(value)
    if not given or not all(isinstance(name, str) for name in given):
        raise InvalidArgument("a mapping of names to scenarios")
    return {name: scenario(one) for name, one in given.items()}


ACCEPTS: Final[Mapping[str, Accept]] = {
    "actual_s": seconds,
    "answer": answer,
    "architecture": maybe(one_of("classic", "modernised")),
    "assumed_s": seconds,
    "at_share": number,
    "backend": one_of("processes", "serial", "joblib", "dask"),
    "by_h": maybe(number),
    "ca_file": maybe(path),
    "clock": text,
    "column": text,
    "columns": names,
    "confirm": names,
    "consistency": text,
    "control": flag,
    "retry_after": flag,
    "limit_reads": flag,
    "folder": path,
    "frame": frame,
    "on_line": maybe(function),
    "hold_out": number,
    "host": text,
    "in_process": flag,
    "keep": maybe(path),
    "known_s": seconds,
    "min_measurements": whole,
    "now": mapping,
    "of": text,
    "operations_host": maybe(text),
    "operator": maybe(operator),
    "out": maybe(path),
    "out_for_min": maybe(number),
    "part": text,
    "parts": loads,
    "per": maybe(text),
    "port": whole,
    "resource_group": maybe(text),
    "rows": one_of("run", "wave", "item", "leg"),
    "runs": maybe(at_least_one),
    "samples": at_least_one,
    "scenario": scenario,
    "seed": maybe(whole),
    "series": loads,
    "settings": maybe(settings),
    "stories": _many_scenarios,
    "subscription": maybe(text),
    "sure": number,
    "swings": swings,
    "title": text,
    "tls": flag,
    "tz": text,
    "unknown_blocks": flag,
    "vault": maybe(text),
    "workers": maybe(at_least_one),
    "world": one_of("sim", "lab", "azure"),
    "yes": flag,
}
"""What an argument of this name accepts."""
