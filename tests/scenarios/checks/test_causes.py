"""Grouping by cause: a server that stops many is one cause, what is said alike of many is one, and nothing is lost."""

from hypothesis import given
from hypothesis import strategies as st

from failback.scenarios.checks.causes import ORDER, Observed, causes


def stopped(item: str, thing: str = "box-1", sentence: str = "it is not healthy") -> Observed:
    return Observed("A01", "blocks", "appliance", thing, item, sentence)


def own(item: str, sentence: str, status: str = "after_return") -> Observed:
    return Observed("G01", status, "virtual machine", item, item, sentence)


def test_269_machines_that_one_server_stops_are_one_cause_with_a_list() -> None:
    names = [f"vm-{n}" for n in range(269)]
    (cause,) = causes(map(stopped, names))
    assert (cause.id, cause.objects, cause.kind) == ("A01:box-1", ("box-1",), "appliance")
    assert cause.items == tuple(names)
    assert list(cause.sentences) == ["it is not healthy"]


def test_two_servers_are_two_causes_since_each_is_mended_by_itself() -> None:
    found = causes([stopped("a", "box-1"), stopped("b", "box-2"), stopped("c", "box-2")])
    assert [(cause.id, cause.items) for cause in found] == [("A01:box-2", ("b", "c")), ("A01:box-1", ("a",))]


def test_what_is_said_in_the_same_words_of_each_machine_is_one_cause() -> None:
    found = causes([own("vm-1", "vm-1 writes 3.5 TiB a day"), own("vm-17", "vm-17 writes 4 TiB a day")])
    (cause,) = found
    assert list(cause.sentences) == ["the machine writes 3.5 TiB a day", "the machine writes 4 TiB a day"]
    assert cause.is_the_machines_own


def test_what_is_said_of_one_machine_alone_names_it() -> None:
    (cause,) = causes([Observed("T10", "blocks", "host", "esx-1", "vm-1", "another machine has the name vm-1")])
    assert list(cause.sentences) == ["another machine has the name vm-1"]


def test_nothing_is_lost_where_two_sentences_of_one_machine_become_the_same_words() -> None:
    seen = [own("vm-1", "vm-1: it is off", "advice"), Observed("G01", "advice", "host", "esx-1", "vm-1", "it is off")]
    assert sum(len(cause.observed) for cause in causes(seen)) == 2


def test_a_name_is_not_found_within_a_longer_one() -> None:
    (cause,) = causes([own("vm-1", "vm-17 is its mate")])
    assert list(cause.sentences) == ["vm-17 is its mate"]


def test_other_words_are_another_cause() -> None:
    assert len(causes([own("a", "no master target is registered"), own("b", "there is no private link")])) == 2


def test_an_unknown_fact_of_many_servers_is_one_cause() -> None:
    unknown = [Observed("A15", "unknown", "appliance", f"box-{n}", f"vm-{n}", "its name") for n in range(9)]
    (cause,) = causes(unknown)
    assert len(cause.objects) == 9


def test_what_blocks_is_told_first_and_of_that_what_stops_the_most() -> None:
    found = causes([own("a", "x", "advice"), stopped("a"), stopped("b", "box-2"), stopped("c", "box-2")])
    assert [cause.status for cause in found] == ["blocks", "blocks", "advice"]
    assert found[0].objects == ("box-2",)


def test_a_status_that_nobody_knows_comes_last() -> None:
    found = causes([own("a", "x", "x" * 9), own("b", "y", "noticed")])
    assert [cause.status for cause in found] == ["noticed", "x" * 9]


def test_an_id_does_not_hang_on_the_order() -> None:
    seen = [stopped("a"), own("a", "x 1"), own("b", "x 2"), stopped("c", "box-2")]
    forwards, backwards = (causes(order) for order in (seen, seen[::-1]))
    assert {cause.id for cause in forwards} == {cause.id for cause in backwards}
    assert stopped("a").id == "A01:box-1:a"
    assert own("a", "x").id == "G01:a"


NAMES = st.sampled_from(["a", "vm-1", "vm-17", "box", "(", "x.y", "\\"])
SEEN = st.builds(
    Observed,
    st.sampled_from(["A01", "R04"]),
    st.sampled_from(ORDER),
    st.sampled_from(["appliance", "host"]),
    NAMES,
    NAMES,
    st.sampled_from(["vm-1 has 3 of box", "it is (", "", "vm-1: its \\ name"]),
)


@given(st.lists(SEEN, max_size=30))
def test_nothing_is_lost_and_nothing_is_told_twice(seen: list[Observed]) -> None:
    found = causes(seen)
    assert sorted(each for cause in found for each in cause.observed) == sorted(seen)
    assert len({cause.id for cause in found}) == len(found)
    assert all((each.rule, each.status) == (cause.rule, cause.status) for cause in found for each in cause.observed)
