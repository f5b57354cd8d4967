"""A pseudonymised copy: no name is left in it, and every finding, leg and order is as before."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from functools import partial
from pathlib import Path
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import pytest

import failback
from failback.adapters.importing.arm_health import NO_CODE
from failback.adapters.importing.records import TroubleKind
from failback.scenarios.checks.command import CheckRequest, run_check
from failback.scenarios.checks.import_tasks import import_tasks
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.estates.document import mismatch_data
from failback.scenarios.estates.mismatch_words import (
    OTHER_ADDRESSES,
    OTHER_DATE,
    OTHER_HARDWARE,
    PERHAPS_STATIC,
    SAME_NAME_IN_VAULT,
    TROUBLES,
    WHOLE,
    plan_lacks,
    protected_otherwise,
)
from failback.scenarios.estates.pseudonyms import Pseudonyms
from failback.scenarios.estates.redact_command import RedactRequest, copy_text, redact_text, run_redact
from failback.scenarios.estates.redacted_fields import FIELDS, Kind
from failback.scenarios.estates.redacted_mismatches import OTHER_MISMATCH
from failback.scenarios.estates.redacted_words import PART_WORDS, WORDS
from failback.scenarios.estates.redacting import redacted_file
from failback.scenarios.estates.remarks import NOT_IN_VCENTER, ONLY_LISTED, Remark
from failback.scenarios.files.loader import adapter_of, library, load_located, load_scenario, resolve
from failback.scenarios.files.schema import Mismatch, ScenarioFile
from failback.scenarios.judging.check import Status
from failback.scenarios.outputs.kinds import MAP_KEY
from failback.scenarios.usage_error import UsageError
from failback.simulator import chance

from . import vault_export
from .mismatch_details import CODES, DETAILS, copied
from .rvtools_export import Dress, Site, Vm, write

KEY: Final = b"a key of the tests"
FEW: Final = (
    "first_drill",
    "first_drill_modernised",
    "replication_group",
    "plan_of_three_groups",
    "machine_and_master_target_from_one_template",
    "master_target_is_newer_than_its_servers",
    "plan_asks_for_a_point_of_yesterday",
    "new_disks_do_not_fit",
    "process_server_in_another_network",
    "appliance_account_may_only_read",
    "snapshot_is_deleted_when_the_operator_says_so",
)
CANARY: Final = "Canary Ltd."
TONIGHT: Final = """
name: tonight
estate:
  link: {bandwidth_mbit_per_s: 500}
  defaults: {virtual_machine: {os: linux, host: esx-01, datastore: gold}}
  virtual_machines:
    - {name: app-01, disks: [{size_gib: 8}], at: failover_committed, powered_on: true}
    - {name: app-02, disks: [{size_gib: 8}], at: failover_committed}
    - {name: app-03, disks: [{size_gib: 8}], at: replicating_to_azure}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 4096}]
  appliances: [{name: appliance-01, host: esx-01, datastore: gold}]
"""


class Copy:
    """A library scenario or estate, its copy, and the way back."""

    def __init__(self, file: str, folder: Path) -> None:
        self.file, self.path = file, folder / "for-others" / "copy.yaml"
        self.path.parent.mkdir()
        run_redact(RedactRequest(file, self.path, folder / "map.json", KEY))
        names = json.loads((folder / "map.json").read_text("utf-8"))[MAP_KEY]
        self.back = {pseudonym: name for name, pseudonym in names.items()}

    def original(self, value: Any) -> Any:
        """A value of the copy with all pseudonyms turned back."""
        if isinstance(value, Mapping):
            return {self.original(key): self.original(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return tuple(self.original(each) for each in value)
        for pseudonym in self.back if isinstance(value, str) else ():
            value = value.replace(pseudonym, self.back[pseudonym])
        return value


@pytest.fixture
def equal_luck(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Chance is drawn by name: with this filled, pseudonyms draw what the names drew."""
    back: dict[str, str] = {}
    digest = chance.Chance._digest

    def named(part: Any) -> Any:
        for pseudonym in back if isinstance(part, str) else ():
            part = part.replace(pseudonym, back[pseudonym])
        return part

    monkeypatch.setattr(chance.Chance, "_digest", lambda self, key: digest(self, tuple(map(named, key))))
    return back


def findings(file: str) -> list[tuple[str, str, str]]:
    report = run_check(CheckRequest(file)).report
    return [(each.status.value, each.requirement.id, each.item) for each in report.of(*Status)]


def story(file: str) -> dict[str, Any]:
    told = failback.play(file).as_json()
    kept = ("verdict", "duration_s", "items", "legs", "checkers", "surprises")
    found = [(each["rule"], each["object"], each["item"], each["at_s"]) for each in told["findings"]]
    return {key: told[key] for key in kept} | {"findings": found}


@pytest.mark.parametrize("name", FEW)
def test_a_copy_of_a_scenario_has_the_same_findings_and_the_same_run(
    name: str, tmp_path: Path, equal_luck: dict[str, str]
) -> None:
    same_outcome(name, tmp_path, equal_luck)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(library().keys() - {*FEW, "five_hundred_machines"}))
def test_a_copy_of_every_other_scenario_has_them_too(name: str, tmp_path: Path, equal_luck: dict[str, str]) -> None:
    same_outcome(name, tmp_path, equal_luck)


def test_a_copy_says_where_a_machine_stands_and_whether_it_is_on_as_the_file_does(tmp_path: Path) -> None:
    """Both have defaults that hang on what else is said: a machine in Azure that is on, on site, runs twice (R32)."""
    story = tmp_path / "tonight.yaml"
    story.write_text(TONIGHT, "utf-8")
    copy = Copy(str(story), tmp_path)
    assert copy.original(findings(str(copy.path))) == tuple(findings(str(story)))
    assert any(status == "before_return" and rule == "R32" for status, rule, _ in findings(str(story)))


def same_outcome(name: str, folder: Path, luck: dict[str, str]) -> None:
    copy = Copy(name, folder)
    assert copy.original(findings(str(copy.path))) == tuple(findings(name))
    before = story(name)
    luck |= copy.back
    after = story(str(copy.path))
    assert copy.original(after) == copy.original(before)


def predicted(file: str) -> Any:
    return failback.predict(file, start="Fri 18:00", by="Mon 06:00", tz="UTC", runs=2)


def test_a_copy_has_the_same_prediction(tmp_path: Path, equal_luck: dict[str, str]) -> None:
    copy = Copy("modernised_replication_group", tmp_path)
    before = predicted("modernised_replication_group")
    equal_luck |= copy.back
    after = predicted(str(copy.path))
    assert copy.original(after.sentence) == before.sentence


def test_an_imported_estate_has_the_same_findings_in_its_copy_and_none_of_its_names(tmp_path: Path) -> None:
    vms = Vm("pay-roll", "vm-1", snapshots=("before audit",)), Vm("acme-db", "vm-2", host="esx-2")
    site = Site(vms, datastores=(("ds-1", "VMFS", 2048, ("esx-1", "esx-2")),))
    book = write(site, tmp_path / "acme-exports", Dress(xlsx=True))
    plain, copy = tmp_path / "estate.yaml", tmp_path / "sent" / "copy.yaml"
    copy.parent.mkdir()
    run_import(ImportRequest((book,), plain, 500, "classic"))
    said = run_import(ImportRequest((book,), copy, 500, "classic", redact=True, map=tmp_path / "map.json"))
    names = json.loads((tmp_path / "map.json").read_text("utf-8"))[MAP_KEY]
    assert [(s, r, names.get(i, i)) for s, r, i in findings(str(plain))] == findings(str(copy))
    text = copy.read_text("utf-8") + said.replace(str(tmp_path), "")
    assert not [word for word in ("pay-roll", "acme", "audit", "esx-", "ds-", book.name) if word in text]


def test_contradictions_that_an_import_recorded_are_in_the_copy_with_pseudonyms(tmp_path: Path) -> None:
    vault = vault_export.write(tmp_path / "vault", vault_export.mock_of("first_drill_modernised"))
    names = tuple(load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    vms = tuple(Vm(name, f"vm-{n}", firmware="efi" if n == 1 else "bios") for n, name in enumerate(names))
    plain = tmp_path / "estate.yaml"
    run_import(ImportRequest((*vault, write(Site(vms[:-1]), tmp_path / "site-2020-01-01")), plain, 500))
    copy = Copy(str(plain), tmp_path)
    old, new = (load_located(file).scenario.mismatches for file in (plain, copy.path))
    assert {one.what for one in old} >= {OTHER_HARDWARE["firmware"].words, NOT_IN_VCENTER.words}
    assert [(one.what, one.kind) for one in new] == [(one.what, one.kind) for one in old]
    assert [copy.original(one.objects) for one in new] == [one.objects for one in old]
    for before, after in zip(old, new, strict=True):
        told = [copy.original(name) for name in after.names]
        assert [unvalued(name) for name in told] == [unvalued(name) for name in before.names]
    (firmware,) = (one for one in new if one.what == OTHER_HARDWARE["firmware"].words)
    assert firmware.names[0].endswith("-machine (vault: bios, vCenter: efi)")
    mine, theirs = (import_tasks(load_located(file).scenario, "x") for file in (plain, copy.path))
    assert mine
    assert [copy.original(task.names) for task in theirs] == [task.names for task in mine]
    text = copy.path.read_text("utf-8")
    assert not [word for word in (*names, "2020-01-01") if word in text]


@pytest.mark.parametrize(
    "what", [*WHOLE, CODES, plan_lacks(3), protected_otherwise("Other")], ids=lambda each: each.words[:40]
)
def test_of_each_mismatch_the_names_go_and_what_an_import_says_stays(what: Remark) -> None:
    """Also where a name ends as if something were said behind it, and another machine has the name before that."""
    machines = ("web", "web (2024)", "web (old) (vault: 8 GiB)")
    detail, wanted = DETAILS.get(what, ("", ""))
    one = adapter_of(Mismatch).validate_python(mismatch_data(what, [(name, detail) for name in machines]))
    copy = copied(one, *machines)
    assert (copy.what, copy.kind) == (one.what, one.kind)
    behind = rf" \({wanted or re.escape(detail)}\)" if detail else ""
    found = [re.fullmatch(rf"(p\d+-machine){behind}", text) for text in copy.names]
    assert len({each[1] for each in found if each}) == len(machines), copy.names


@pytest.mark.parametrize(
    ("name", "detail", "wanted"),
    [
        ("failed jobs", "1,234", r"failed jobs \(1,234\)"),
        ("machines that are not healthy", "2", r"machines that are not healthy \(2\)"),
        ("protected items", "web: silent, 3 affected", r"protected items \(id-\w+, 3 affected\)"),
        ("vault", NO_CODE, rf"vault \({NO_CODE}\)"),
        ("fabric web", "4711", r"fabric p01-machine \(4711\)"),
        ("protection container mapping x", "a b", r"protection container mapping p\d+-name \(id-\w+\)"),
    ],
)
def test_what_has_no_name_is_called_as_before(name: str, detail: str, wanted: str) -> None:
    kind = TroubleKind.COUNTED if detail[0].isdigit() and detail != "4711" else TroubleKind.UNWELL
    one = adapter_of(Mismatch).validate_python(mismatch_data(TROUBLES[kind], [(name, detail)]))
    assert re.fullmatch(wanted, copied(one, "web").names[0])


@pytest.mark.parametrize(
    ("what", "text", "wanted"),
    [
        (PERHAPS_STATIC, "app-01 (10.0.0.4, fe80::1)", r"p\d+-name \(p\d+-address, p\d+-address\)"),
        (
            OTHER_DATE,
            "a.xlsx (name: 2026-06-01, Ann: 2026-06-02)",
            r"p\d+-name \(name: 2026-06-01, contents: 2026-06-02\)",
        ),
        (CODES, "app-01 (4711, 78093)", r"p\d+-name \(4711, 78093\)"),
        (CODES, "app-01 (4711)", r"p\d+-name \(4711\)"),
        (
            OTHER_ADDRESSES,
            "app-01 (vault: 10.0.0.4, vCenter: box)",
            r"p\d+-name \(vault: p\d+-address, vCenter: id-\w+\)",
        ),
        (SAME_NAME_IN_VAULT, "app (old) (an-item)", r"p\d+-machine \(id-\w+\)"),
        (SAME_NAME_IN_VAULT, "app (old)", r"p\d+-machine"),
        (ONLY_LISTED, "app (2024)", r"p\d+-name"),
    ],
)
def test_in_a_file_that_has_no_names_alone_they_are_guessed(what: Remark, text: str, wanted: str) -> None:
    copy = copied(Mismatch(what.words, (text,), what.kind), "app (old)", "app")
    assert re.fullmatch(wanted, copy.names[0])


def unvalued(name: str) -> str:
    return name.partition(" (")[0]


def test_what_somebody_wrote_of_a_mismatch_is_not_in_the_copy(tmp_path: Path) -> None:
    story = tmp_path / "told.yaml"
    sources = "  sources: {mismatches: [{what: Ann of Acme said no, names: ['app-01 (Acme: vault 7)']}]}\n"
    story.write_text(TONIGHT + sources, "utf-8")
    copy = Copy(str(story), tmp_path)
    (one,) = load_scenario(copy.path).mismatches
    assert one.what == OTHER_MISMATCH
    assert "Acme" not in copy.path.read_text("utf-8")
    assert one.names[0].startswith("p")


def test_a_number_in_brackets_may_be_part_of_a_name_and_does_not_stay(tmp_path: Path) -> None:
    story = tmp_path / "told.yaml"
    row = f"{{what: '{ONLY_LISTED.words}', kind: {ONLY_LISTED.kind.value}, names: ['Customer (4711)']}}"
    sources = f"  sources: {{mismatches: [{row}]}}\n"
    story.write_text(TONIGHT + sources, "utf-8")
    assert "4711" not in Copy(str(story), tmp_path).path.read_text("utf-8")


def test_a_file_without_kinds_keeps_the_pseudonym_of_a_machine_before_its_address(tmp_path: Path) -> None:
    story = tmp_path / "told.yaml"
    sources = f"  sources: {{mismatches: [{{what: '{PERHAPS_STATIC.words}', names: ['app-01 (10.0.0.4)']}}]}}\n"
    story.write_text(TONIGHT + sources, "utf-8")
    scenario = load_scenario(Copy(str(story), tmp_path).path)
    assert scenario.mismatches[0].names[0].partition(" (")[0] in scenario.estate.virtual_machines


def test_two_copies_of_one_estate_have_other_ids(tmp_path: Path) -> None:
    texts = set()
    for n in range(2):
        out = tmp_path / f"{n}.yaml"
        run_redact(RedactRequest("machine_and_master_target_from_one_template", out))
        texts.add(out.read_text("utf-8"))
    assert len(texts) == 2


@pytest.mark.parametrize("place", ["map.json", "copy.yaml", "kept/map.json", "../sent/map.json", "link/map.json"])
@pytest.mark.parametrize("by_import", [True, False])
def test_a_map_in_the_folder_of_the_copy_is_refused(tmp_path: Path, place: str, *, by_import: bool) -> None:
    folder = tmp_path / "sent"
    (folder / "kept").mkdir(parents=True)
    (folder / "link").symlink_to(folder)
    request = RedactRequest("one_vm", folder / "copy.yaml", folder / place)
    write_copy = partial(redact_text, "") if by_import else run_redact
    with pytest.raises(UsageError) as refused:
        write_copy(request)
    assert "Write the map outside it" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert [each.name for each in folder.rglob("*") if each.is_file()] == []


def test_pseudonyms_sort_as_the_names_did(tmp_path: Path) -> None:
    back = Copy("first_drill", tmp_path).back
    assert [back[pseudonym] for pseudonym in sorted(back)] == sorted(back.values())


# No text is forgotten


def held(hint: Any) -> Iterator[Any]:
    """The types in a hint."""
    yield hint
    for each in get_args(hint):
        yield from held(each)


def shapes(shape: Any, seen: dict[str, Any]) -> dict[str, Any]:
    if shape.__name__ not in seen:
        seen[shape.__name__] = shape
        for hint in get_type_hints(shape).values():
            for each in held(hint):
                if is_dataclass(each):
                    shapes(each, seen)
    return seen


SHAPES: Final = shapes(ScenarioFile, {})


@pytest.mark.parametrize("name", SHAPES)
def test_the_table_says_what_becomes_of_each_text(name: str) -> None:
    hints = get_type_hints(SHAPES[name])
    texts = {field for field, hint in hints.items() if str in held(hint) and not field.startswith("__")}
    lists = {"checks"}  # a whole list that is dropped
    assert FIELDS.get(name, {}).keys() - lists == texts


def filled(hint: Any, count: list[int]) -> Any:
    """A value of this type with a canary in each text."""
    options = [each for each in get_args(hint) if each is not type(None)]
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        wanted = next((each for each in options if each is str or get_origin(each)), options[0])
        return filled(wanted, count)
    if origin is tuple:
        return (filled(options[0], count),)
    if origin is not None:
        return {filled(options[0], count): filled(options[1], count)}
    if hint is str or hint is Any:
        count[0] += 1
        return f"{CANARY} {count[0]}"
    if is_dataclass(hint) and isinstance(hint, type):
        return whole(hint, count)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    return hint(2026, 1, 1) if hint is datetime else hint(1)


def whole(shape: Any, count: list[int]) -> Any:
    hints = get_type_hints(shape)
    given = {}
    for each in fields(shape):
        hint = hints[each.name]
        texts = any(part is str or part is Any or is_dataclass(part) for part in held(hint))
        if texts or each.default is MISSING:
            given[each.name] = filled(hint, count)
    return shape(**given)


def test_a_canary_in_each_text_of_the_schema_is_gone_from_the_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    for shape in SHAPES.values():  # values need not make sense here
        if hasattr(shape, "__post_init__"):
            monkeypatch.setattr(shape, "__post_init__", lambda _: None)
    count = [0]
    file = replace(whole(ScenarioFile, count), name=CANARY)
    pseudonyms = Pseudonyms.new(KEY)
    text = copy_text(redacted_file(file, pseudonyms), is_scenario=True)
    assert count[0] > 100
    assert "Canary" not in text
    assert "Ltd" not in text


@pytest.mark.parametrize("name", SHAPES)
def test_each_name_has_a_word_that_says_what_has_it(name: str) -> None:
    named = {field for field, kinds in FIELDS.get(name, {}).items() if NAMING & {*flat(kinds)}}
    assert named - {"name", "vsphere_name"} <= WORDS.keys()
    assert "name" not in named or name in PART_WORDS
    words = {*WORDS.values(), *PART_WORDS.values()}
    assert {word for word in words if word.endswith("s")} == {"address"}, "one thing has one name"


def flat(kinds: Any) -> Iterator[Any]:
    for each in kinds if isinstance(kinds, tuple) else (kinds,):
        yield from flat(each) if isinstance(each, tuple) else (each,)


NAMING: Final = {Kind.NAME, Kind.RULE, Kind.ACCOUNT, Kind.DRIVE}


def test_a_server_has_its_own_word_wherever_it_is_named(tmp_path: Path) -> None:
    back = Copy("first_drill", tmp_path).back
    words = {name: pseudonym.partition("-")[2] for pseudonym, name in back.items()}
    estate = load_scenario(resolve("first_drill")).estate
    for section, word in (("master_targets", "master-target"), ("process_servers", "process-server")):
        assert {words[name] for name in getattr(estate, section)} == {word}


def test_a_renamed_part_has_its_own_word_in_the_name_that_vsphere_has_for_it(tmp_path: Path) -> None:
    text = (
        resolve("one_vm").read_text("utf-8").replace("- name: app-01\n", "- name: app-01\n      vsphere_name: app\n", 1)
    )
    text = re.sub(r"(datastores:\n\s+- \{?name: [\w-]+)", r"\1, vsphere_name: ds", text)
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    run_redact(RedactRequest(str(tmp_path / "s.yaml"), tmp_path / "copy.yaml"))
    estate = load_scenario(tmp_path / "copy.yaml").estate
    [machine], [store] = estate.virtual_machines.values(), estate.datastores.values()
    assert machine.vsphere_name.endswith("-machine")
    assert str(store.vsphere_name).endswith("-datastore")
