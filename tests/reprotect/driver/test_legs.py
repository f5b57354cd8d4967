"""Legs that are read from a history: each begins with its request and ends with its job, or when the item settles."""

import pytest

from failback.reprotect import (
    Architecture,
    Choices,
    Failure,
    History,
    ItemSeen,
    JobFailed,
    JobSucceeded,
    Operation,
    Phase,
    StartOperation,
)
from failback.reprotect.driver import Leg, LegReader

REPROTECT = Operation.REPROTECT_TO_ON_PREMISES
SEEN = ItemSeen("web", Architecture.CLASSIC, Phase.REPLICATING_TO_ON_PREMISES, True)


def _legs(*story: tuple[float, object]) -> list[Leg]:
    reader, history = LegReader(), History()
    for t_s, thing in story:
        reader.on_line(history.write(t_s, "command" if isinstance(thing, StartOperation) else "event", thing))
    return reader.legs


def test_a_reprotect_ends_when_the_item_is_seen_protected() -> None:
    start = StartOperation("web", REPROTECT, Choices(), "key")
    legs = _legs((1, start), (2, JobSucceeded("web", REPROTECT, "job")), (3, SEEN))
    assert legs == [Leg("web", REPROTECT, start_s=1, job_end_s=2, end_s=3, outcome="done")]


@pytest.mark.parametrize(
    "news",
    [SEEN, JobSucceeded("web", REPROTECT, "job"), JobFailed("web", REPROTECT, "job", Failure("Start", "806", "down"))],
    ids=lambda news: type(news).__name__,
)
def test_what_is_heard_of_an_item_that_nobody_sent_begins_no_leg(news: object) -> None:
    assert _legs((1, news)) == []
