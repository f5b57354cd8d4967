"""What `failback whatif` does: read the ranges, say the batches, play the study, print what came of it."""

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
from failback.scenarios.outcomes.server_batches import ServerBatches, server_batches, slot_words
from failback.scenarios.outcomes.taken_for_granted import granted_json, granted_words
from failback.scenarios.run.labels import labels, model_version

from .kept_runs import SUFFIXES
from .ranges import parse_ranges
from .repaired import repair_words
from .rows import RunRow, digest
from .sensitivity import sobol, tornado
from .study import Study
from .variants import key_named, refused, varied
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
class WhatIfRequest:
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


def run_what_if(request: WhatIfRequest, *, as_json: bool) -> None:
    """Do it. Raises `BadInput` for what cannot be."""
    _refuse_nonsense(request)
    study = study_asked(request)
    if not as_json:
        print("\n".join((*granted_words(study.scenario), slot_words(study.scenario), *_repairs_first(study))))
    with _plain_errors():
        found = _SHAPES[request.sensitivity](request, study)
    if as_json:
        print(json.dumps(_value({**_head(request, study), **found}), indent=2, allow_nan=False))
    else:
        _show(request, study, found)


def _repairs_first(study: Study) -> Iterator[str]:
    """Of the servers whose number varies, those that are not well."""
    yield from filter(None, (repair_words(study.scenario.estate, key_named(name).name) for name in study.columns))


def interrupted_words(out: Path | None) -> str:
    """What to say when a study was interrupted."""
    if out is None:
        return (
            "Interrupted. Nothing was kept. With --out FILE.parquet, finished runs are kept and the study can resume."
        )
    return f"Interrupted. Finished runs are kept beside {out}; run the same command to resume."


def study_asked(request: WhatIfRequest) -> Study:
    """The study. Raises `BadInput` for ranges that cannot be."""
    study = Study(request.scenario)
    if request.seed is not None:
        study = Study(replace(study.scenario, seed=request.seed))
    return study.vary(**parse_ranges(request.vary)).replicate(RUNS if request.runs is None else request.runs)


def _refuse_nonsense(request: WhatIfRequest) -> None:
    if request.sensitivity not in _SHAPES:
        raise refused(f"--sensitivity is `{request.sensitivity}`; expected tornado or sobol")
    if request.sensitivity and request.rows != "run":
        raise refused(f"--sensitivity needs whole runs; leave out --rows {request.rows}")
    if request.out is not None and request.out.suffix not in SUFFIXES:
        raise refused(f"--out is {request.out}; its name must end in {' or '.join(SUFFIXES)}")


# What comes of it


def _variants(request: WhatIfRequest, study: Study) -> RunRow:
    rows = study.table(rows=request.rows, **request.how)
    found = list(summaries(rows, request.rows, study.columns))
    if request.rows == "run":
        variants = study.variants()
        found = [
            {**row, "slot_loads": _most(server_batches(varied(study.scenario, dict(next(variants)))))} for row in found
        ]
    return {"variants": found, "digest": digest(rows), "data": rows}


def _most(loads: Sequence[ServerBatches]) -> int:
    return max((row.batches for row in loads), default=0)


def _tornado(request: WhatIfRequest, study: Study) -> RunRow:
    return {"tornado": tornado(study, **request.how)}


def _sobol(request: WhatIfRequest, study: Study) -> RunRow:
    return {"sobol": sobol(study.replicate(1), samples=request.runs or SAMPLES, **request.how)}


_SHAPES: Final[Mapping[str | None, Any]] = {None: _variants, "tornado": _tornado, "sobol": _sobol}


# How it is shown


def _head(request: WhatIfRequest, study: Study) -> RunRow:
    scenario = study.scenario
    return {
        **labels(study.scenario),
        "note": _note(study),
        **granted_json(scenario),
        "scenario": scenario.name,
        "seed": scenario.seed,
        "runs": study.runs,
        "rows": request.rows,
        "slot_loads": [{**asdict(row), "loads": row.batches} for row in server_batches(scenario)],
    }


def _note(study: Study) -> str:
    file, found = study.scenario.homecoming.calibration, study.scenario.calibration
    template = ASSUMED if found is None else CALIBRATED if found.changed_known else HALF_CALIBRATED
    return template.format(model=model_version(), file=file)


def _show(request: WhatIfRequest, study: Study, found: RunRow) -> None:
    console = console_for(sys.stdout.isatty())
    if "tornado" in found:
        print_swings(found["tornado"], console)
    elif "sobol" in found:
        print_indices(found["sobol"], console)
    else:
        print_variants(found["variants"], request.rows, study.columns, console)
    print(_note(study))
    if request.out is not None:
        print(f"Rows: {request.out}")


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
def _plain_errors() -> Iterator[None]:
    """Warnings as sentences, without the place in the code."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: print(message, file=sys.stderr)
        yield
