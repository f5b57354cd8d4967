"""A fact about two objects: each that is open is named and asked for at once, and none that is known."""

from pathlib import Path
from typing import Final

import pytest

from failback.scenarios.checks.finding_lines import lines_of
from failback.scenarios.checks.told import told_causes

from .agreement import report_of
from .hidden_facts import OPEN, with_facts
from .hidden_facts import Path as Place
from .test_each_unknown_fact import known

VM: Final = ("virtual_machines", 0)
PAIRS: Final[dict[str, tuple[str, Place, Place, str]]] = {
    "M02": ("classic", ("master_targets", 0, "os_version"), (*VM, "os_version"), "master target mt"),
    "M13": ("classic", ("master_targets", 0, "version"), ("configuration_servers", 0, "version"), "master target mt"),
    "P02": ("classic", ("process_servers", 0, "network"), (*VM, "azure", "network"), "process server ps"),
    "P04": ("classic", ("process_servers", 0, "version"), ("configuration_servers", 0, "version"), "process server ps"),
    "R11": ("classic", ("master_targets", 0, "bios_uuid"), (*VM, "bios_uuid"), "virtual machine a"),
    "8038": ("classic", ("hosts", 0, "free_memory_gib"), (*VM, "memory_gib"), "host esx"),
}
"""Rule -> architecture, the facts that it compares, and the object that its finding names where both are open."""


def lines_where(rule: str, where: Path, *open_ones: Place) -> dict[str, str]:
    drawn = with_facts(known(PAIRS[rule][0], "failover_committed"), dict.fromkeys(open_ones, OPEN))
    told = [each for each in told_causes(report_of(drawn, where)) if each.cause.rule == rule]
    [mine] = [each for each in told if "a" in each.cause.items and each.cause.status == "unknown"]
    return dict(lines_of(mine, whole=True))


@pytest.mark.parametrize("rule", PAIRS)
def test_both_are_asked_for_at_once(rule: str, tmp_path: Path) -> None:
    _, first, second, object_ = PAIRS[rule]
    lines = lines_where(rule, tmp_path, first, second)
    for section, *_, key in (first, second):
        assert f"{section}: " in lines["key"]
        assert str(key) in lines["key"]
    assert lines["object"] == object_


@pytest.mark.parametrize("rule", PAIRS)
def test_what_is_known_is_not_called_unknown(rule: str, tmp_path: Path) -> None:
    for place in PAIRS[rule][1:3]:
        unknown = lines_where(rule, tmp_path, place)["unknown"]
        assert " and " not in unknown, unknown
        assert "their" not in unknown


def test_a_group_is_one_finding(tmp_path: Path) -> None:
    machines = [("virtual_machines", n, "os_version") for n in (0, 1)]
    assert lines_where("M02", tmp_path, PAIRS["M02"][1], *machines)["machines"] == "2: a, b"


def test_where_the_answer_is_written_has_its_person(tmp_path: Path) -> None:
    do = lines_where("8038", tmp_path, *PAIRS["8038"][1:3])["do"]
    assert "3. whoever ran this check: write what was seen into " in do
