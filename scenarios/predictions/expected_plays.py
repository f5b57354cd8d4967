"""What the parts of a prediction take, in plays that follow one another: known beforehand, or measured once.

The numbers of plays of searches are what they took on the library's scenarios, where they vary by a play or two.
"""

from collections.abc import Mapping, Sequence
from math import ceil, log2
from typing import Final

from failback.scenarios.study.backends import workers_or_all
from failback.scenarios.study.progress import Part

from .assumptions import Case
from .case_answer import CaseAnswer
from .cutover_windows import waves_of
from .latest_start import FINE_S, depends_on_start
from .measurements import TIERS_MAX
from .purchases import purchases
from .question import Question
from .searches import WORTH_WORKERS
from .shift_levers import shift_levers

SEEDS, CASES, LEVERS, ENDS, LATEST = "seed starts", "cases", "levers", "assumptions", "latest start"
PLAN, CONDITION, MEASUREMENTS, LAST_GO = "better plan", "condition", "measurements", "last go"
SEED_WEIGHT: Final = 0.6
"""A play that ends with the seeds, as a share of one of the whole way home [measured]."""
SEED_ROUNDS, SEED_ROUNDS_PER_WAVE = 2.0, 2.2
"""Rounds of the search for seed starts, as if all cases took part in each [measured]."""
GO_ROUNDS: Final = 2.5
"""Rounds of the search for the last go of each wave [measured]."""
CONDITION_PLAYS: Final = 4.0
"""Values that are tried to find a condition [measured]."""
ENDS_TRIED: Final = 5
"""Ends of assumptions that neither a case nor a purchase has played."""


def expected_parts(
    question: Question, cases: Sequence[Case], answered: Sequence[CaseAnswer] = ()
) -> Mapping[str, Part]:
    """The parts in order. `answered`: the cases, once they are played; what is late decides what is looked for."""
    offers, waves = len(purchases(question.scenario, question.today)), len(waves_of(question.scenario))
    of_shifts = len(list(shift_levers(question, answered)))
    late, decides = _late(question, answered)
    sought = (1 + log2(max(2.0, question.within_s / FINE_S))) if depends_on_start(question.scenario) else 0.0
    seeds, at_once = question.cutover is not None, question.cutover is None
    all_cases = question.runs_first + question.runs_other * (len(cases) - 1)
    rounds = SEED_ROUNDS + SEED_ROUNDS_PER_WAVE * waves
    rows = {
        SEEDS: seeds * rounds * SEED_WEIGHT * _in_search(question, len(cases)),
        CASES: _plays(all_cases),
        LEVERS: _plays(question.runs_tried * (offers + of_shifts) * (1 + late)),
        ENDS: _plays(question.runs_tried * ENDS_TRIED),
        LATEST: at_once * sought * _plays(question.runs_other),
        PLAN: late * _plays(question.runs_tried * offers),
        CONDITION: decides * CONDITION_PLAYS * _plays(question.runs_tried),
        MEASUREMENTS: _plays(question.runs_tried * 2 * TIERS_MAX),
        LAST_GO: seeds * (1 - late) * GO_ROUNDS * _in_search(question, waves),
    }
    return {name: Part(float(work), SEED_WEIGHT if name == SEEDS else 1.0) for name, work in rows.items()}


def _late(question: Question, answered: Sequence[CaseAnswer]) -> tuple[float, float]:
    """Whether the first case is late, and whether something decides that; even odds while nobody knows."""
    late = [case.in_time.value < question.sure for case in answered]
    return (float(late[0]), float(len(set(late)) == 2)) if late else (0.5, 0.5)


def _plays(runs: float) -> float:
    """That many, on all cores, as plays that follow one another."""
    return ceil(runs / workers_or_all(None))


def _in_search(question: Question, variants: int) -> float:
    """One round of a search; with few machines it stays on one core."""
    runs = question.runs_tried * variants
    many = len(question.scenario.estate.virtual_machines) * runs >= WORTH_WORKERS
    return _plays(runs) if many else runs
