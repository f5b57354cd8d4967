"""Steps and proofs name real objects, and no name becomes part of a command."""

import pytest

from failback.reprotect import filled, filled_for_all

TEXT = "vault > {machine}: `Get-VM {machine}` prints {nothing}"


def test_names_are_put_in() -> None:
    assert filled(TEXT, {"machine": "web-01"}) == "vault > web-01: `Get-VM web-01` prints {nothing}"


def test_where_nobody_knows_the_name_the_kind_stands_there() -> None:
    assert filled(TEXT) == "vault > the machine: `Get-VM MACHINE` prints {nothing}"


@pytest.mark.parametrize("name", ["x; rm -rf /", "x' | Remove-VM", "$(reboot)", "two words", "a`b", "naïve"])
def test_a_name_that_could_be_a_command_stays_out_of_the_command(name: str) -> None:
    assert filled("`Get-VM {machine}`", {"machine": name}) == "`Get-VM MACHINE`"


def test_a_text_for_several_says_how_many_more_there_are() -> None:
    names = {"machine": "a", "object": "box", "appliance": "box"}
    assert (
        filled_for_all("start {machine}", names, machines="abcd", objects=["box"]) == "start a; do the same for b, c, d"
    )
    assert (
        filled_for_all("start {object}", names, machines="abcd", objects=["box", "b2"])
        == "start box; do the same for b2"
    )
    assert filled_for_all("start {appliance}", names, machines="abcd", objects=["box"]) == "start box"
