"""Machines of one cause have the same steps, care and proof once their own names are taken out: no other machine's."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

import pytest

from failback.reprotect import REQUIREMENTS, Estate, OsFamily, VirtualMachine
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.files.loader import library, load_scenario, resolve
from failback.scenarios.judging.check import Report, check_estate

RULES: Final = sorted(name for name, path in library().items() if path.parent.name == "rules")
VERSIONS: Final = {OsFamily.LINUX: "Ubuntu 22.04", OsFamily.WINDOWS: "2019"}
OTHER: Final = {OsFamily.LINUX: OsFamily.WINDOWS, OsFamily.WINDOWS: OsFamily.LINUX}


def twins(vm: VirtualMachine) -> Iterator[VirtualMachine]:
    """The same machine with the other operating system, one that is gone from the site, and one of another vCenter."""
    os = OTHER[vm.os]
    yield replace(vm, name=f"{vm.name}-other", os=os, os_version=VERSIONS[os])
    yield replace(vm, name=f"{vm.name}-gone", exists_on_premises=False)
    yield replace(vm, name=f"{vm.name}-elsewhere", vcenter="vcenter.elsewhere.example")


def with_twins(estate: Estate) -> Estate:
    machines = [each for vm in estate.virtual_machines.values() for each in (vm, *twins(vm))]
    return replace(estate, virtual_machines={vm.name: vm for vm in machines})


def said(told: ToldCause, names: Iterable[str]) -> tuple[str, ...]:
    """With NAME for each machine, in the names of its copies too."""
    texts = (*told.steps, told.careful, told.proof.wanted, told.proof.seen_by, told.corrected, told.otherwise)
    own = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?!\w)")
    return tuple(own.sub("NAME", text) for text in texts)


def of_each(report: Report) -> Mapping[tuple[str, str, str, str], ToldCause]:
    """What is told of each machine where there is no other."""
    return {
        (each.rule, each.status, each.object, each.item): told
        for one in report.items
        for told in told_causes(replace(report, items=(one,), refused=()))
        for each in told.cause.observed
    }


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    found = []
    for name in RULES:
        scenario = load_scenario(resolve(name))
        found.append(check_estate(with_twins(scenario.estate), scenario.plan))
    return found


def test_the_steps_of_the_first_are_those_of_each(reports: list[Report]) -> None:
    bad, several = set[tuple[str, ...]](), set[str]()
    for report in reports:
        alone, machines = of_each(report), tuple(report.estate.virtual_machines)
        for told in told_causes(report):
            if len(told.cause.items) < 2 or told.cause.status == "unknown":
                continue
            several.add(told.cause.rule)
            ways = {said(alone[o.rule, o.status, o.object, o.item], machines) for o in told.cause.observed}
            bad |= {(told.cause.id, *map(str, ways))} if len(ways) > 1 else set()
    assert bad == set()
    assert len(several) > len(REQUIREMENTS) / 2, several
