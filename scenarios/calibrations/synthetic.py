"""A synthetic vault with known truth: drills played with hidden numbers, to see whether calibration finds them.

    vault = synthetic_vault(load_scenario(resolve("first_drill")), seed=7)
    folders = vault.write_drills(Path("drills"), range(1, 9))        # eight drills, as `failback run --out` writes them
    found = calibrate(Asked(tuple(folders), estate="first_drill")).file
    known = calibrated(vault.public, found)                           # the scenario with what was learnt
    low_s, high_s = band(drills_took_s(known, range(200)))            # where nine of ten further drills should end
    actual_s = [vault.took_s(number) for number in range(101, 141)]   # drills that the fit never saw
    share_inside((low_s, high_s), actual_s)                           # 0.9 is wanted

`vault.truth` has the hidden durations, `vault.hidden.site.scan_mib_per_s` the hidden scan rate; `vault.public` is the
scenario as its owner knows it, with the packaged numbers. All of it is simulation, and the same for the same seed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.bands import band as band
from failback.scenarios.outputs.run_folders.history_file import history_file
from failback.scenarios.run.player import play
from failback.simulator import Duration
from failback.simulator.chance import Chance

FACTOR: Final = (0.6, 1.7)
"""How far a hidden median lies from the packaged middle, at most."""
SPREAD: Final = (0.05, 0.4)
"""Hidden spreads: standard deviation of the logarithm."""
SCAN_MIB_PER_S: Final = (15.0, 50.0)
"""Hidden scan rates."""


@dataclass(frozen=True, slots=True)
class SyntheticVault:
    """A vault whose numbers are known to us and not to the fit."""

    public: Scenario
    hidden: Scenario
    seed: int

    @property
    def truth(self) -> Mapping[str, Duration]:
        """The hidden durations, by key."""
        return self.hidden.durations

    def took_s(self, number: int) -> float:
        """How long this drill takes, in seconds from its first request to its end."""
        return play(self._drill(number)).duration_s

    def _drill(self, number: int) -> Scenario:
        """Two vaults share no chance."""
        return replace(self.hidden, seed=Chance(self.seed).stream("drill", number).getrandbits(31))

    def write_drills(self, folder: Path, numbers: Iterable[int]) -> list[Path]:
        """Play these drills and keep each in a folder of its own, as a run does."""
        return [self._write(folder / f"drill-{number:03}", number) for number in numbers]

    def _write(self, folder: Path, number: int) -> Path:
        with history_file(folder, durable=False) as file:
            result = play(self._drill(number), on_line=file.write)
        text = json.dumps(result.as_json(), indent=2, sort_keys=True) + "\n"
        (folder / "result.json").write_text(text, encoding="utf-8", newline="\n")
        return folder


def synthetic_vault(scenario: Scenario, seed: int) -> SyntheticVault:
    """A vault with hidden lognormal durations and a hidden scan rate; its drills have no faults."""
    chance, public = Chance(seed), replace(scenario, faults=())
    scan_mib_per_s = chance.stream("hidden", "scan").uniform(*SCAN_MIB_PER_S)
    site = replace(public.site, scan_mib_per_s=scan_mib_per_s)
    durations = {key: _hidden(chance, key, default) for key, default in public.durations.items()}
    return SyntheticVault(public, replace(public, site=site, durations=durations), seed)


def drills_took_s(scenario: Scenario, seeds: Iterable[int]) -> list[float]:
    """How long the drill of this scenario takes, once per seed."""
    return [play(replace(scenario, seed=seed)).duration_s for seed in seeds]


def share_inside(bounds: tuple[float, float], values: Sequence[float]) -> float:
    """Share of the values within the bounds."""
    return sum(bounds[0] <= value <= bounds[1] for value in values) / len(values)


def _hidden(chance: Chance, key: str, default: Duration) -> Duration:
    stream = chance.stream("hidden", key)
    median_s = (default.middle_s or 1.0) * stream.uniform(*FACTOR)
    return Duration(median_s=median_s, sigma=stream.uniform(*SPREAD), source="hidden")
