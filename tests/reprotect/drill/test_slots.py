"""Slots of a master target or appliance: a machine changes to another one only where all of its disks fit."""

import pytest

from failback.reprotect import DISKS_MAX, Estate, Link
from failback.reprotect.drill.slots import Claim, Slots


def slots(used: int) -> Slots:
    """Two targets without disks of their own: `web` holds ten slots of one, and so many of the other are used."""
    made = Slots(Estate(virtual_machines={}, link=Link(100.0)))
    made.take(Claim("web", "first", 10))
    made.take(Claim("db", "second", used))
    return made


@pytest.mark.parametrize(("used", "freed", "target"), [(DISKS_MAX - 10, (), "second"), (DISKS_MAX - 9, None, "first")])
def test_a_machine_moves_where_its_disks_fit_exactly_and_stays_where_one_does_not(
    used: int, freed: tuple[str, ...] | None, target: str
) -> None:
    made = slots(used)
    assert made.move("web", "second") == freed
    assert made.holds("web") == target


def test_a_machine_does_not_move_past_those_that_stand_in_line() -> None:
    made = slots(DISKS_MAX - 10)
    assert made.claim("others", [Claim("big", "second", 20)]) == ()
    assert made.move("web", "second") is None
    assert made.holds("web") == "first"


def test_a_machine_that_moves_lets_those_behind_it_in() -> None:
    made = slots(DISKS_MAX - 10)
    assert made.claim("others", [Claim("big", "first", DISKS_MAX - 9)]) == ()
    assert made.move("web", "second") == ("others",)
