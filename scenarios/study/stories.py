"""Several stories side by side, in one table; run n of each has the same luck."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failback.scenarios.schema import Scenario

from .rows import data_frame
from .study import Study
from .words import STORY

if TYPE_CHECKING:
    from pandas import DataFrame


def side_by_side(stories: Mapping[str, Scenario | str | Path], runs: int = 20, **how: Any) -> "DataFrame":
    """A row per run; the first column says of which story. `how` is that of `Study.run`."""
    studies = {name: Study(scenario).replicate(runs) for name, scenario in stories.items()}
    return data_frame({STORY: name, **row} for name, study in studies.items() for row in study.table(**how))
