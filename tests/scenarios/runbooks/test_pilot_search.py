"""The choice of a pilot against every other set of generated groups: none that tries as much is better by its goals."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from failback.scenarios.runbooks.pilot_cover import PilotGroup, covered
from failback.scenarios.runbooks.pilot_goals import FEW, goals
from failback.scenarios.runbooks.pilot_search import covering

PROPERTIES = ("windows", "linux", "efi", "store", "far")


@st.composite
def estates(draw: st.DrawFn) -> tuple[PilotGroup, ...]:
    """Up to eight groups, some of two machines, in applications of one to four machines."""
    sizes = draw(st.lists(st.integers(1, 2), min_size=1, max_size=8))
    members = [tuple(f"vm-{at}{letter}" for letter in "ab"[:size]) for at, size in enumerate(sizes)]
    of = {name: draw(st.integers(0, 4)) for names in members for name in names}
    applications = [frozenset(name for name, one in of.items() if one == number) for number in range(5)]
    return tuple(
        PilotGroup(
            names,
            frozenset(draw(st.sets(st.sampled_from(PROPERTIES), max_size=3))),
            draw(st.integers(0, 1)),
            draw(st.sampled_from((40.0, 80.0))),
            warnings=frozenset(draw(st.sets(st.sampled_from(("A07", "G02"))))),
            rank=draw(st.sampled_from((2.0, 3.0, float("inf")))),
            tier=draw(st.sampled_from((2.0, 3.0))),
            faults=draw(st.integers(0, 1)),
            parted=frozenset(one for one in applications if one & set(names) and not one <= set(names)),
            waits_for=draw(st.sampled_from(((), ("other",)))),
            needed=draw(st.integers(0, 1)),
        )
        for names in members
    )


def every_set(groups: Sequence[PilotGroup]) -> Iterator[tuple[PilotGroup, ...]]:
    return chain.from_iterable(combinations(groups, size) for size in range(len(groups) + 1))


@settings(max_examples=300, deadline=None)
@given(estates(), st.integers(0, 1))
def test_no_other_set_that_tries_as_much_is_better(groups: tuple[PilotGroup, ...], asked: int) -> None:
    taken, others = groups[:asked], groups[asked:]
    wanted = covered(others) - covered(taken)
    chosen = covering(others, wanted, taken)
    assert covered(chosen) >= wanted
    least = min(goals(some, taken) for some in every_set(others) if covered(some) >= wanted)
    assert goals(chosen, taken) == least


def alone(name: str, *properties: str, rank: float, of: frozenset[str] = frozenset()) -> PilotGroup:
    parted = frozenset({of}) if of else frozenset[frozenset[str]]()
    return PilotGroup((name,), frozenset(properties), 0, 100.0, rank=rank, tier=rank, parted=parted)


def test_two_machines_of_one_application_go_before_one_of_it_and_one_of_another() -> None:
    mail = frozenset({"mail-01", "mail-02"})
    groups = (
        alone("mail-01", "windows", "store", rank=2.0, of=mail),
        alone("mail-02", "linux", "store", rank=2.0, of=mail),
        alone("print-01", "linux", "store", rank=4.0),
    )
    assert {group.machines[0] for group in covering(groups, covered(groups))} == mail


def test_a_machine_alone_in_its_application_goes_before_a_less_important_one_of_an_application_in_parts() -> None:
    wiki = frozenset({"wiki-01", "wiki-db-01"})
    groups = (alone("wiki-db-01", "windows", rank=4.0, of=wiki), alone("monitor-01", "windows", rank=2.0))
    assert covering(groups, covered(groups)) == groups[1:]


def test_two_less_important_machines_go_before_one_that_is_more_important() -> None:
    groups = (alone("a", "x", rank=4.0), alone("b", "y", rank=4.0), alone("c", "x", "y", rank=2.0))
    assert covering(groups, covered(groups)) == groups[:2]


def test_a_whole_application_goes_before_one_machine_of_another() -> None:
    mail, wiki = frozenset({"mail-01", "mail-02"}), frozenset({"wiki-01", "wiki-db-01"})
    groups = (
        alone("jump-01", "largest", "linux", rank=3.0),
        alone("mail-01", "windows", "store", rank=2.0, of=mail),
        alone("mail-02", "linux", "store", rank=2.0, of=mail),
        alone("wiki-01", "linux", "store", rank=4.0, of=wiki),
        alone("wiki-db-01", "windows", rank=4.0, of=wiki),
    )
    assert {name for group in covering(groups, covered(groups)) for name in group.machines} == {"jump-01", *wiki}


def test_a_machine_that_tries_nothing_new_comes_with_the_rest_of_its_application() -> None:
    wiki = frozenset({"wiki-01", "wiki-db-01"})
    groups = (alone("wiki-01", "linux", rank=4.0, of=wiki), alone("wiki-db-01", rank=4.0, of=wiki))
    assert covering(groups, covered(groups)) == groups


def test_no_application_is_so_large_that_the_pilot_becomes_a_wave() -> None:
    shop = frozenset(f"shop-{at}" for at in range(FEW + 1))
    groups = tuple(alone(name, "linux", rank=4.0, of=shop) for name in sorted(shop))
    assert covering(groups, covered(groups)) == groups[:1]


def test_a_machine_on_whose_application_others_depend_goes_after_a_more_important_one() -> None:
    groups = (replace(alone("directory", "linux", rank=4.0), needed=1), alone("print-01", "linux", rank=2.0))
    assert covering(groups, covered(groups)) == groups[1:]
