"""What `failback whatif` does: read the ranges, say the slot loads, play the study, print what came of it."""

import json
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass, replace
from enum import Enum
from math import isfinite
from pathlib import Path
from typing import Any, Final

from failback.scenarios.checks.page import console_for
from failback.scenarios.outcomes.slot_loads import SlotLoad, slot_loads, slot_words
from failback.scenarios.run.labels import labels, model_version

from .kept_runs import SUFFIXES
from .ranges import parse_ranges
from .rows import Row, digest
from .sensitivity import sobol, tornado
from .study import Study
from .variants import refused, varied
from .whatif_page import print_indices, print_swings, print_variants
from .whatif_summary import summaries

RUNS: Final = 20
"""Runs of each variant."""
SAMPLES: Final = 64
"""Samples for Sobol's indices."""
ASSUMED: Final = (
    "Simulation by {model}. Rates and changed shares are assumptions, not your data. The spread comes from chance."
)
CALIBRATED: Final = "Simulation by {model}, with the numbers of {file}. The spread comes from chance."
HALF_CALIBRATED: Final = CALIBRATED[:-1] + ", and how much differs is an assumption, not your data."


@dataclass(frozen=True, slots=True)
class WhatIfAsked:
    """What was asked at the command line."""

    scenario: str
    vary: Sequence[str] = ()
    runs: int | None = None
    seed: int | None = None
    out: Path | None = None
    rows: str = "run"
    sensitivity: str | None = None
    backend: str = "processes"
    workers: int | None = None
    yes: bool = False

    @property
    def how(self) -> dict[str, Any]:
        """Where the study is played and kept."""
        return {"backend": self.backend, "workers": self.workers, "yes": self.yes, "keep": self.out}


def run_what_if(asked: WhatIfAsked, *, as_json: bool) -> None:
    """Do it. Raises `BadInput` for what cannot be."""
    _refuse_nonsense(asked)
    study = study_asked(asked)
    if not as_json:
        print(slot_words(study.scenario))
    with _said_plainly():
        found = _SHAPES[asked.sensitivity](asked, study)
    if as_json:
        print(json.dumps(_value({**_head(asked, study), **found}), indent=2, allow_nan=False))
    else:
        _show(asked, study, found)


def interrupted_words(out: Path | None) -> str:
    """What to say when a study was interrupted."""
    if out is None:
        return (
            "Interrupted. Nothing was kept. With --out FILE.parquet, finished runs are kept and the study can resume."
        )
    return f"Interrupted. Finished runs are kept beside {out}; run the same command to resume."


def study_asked(asked: WhatIfAsked) -> Study:
    """The study. Raises `BadInput` for ranges that cannot be."""
    study = Study(asked.scenario)
    if asked.seed is not None:
        study = Study(replace(study.scenario, seed=asked.seed))
    return study.vary(**parse_ranges(asked.vary)).replicate(RUNS if asked.runs is None else asked.runs)


def _refuse_nonsense(asked: WhatIfAsked) -> None:
    if asked.sensitivity not in _SHAPES:
        raise refused(f"--sensitivity is `{asked.sensitivity}`; expected tornado or sobol")
    if asked.sensitivity and asked.rows != "run":
        raise refused(f"--sensitivity needs whole runs; leave out --rows {asked.rows}")
    if asked.out is not None and asked.out.suffix not in SUFFIXES:
        raise refused(f"--out is {asked.out}; its name has to end in {' or '.join(SUFFIXES)}")


# What comes of it


def _variants(asked: WhatIfAsked, study: Study) -> Row:
    rows = study.table(rows=asked.rows, **asked.how)
    found = list(summaries(rows, asked.rows, study.columns))
    if asked.rows == "run":
        variants = study.variants()
        found = [
            {**row, "slot_loads": _most(slot_loads(varied(study.scenario, dict(next(variants)))))} for row in found
        ]
    return {"variants": found, "digest": digest(rows), "data": rows}


def _most(loads: Sequence[SlotLoad]) -> int:
    return max((load.loads for load in loads), default=0)


def _tornado(asked: WhatIfAsked, study: Study) -> Row:
    return {"tornado": tornado(study, **asked.how)}


def _sobol(asked: WhatIfAsked, study: Study) -> Row:
    return {"sobol": sobol(study.replicate(1), samples=asked.runs or SAMPLES, **asked.how)}


_SHAPES: Final[Mapping[str | None, Any]] = {None: _variants, "tornado": _tornado, "sobol": _sobol}


# How it is shown


def _head(asked: WhatIfAsked, study: Study) -> Row:
    scenario = study.scenario
    return {
        **labels(study.scenario),
        "note": _note(study),
        "scenario": scenario.name,
        "seed": scenario.seed,
        "runs": study.runs,
        "rows": asked.rows,
        "slot_loads": [{**asdict(load), "loads": load.loads} for load in slot_loads(scenario)],
    }


def _note(study: Study) -> str:
    file, found = study.scenario.homecoming.calibration, study.scenario.calibration
    said = ASSUMED if found is None else CALIBRATED if found.changed_known else HALF_CALIBRATED
    return said.format(model=model_version(), file=file)


def _show(asked: WhatIfAsked, study: Study, found: Row) -> None:
    console = console_for(sys.stdout.isatty())
    if "tornado" in found:
        print_swings(found["tornado"], console)
    elif "sobol" in found:
        print_indices(found["sobol"], console)
    else:
        print_variants(found["variants"], asked.rows, study.columns, console)
    print(_note(study))
    if asked.out is not None:
        print(f"Rows: {asked.out}")


def _value(found: Any) -> Any:
    """As JSON knows it: what was never reached is null."""
    if is_dataclass(found) and not isinstance(found, type):
        return _value(asdict(found))
    if isinstance(found, Mapping):
        return {name: _value(part) for name, part in found.items()}
    if isinstance(found, list | tuple):
        return [_value(part) for part in found]
    if isinstance(found, Enum):
        return found.value
    return None if isinstance(found, float) and not isfinite(found) else found


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Warnings as sentences, without the place in the code."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: print(message, file=sys.stderr)
        yield
