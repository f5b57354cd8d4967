"""The table of what each fact does to the data on its way home agrees with the schema and with the rules."""

from dataclasses import fields, replace
from typing import Any

import pytest

from failback.reprotect import (
    EFFECTS,
    Architecture,
    Broken,
    Choices,
    Disk,
    Estate,
    Holds,
    Link,
    OsFamily,
    Travel,
    VirtualMachine,
    applies,
    by_id,
    judged,
    room_gib,
    scanned_gib,
    slots_of,
    travel_of,
)
from failback.reprotect.estate.travel import AMOUNTS, NO_DATA, NOT_MODELLED, TRAVELS, Of, TravelRow

CASES = [(row, a, f) for row in TRAVELS for a in row.architectures for f in row.families]


def _machine(row: TravelRow, architecture: Architecture, family: OsFamily) -> VirtualMachine:
    """One with this fact, and a second disk of which nothing is said."""
    fact: dict[str, Any] = {row.fact: row.value}
    of_machine = row.of is Of.MACHINE
    odd = Disk(400, "odd", **({} if of_machine else fact))
    vm = VirtualMachine("web", family, (odd, Disk(40, "plain")), architecture, host="esx1", datastore="ds1")
    return replace(vm, **fact) if of_machine else vm


def test_every_fact_of_a_disk_and_of_a_machine_says_what_it_does_to_the_data() -> None:
    told = {row.fact for row in TRAVELS} | AMOUNTS.keys() | NOT_MODELLED.keys() | NO_DATA
    assert told == {f.name for shape in (Disk, VirtualMachine) for f in fields(shape)}


def test_no_fact_is_told_in_two_places() -> None:
    places = ({row.fact for row in TRAVELS}, set(AMOUNTS), set(NOT_MODELLED), set(NO_DATA))
    assert sum(map(len, places)) == len(set().union(*places))


def test_every_way_to_travel_has_its_effect() -> None:
    assert set(EFFECTS) == set(Travel)


@pytest.mark.parametrize(("row", "architecture", "family"), CASES)
def test_a_disk_travels_as_the_first_row_says_that_fits(
    row: TravelRow, architecture: Architecture, family: OsFamily
) -> None:
    vm = _machine(row, architecture, family)
    travels = [travel_of(vm, disk) for disk in vm.disks]
    assert travels == [row.travel, Travel.CHANGES if row.of is Of.DISK else row.travel]


@pytest.mark.parametrize("row", [row for row in TRAVELS if row.rules], ids=lambda row: row.fact)
def test_a_row_holds_where_a_rule_of_it_may_hold(row: TravelRow) -> None:
    for architecture in row.architectures:
        rules = [rule for name in row.rules if (rule := by_id(name)) is not None]
        assert len(rules) == len(row.rules)
        assert any(applies(rule, architecture).answer is not Holds.NO for rule in rules)


@pytest.mark.parametrize(("row", "architecture", "family"), [case for case in CASES if case[0].rules])
def test_a_rule_of_the_row_speaks_of_the_machine(row: TravelRow, architecture: Architecture, family: OsFamily) -> None:
    """Where it applies at all: it is broken, since it concerns what this fact says."""
    vm = _machine(row, architecture, family)
    found = [
        j for j in judged(Estate({"web": vm}, Link(100)), "web", None, None, Choices()) if j.requirement.id in row.rules
    ]
    sure = [j for j in found if applies(j.requirement, architecture).answer is Holds.YES]
    assert all(isinstance(judgement.verdict, Broken) for judgement in sure)


def test_a_disk_that_stays_behind_takes_no_line_no_room_and_no_slot() -> None:
    vm = VirtualMachine("web", OsFamily.LINUX, (Disk(40), Disk(400, added_in_azure=True)))
    assert (slots_of(vm), room_gib(vm), scanned_gib(vm)) == (1, 0.0, (40,))


def test_a_new_disk_takes_room_and_a_slot() -> None:
    vm = VirtualMachine("web", OsFamily.LINUX, (Disk(40), Disk(400, iscsi=True)))
    assert (slots_of(vm), room_gib(vm), scanned_gib(vm)) == (2, 400.0, (40, 400))
