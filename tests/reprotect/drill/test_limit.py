"""The message of a machine that was not home at the plan's limit is known again in a result of any version."""

import pytest

from failback.reprotect import is_of_limit
from failback.reprotect.drill.limit import limit_words


@pytest.mark.parametrize("after_s", [0.5, 3600, 90 * 60, 30 * 86_400])
def test_the_message_of_the_limit_is_known_again(after_s: float) -> None:
    assert is_of_limit(f"{limit_words(after_s)}; its health shows FB-B16: datastore not full")


def test_results_of_earlier_versions_are_known_again() -> None:
    assert is_of_limit("not home 720 h after the drill began; its health shows 78022")


def test_other_messages_are_not_of_the_limit() -> None:
    assert not is_of_limit("the item is in phase committed; no operation of this run leads there")
