"""An appliance is one box of parts: what is not said of a part is as the whole."""

import pytest

from failback.reprotect import UNKNOWN, Appliance, AppliancePart, Unknown
from failback.simulator.appliance import PARTS, parts_of


@pytest.mark.parametrize("healthy", [True, False, UNKNOWN])
def test_a_part_of_which_nothing_is_said_is_as_the_whole(healthy: bool | Unknown) -> None:
    assert parts_of(Appliance("box", healthy=healthy)) == tuple(AppliancePart(name, healthy) for name in PARTS)


def test_one_sick_part_leaves_the_others_as_they_are() -> None:
    box = Appliance("box", parts=(AppliancePart("provider", healthy=False),))
    assert [part.name for part in parts_of(box) if not part.healthy] == ["provider"]
