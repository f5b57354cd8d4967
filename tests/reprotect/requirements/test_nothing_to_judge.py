"""A rule about a part that is not there, or about a machine that it does not concern, is met."""

import pytest

from failback.reprotect import MET, Broken, Choices, Estate

from .test_edges import Edge, vm, with_part
from .test_requirements import ESTATE, MASTER_TARGET

RULES_OF_MASTER_TARGETS = [
    *("R12", "R29", "M02", "M03", "M04", "M05", "M06", "M07", "M11", "M12", "M13", "M14", "M15", "M16", "M17", "M18"),
    *("M19", "78022"),
]


@pytest.mark.parametrize("rule", RULES_OF_MASTER_TARGETS)
def test_a_master_target_that_nobody_chose_breaks_no_rule_about_one(rule: str) -> None:
    assert Edge(rule, ESTATE, Choices(master_target="nowhere")).verdict == MET


def test_a_master_target_that_reaches_nobody_is_told() -> None:
    cut_off: Estate = with_part("master_targets", MASTER_TARGET.name, reaches_servers=False)
    assert isinstance(Edge("M19", cut_off).verdict, Broken)


def test_a_master_target_that_storage_vmotion_moved_is_told() -> None:
    moved = with_part("master_targets", MASTER_TARGET.name, storage_vmotion=True)
    assert isinstance(Edge("M06", moved).verdict, Broken)


def test_a_physical_server_was_never_on_site_as_a_machine() -> None:
    assert Edge("T08", vm(source="physical", exists_on_premises=False)).verdict == MET
    assert isinstance(Edge("T08", vm(exists_on_premises=False)).verdict, Broken)
