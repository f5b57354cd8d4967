"""Seed and cutover as JSON."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from .cutover_values import Cutover, WaveCutover


def cutover_data(seeds: Cutover) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "at": seeds.at.isoformat(),
        "begins": seeds.begins.isoformat(),
        "case": seeds.case.name,
        "latest_per_case": _dates(seeds.starts),
        "waves": [_wave_data(wave) for wave in seeds.waves],
        "applications": [asdict(down) for down in seeds.applications],
    }


def _wave_data(wave: WaveCutover) -> dict[str, Any]:
    dates = {name: at and at.isoformat() for name, at in (("begins", wave.begins), ("last_go", wave.last_go))}
    seeded = {"met": wave.seeded.met, "runs": wave.seeded.runs}
    per_case = _dates(wave.seed_latest)
    band = None if wave.fails_back is None else [at.isoformat() for at in wave.fails_back]
    return {
        **asdict(wave),
        **dates,
        "fails_back": band,
        "opens": wave.opens.isoformat(),
        "seed_latest": per_case,
        "seeded": seeded,
    }


def _dates(dates: Mapping[str, datetime | None]) -> dict[str, str | None]:
    return {name: None if at is None else at.isoformat() for name, at in dates.items()}
