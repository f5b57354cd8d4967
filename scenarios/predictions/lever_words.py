"""The best single lever as a sentence: the tile of the first screen in a row, so that both name the same one."""

from collections.abc import Sequence

from failback.scenarios.text.language import joined, said, translated

from .best_lever import is_late
from .case_answer import CaseAnswer
from .helps_tile import helps_tile
from .prediction import Prediction
from .tile import tile_line


def lever_words(found: Prediction) -> str:
    """What helps, and where nothing does, in which cases it was tried."""
    words = tile_line(helps_tile(found))
    if found.helps is not None or not found.bought:
        return words
    return said("{best}; {where}", best=words, where=tried_in_words(found))


def tried_in_words(found: Prediction) -> str:
    """In which cases the levers were tried, and in which late ones they were not."""
    tried = [case for case in found.cases if any(case.case.name in bought.sooner_s for bought in found.bought)]
    late = [case for case in found.cases if case not in tried and is_late(case)]
    where = said("cases in which each was tried: {cases}", cases=_listed(tried))
    if not late:
        return where
    return said("{where}; late cases in which none was tried: {cases}", where=where, cases=_listed(late))


def _listed(cases: Sequence[CaseAnswer]) -> str:
    return joined((translated(case.case.words) for case in cases), " | ")
