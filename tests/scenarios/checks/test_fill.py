"""Open facts as a file: it has every key that a finding names, merges back, and answers are never lost."""

import shutil
from pathlib import Path

import pytest
import yaml

from failback.reprotect import GENERIC
from failback.scenarios.checks.command import CheckRequest, run_check, write_fill
from failback.scenarios.checks.fill import MARK, fill_text
from failback.scenarios.checks.told import told_causes
from failback.scenarios.files.loader import library, load_estate
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outputs.refusal import CannotWrite

ESTATE = """\
link: {bandwidth_mbit_per_s: 500}
facts: open.yaml
virtual_machines:
  - {name: "web-{n}", count: 3, os: linux, architecture: classic, host: esx, datastore: gold,
     disks: [{size_gib: 40}, {size_gib: 50, name: data}]}
hosts: [{name: esx, datastores: [gold]}]
datastores: [{name: gold}]
configuration_servers: [{name: cs}]
process_servers: [{name: ps}]
master_targets: [{name: "m:t # 1", os: linux, host: esx, datastore: gold, retention_drives: [{name: /mnt/retention}]}]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "estate.yaml"
    path.write_text(ESTATE, encoding="utf-8")
    (tmp_path / "open.yaml").write_text("hosts: []\n", encoding="utf-8")
    return path


def keys(text: str) -> set[tuple[str, str]]:
    data = yaml.safe_load(text) or {}
    return {(section, part["name"]) for section, parts in data.items() for part in parts}


@pytest.mark.parametrize("name", ["first_drill", "one_vm", "one_modernised_vm"])
def test_what_is_not_answered_changes_nothing_and_every_open_fact_is_there(name: str, tmp_path: Path) -> None:
    report = run_check(CheckRequest(name)).report
    text = fill_text(report)
    asked = {
        (fact.section, fact.name)
        for each in told_causes(report)
        for fact in each.facts
        if each.cause.status == "unknown"
    }
    assert asked <= keys(text)
    shutil.copy(library()[name], tmp_path / "story.yaml")
    source = (tmp_path / "story.yaml").read_text("utf-8").replace("\nestate:\n", "\nestate:\n  facts: open.yaml\n", 1)
    (tmp_path / "story.yaml").write_text(source, encoding="utf-8")
    (tmp_path / "open.yaml").write_text(text, encoding="utf-8")
    assert load_estate(tmp_path / "story.yaml") == load_estate(library()[name])


def test_each_object_of_a_finding_is_asked_about() -> None:
    """Also where the rule reads keys of the object at fault alone."""
    report = run_check(CheckRequest("group_uses_two_master_targets")).report
    assert ("master_targets", "mt-linux-2") in keys(fill_text(report))


def test_a_hint_has_the_names_and_the_command_of_its_own_object() -> None:
    """A finding is about several machines; the first need not have the system or the disks of the others."""
    text = fill_text(run_check(CheckRequest("first_drill_modernised")).report)
    assert not [name for name in ("owner", "own_host", "disk_sizes", "appliance") if GENERIC[name] in text]
    assert "> web-01 > Run command > RunShellScript" in text
    assert "> web-01-win > Run command > RunPowerShellScript" in text
    assert "> web-01-win > Run command > RunShellScript" not in text
    assert "of Disk1 (300 GiB) the Uuid" in fill_text(run_check(CheckRequest("first_drill")).report)


def test_an_answer_closes_its_question(file: Path) -> None:
    text = fill_text(run_check(CheckRequest(str(file))).report)
    assert text.startswith(MARK)
    assert "filesystem: unknown" in text
    answered = text.replace("filesystem: unknown", "filesystem: ext4").replace("moved: unknown", "moved: false")
    (file.parent / "open.yaml").write_text(answered, encoding="utf-8")
    rules = {f.rule for item in run_check(CheckRequest(str(file))).report.items for f in item.findings if f.gaps}
    assert not {"M08", "R17"} & rules
    assert "R18" in rules
    again = fill_text(run_check(CheckRequest(str(file))).report)
    assert "filesystem" not in again
    assert "moved" not in again


def test_a_file_with_answers_is_never_replaced(file: Path, tmp_path: Path) -> None:
    done, out = run_check(CheckRequest(str(file))), tmp_path / "new.yaml"
    write_fill(done, out)
    write_fill(done, out)
    answered = out.read_text("utf-8").replace("filesystem: unknown", "filesystem: ext4")
    out.write_text(answered, encoding="utf-8")
    with pytest.raises(CannotWrite, match="without an answer"):
        write_fill(done, out)
    assert out.read_text("utf-8") == answered


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("hosts: [{name: esx-9, edition: free}]\n", ("esx-9", "expected the name of one of the estate's hosts")),
        ("servers: []\n", ("servers", "expected one of virtual_machines")),
        ("- a\n", ("expected sections",)),
        ("hosts: [esx]\n", ("expected the name",)),
        ("hosts: [{name: esx, edition: 7}]\n", ("edition",)),
        ("hosts: [{name: esx, editio: free}]\n", ("editio", "edition")),
        ("hosts: [{name: esx", ("open.yaml",)),
    ],
)
def test_answers_that_cannot_be_laid_over_are_told_in_a_paragraph(
    file: Path, content: str, words: tuple[str, ...]
) -> None:
    (file.parent / "open.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        load_estate(file)
    assert all(word in str(refused.value) for word in words), refused.value


def test_a_facts_file_that_is_not_there_or_is_no_path_is_told(file: Path) -> None:
    (file.parent / "open.yaml").unlink()
    with pytest.raises(BadInput, match=r"open\.yaml"):
        load_estate(file)
    file.write_text(ESTATE.replace("facts: open.yaml", "facts: 7"), encoding="utf-8")
    with pytest.raises(BadInput, match="expected the path of a file"):
        load_estate(file)
