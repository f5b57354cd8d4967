"""The conflicts between the articles are readings: all named, one choice the default, and the rules obey it."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from failback.reprotect import (
    READINGS,
    REQUIREMENTS,
    Architecture,
    Choices,
    ConfigurationServer,
    Datastore,
    Disk,
    Estate,
    Host,
    Link,
    MasterTarget,
    OsFamily,
    ProcessServer,
    Reading,
    Requirement,
    RetentionDrive,
    UnknownReading,
    VirtualMachine,
    by_id,
    parse_readings,
    reading,
    requirements_page,
    unmet,
)

WEB = VirtualMachine("web", OsFamily.LINUX, (Disk(30),), Architecture.CLASSIC, "esx1", "ds1", powered_on=False)
TARGET = MasterTarget("mt1", OsFamily.LINUX, "esx1", "ds1", retention_drives=(RetentionDrive("/mnt/retention"),))
ESTATE = Estate(
    virtual_machines={"web": WEB},
    link=Link(1000),
    hosts={"esx1": Host("esx1", ("ds1", "ds2"))},
    datastores={"ds1": Datastore("ds1"), "ds2": Datastore("ds2")},
    configuration_servers={"cs1": ConfigurationServer("cs1")},
    process_servers={"ps1": ProcessServer("ps1")},
    master_targets={"mt1": TARGET},
    returning_through={"web": "mt1"},
)
ASK = Choices(master_target="mt1", process_server="ps1", datastore="ds1", retention_drive="/mnt/retention")
OPEN = ("open", "holds", "does_not_hold")
"""Choices of a question that nobody answers; what each does is shown where open rules are (test_requirements)."""
NOT_CHOSEN = {"C02", "C04", "C06", "C08", "C09", "C10", "C11", "C12", "C15", "C16", "C17", "C18", "C19", "C21", "C23"}
"""Conflicts that the project decided one way."""


def vm(**facts: Any) -> Estate:
    return replace(ESTATE, virtual_machines={"web": replace(WEB, **facts)})


def target(**facts: Any) -> Estate:
    return replace(ESTATE, master_targets={"mt1": replace(TARGET, **facts)})


def broken(estate: Estate, ask: Choices, **readings: str) -> set[str]:
    return {found.rule for found in unmet(replace(estate, readings=readings), "web", None, None, ask)}


# Conflict, choice, the rule that it turns, the estate that shows it, what is asked for.
CASES = [
    ("C01", "strict", "R04", vm(snapshots=("before",)), ASK),
    ("C03", "strict", "T05", replace(vm(vcenter="old"), master_targets=target(vcenter="new").master_targets), ASK),
    ("C05", "forbidden", "G07", vm(firmware="efi", agent_version="9.60"), ASK),
    ("C07", "warn_under_1024", "M16", target(retention_drives=(RetentionDrive("/mnt/retention", 700.0),)), ASK),
    ("C13", "azure", "P02", replace(ESTATE, process_servers={"ps1": ProcessServer("ps1", in_azure=False)}), ASK),
    ("C20", "always", "R28", ESTATE, replace(ASK, datastore=None)),
    ("C24", "strict", "F01", vm(replication_health="warning"), ASK),
    ("C22", "master_target", "R28", vm(exists_on_premises=False), replace(ASK, datastore="ds2")),
]
LOOSER = [
    ("C05", "allowed", "G07", vm(firmware="efi", agent_version="9.30"), ASK),
    ("C07", "above_zero", "M16", target(retention_drives=(RetentionDrive("/mnt/retention", 10.0),)), ASK),
    ("C14", "protected", "M03", target(local_disks=60), ASK),
]


def test_every_conflict_is_a_reading() -> None:
    assert [each.id for each in READINGS] == [f"C{n:02}" for n in range(1, 28)]


@pytest.mark.parametrize("each", READINGS, ids=lambda each: each.id)
def test_a_reading_names_rules_of_the_table_and_both_sides(each: Reading) -> None:
    assert all(by_id(rule) is not None for rule in each.rules)
    assert each.sides
    assert each.default == reading(ESTATE, each.id)


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: row.id)
def test_the_source_of_a_rule_names_the_readings_that_concern_it(row: Requirement) -> None:
    assert re.findall(r"\bC\d\d\b", row.source) == [each.id for each in READINGS if row.id in each.rules]


@pytest.mark.parametrize(("conflict", "choice", "rule", "estate", "ask"), CASES)
def test_the_stricter_choice_breaks_its_rule(
    conflict: str, choice: str, rule: str, estate: Estate, ask: Choices
) -> None:
    assert rule not in broken(estate, ask)
    assert rule in broken(estate, ask, **{conflict: choice})


@pytest.mark.parametrize(("conflict", "choice", "rule", "estate", "ask"), LOOSER)
def test_the_looser_choice_lets_it_be(conflict: str, choice: str, rule: str, estate: Estate, ask: Choices) -> None:
    assert rule in broken(estate, ask)
    assert rule not in broken(estate, ask, **{conflict: choice})


@pytest.mark.parametrize(
    ("choice", "words"), [("not_replicated", "is not replicated back"), ("unless_excluded", "comes back too")]
)
def test_what_becomes_of_azures_temporary_disk_is_told_by_the_reading(choice: str, words: str) -> None:
    estate = replace(vm(disks=(Disk(30, temporary_storage=True),)), readings={"C27": choice})
    (told,) = (found for found in unmet(estate, "web", None, None, ASK) if found.rule == "G06")
    assert words in told.message


OTHER_WORDS = {("C27", "unless_excluded")}
"""Choices that change what is said and not whether it is."""


def test_every_choice_is_shown_by_a_case() -> None:
    shown = {(case[0], case[1]) for case in (*CASES, *LOOSER)}
    assert (
        shown
        == {(each.id, choice) for each in READINGS if each.choices != OPEN for choice in each.choices[1:]} - OTHER_WORDS
    )
    assert {each.id for each in READINGS if len(each.choices) == 1} == NOT_CHOSEN


def test_readings_are_written_as_conflict_and_choice() -> None:
    assert parse_readings(["C03=strict", "C07=above_zero"]) == {"C03": "strict", "C07": "above_zero"}


@pytest.mark.parametrize("text", ["C99=strict", "C03=loose", "C03", ""])
def test_a_reading_that_there_is_not_says_what_there_is(text: str) -> None:
    with pytest.raises(UnknownReading, match=r"C03|has no reading"):
        parse_readings([text])


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.id)
def test_the_page_of_rules_names_each_reading_with_its_default_and_its_rules(reading: Reading) -> None:
    rows = requirements_page().partition("\n## Readings\n")[2].partition("\n## ")[0].splitlines()
    (row,) = (line for line in rows if line.startswith(f"| {reading.id} | {reading.subject} | {reading.default} | "))
    assert f" | {', '.join(reading.rules) or 'none'} | " in row


def test_the_page_of_rules_says_what_the_choices_of_an_open_reading_mean() -> None:
    text = requirements_page().partition("\n## Readings\n")[2].partition("\n## ")[0]
    assert "The choices of C25 and C26 mean: `holds`: the rule applies" in text


def test_the_page_of_what_is_not_known_leads_to_the_readings() -> None:
    page = Path(__file__).parents[3] / "docs" / "what-the-simulation-does-not-know.md"
    assert "(rules.md#readings)" in page.read_text(encoding="utf-8")
