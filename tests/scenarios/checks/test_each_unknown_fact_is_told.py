"""Each fact that a file may leave open, alone, is told with a place where somebody sees it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from failback.scenarios.checks.finding_lines import lines_of
from failback.scenarios.checks.told import ToldCause, told_causes

from .agreement import report_of
from .hidden_facts import OPEN, with_facts
from .test_each_unknown_fact import known, open_facts

NOW_AND_UNDER_WAY: Final = ("replicating_to_azure", "resyncing_to_on_premises")


def unknown(architecture: str, phase: str, where: Path) -> Iterator[ToldCause]:
    drawn = known(architecture, phase)
    for _, fact in open_facts(drawn):
        for told in told_causes(report_of(with_facts(drawn, {fact: OPEN}), where)):
            if told.cause.status == "unknown":
                yield told


@pytest.mark.parametrize("architecture", ["classic", "modernised"])
@pytest.mark.parametrize("phase", NOW_AND_UNDER_WAY)
def test_each_unknown_fact_is_told_with_where_it_is_seen(tmp_path: Path, architecture: str, phase: str) -> None:
    found = list(unknown(architecture, phase, tmp_path))
    for told in found:
        said = dict(lines_of(told, whole=True, checked=("site.yaml", "sim")))
        assert told.looks or told.reading or told.awaits, (told.cause.id, said["do"])
        assert "the the " not in " ".join(said.values()), told.cause.id


def test_what_memory_a_host_has_free_is_told_of_the_host(tmp_path: Path) -> None:
    found = [told for told in unknown("classic", "replicating_to_azure", tmp_path) if told.cause.rule == "8038"]
    assert [told.cause.kind for told in found if told.keys == ("hosts: free_memory_gib",)] == ["host"]


def test_which_servers_are_registered_is_told_of_their_configuration_server(tmp_path: Path) -> None:
    found = [told for told in unknown("classic", "replicating_to_azure", tmp_path) if told.cause.rule == "R01"]
    assert {told.cause.kind for told in found} <= {"configuration server", "link"}
    assert "configuration server" in {told.cause.kind for told in found}
