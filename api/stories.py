"""Variants of scenarios, comparisons of scenarios, and a simulated vault with hidden durations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from inspect import Parameter, Signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failback.scenarios.calibrations.synthetic import SyntheticVault as Vault
from failback.scenarios.files.calls.typed_fields import typed_fields
from failback.scenarios.study.variants import KEYS

from .accepts import InvalidArgument, whole
from .arguments import checked
from .calibrating import Calibration

if TYPE_CHECKING:
    from pandas import DataFrame

    from failback.scenarios.files.schema import Scenario

__all__ = ["SyntheticVault", "drills_took_s", "side_by_side", "synthetic_vault", "varied", "with_outage"]


def __dir__() -> list[str]:
    return __all__


def _numbers(value: Any) -> list[int]:
    try:
        return [whole(number) for number in value]
    except (TypeError, InvalidArgument):
        raise InvalidArgument("whole numbers, such as range(8)") from None


def _found(value: Any) -> Calibration:
    if not isinstance(value, Calibration):
        raise InvalidArgument("a calibration, as failback.calibrate returns it")
    return value


@typed_fields("failback.stories.synthetic_vault returns one")
@dataclass(frozen=True, slots=True, repr=False)
class SyntheticVault(Vault):
    """A simulated vault with hidden durations and a hidden scan rate, which a calibration should find.

    Attributes:
        public: The scenario with the default durations and scan rate.
        hidden: The same scenario with the hidden values, which the drills use.
        seed: The seed of the hidden values.
    """

    @checked(number=whole)
    def took_s(self, number: int) -> float:
        """Return the duration in seconds of the drill with seed `number`, from its first request to its end."""
        return Vault.took_s(self, number)

    @checked(numbers=_numbers)
    def write_drills(self, folder: str | Path, numbers: Iterable[int]) -> list[Path]:
        """Run a drill for each seed in `numbers`, each in its own folder. Return the folders."""
        return Vault.write_drills(self, Path(folder), numbers)

    @checked(found=_found)
    def beside(self, found: Calibration) -> "DataFrame":
        """Return a table of the medians in `found` (from `failback.calibrate`) beside the hidden ones.

        The table also has their difference in standard errors.
        """
        from failback.scenarios.calibrations.predicted_versus_actual import fits_beside_truth

        return fits_beside_truth(found.file, self)

    @checked(found=_found)
    def truth_words(self, found: Calibration) -> str:
        """State how many durations in `found` are within two standard errors of the hidden ones.

        The sentence also compares the scan rates.
        """
        from failback.scenarios.calibrations.predicted_versus_actual import truth_words

        return truth_words(found.file, self)

    def __repr__(self) -> str:
        return f"<SyntheticVault of {self.public.name}, seed {self.seed}: {len(self.truth)} hidden durations>"


@checked()
def synthetic_vault(scenario: "Scenario | str | Path", seed: int) -> SyntheticVault:
    """Make a simulated vault with hidden durations and a hidden scan rate, to test whether a calibration finds them.

    Example:
        >>> failback.stories.synthetic_vault("one_vm", seed=7)
        <SyntheticVault of one_vm, seed 7: 62 hidden durations>
    """
    from failback.scenarios.calibrations.synthetic import synthetic_vault

    made = synthetic_vault(scenario, seed)  # type: ignore[arg-type]  # `checked` has read it
    return SyntheticVault(**{field.name: getattr(made, field.name) for field in fields(Vault)})


@checked(seeds=_numbers)
def drills_took_s(scenario: "Scenario | str | Path", seeds: Iterable[int]) -> list[float]:
    """Run a drill of the scenario with each seed, and return their durations in seconds."""
    from failback.scenarios.calibrations.synthetic import drills_took_s

    return drills_took_s(scenario, seeds)  # type: ignore[arg-type]  # `checked` has read it


@checked()
def varied(scenario: "Scenario | str | Path", **values: Any) -> "Scenario":
    """Return the scenario with other values. The arguments are the keys that `Study.vary` also accepts.

    `docs/study.md` and the schema (`docs/scenario.schema.json`) explain the keys.

    Raises:
        BadInput: A key does not exist, or its value is invalid.

    Example:
        >>> failback.stories.varied("one_vm", bandwidth=50).estate.link.bandwidth_mbit_per_s
        50.0
    """
    from failback.scenarios.study.variants import varied

    return varied(scenario, values)  # type: ignore[arg-type]  # `checked` has read it


@checked()
def with_outage(
    scenario: "Scenario | str | Path", part: str, at_share: float, out_for_min: float | None = None
) -> "Scenario":
    """Return the scenario with an outage of a server.

    Args:
        scenario: A scenario object, the path of a file, or the name of a library scenario.
        part: Name of a configuration server, process server or master target. Appliances are not supported.
        at_share: When the outage starts, as a share of the duration of the undisturbed way home, 0 to 1.
        out_for_min: Minutes until the server answers again. None: it does not.
    """
    from failback.scenarios.study.outage import with_outage

    return with_outage(scenario, part, at_share, out_for_min)  # type: ignore[arg-type]  # `checked` has read it


@checked()
def side_by_side(
    stories: "Mapping[str, Scenario | str | Path]",
    runs: int = 20,
    *,
    backend: str = "processes",
    workers: int | None = None,
) -> "DataFrame":
    """Simulate scenarios, and return one table with a row per run. Run n of each scenario has the same seed.

    Args:
        stories: A mapping of names to scenarios. The names are in the first column, `story`.
        runs: Number of runs of each scenario.
        backend: Where the runs are carried out: "processes", "serial", "joblib" or "dask".
        workers: Number of processes. Default: one per core.
    """
    from failback.scenarios.study.stories import side_by_side

    return side_by_side(stories, runs, backend=backend, workers=workers)


def keys_signature(*before: str) -> Signature:
    """The keys that may vary by name, so that help and TAB know them."""
    first = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in before]
    return Signature([*first, *(Parameter(name, Parameter.KEYWORD_ONLY, default=None) for name in KEYS)])


varied.__signature__ = keys_signature("scenario")  # type: ignore[attr-defined]
