"""The files that a check can write, by the option that asks for each."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, TypeAlias

from .command import FILL, JUNIT, PAGE, SARIF, TASKS, CheckDone, write_fill, write_sarif, write_task_list
from .html_page import write_page
from .junit import write_junit

_Writer: TypeAlias = tuple[str, Callable[[CheckDone, Path], None]]
WRITERS: Final[Mapping[str, _Writer]] = {
    "sarif": (SARIF, write_sarif),
    "html": (PAGE, write_page),
    "junit": (JUNIT, write_junit),
    "fill": (FILL, write_fill),
    "tasks": (TASKS, write_task_list),
}
"""Option -> the kind of output, and who writes it."""


def writers(files: Mapping[str, Path | None]) -> dict[Path, _Writer]:
    """The files that were asked for."""
    return {file: WRITERS[option] for option, file in files.items() if file is not None}
