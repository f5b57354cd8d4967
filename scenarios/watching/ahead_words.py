"""The prediction for people."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted, date_words, machines

from .ahead import Ahead, WaveAhead
from .measured import Measured

HEADS: Final = ("wave", "machines left", "home at the earliest", "probably", "at the latest", "in time", "go or no-go")
_NEVER: Final = "not with this plan"


def ahead_lines(found: Ahead) -> Iterator[str]:
    """The answer, who is late, what would still be in time, and what it rests on."""
    whole = found.whole
    yield f"{machines(whole.machines)} left: all home {_band(whole)} (simulated, {found.runs} runs, 90 % of them)."
    if found.by is not None and whole.in_time is not None:
        yield f"By {date_words(found.by)}: {whole.go}, in time in {whole.in_time:.0%} of the runs."
        if found.late:
            yield f"Late in half of the runs or more: {listed(found.late)}."
        if whole.go != "go" and (kept := [wave.wave for wave in found.waves if wave.wave and wave.go == "go"]):
            yield f"What can still be done in time: {listed(kept)}. Consider postponing the others."
    yield _rests_on(found.measured)
    yield "A machine that is held up is counted as if it went on now."


def _band(wave: WaveAhead) -> str:
    if wave.low is None:
        return _NEVER
    return f"between {date_words(wave.low)} and {_NEVER if wave.high is None else date_words(wave.high)}"


def _rests_on(found: Measured) -> str:
    scan = "not measured yet" if found.scan_mib_per_s is None else f"{found.scan_mib_per_s:.1f} MiB/s"
    line = "not full yet" if found.line_mbit_per_s is None else f"{found.line_mbit_per_s:.0f} Mbit/s"
    steps = f"{counted(len(found.durations), 'step')} timed so far"
    share = f"changed share of {machines(len(found.changed))} known"
    return f"Measured so far: a disk is compared at {scan}; bandwidth of the link: {line}; {share}; {steps}."


def wave_rows(found: Ahead) -> Iterator[tuple[str, ...]]:
    """The heads, and a row for each wave."""
    yield HEADS
    for wave in found.waves:
        ends = (_when(wave.low), _when(wave.middle), _when(wave.high))
        share = "" if wave.in_time is None else f"{wave.in_time:.0%}"
        yield (wave.wave, str(wave.machines), *ends, share, wave.go)


def _when(at: datetime | None) -> str:
    return _NEVER if at is None else date_words(at)
