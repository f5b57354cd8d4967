"""The figures of a cutover: when to begin to seed, and the latest go or no-go."""

from collections.abc import Sequence

from failback.scenarios.text.language import message, said
from failback.scenarios.text.spans import when_words

from .case_names import name_words
from .cutover_values import Cutover, WaveCutover
from .figure import Figure
from .prediction import Prediction


def begin_to_seed(found: Prediction, seeds: Cutover) -> Figure:
    at = said("none") if found.latest is None else when_words(found.latest, found.question.begins)
    note, missed = said("the first wave, in the case: {case}", case=seeds.case.words), len(seeds.missed_in)
    if missed:
        note = said(
            "{note}; in {some} of {all} cases, even that is too late",
            note=note,
            some=str(missed),
            all=str(len(found.cases)),
        )
    return said("Begin to seed"), at, note


def first_last_go(found: Prediction, waves: Sequence[WaveCutover]) -> Figure:
    """Of the waves, the one that has to fail back first: whoever keeps the date of a later one makes that one late."""
    name, late = said("Latest go/no-go decision"), [wave.wave for wave in waves if wave.last_go is None]
    if late:
        return name, said("none"), said("as planned, wave {wave} is too late", wave=late[0])
    first_go, first = min((wave.last_go, wave.wave) for wave in waves if wave.last_go is not None)
    one, more = (
        message("for wave {wave}, in the {case} case"),
        message("for wave {wave}, in the {case} case; other waves below"),
    )
    note = said(more if len(waves) > 1 else one, wave=first, case=name_words(found.first.case))
    return name, when_words(first_go, found.question.begins), note
