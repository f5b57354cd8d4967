"""What the bounds of numbers and the texts of a value are asked for by every way in."""

import pytest

from failback.reprotect import Choices, out_of_bound, texts_in


@pytest.mark.parametrize("fraction", [0, 0.5, 1])
def test_a_fraction_may_be_nothing_and_the_whole(fraction: float) -> None:
    assert out_of_bound("changed_fraction", fraction) == ""


@pytest.mark.parametrize("fraction", [-0.1, 1.1])
def test_a_fraction_is_not_less_than_nothing_nor_more_than_the_whole(fraction: float) -> None:
    assert "from 0 to 1" in out_of_bound("changed_fraction", fraction)


def test_of_all_parts_of_a_value_the_texts_are_found_where_they_stand() -> None:
    value = {"who": "web", "asks": (Choices(master_target="mt1"), 7, None, True)}
    texts = {path: text for path, text in texts_in(value) if path[0] == "who" or path[-1] == "master_target"}
    assert texts == {("who",): "web", ("asks", 0, "master_target"): "mt1"}
    assert {type(text) for _, text in texts_in(value)} == {str}
