"""The fast copy of a frozen value does what `dataclasses.replace` does."""

from dataclasses import FrozenInstanceError, replace

import pytest

from failback.reprotect import Architecture, Disk, ItemDrill, OsFamily, Phase, VirtualMachine, evolved

VM = VirtualMachine("vm", OsFamily.LINUX, (Disk(40.0, "disk"),), Architecture.CLASSIC)


def test_it_gives_what_replace_gives_and_leaves_the_old_value_as_it_was() -> None:
    fresh = evolved(VM, powered_on=False, tier="gold")
    assert fresh == replace(VM, powered_on=False, tier="gold")
    assert hash(fresh) != hash(VM)
    assert (VM.powered_on, VM.tier) == (True, "")


def test_the_copy_is_frozen_too() -> None:
    with pytest.raises(FrozenInstanceError):
        evolved(VM, tier="gold").tier = "iron"  # type: ignore[misc]


def test_a_field_that_there_is_none_of_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="VirtualMachine has no field colour, size"):
        evolved(VM, size=1, colour="red", tier="gold")  # type: ignore[call-arg]


def test_the_checker_of_types_sees_through_it() -> None:
    item = ItemDrill("vm", Architecture.CLASSIC, Phase.FAILED_OVER, ())
    assert evolved(item, attempts="two").attempts == "two"  # type: ignore[arg-type,comparison-overlap]
