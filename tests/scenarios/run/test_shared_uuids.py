"""Two machines of one BIOS UUID: a run says so once, in each world where the fact is known."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from failback.adapters import VsphereInventory, VsphereSession, find_vcsim, start_vcsim
from failback.adapters.vsphere_changes import Hardware, NewVm, create
from failback.adapters.vsphere_places import read_places
from failback.adapters.vsphere_tasks import wait_for
from failback.reprotect import Line
from failback.scenarios import Result, Scenario, load_scenario, play, resolve
from failback.scenarios.run.worlds import lab_site
from failback.simulator.arm import serve

UUID = "4210a7b0-5c1e-4d8f-9b1a-6f2e8c3d0001"


def story_with(second: str) -> Scenario:
    """Two machines; the second has this BIOS UUID."""
    story = load_scenario(resolve("first_drill_modernised"))
    first, other = list(story.estate.virtual_machines.values())[:2]
    vms = {**story.estate.virtual_machines, first.name: replace(first, bios_uuid=UUID)}
    vms[other.name] = replace(other, bios_uuid=second)
    return replace(story, estate=replace(story.estate, virtual_machines=vms))


def told(result: Result) -> list[tuple[str, str]]:
    return [(one.item, one.object) for one in result.findings if one.rule == "same_uuid"]


def test_a_run_in_memory_says_it_once() -> None:
    lines: list[Line] = []
    story = story_with(UUID.upper())
    first, other = list(story.estate.virtual_machines)[:2]
    result = play(story, on_line=lines.append)
    assert told(result) == []
    r11 = {one.item: one for one in result.findings if one.rule == "R11"}
    assert {item: (one.object, one.status) for item, one in r11.items()} == dict.fromkeys(
        (first, other), (min(first, other), "noticed")
    )
    assert UUID.casefold() in r11[first].message.casefold()
    assert result.verdict == "as_expected"
    assert [line.name for line in lines[:2]] == ["RunBegan", "SharedUuid"]
    assert [line.name for line in lines].count("SharedUuid") == 1


def test_a_run_of_machines_that_differ_says_nothing() -> None:
    assert told(play(story_with("4210a7b0-5c1e-4d8f-9b1a-6f2e8c3d0002"))) == []


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scenario]:
    """A mock and a vcsim in which somebody has put a copy beside a machine."""
    story = load_scenario(resolve("one_modernised_vm"))
    source = find_vcsim()
    with start_vcsim(source.binary or Path()) as vcsim:
        monkeypatch.setenv("FAILBACK_VCSIM", vcsim.url)
        with lab_site(story) as site, serve(site.mock) as served:
            copy_of(site.session, "app-01", "app-copy")
            monkeypatch.setenv("FAILBACK_MOCK", served.base_url)
            monkeypatch.setenv("FAILBACK_MOCK_CA_FILE", str(served.ca_file))
            yield story


def copy_of(session: VsphereSession, name: str, copy: str) -> None:
    [original] = VsphereInventory(session).see([name]).values()
    uuid = session.read("looking", lambda _: str(original.ref.config.uuid))
    new = NewVm(copy, str(original.facts.host), "gold", (), Hardware(bios_uuid=uuid))
    wait_for(session, {"copying": create(session, read_places(session), new, "copying")})


@pytest.mark.vcsim
def test_a_run_in_the_lab_sees_a_copy_that_is_in_no_plan(copied: Scenario) -> None:
    result = play(copied, world="lab")
    assert told(result) == [("app-01", "app-copy")]
    assert result.verdict == "as_expected"
