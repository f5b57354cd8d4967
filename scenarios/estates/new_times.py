"""The times of a new plan: the draft is read and played, and seeded before a cutover where somebody asked for one."""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from failback.reprotect import Wave
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.predictions.seeded_plan import seeded_plan
from failback.scenarios.text.local_time import after
from failback.scenarios.text.plain_words import date_words

from .new_request import NEW, NewRequest
from .plan_doubts import PlanDoubts, plan_doubts
from .twin_seeds import twin_seeds

_HOUR_S: Final = 3600.0
_EXAMPLE: Final = "Fri 18:00"


@dataclass(frozen=True, slots=True)
class NewTimes:
    """What is known of the times of a plan. `begins` and `waves`: only where it seeds before a cutover."""

    doubts: tuple[str, ...] = ()
    begins: datetime | None = None
    waves: Mapping[str, Wave] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    """Wave -> when it replicates home, in words, where that is not when its window says."""

    def windows(self, wave: str) -> dict[str, Any]:
        """The keys of its windows, in seconds after the start."""
        one = self.waves.get(wave)
        if one is None:
            return {}
        seeds = {} if one.seed_opens_s is None else {"seed_opens_s": round(one.seed_opens_s)}
        return {**seeds, "opens_s": round(one.opens_s)}

    def words(self) -> Iterator[str]:
        """The windows in hours and dates."""
        if self.begins is None:
            return
        yield (
            "`seed_opens_s` and `opens_s` count seconds from the start. A wave fails back once it is open and the wave "
            "before it is home. In hours:"
        )
        for name, wave in self.waves.items():
            seeds, opens = (_hour_words(self.begins, at_s) for at_s in (wave.seed_opens_s or 0.0, wave.opens_s))
            replicates = self.held.get(name, f"replicates home from {seeds} on")
            yield f"{name}: {replicates}, may fail back from {opens} on."


def _hour_words(begins: datetime, at_s: float) -> str:
    return f"hour {at_s / _HOUR_S:g} ({date_words(after(begins, at_s))})"


def new_times(asked: NewRequest, draft: Callable[[Path], str]) -> NewTimes:
    """`draft` gives the text of the scenario for a file. Raises `UsageError` where nothing seeds in time."""
    try:
        scenario = _read(asked, draft)
    except BadInput as refused:
        if asked.cutover is not None:
            raise
        return NewTimes((f"How long applications would be down is not known, since the file has mistakes: {refused}",))
    if asked.cutover is None or asked.starts_at is None:
        found = plan_doubts(scenario)
        return NewTimes((*found.words, *_advice(asked, found)))
    plan = seeded_plan(scenario, asked.starts_at, asked.cutover)
    twins = twin_seeds(plan)
    doubts = (*twins.words, *plan_doubts(plan).words)
    return NewTimes(doubts, plan.starts_at, {wave.name: wave for wave in plan.plan.waves}, twins.held)


def _read(asked: NewRequest, draft: Callable[[Path], str]) -> Scenario:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{asked.name}.yaml"
        write_text(file, draft(file), NEW)
        return load_scenario(file)


def _advice(asked: NewRequest, found: PlanDoubts) -> Iterator[str]:
    """The command that writes a plan whose waves seed first."""
    if found.missed:
        yield (
            "To copy the data of all waves beforehand, so that only the cutover is left: "
            f"{_command(asked)}. That moves the start to earlier days, and says again what is missed."
        )


def _command(asked: NewRequest) -> str:
    at = _EXAMPLE if asked.starts_at is None else f"{asked.starts_at:%Y-%m-%d %H:%M}"
    words = ["failback", "new", asked.name, "--from", str(asked.estate), "--machines", str(asked.machines)]
    words += ["--cutover", at]
    words += ["--tz", asked.time_zone] if asked.time_zone else []
    words += [] if asked.out == Path(f"{asked.name}.yaml") else ["--out", str(asked.out)]
    return shlex.join(words)
