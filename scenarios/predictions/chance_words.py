"""The chance of being home in time: in which runs and cases, and what the numbers rest on."""

from collections.abc import Sequence
from typing import Final

from failback.scenarios.text.language import joined, message, said

from .assumptions import HEADING
from .prediction import Prediction
from .sampling import Share
from .words import error_words, share_words

_BY_CHANGE: Final = (
    (message("nothing changed"), ("nothing", "nothing, slow line")),
    (message("changes are as in the scenario"), ("expected", "slow line")),
    (message("everything changed"), ("all", "all, slow line")),
)
"""Cases by what has changed, with full bandwidth and with half of it."""


_ALWAYS, _NEVER = message("in every run of every case"), message("in no run of any case")


def heading(found: Prediction) -> str:
    """Whether these are assumptions, or what it was calibrated on."""
    calibration = found.question.scenario.calibration
    if calibration is None:
        return said(HEADING)
    day, n = calibration.date.isoformat(), str(calibration.n)
    if calibration.changed_known:
        return said("calibrated {day} on {n} steps of earlier runs", day=day, n=n)
    return said("calibrated {day} on {n} steps of earlier runs, but how much differs is assumed", day=day, n=n)


def chance_words(found: Prediction) -> str:
    """The chance of being home in time: one share where calibrated, else a range and never a single percentage."""
    if found.calibrated:
        in_time = found.first.in_time
        open_ = said("; {shares}", shares=_fit_words(found)) if len(found.cases) > 1 else ""
        return said("in {share} runs{error}{open}", share=share_words(in_time), error=_by_chance(in_time), open=open_)
    return which_words(found)


def _fit_words(found: Prediction) -> str:
    """What the error of the fit leaves open."""
    those = [(share_words(case.in_time), case.case.words) for case in found.cases[1:]]
    return joined((said("{share} if {case}", share=share, case=case) for share, case in those), ", ")


def _by_chance(share: Share) -> str:
    """What sampling error leaves open, where that is little enough to be worth a percentage."""
    error = error_words(share)
    return said(" ({error} by sampling error alone)", error=error) if error else ""


def which_words(found: Prediction) -> str:
    """In which cases every run is in time, in which some are, and in which none is."""
    shares = {case.case.name: case.in_time.value for case in found.cases}
    if len(set(shares.values())) == 1 and set(shares.values()) <= {0.0, 1.0}:
        return said(_ALWAYS if shares[found.first.case.name] else _NEVER)
    always = [name for name, share in shares.items() if share == 1]
    some = [name for name, share in shares.items() if 0 < share < 1]
    never = [name for name, share in shares.items() if share == 0]
    conditions = (
        (message("in every run if {cases}"), always),
        (message("in some runs if {cases}"), some),
        (message("in none if {cases}"), never),
    )
    return joined((said(form, cases=_conditions(names)) for form, names in conditions if names), ", ")


def _conditions(cases: Sequence[str]) -> str:
    """What holds in these cases; the line is named only where it matters."""
    return joined(filter(None, (_condition(words, set(pair) & set(cases), pair) for words, pair in _BY_CHANGE)), " or ")


def _condition(words: str, those: set[str], pair: tuple[str, str]) -> str:
    if len(those) == len(pair):
        return said(words)
    both = (message("{changes} with full bandwidth"), message("{changes} with half bandwidth"))
    lines = [form for name, form in zip(pair, both, strict=True) if name in those]
    return said(lines[0], changes=said(words)) if lines else ""
