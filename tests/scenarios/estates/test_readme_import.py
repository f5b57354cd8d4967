"""The second screen of the README, and the page of the runbook, run as they stand on generated files."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import yaml

from failback.reprotect import Phase
from failback.scenarios import load_scenario, resolve

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write

ROOT = Path(__file__).parents[3]


def commands() -> list[list[str]]:
    section = (
        (ROOT / "README.md").read_text(encoding="utf-8").partition("### With your own estate")[2].partition("\n## ")[0]
    )
    return [shlex.split(line)[1:] for line in re.findall(r"^    (failback .*)$", section, re.MULTILINE)]


def done(command: list[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    line = [sys.executable, "-m", "failback", *command]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=False)


def renamed(paths: list[Path], folder: Path, servers: str) -> None:
    """The answers to the two requests, under the names that the README gives them."""
    by_stem = {path.stem: path for path in paths}
    by_stem["replicationProtectedItems"].rename(folder / "items.json")
    by_stem[servers].rename(folder / "servers.json")


def rows_of(names: Iterable[str]) -> str:
    """A list that says which application each machine belongs to."""
    return "machine,application\n" + "".join(f"{name},{name.partition('-')[0]}\n" for name in names)


def commands_of_the_runbook() -> list[list[str]]:
    """Those of its page in order, the one that writes the plan first. A watch of a vault is not there to be read."""
    page = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    lines = [line for line in re.findall(r"^    (failback .*)$", page, re.MULTILINE) if "watched" not in line]
    return [shlex.split(line)[1:] for line in sorted(lines, key=lambda line: not line.startswith("failback new "))]


def test_the_commands_of_the_runbook_s_page_work_one_after_the_other_as_written(tmp_path: Path) -> None:
    """The plan begins on the next Friday, whatever day it is: so no day before it is one that every reader has left."""
    story = load_scenario(resolve("one_modernised_vm"))
    estate = yaml.safe_load(resolve("one_modernised_vm").read_text("utf-8"))["estate"]
    (tmp_path / "estate.yaml").write_text(yaml.safe_dump(estate), encoding="utf-8")
    estate["virtual_machines"][0]["at"] = Phase.FAILOVER_COMMITTED.value
    (tmp_path / "later.yaml").write_text(yaml.safe_dump(estate), encoding="utf-8")
    (tmp_path / "machines.csv").write_text(rows_of(story.estate.virtual_machines), encoding="utf-8")
    asked = commands_of_the_runbook()
    assert [each[0] for each in asked] == ["new", "runbook", "runbook", "runbook", "pilot"]
    said = [done(each, tmp_path) for each in asked]
    assert {each.returncode for each in said} == {0}, [each.stderr for each in said]


def test_the_readme_asks_for_what_an_estate_of_each_architecture_needs() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    requests = re.findall(r'^    az rest .*"\$V/(\w+)\?.*> (\S+)(?:  # classic: (\w+) instead)?$', text, re.MULTILINE)
    assert requests == [
        ("replicationProtectedItems", "items.json", ""),
        ("replicationAppliances", "servers.json", "replicationFabrics"),
    ]


def test_from_an_rvtools_file_and_two_answers_of_a_modernised_vault_to_findings_and_a_runbook(tmp_path: Path) -> None:
    names = load_scenario(resolve("first_drill_modernised")).estate.virtual_machines
    places = ((name, n, n % 2 + 1) for n, name in enumerate(names))
    vms = [Vm(name, f"vm-{n}", host=f"esx-{at}", datastore=f"ds-{at}") for name, n, at in places]
    box = Vm("appliance-01", "vm-99", host="esx-1")
    stores = (("ds-1", "VMFS", 2048, ("esx-1",)), ("ds-2", "VMFS", 2048, ("esx-2",)))
    site = Site(vms=(*vms, box), hosts=("esx-1", "esx-2"), datastores=stores)
    write(site, tmp_path, Dress(xlsx=True)).rename(tmp_path / "RVTools_export_all.xlsx")
    mock = vault_export.mock_of("first_drill_modernised")
    renamed(vault_export.write(tmp_path, mock, full=False), tmp_path, "replicationAppliances")
    (tmp_path / "machines.csv").write_text(rows_of(names), encoding="utf-8")
    said = [done(each, tmp_path) for each in commands()]
    assert [each.returncode for each in said] == [0, 1, 0, 0], [each.stderr for each in said]
    assert re.search(r"simulated; times in (CET|CEST)\)", said[3].stdout), "plan times are in a stated time zone"
    assert "leaves no time to check" not in said[3].stdout
    assert "failback import --collect sh" in said[0].stdout
    assert "--query" in said[0].stdout, "one command for all items"
    assert "A01" not in said[1].stdout.partition("Unknown facts")[0], "the appliance is known"
    assert "A03" in said[1].stdout.partition("Unknown facts")[0], "no appliance sees the second datastore"
    assert "pg-01" in (tmp_path / "runbook" / "runbook.html").read_text("utf-8")


def test_from_an_rvtools_file_and_two_answers_of_a_classic_vault_to_findings_and_a_runbook(tmp_path: Path) -> None:
    vms = [Vm(name, f"vm-{n}", os="Ubuntu Linux (64-bit)") for n, name in enumerate(["pg-01", "web-01"])]
    target = Vm("mt-linux", "vm-9", os="Ubuntu Linux (64-bit)", snapshots=("nightly",))
    write(Site(vms=(*vms, target)), tmp_path, Dress(xlsx=True)).rename(tmp_path / "RVTools_export_all.xlsx")
    mock = vault_export.mock_of("first_drill")
    renamed(vault_export.write(tmp_path, mock, full=False), tmp_path, "replicationFabrics")
    (tmp_path / "machines.csv").write_text(rows_of(["pg-01", "web-01"]), encoding="utf-8")
    said = [done(each, tmp_path) for each in commands()]
    assert [each.returncode for each in said] == [0, 1, 0, 0], [each.stderr for each in said]
    assert "in no vCenter that was read" in said[0].stdout
    assert "Site Recovery's own servers among them: mt-linux." in said[0].stdout
    assert "R04" in said[1].stdout
    assert "pg-01" in (tmp_path / "runbook" / "runbook.html").read_text("utf-8")
