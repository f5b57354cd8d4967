"""What a folder tells of its run: the result, or what the history alone tells where there is none."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from failback.scenarios.run.result import Result

from .from_history import result_from_history
from .identity import read_identity
from .result_file import RESULT, read_result, result_beside
from .run_folder import HISTORY, broken_off

HEAD = ("label", "scenario", "seed", "versions")


def result_of(folder: Path) -> Result:
    """The result of the run in this folder. Raises `BadInput`."""
    if not (folder / RESULT).exists() and (folder / HISTORY).exists():
        return result_from_history(folder / HISTORY)
    return read_result(folder / RESULT)


def head_of(folder: Path) -> dict[str, Any]:
    """Who says so: label, scenario, seed and versions of the run in this folder, as far as they are told."""
    head = result_beside(folder) or read_identity(folder)
    if head is None:
        return {"label": "unknown: no result.json beside the history"}
    return {name: getattr(head, name) for name in HEAD}


def later_runs(folder: Path) -> Iterator[str]:
    """A sentence for each run that was begun in the folder and has not finished."""
    for within in broken_off(folder):
        yield f"A later run there was aborted; `failback report {within}` shows what it did."
