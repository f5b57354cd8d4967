"""Lists of names: neighbours as ranges, and nothing cut without a count."""

import pytest

from failback.scenarios.text.name_lists import listed, others_named


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([f"web-{n:02}" for n in range(1, 41)], "web-01 to web-40"),
        (["web-1", "web-2"], "web-1, web-2"),
        ([f"vm-{n}" for n in range(8, 12)], "vm-8 to vm-11"),
        (["a-1-x", "a-2-x", "a-3-x", "db", "a-4-x"], "a-1-x to a-3-x, db, a-4-x"),
        (["web-3", "web-2", "web-1"], "web-3, web-2, web-1"),
        ([], ""),
        (["9" * 5000, "x-" + "1" * 19], f"{'9' * 5000}, x-{'1' * 19}"),
    ],
)
def test_numbered_neighbours_are_a_range(names: list[str], text: str) -> None:
    assert listed(names) == text


def test_what_does_not_fit_is_counted_with_where_it_is_shown() -> None:
    names = ["db", *(f"vm-{n}" for n in range(0, 20, 2)), "x to y", "web-1", "web-2", "web-3"]
    assert listed(names, 2, "see --rule") == "db, vm-0 and 13 more (see --rule)"
    assert listed(names, 13) == listed(names)


def test_many_others_are_counted_since_the_finding_names_them_once() -> None:
    odd = [f"vm-{n}" for n in range(0, 48, 2)]
    assert others_named(odd[:6]) == ", ".join(odd[:6])
    assert others_named([f"vm-{n}" for n in range(40)]) == "vm-0 to vm-39"
    assert others_named(odd) == "the other 24 of this finding"
