"""The whole answer in one sentence."""

from failback.scenarios.text.language import joined, message, said
from failback.scenarios.text.plain_words import date_words, machines

from .bottleneck_words import bottleneck_words
from .chance_words import chance_words, heading
from .cutover_words import begin_words, seed_words
from .lever_words import lever_words
from .others_figures import others_words
from .prediction import Prediction
from .sure_words import latest_start_words, sure_words


def sentence(found: Prediction) -> str:
    """The answer in one sentence, which can be forwarded as it is."""
    question, of = found.question, machines(len(found.question.scenario.estate.virtual_machines))
    one = len(question.scenario.estate.virtual_machines) == 1
    begin, by, chance = begin_words(found), date_words(question.by), chance_words(found)
    is_, are = (
        message("{head}: {begin}, {of} is home by {by} {chance}"),
        message("{head}: {begin}, {of} are home by {by} {chance}"),
    )
    parts = [
        said(is_ if one else are, head=_head(found), begin=begin, of=of, by=by, chance=chance),
        sure_words(found),
        *filter(None, [others_words(found, found.others) if found.others else ""]),
        seed_words(found) or said("the latest start is {start}", start=latest_start_words(found)),
        _bottleneck(found),
        lever_words(found),
    ]
    return said("{sentence}.", sentence=joined(parts, "; "))


def _bottleneck(found: Prediction) -> str:
    words = bottleneck_words(found.first)
    return words if found.first.has_nothing_to_do else said("the bottleneck is {cause}", cause=words)


def _head(found: Prediction) -> str:
    """What the numbers rest on."""
    if found.question.scenario.calibration:
        return said("Simulation, {calibrated}", calibrated=heading(found))
    return said("Simulation on {assumptions}", assumptions=heading(found))
