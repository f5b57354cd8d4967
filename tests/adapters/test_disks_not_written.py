"""A disk that vCenter shows and the file lacks is judged like the others, and told."""

from failback.adapters import EstateReading, SourceFacts, disks_not_written, merged
from failback.reprotect import Disk, Estate, Link, OsFamily, VirtualMachine

ESTATE = Estate({"web": VirtualMachine("web", OsFamily.LINUX, (Disk(30, name="system"),), datastore="gold")}, Link(100))
WRITTEN: dict[str, object] = {"size_gib": 40.0, "datastore": "gold"}
ADDED: dict[str, object] = {"size_gib": 10.0, "datastore": "silver"}


def reading(*disks: dict[str, object]) -> EstateReading:
    return EstateReading((SourceFacts("virtual_machines", "web", {"disks": disks}, "vCenter"),))


def test_it_takes_a_place_and_its_datastore_counts() -> None:
    machine = merged(ESTATE, reading(WRITTEN, ADDED)).virtual_machines["web"]
    assert [(disk.name, disk.size_gib) for disk in machine.disks] == [("system", 40.0), ("", 10.0)]
    assert machine.datastores == ("gold", "silver")


def test_it_is_told_with_its_datastore_and_nothing_is_told_where_the_file_has_all() -> None:
    (told,) = disks_not_written(ESTATE, reading(WRITTEN, ADDED))
    assert "web" in told
    assert "silver" in told
    assert list(disks_not_written(ESTATE, reading(WRITTEN))) == []
