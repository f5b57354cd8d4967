"""The prediction for people."""

from collections.abc import Iterator
from datetime import datetime
from math import isfinite
from typing import Final

from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import counted, date_words, machines
from failback.scenarios.text.spans import span_words, when_words

from .ahead import Ahead, WaveAhead
from .measured import Measured
from .next_request import NextRequest
from .tonight import Gain

HEADS: Final = ("wave", "machines left", "home at the earliest", "probably", "at the latest", "in time", "go or no-go")
NAMES_MAX: Final = 12
"""Names of machines in one sentence."""
_NEVER: Final = "not with this plan"


def ahead_lines(found: Ahead) -> Iterator[str]:
    """The answer, who is late, what would still be in time, and what it rests on."""
    yield from answer_lines(found)
    if found.by is not None and found.whole.in_time is not None:
        yield from _against(found)
    yield _rests_on(found.measured)
    yield "A machine that is held up is counted as if it went on now."


def answer_lines(found: Ahead) -> Iterator[str]:
    """When all are home, whether that is in time, and from when on somebody has to act."""
    whole = found.whole
    odds = f"simulated, {found.runs} runs; if the model is right, this holds in {found.holds:.0%} of cases"
    left = f"As predicted at {when_words(found.at, found.at)}, with {machines(whole.machines)} left"
    yield f"{left}: all home {_band(whole, found.at)} ({odds})."
    if found.by is not None and whole.in_time is not None:
        yield f"By {date_words(found.by)}: {whole.go}, in time in {whole.in_time:.0%} of the runs."
    if found.next is not None:
        yield _next_words(found.next, found.at)


def _next_words(request: NextRequest, now: datetime) -> str:
    what = f"{request.leg.value.replace('_', ' ')} of {request.item}"
    if request.earliest <= now:
        return f"The next request can be sent now: {what}."
    earliest, probably = _when(request.earliest, now), _when(request.probably, now)
    return f"The next request is due at {earliest} at the earliest, probably at {probably}: {what}."


def _against(found: Ahead) -> Iterator[str]:
    """Held against the deadline: who is late, and what can still be done."""
    whole = found.whole
    if found.late:
        yield f"Late in half of the runs or more: {listed(found.late, NAMES_MAX)}."
    if whole.go != "go" and (kept := [wave.wave for wave in found.waves if wave.wave and wave.go == "go"]):
        yield f"What can still be done in time: {listed(kept)}. Consider postponing the others."
    if whole.go != "go":
        yield from _measures(found)


def _measures(found: Ahead) -> Iterator[str]:
    """What can still be done, the best first."""
    if not found.gains:
        yield "No action that was simulated (postponing, copying earlier, a faster line, more servers) helps any more."
        return
    each = "; ".join(map(_gain_words, found.gains))
    yield f"What can still help, each action by itself (simulated, {found.gains[0].runs} runs): {each}."


def _gain_words(gain: Gain) -> str:
    sooner = f"{span_words(gain.sooner_s)} earlier" if isfinite(gain.sooner_s) else "only so all come home"
    return f"{gain.words}: {sooner}, in time in {round(gain.in_time * gain.runs)} of {gain.runs} runs"


def _band(wave: WaveAhead, now: datetime) -> str:
    """The zone is that of the page's heading."""
    if wave.low is None:
        return _NEVER
    return f"between {_when(wave.low, now)} and {_when(wave.high, now)}, probably at {_when(wave.middle, now)}"


def _rests_on(found: Measured) -> str:
    scan = "no disk compared yet"
    if found.scan_mib_per_s is not None:
        scan = f"a disk is compared at {found.scan_mib_per_s:.1f} MiB/s"
    line = _link_words(found)
    steps = f"{counted(len(found.durations), 'step')} timed so far"
    share = f"changed share of {machines(len(found.changed))} known"
    return f"Measured so far: {scan}; bandwidth of the link: {line}; {share}; {steps}."


def _link_words(found: Measured) -> str:
    if found.line_mbit_per_s is None:
        return "nothing sent yet"
    return f"{found.line_mbit_per_s:.0f} Mbit/s sent at the most{', and full' if found.line_full else ''}"


def wave_rows(found: Ahead) -> Iterator[tuple[str, ...]]:
    """The heads, and a row for each wave; the last two where there is a deadline."""
    yield HEADS if found.by is not None else HEADS[:-2]
    for wave in found.waves:
        ends = (_when(wave.low, found.at), _when(wave.middle, found.at), _when(wave.high, found.at))
        judged = () if wave.in_time is None else (f"{wave.in_time:.0%}", wave.go)
        yield (wave.wave, str(wave.machines), *ends, *judged)


def _when(at: datetime | None, now: datetime) -> str:
    return _NEVER if at is None else when_words(at, now)
