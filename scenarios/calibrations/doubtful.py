"""What would make a calibration surer than it is, or wrong: a source that is given twice, a clock that jumped ahead."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from math import exp, log
from pathlib import Path
from statistics import median
from typing import Final

from failback.scenarios.files.path_checks import is_folder
from failback.scenarios.outputs.run_folders.reading import bytes_of

from .fitting import SHORTEST_S
from .measured import MeasuredStep

TIMES_AT_LEAST: Final = 20.0
"""No step counts as a jump of the clock that took less than so many times the middle one [inferred]."""
_DEVIATIONS: Final = 8.0
_LEAST: Final = 4
"""Of fewer steps nobody can tell which one is odd."""
_NORMAL: Final = 1.4826
"""Standard deviation over median absolute deviation, for a normal distribution."""


def each_once(paths: Sequence[Path], notes: list[str]) -> Iterator[tuple[int, Path]]:
    """The sources with their numbers; of those with the same content the first, and a note for each other one."""
    first: dict[bytes, Path] = {}
    for run, path in enumerate(paths, 1):
        content = _content(path)
        if content is not None and content in first:
            notes.append(f"{path}: it says the same as {first[content]}, so it is counted once.")
            continue
        first.setdefault(content or str(path).encode(), path)
        yield run, path


def without_jumps(groups: Mapping[str, Sequence[MeasuredStep]], notes: list[str]) -> dict[str, list[MeasuredStep]]:
    """The steps without those that took far too long to be true; a note for each kind of which some are left out."""
    kept = {}
    for key, steps in groups.items():
        most_s = _longest_s([step.took_s for step in steps])
        kept[key] = [step for step in steps if step.took_s <= most_s]
        if odd := [step.took_s for step in steps if step.took_s > most_s]:
            notes.append(_words(key, odd, len(steps), median(step.took_s for step in kept[key])))
    return kept


def source_file(path: Path) -> Path:
    """The file that is read of a source."""
    return path / "history.jsonl" if is_folder(path) else path


def _content(path: Path) -> bytes | None:
    try:
        return blake2b(bytes_of(source_file(path))).digest()
    except OSError:
        return None


def _longest_s(took_s: Sequence[float]) -> float:
    if len(took_s) < _LEAST:
        return max(took_s)
    logs = [log(max(one_s, SHORTEST_S)) for one_s in took_s]
    middle = median(logs)
    spread = _NORMAL * median(abs(one - middle) for one in logs)
    return exp(middle + max(log(TIMES_AT_LEAST), _DEVIATIONS * spread))


def _words(key: str, odd_s: Sequence[float], of: int, middle_s: float) -> str:
    found = f"{key}: {len(odd_s)} of {of} took up to {max(odd_s):g} s, where half took at most {middle_s:.3g} s"
    return f"{found}; a clock seems to have jumped ahead, so they are left out."
