"""Two machines of one name: an import keeps what tells them apart, and every look and request finds the right one."""

import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from failback.adapters import (
    EstateClient,
    RemedyClient,
    SiteRecoveryVault,
    VaultActs,
    WatchedVault,
    read_vault,
)
from failback.reprotect import (
    Accepted,
    Estate,
    Operation,
    Phase,
    StartOperation,
    choose,
    items_in_the_vault,
    names_in_requests,
)
from failback.scenarios import Scenario, load_scenario, resolve
from failback.scenarios.aftercare.after import After, MachineAfter
from failback.scenarios.estates.mismatch_words import OTHER_HARDWARE
from failback.scenarios.run.worlds import lab_settings
from failback.simulator.arm import ArmMock, Served, serve

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write
from .test_import import data, estate_in

TRUE = "web"
"""What vault and vCenter call both."""
OURS = FIRST, SECOND = tuple(f"50000000-0000-0000-0000-{number:012d}" for number in (10, 11))
"""What the world behind the mock calls them; the mock makes discovery's id of this, a real one has vCenter's UUID."""


def scenario() -> Scenario:
    story = load_scenario(resolve("one_modernised_vm"))
    [vm] = story.estate.virtual_machines.values()
    twins = {name: replace(vm, name=name) for name in OURS}
    return replace(story, estate=replace(story.estate, virtual_machines=twins))


def mock_of_twins() -> ArmMock:
    """Both items have one name."""
    mock = vault_export.of_scenario(scenario())
    handle = mock.handle

    def answer(method: str, url: str, headers: Any, body: bytes) -> Any:
        said = handle(method, url, headers, body)
        shown = said.body
        for name in OURS:
            shown = shown.replace(f'"{name}"'.encode(), f'"{TRUE}"'.encode())
        return replace(said, body=shown)

    mock.handle = answer  # type: ignore[method-assign]  # the door calls it by its name
    return mock


@dataclass
class Twins:
    mock: ArmMock
    served: Served
    estate: Estate
    here: Mapping[str, str]
    """The name in the estate by that in the world behind the mock."""

    @property
    def settings(self) -> Any:
        return replace(lab_settings(self.mock, self.served), reads_per_s=10_000.0)


@contextmanager
def twins(folder: Path) -> Iterator[Twins]:
    """Imported from RVTools and the JSON of the vault, which knows both machines by vCenter's UUID."""
    mock = mock_of_twins()
    vms = tuple(Vm(TRUE, f"vm-{number}") for number in (10, 11))
    rvtools = write(Site(vms=vms), folder / "site", Dress(xlsx=True))
    read = estate_in(folder, rvtools, *vault_export.write(folder / "vault", mock))
    ids = {guid: name for name, guid in mock.state.context.names.item_guids.items()}
    here = {ids[vm.vault_id]: name for name, vm in read.virtual_machines.items()}
    with serve(mock) as served:
        yield Twins(mock, served, read, here)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Twins]:
    with twins(tmp_path) as found:
        yield found


def test_an_import_keeps_what_tells_two_machines_of_one_name_apart(two: Twins) -> None:
    machines = two.estate.virtual_machines
    assert sorted(machines) == ["web-vm-10", "web-vm-11"]
    assert {(vm.vsphere_name, vm.id) for vm in machines.values()} == {(TRUE, "vm-10"), (TRUE, "vm-11")}
    assert two.here.keys() == set(OURS)


def test_what_an_import_notes_of_one_of_them_says_which(tmp_path: Path) -> None:
    vms = (Vm(TRUE, "vm-10", firmware="efi"), Vm(TRUE, "vm-11"))
    vault = vault_export.write(tmp_path / "vault", mock_of_twins())
    found = data(write(Site(vms), tmp_path / "site", Dress(xlsx=True)), *vault)
    firmware = OTHER_HARDWARE["firmware"].words
    (noted,) = (each for each in found["sources"]["mismatches"] if each["what"] == firmware)
    assert noted["objects"] == ["web-vm-10"]


def test_a_check_reads_each_of_them(two: Twins) -> None:
    two.mock.world.vault.items[SECOND].phase = Phase.FAILOVER_COMMITTED
    with closing(EstateClient(two.settings)) as client:
        read = read_vault(client, two.estate, lambda: two.mock.epoch)
    assert read.phases == {
        two.here[FIRST]: Phase.REPLICATING_TO_AZURE,
        two.here[SECOND]: Phase.FAILOVER_COMMITTED,
    }
    assert not [note for note in read.notes if "protected item" in note or "not checked" in note]


def test_a_request_reaches_the_one_that_is_meant_and_a_watch_sees_its_job(two: Twins) -> None:
    estate, name = two.estate, two.here[SECOND]
    machines = items_in_the_vault(estate)
    watch = WatchedVault(two.settings, tuple(estate.virtual_machines), machines=machines)
    with (
        closing(SiteRecoveryVault(two.settings, tuple(machines), names_in_requests(estate), machines)) as vault,
        closing(watch),
    ):
        assert watch.look().missing == ()
        choices = choose(estate, scenario().plan, name, Operation.FAILOVER)
        assert isinstance(vault.perform(StartOperation(name, Operation.FAILOVER, choices, "k")), Accepted)
        assert [seen.item for seen in vault.read([name]) if hasattr(seen, "item")] == [name]
        look = watch.look()
    assert (look.unclear, look.odd, look.missing) == ({}, {}, ())
    assert [job.seen.subject for job in look.jobs] == [name]
    assert look.items[name].phase is Phase.FAILING_OVER
    assert two.mock.world.vault.items[FIRST].phase is Phase.REPLICATING_TO_AZURE


def test_a_remedy_reaches_the_one_that_is_meant(two: Twins) -> None:
    with closing(RemedyClient(two.settings)) as client:
        acts = VaultActs(client, machines=items_in_the_vault(two.estate))
        found = {name: acts._item(here)["name"] for name, here in two.here.items()}
    assert found == two.mock.state.context.names.item_guids


def test_where_no_id_tells_them_apart_both_ids_are_told(two: Twins) -> None:
    without = {n: replace(vm, vault_id="", id="", instance_uuid=None) for n, vm in two.estate.virtual_machines.items()}
    blind = replace(two.estate, virtual_machines=without)
    with closing(EstateClient(two.settings)) as client:
        read = read_vault(client, blind, lambda: two.mock.epoch)
    ids = " and ".join(sorted(two.mock.state.context.names.item_guids.values()))
    assert read.phases == {}
    assert f"Ambiguous: the vault has 2 items named '{TRUE}' (ids {ids})" in " ".join(read.notes)
    assert json.dumps(read.notes).count("Ambiguous") == 2, "each of the two machines may be either"


@pytest.mark.parametrize("story", ["one_vm", "one_modernised_vm"])
def test_a_request_names_a_renamed_datastore_as_vsphere_does(story: str) -> None:
    """Of two of one name the vault takes the one that the server's host mounts."""
    given = load_scenario(resolve(story))
    estate = given.estate
    renamed = {f"{n}-here": replace(s, name=f"{n}-here", vsphere_name=n) for n, s in estate.datastores.items()}
    far = {f"{n}-far": replace(s, name=f"{n}-far", vsphere_name=n) for n, s in estate.datastores.items()}
    hosts = {n: replace(h, datastores=tuple(f"{d}-here" for d in h.mounted)) for n, h in estate.hosts.items()}
    vms = {n: replace(vm, datastore=f"{vm.datastore}-here") for n, vm in estate.virtual_machines.items()}
    changed = replace(estate, datastores=renamed | far, hosts=hosts, virtual_machines=vms)
    (name, vm), *_ = vms.items()
    mock = vault_export.of_scenario(replace(given, estate=changed))
    with serve(mock) as served:
        settings = replace(lab_settings(mock, served), reads_per_s=10_000.0)
        with closing(SiteRecoveryVault(settings, servers=names_in_requests(changed))) as vault:
            for leg in (Operation.FAILOVER, Operation.COMMIT_FAILOVER, Operation.REPROTECT_TO_ON_PREMISES):
                mock.world.catch_up(mock.world.env.now + 7200.0)
                choices = replace(choose(changed, given.plan, name, leg), datastore=vm.datastore)
                answer = vault.perform(StartOperation(name, leg, choices, leg.value))
                assert isinstance(answer, Accepted), answer
        assert mock.world.vault.items[name].choices.datastore == vm.datastore
        with closing(EstateClient(settings)) as client:
            found = read_vault(client, changed, lambda: mock.epoch).found
    seen = {store for each in found for store in each.facts.get("accessible_datastores", ())}
    assert seen == set(renamed), "a check finds them under the names of the estate"


def test_an_aftercare_finds_a_machine_that_an_import_named_otherwise(two: Twins) -> None:
    """Its new machine on site has another id in vCenter, and so another name in the estate."""
    before = two.estate
    now = {f"{n}-now": replace(vm, name=f"{n}-now", id=f"{vm.id}9") for n, vm in before.virtual_machines.items()}
    after = After({name: MachineAfter(vm) for name, vm in now.items()}, ("later",))
    assert {name: found.vm.name for name, found in after.of_all(before).items()} == {
        n: f"{n}-now" for n in two.here.values()
    }
