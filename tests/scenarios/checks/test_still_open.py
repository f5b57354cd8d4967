"""What an import noted of a server's datastores is told until the estate says that it was repaired, and no longer."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from failback.reprotect import Estate
from failback.scenarios import Scenario
from failback.scenarios.checks.again import again_words
from failback.scenarios.checks.import_tasks import import_tasks
from failback.scenarios.runbooks.fix_first import faults
from failback.scenarios.runbooks.runbook import runbook

from .test_to_settle_first import SERVER, contradicted, of_rule, stores


def noted() -> Scenario:
    return contradicted(stores(contradicted()))


def moved(estate: Estate) -> Estate:
    """As the repair of A03 says: the server is on another host."""
    box = estate.appliances[SERVER]
    mounting = replace(estate.hosts[box.host], name="esx-99", datastores=tuple(estate.datastores))
    hosts = {**estate.hosts, "esx-99": mounting}
    return replace(estate, hosts=hosts, appliances={**estate.appliances, SERVER: replace(box, host="esx-99")})


def mounted(estate: Estate) -> Estate:
    """As the task of the import says: the host lists the datastores."""
    host = estate.appliances[SERVER].host
    found = replace(estate.hosts[host], datastores=tuple(estate.datastores))
    return replace(estate, hosts={**estate.hosts, host: found})


@pytest.mark.parametrize("repair", [moved, mounted])
def test_a_repaired_entry_is_no_longer_told(repair: Callable[[Estate], Estate]) -> None:
    before = noted()
    after = replace(before, estate=repair(before.estate))
    assert SERVER in {name for task in import_tasks(before, "x.yaml") for name in task.names}
    assert not import_tasks(after, "x.yaml")
    assert after.mismatches == before.mismatches, "the file keeps it"
    found = runbook(after, 1)
    assert not any(told.noted.found for told in found.told)
    assert not [fault for fault in faults(found) if fault.noted == SERVER]


def test_the_other_server_of_an_entry_is_told_as_before() -> None:
    before = noted()
    other = "appliance-02"
    box = replace(before.estate.appliances[SERVER], name=other)
    (one,) = before.mismatches
    names = (*one.names, *(name.replace(SERVER, other) for name in one.names))
    both = replace(one, names=names, objects=(*one.objects, *[other] * len(one.names)))
    estate = moved(before.estate)
    estate = replace(estate, appliances={**estate.appliances, other: box})
    (task,) = import_tasks(replace(before, estate=estate, mismatches=(both,)), "x.yaml")
    assert task.names == (other,)
    assert SERVER not in task.seen


def test_the_line_again_says_that_the_entry_is_deleted() -> None:
    told = of_rule(noted(), "A03")
    words = again_words(replace(told, estate_file="estate.yaml"), "x.yaml")
    assert "; delete what that settles in estate.yaml, under `sources: mismatches`; then `failback check" in words
    assert "mismatches" not in again_words(of_rule(contradicted(), "A03"), "x.yaml")
    assert "mismatches" not in again_words(told, "x.yaml", "azure")
