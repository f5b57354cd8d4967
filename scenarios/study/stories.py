"""Several stories side by side, in one table; run n of each has the same luck."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from failback.scenarios.files.schema import Scenario

from .rows import data_frame
from .study import Study
from .words import STORY

if TYPE_CHECKING:
    from pandas import DataFrame


def side_by_side(
    stories: Mapping[str, Scenario | str | Path],
    runs: int = 20,
    *,
    backend: str = "processes",
    workers: int | None = None,
) -> "DataFrame":
    """A row per run; the first column says of which story. `backend` and `workers` are those of `Study.run`."""
    studies = {name: Study(scenario).replicate(runs) for name, scenario in stories.items()}
    tables = {name: study.table(backend=backend, workers=workers) for name, study in studies.items()}
    return data_frame({STORY: name, **row} for name, rows in tables.items() for row in rows)
