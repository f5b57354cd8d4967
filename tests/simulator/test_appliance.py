"""An appliance is one box of parts: what is not said of a part is as the whole."""

from failback.reprotect import UNKNOWN, Appliance, AppliancePart
from failback.simulator.appliance import PARTS, is_fit, parts_of


def test_a_healthy_appliance_has_healthy_parts() -> None:
    box = Appliance("box")
    assert [part.name for part in parts_of(box)] == list(PARTS)
    assert is_fit(box)


def test_one_sick_part_makes_it_unfit() -> None:
    box = Appliance("box", parts=(AppliancePart("provider", healthy=False),))
    assert [part.name for part in parts_of(box) if not part.healthy] == ["provider"]
    assert not is_fit(box)


def test_nobody_knows_is_not_fit() -> None:
    assert not is_fit(Appliance("box", healthy=UNKNOWN))
