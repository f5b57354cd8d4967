"""An item that a vault shows no longer is gone after a while, and said so once."""

from math import inf

from failback.reprotect.driver.absent import ABSENT_S, Absent


def test_an_item_that_is_absent_for_a_moment_is_not_gone() -> None:
    absent = Absent()
    assert list(absent.looked(["a", "b"], {"b"}, 0.0)) == []
    assert (list(absent.names), absent.deadline_s) == (["a"], ABSENT_S)
    assert list(absent.looked(["a", "b"], {"a", "b"}, ABSENT_S)) == []
    assert (list(absent.names), absent.deadline_s) == ([], inf)
    assert list(absent.looked(["a"], (), 2 * ABSENT_S)) == []


def test_one_that_stays_absent_is_gone_once_and_once_more_where_it_was_there_between() -> None:
    absent, found = Absent(), []
    for at_s in range(0, 3000, 300):
        present = {"a"} if at_s == 1200 else set()
        found += [at_s for _ in absent.looked(["a"], present, at_s)]
    assert found == [600, 2100]
    assert absent.deadline_s == inf
