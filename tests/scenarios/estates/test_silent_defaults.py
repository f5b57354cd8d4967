"""What no file of an import tells is unknown: no rule is met because of a default that nobody looked at."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

import pytest
import yaml

from failback.reprotect import (
    FACT_SECTIONS,
    REQUIREMENTS,
    UNKNOWN,
    Estate,
    FactRead,
    Plan,
    RequestDefaults,
    Unknown,
    facts_read,
)
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.files.lint import LEFT_TO_RULES
from failback.scenarios.files.loader import library, load_estate, load_scenario, resolve
from failback.scenarios.judging.check import Status, check_estate
from failback.simulator import reachable

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write

SECTIONS: Final = {
    **{section: get_args(get_type_hints(Estate)[section])[1] for section in FACT_SECTIONS},
    "link": get_type_hints(Estate)["link"],
}
_MODEL: Final = "a number that each run draws where nobody measured it; a rule judges what is measured"
_OF_ALL_DISKS: Final = "asked of the machine once: `azure.disks_unchanged`"
EXCEPTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("appliances", "local_disks"): "assumed: no page says that an appliance's own disks count (C14)",
    ("appliances", "parts"): "a part that is not listed is as healthy as the appliance, which may be unknown",
    ("configuration_servers", "accounts"): "an import writes the list of the vault, or an empty one",
    ("configuration_servers", "vcenter_accounts"): "they only refine `privileges`, which may be unknown",
    ("datastores", "capacity_gib"): "`sources: assumed` names the datastores of which no file tells it",
    ("datastores", "kind"): "`sources: assumed` names the datastores of which no file tells it",
    ("master_targets", "local_disks"): "an import writes what the inventory counts, or 0",
    ("master_targets", "retention_drives.capacity_gib"): "the vault lists a drive with its capacity",
    ("virtual_machines", "at"): "an import that has read no vault asks about the plain way home",
    ("virtual_machines", "disks.changed_fraction"): _MODEL,
    ("virtual_machines", "disks.churn_mib_per_s"): _MODEL,
    ("virtual_machines", "disks.datastore"): "left out where it is that of the machine",
    ("virtual_machines", "disks.name"): "its number stands for it",
    **{
        ("virtual_machines", f"disks.{fact}"): _OF_ALL_DISKS
        for fact in ("added_in_azure", "resized_in_azure", "rewritten_in_azure", "temporary_storage")
    },
}
"""Facts that a rule reads, that have a default and cannot be unknown, and why each of them may be so."""
LEFT_OUT_OF_THE_FILE: Final = frozenset(
    {f"disks.{fact}" for fact in ("attached_on_premises", "excluded", "held_by", "iscsi", "raw_device")}
)
"""Facts of a disk that the import writes only where they are not the default."""
_NUMBER: Final = re.compile(r"\.\d+(?=\.)")


def key_of(fact: FactRead) -> tuple[str, str]:
    return fact.section, _NUMBER.sub("", fact.key)


def read_of(estate: Estate, items: Iterator[str] | tuple[str, ...]) -> Iterator[FactRead]:
    """All that any rule reads of these machines."""
    estate = replace(estate, reachable=reachable(estate))
    defaults = RequestDefaults(estate, Plan())
    for item in items:
        for row in REQUIREMENTS:
            for operation in dict.fromkeys(point.operation for point in row.where):
                yield from facts_read(row.predicate, estate, item, defaults.choose(item, operation))


@cache
def read_by_a_rule() -> frozenset[tuple[str, str]]:
    """By section and key, over the scenarios that break one rule each."""
    scenarios = (load_scenario(path) for path in library().values() if path.parent.name == "rules")
    estates = (scenario.estate for scenario in scenarios)
    return frozenset(key_of(fact) for one in estates for fact in read_of(one, tuple(one.virtual_machines)[:1]))


def with_defaults(kind: type[Any], path: str = "") -> Iterator[str]:
    """Keys of facts with a default that an import cannot write as unknown."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        types = get_args(hints[field.name]) or (hints[field.name],)
        parts = [part for part in types if isinstance(part, type) and is_dataclass(part)]
        for part in parts:
            yield from with_defaults(part, f"{path}{field.name}.")
        if field.default is not MISSING and not parts and Unknown not in types:
            yield f"{path}{field.name}"


def test_each_fact_with_a_default_that_a_rule_reads_may_be_unknown() -> None:
    silent = {(section, key) for section, kind in SECTIONS.items() for key in with_defaults(kind)}
    parts = {("appliances", "parts"), ("configuration_servers", "vcenter_accounts")}
    assert sorted((silent & read_by_a_rule()) ^ (EXCEPTIONS.keys() - parts)) == []


def site_of(estate: Estate) -> Site:
    """An inventory with the machines and servers of an estate."""
    names = (*estate.virtual_machines, *estate.master_targets, *estate.appliances)
    return Site(tuple(Vm(name, f"vm-{number}") for number, name in enumerate(names)))


def importable(tmp_path: Path, kind: str) -> tuple[Path, ...]:
    """The inventory, and a vault of this kind; each list of the vault in a file of its own."""
    write(site_of(load_scenario(resolve(kind)).estate), tmp_path / "site", Dress(xlsx=True))
    mock = vault_export.mock_of(kind)
    answers = {**vault_export.lists(mock), "single": vault_export.single_reads(mock)}
    for name, answer in answers.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
    return (tmp_path / "site", *(tmp_path / f"{name}.json" for name in answers))


def imported_estate(tmp_path: Path, *paths: Path) -> tuple[Estate, Mapping[str, Any]]:
    """As rules read it, and as it stands in the file."""
    out = tmp_path / "estate.yaml"
    run_import(ImportRequest(paths, out, 500, None))
    return load_estate(out, LEFT_TO_RULES), yaml.safe_load(out.read_text("utf-8"))


def is_written(fact: FactRead, file: Mapping[str, Any]) -> bool:
    """Whether the file has the key, be it with `unknown`."""
    part: Any = file.get(fact.section, {})
    if fact.section != "link":
        part = next(each for each in part if each["name"] == fact.name)
    if fact.section == "virtual_machines":
        shared = file["defaults"]["virtual_machine"]
        part = {**shared, **part, "azure": {**shared.get("azure", {}), **part.get("azure", {})}}
    for step in fact.key.split("."):
        if isinstance(part, list):
            part = part[int(step)]
        elif step in part:
            part = part[step]
        else:
            return False
    return True


@pytest.mark.parametrize("kind", ["first_drill_modernised", "first_drill"])
@pytest.mark.parametrize("with_vault", [True, False])
def test_no_rule_reads_a_default_that_no_file_tells(tmp_path: Path, kind: str, *, with_vault: bool) -> None:
    site, *vault = importable(tmp_path, kind)
    if with_vault:
        estate, file = imported_estate(tmp_path, *vault)
    else:
        listed = next(path for path in vault if "ProtectedItems" in path.name)
        servers = [path for path in vault if "Appliances" in path.name or "Fabrics" in path.name]
        estate, file = imported_estate(tmp_path, site, listed, *servers)
    silent = {
        key_of(fact)
        for fact in read_of(estate, tuple(estate.virtual_machines))
        if fact.value is not UNKNOWN and not is_written(fact, file) and key_of(fact)[1] not in LEFT_OUT_OF_THE_FILE
    }
    assert sorted(silent - EXCEPTIONS.keys()) == []


def test_a_rule_that_nobody_looked_at_is_unknown_and_not_met(tmp_path: Path) -> None:
    _, *vault = importable(tmp_path, "first_drill_modernised")
    estate, _ = imported_estate(tmp_path, *vault)
    unknown = {finding.rule for finding in check_estate(estate, Plan()).of(Status.UNKNOWN)}
    assert {"A08", "A15", "A25", "G10", "N02"} <= unknown


def test_what_the_vault_tells_is_no_question(tmp_path: Path) -> None:
    _, *vault = importable(tmp_path, "first_drill_modernised")
    estate, file = imported_estate(tmp_path, *vault)
    assert {(vm.source, vm.target) for vm in estate.virtual_machines.values()} == {("vmware", "vmware")}
    assert "target" in file["sources"]["facts"]["virtual_machines"]


def test_one_known_fact_of_the_machine_in_azure_leaves_the_others_unknown(tmp_path: Path) -> None:
    _, *vault = importable(tmp_path, "first_drill_modernised")
    _, file = imported_estate(tmp_path, *vault)
    file["virtual_machines"][0]["azure"] = {"exists": True}
    path = tmp_path / "by-hand.yaml"
    path.write_text(yaml.safe_dump(file, allow_unicode=True), encoding="utf-8")
    first = next(iter(load_estate(path, LEFT_TO_RULES).virtual_machines.values()))
    assert first.azure.exists is True
    assert first.azure.stopped_services is UNKNOWN
