"""The runbook as people get it: a page, Markdown, a sheet."""

import csv
import html
import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from failback.reprotect import (
    LIFECYCLE,
    LOG_STORAGE_ACCOUNT,
    REMADE,
    REQUIREMENTS,
    Architecture,
    ConfigurationServer,
    Gate,
    Operation,
    Wave,
)
from failback.scenarios.files.applications import Application, ApplicationCheck, CheckKind
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import ManualStep, SourceFile
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.outputs.workbook import LINE_HEIGHT_PT, WIDTH_MAX, WIDTH_TO_FILL
from failback.scenarios.predictions.times_assume import times_assume
from failback.scenarios.runbooks.command import run_runbook, texts
from failback.scenarios.runbooks.leg_guide import FIELD_WORDS, GUIDE
from failback.scenarios.runbooks.met_rules import facts_of_words
from failback.scenarios.runbooks.night_plan import night_plan
from failback.scenarios.runbooks.planned_requests import HOMEWARD
from failback.scenarios.runbooks.rows import HEADS, ON_SITE_STEP, TO_FILL, moment_words
from failback.scenarios.runbooks.runbook import Section, plan_hash, rules_before, runbook
from failback.scenarios.runbooks.scripts import ScriptKind, scripts
from failback.scenarios.runbooks.sheets import write_runbook_workbook
from failback.scenarios.runbooks.whole_names import whole_names
from failback.scenarios.text.spreadsheet_cells import BOM, cell
from failback.scenarios.usage_error import UsageError
from failback.simulator import Duration


def made(name: str, **changes: object) -> dict[str, str]:
    scenario = load_scenario(resolve(name))
    return texts(runbook(replace(scenario, **changes), 2))  # type: ignore[arg-type]  # fields of the scenario


def test_every_leg_of_both_architectures_has_words() -> None:
    assert set(GUIDE) == {(kind, leg) for kind in Architecture for leg in HOMEWARD}


def test_what_the_words_say_of_a_cancel_is_what_the_lifecycle_allows() -> None:
    cancels = {row.architecture for row in LIFECYCLE if row.operation is Operation.CANCEL_FAILBACK}
    for kind in Architecture:
        assert GUIDE[kind, Operation.FAILBACK].undo.startswith("Until Commit" if kind in cancels else "Never")


def test_the_sheet_has_a_row_for_each_request_and_columns_for_the_night() -> None:
    text = made("first_drill")["steps.csv"]
    assert text.startswith(BOM)
    every = list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))
    rows = [row for row in every if row["step"] != ON_SITE_STEP]
    assert list(rows[0]) == [*HEADS, *TO_FILL]
    assert [row["step"] for row in rows] == [str(n) for n in range(1, len(rows) + 1)]
    first = rows[0]
    assert "Master target server: mt-" in first["values to enter"]
    assert "Retention drive: " in first["values to enter"]
    assert all(row[column] == "" for row in rows for column in TO_FILL)


@pytest.mark.parametrize("begins", ["=cmd|'/c calc'!A1", "+1", "-1", "@x", "\t=1"])
def test_no_cell_is_a_formula(begins: str) -> None:
    assert cell(begins)[0] not in "=+-@\t"


@pytest.mark.parametrize(("name", "field"), [("one_modernised_vm", "Cache storage account"), ("one_vm", "Account")])
def test_what_nobody_told_is_to_be_chosen_and_no_name_of_the_simulation_is_printed(name: str, field: str) -> None:
    found = runbook(load_scenario(resolve(name)), 1)
    files = texts(found) | dict(scripts(found, ScriptKind.AZ)) | dict(scripts(found, ScriptKind.PS1))
    for taken in (LOG_STORAGE_ACCOUNT, *ConfigurationServer("cs").accounts):
        assert not [file for file, text in files.items() if taken in text]
    for file in ("runbook.html", "runbook.md"):
        assert f"{field} is to be chosen" in files[file].replace("<b>", "")
    assert f"{field}: to be chosen" in files["steps.csv"]


def test_names_are_text_in_the_page() -> None:
    page = made("one_modernised_vm", title="<script>alert(1)</script>")["runbook.html"]
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_says_who_decides_at_a_gate_and_that_times_are_simulated() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    gate = Gate("approved", Operation.FAILBACK, "Does the owner agree?")
    found = texts(runbook(replace(scenario, plan=replace(scenario.plan, gates=(gate,))), 2))
    for text in (found["runbook.html"], found["runbook.md"]):
        assert "Does the owner agree?" in text
        assert "simulated" in text


@pytest.mark.parametrize("name", ["one_vm", "first_drill_modernised"])
def test_a_table_in_markdown_has_no_blank_line_in_it(name: str) -> None:
    lines = made(name)["runbook.md"].splitlines()
    rows = [n for n, line in enumerate(lines) if line.startswith("|")]
    heads = [n for n in rows if not lines[n - 1].startswith("|")]
    assert len(heads) > 2
    assert all(set(lines[n + 1]) == {"|", " ", "-"} for n in heads)
    assert all(lines[n].count("|") == lines[n - 1].count("|") for n in rows if n not in heads)


def test_what_blocks_is_at_the_top_with_who_must_act() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    machine = replace(scenario.estate.virtual_machines["app-01"], target="hyper-v")
    estate = replace(scenario.estate, virtual_machines={"app-01": machine})
    head = made("one_modernised_vm", estate=estate)["runbook.md"].split("## Wave")[0]
    assert "**R15**" in head
    assert "Machines: app-01" in head


def test_the_hash_follows_the_plan_and_not_the_facts() -> None:
    scenario = load_scenario(resolve("first_drill"))
    assert plan_hash(scenario) == plan_hash(replace(scenario, title="another"))
    assert plan_hash(scenario) != plan_hash(replace(scenario, plan=replace(scenario.plan, recovery_plans=())))


def test_the_rules_before_a_leg_are_those_that_can_stop_it() -> None:
    classic = {row.id for row in rules_before(Operation.REPROTECT_TO_ON_PREMISES, (Architecture.CLASSIC,))}
    modernised = {row.id for row in rules_before(Operation.REPROTECT_TO_ON_PREMISES, (Architecture.MODERNISED,))}
    assert "R04" in classic - modernised
    assert "A01" in modernised - classic


def test_every_value_of_a_request_has_a_word_of_the_dialog() -> None:
    scenario = load_scenario(resolve("both_architectures_side_by_side"))
    requests = runbook(scenario, 1).requests
    assert {name for request in requests for name in request.choices} <= set(FIELD_WORDS)


def test_the_command_writes_three_files_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_runbook("one_vm", 1, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} - {".gitignore"} == {
        "runbook.html",
        "runbook.md",
        "steps.csv",
    }
    assert "(simulated; times in UTC)" in capsys.readouterr().out
    with pytest.raises(UsageError, match="--runs is 0"):
        run_runbook("one_vm", 0, tmp_path / "other")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("a", "a"),
        ("web-01", '<span class="whole">web-01</span>'),
        ("web-01 to web-03, b", '<span class="whole">web-01</span> to <span class="whole">web-03,</span> b'),
        ("<b-1>", '<span class="whole">&lt;b-1&gt;</span>'),
    ],
)
def test_a_name_is_not_broken_at_its_hyphen(text: str, page: str) -> None:
    assert whole_names(text) == page


def test_a_wave_is_called_a_wave_once() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    plan = replace(scenario.plan, waves=(Wave("wave-1", ("app-01",)),))
    for text in (made("one_modernised_vm", plan=plan)[file] for file in ("runbook.html", "runbook.md")):
        assert "Wave-1: Failback" in text
    assert "Wave all: Failback" in made("one_modernised_vm")["runbook.md"]


def test_the_same_scenario_gives_the_same_bytes() -> None:
    assert made("first_drill") == made("first_drill")


def test_the_owner_has_a_page_with_telephone_and_checks() -> None:
    check = ApplicationCheck(CheckKind.TCP, "db-01:5432")
    shop = Application("shop", ("app-01",), owner="Ann <script>", phone="+49 1", checks=(check,))
    found = made("one_modernised_vm", applications=(shop,))
    for text in (found["runbook.html"], found["runbook.md"]):
        assert "shop" in text
        assert "+49 1" in text
        assert "db-01:5432" in text
    assert "<script" not in found["runbook.html"]


def test_the_workbook_has_the_steps_of_the_csv_and_runs_no_formula(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("first_drill"))
    first = next(iter(scenario.estate.virtual_machines))
    owned = Application("=shop", (first,), checks=(ApplicationCheck(CheckKind.TCP, "web-1:443"),))
    found = runbook(replace(scenario, applications=(owned,)), 2)
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    book = openpyxl.load_workbook(tmp_path / "runbook.xlsx")
    cells = {sheet.title: [[cell.value or "" for cell in row] for row in sheet.iter_rows()] for sheet in book}
    assert cells["steps"] == list(csv.reader(io.StringIO(texts(found)["steps.csv"].removeprefix(BOM))))
    assert {row[5] for row in cells["applications"][1:]} == set(scenario.estate.virtual_machines)
    (owned_row,) = (row for row in cells["applications"] if row[0] == "=shop")
    assert "TCP web-1:443" in owned_row
    assert [row[0] for row in cells["network"][1:]] == list(scenario.estate.virtual_machines)
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_workbook_prints_landscape_with_its_heads_on_every_page(tmp_path: Path) -> None:
    write_runbook_workbook(runbook(load_scenario(resolve("first_drill")), 1), tmp_path / "runbook.xlsx")
    sheets: list[Any] = list(openpyxl.load_workbook(tmp_path / "runbook.xlsx"))
    for sheet in sheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.print_title_cols == "$A:$D") == (sheet.page_setup.fitToWidth > 1)
        assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)
        assert sheet.print_options.gridLines


def test_a_row_of_the_workbook_is_as_high_as_its_longest_text_needs(tmp_path: Path) -> None:
    """Not every program measures wrapped text when it opens or prints a file."""
    write_runbook_workbook(runbook(load_scenario(resolve("first_drill")), 1), tmp_path / "runbook.xlsx")
    sheet: Any = openpyxl.load_workbook(tmp_path / "runbook.xlsx")["steps"]
    widths = [sheet.column_dimensions[cell.column_letter].width for cell in sheet[1]]
    assert max(len(str(cell.value or "")) for row in sheet.iter_rows() for cell in row) > WIDTH_MAX
    for row in sheet.iter_rows():
        lines = max(len(str(cell.value or "")) / width for cell, width in zip(row, widths, strict=True))
        assert sheet.row_dimensions[row[0].row].height >= LINE_HEIGHT_PT * lines
    assert min(widths[-len(TO_FILL) :]) >= WIDTH_TO_FILL


def test_a_number_of_a_telephone_is_text_in_the_workbook_as_it_was_written(tmp_path: Path) -> None:
    scenario = load_scenario(resolve("one_vm"))
    owned = Application("shop", ("app-01",), owner="Ann", phone="+49 89 1")
    write_runbook_workbook(runbook(replace(scenario, applications=(owned,)), 1), tmp_path / "runbook.xlsx")
    (_, row) = openpyxl.load_workbook(tmp_path / "runbook.xlsx")["applications"].iter_rows()
    assert (row[3].value, row[3].data_type, row[3].quotePrefix) == ("+49 89 1", "s", True)


def test_of_several_accounts_none_is_taken_for_granted() -> None:
    scenario = load_scenario(resolve("one_vm"))
    (name, server), *_ = scenario.estate.configuration_servers.items()
    several = {name: replace(server, accounts=("win-admin", "root"))}
    found = made("one_vm", estate=replace(scenario.estate, configuration_servers=several))
    assert "Account is to be chosen" in found["runbook.md"]
    named = {name: replace(server, accounts=("for-windows", "for-linux"))}
    found = made("one_vm", estate=replace(scenario.estate, configuration_servers=named))
    assert "Account is to be chosen" not in found["runbook.md"]
    assert "for-linux" in found["runbook.md"]


@pytest.mark.parametrize("name", ["one_vm", "one_modernised_vm"])
def test_each_reprotect_says_what_to_do_about_the_policy(name: str) -> None:
    found = made(name)
    for text in (found["runbook.html"], found["runbook.md"]):
        assert text.count("leave the failback policy") == text.count("leave the replication policy") == 1


def test_servers_within_a_configuration_server_have_their_name_in_the_vault() -> None:
    """An import gives each part a name of its own; dialogs and scripts know only the one of the vault."""
    scenario = load_scenario(resolve("one_vm"))
    (target,), (server,) = scenario.estate.master_targets.values(), scenario.estate.process_servers.values()
    estate = replace(
        scenario.estate,
        master_targets={"target": replace(target, name="target", vault_name="cs-01")},
        process_servers={"cs-01-process-server": replace(server, name="cs-01-process-server")},
    )
    found = runbook(replace(scenario, estate=estate), 1)
    first = found.requests[0].choices
    assert (first["master_target"], first["process_server"]) == ("cs-01", "cs-01-process-server"), "no name is guessed"
    list_ = csv.DictReader(io.StringIO(scripts(found, ScriptKind.AZ)["wave-1.csv"]))
    assert {row["master target"] for row in list_} == {"cs-01", ""}
    assert "Master target server: cs-01;" in texts(found)["steps.csv"]


@pytest.mark.parametrize("name", ["one_vm", "one_modernised_vm"])
def test_a_datastore_has_the_name_that_vsphere_shows(name: str) -> None:
    scenario = load_scenario(resolve(name))
    (store,) = scenario.estate.datastores.values()
    estate = replace(scenario.estate, datastores={store.name: replace(store, vsphere_name="datastore1")})
    found = runbook(replace(scenario, estate=estate), 1)
    assert {request.choices["datastore"] for request in found.requests if "datastore" in request.choices} == {
        "datastore1"
    }


@pytest.mark.parametrize("name", ["one_vm", "one_modernised_vm"])
def test_the_sheets_say_what_to_do_about_the_policy(name: str, tmp_path: Path) -> None:
    found = runbook(load_scenario(resolve(name)), 1)
    rows = list(csv.DictReader(io.StringIO(texts(found)["steps.csv"].removeprefix(BOM))))
    assert [row["policy"].split(" policy")[0] for row in rows if row["policy"]] == [
        "leave the failback",
        "leave the replication",
    ]
    write_runbook_workbook(found, tmp_path / "runbook.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "runbook.xlsx")["steps"]
    column = HEADS.index("policy")
    assert [row[column].value or "" for row in sheet.iter_rows(min_row=2)] == [row["policy"] for row in rows]


def test_what_the_check_found_met_is_one_line_and_only_the_rest_has_boxes() -> None:
    scenario = load_scenario(resolve("one_vm"))
    found = runbook(scenario, 1)
    (first, *_) = (one for one in found.sections if one.operation is Operation.REPROTECT_TO_ON_PREMISES)
    open_ids = {rule.id for rule in first.rules} - {rule.id for rule in first.met}
    assert open_ids
    assert len(open_ids) * 2 < len(first.rules)
    ahead = {row.id for row in REQUIREMENTS if row.of_target} | {rule for row in REMADE for rule in row.rules}
    assert open_ids - ahead <= {finding.rule for finding in check_estate(scenario.estate, scenario.plan).of(*Status)}
    for text in (texts(found)["runbook.html"], texts(found)["runbook.md"]):
        _, _, section = text.partition("Re-protect home" if "Re-protect home" in text else "Wave")
        assert "Met in the check" in section
    page = texts(found)["runbook.md"].partition("## Wave")[2].partition("\n## ")[0]
    assert all(f"- [ ] **{rule.id}** {rule.title}" not in page for rule in first.met if rule.id not in open_ids)


def test_a_rule_with_a_finding_is_not_called_met_and_the_line_names_the_days_of_the_facts() -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    machine = replace(scenario.estate.virtual_machines["app-01"], target="hyper-v")
    worse = replace(scenario, estate=replace(scenario.estate, virtual_machines={"app-01": machine}))
    met = {rule.id for one in runbook(scenario, 1).sections for rule in one.met}
    assert "R15" in met
    assert "R15" not in {rule.id for one in runbook(worse, 1).sections for rule in one.met}
    assert "R33" not in met, "it is no replication target yet"
    files = (SourceFile("a.xlsx", dated="2026-06-01"), SourceFile("b.json", dated="2026-06-03T10:00"), SourceFile("c"))
    assert facts_of_words(replace(scenario, estate_files=files)) == "facts of 2026-06-01 to 2026-06-03"


@pytest.mark.parametrize(
    ("story", "status", "heading"),
    [
        ("appliance_has_forbidden_software", Status.ADVICE, "Before the return"),
        ("added_disk_stays_behind", Status.BEFORE_RETURN, "Before the return"),
    ],
)
def test_what_stops_nothing_stands_in_the_runbook_too(story: str, status: Status, heading: str) -> None:
    scenario = load_scenario(resolve(story))
    rules = {finding.rule for finding in check_estate(scenario.estate, scenario.plan).of(status)}
    told = texts(runbook(scenario, 2))
    part = told["runbook.md"].partition(f"## {heading}\n")[2].partition("\n## ")[0]
    page = told["runbook.html"].partition(f"<h2>{heading}</h2>")[2].partition("<h2>")[0]
    assert rules
    assert rules <= set(re.findall(r"\*\*(\w+)\*\*", part))
    assert rules <= set(re.findall(r'<td class="name number">(\w+)</td>', page))


def test_an_application_whose_machines_come_home_one_by_one_is_told_to_its_owner() -> None:
    told = made("seed_ahead", applications=(Application("shop", ("sql-02", "web-01")),))
    for page in ("runbook.md", "runbook.html"):
        owners = told[page].replace("<b>", "").replace("</b>", "").partition("For the owner")[2]
        assert owners.count("In parts: From ") == owners.count("others in Azure") == 1
    alone = made("one_vm", applications=(Application("a", ("app-01",)),))
    assert "In parts" not in alone["runbook.md"]


@pytest.mark.parametrize(("seconds", "leaves"), [(0.0, "no time"), (900.0, "at least 15 min")])
def test_the_time_for_a_check_before_the_commit_is_told(seconds: float, leaves: str) -> None:
    scenario = load_scenario(resolve("one_modernised_vm"))
    steps = () if not seconds else (ManualStep("look", Duration(fixed_s=seconds)),)
    home = replace(scenario.homecoming, manual_steps=steps)
    assert f"The plan leaves {leaves} for that" in made("one_modernised_vm", homecoming=home)["runbook.md"]


def test_the_night_is_one_table_in_order_of_time_with_every_step_once() -> None:
    """Waves overlap: one begins its way home while the one before it is still protected again."""
    scenario = load_scenario(resolve("first_drill"))
    names = tuple(scenario.estate.virtual_machines)
    waves = (Wave("first", names[:4]), Wave("second", names[4:]))
    found = runbook(replace(scenario, plan=replace(scenario.plan, waves=waves, recovery_plans=())), 2)
    rows = [row for row in night_plan(found) if not row.leg.startswith(ON_SITE_STEP)]
    assert len(rows) == len(found.sections)
    numbers = [int(n) for row in rows for n in _numbers(row.steps)]
    assert sorted(numbers) == [request.number for request in found.requests]
    firsts = [int(_numbers(row.steps)[0]) for row in rows]
    assert firsts == sorted(firsts)
    begun = {section.wave + section.operation.value: min(_begins(section)) for section in found.sections}
    assert [row.begins for row in rows] == [moment_words(found, at) for at in sorted(begun.values())]
    page, text = texts(found)["runbook.html"], texts(found)["runbook.md"]
    assert page.index("All waves in chronological order") < page.index("Wave first: ")
    assert "| begins | ends | late after |" in text


@pytest.mark.parametrize("name", ["first_drill", "first_drill_modernised", "seed_ahead"])
def test_people_read_of_the_return_and_not_of_a_night_since_it_can_take_days(name: str) -> None:
    for text in made(name, title="").values():
        assert "night" not in text.casefold()


def _numbers(text: str) -> list[str]:
    found = []
    for piece in text.split(", "):
        first, _, last = piece.partition(" to ")
        found += [str(n) for n in range(int(first), int(last or first) + 1)]
    return found


def _begins(section: Section) -> list[float]:
    return [request.begins.middle_s for request in section.requests if request.begins]


def test_the_page_has_no_backtick_and_the_path_stands_beside_each_step() -> None:
    shop = Application("shop", ("app-01",), owner="Ann", phone="+49 30 5550-1120")
    page = made("one_vm", applications=(shop,))["runbook.html"]
    assert "`" not in page
    assert page.count('<div class="path">Recovery Services vault') == page.count('<td class="number">1</td>') * 4
    assert "&gt; app-01 &gt; Re-protect</div>" in page
    assert '<span class="phone">+49 30 5550-1120</span>' in page
    assert re.search(r"\.phone \{ white-space: nowrap; \}", page)


def test_the_rules_met_have_words_where_they_are_named_first() -> None:
    scenario = load_scenario(resolve("first_drill_modernised"))
    names = tuple(scenario.estate.virtual_machines)
    waves = (Wave("first", names[:4]), Wave("second", names[4:]))
    text = made("first_drill_modernised", plan=replace(scenario.plan, waves=waves, recovery_plans=()))["runbook.md"]
    met = [line for line in text.splitlines() if line.startswith("- Met in the check")]
    assert "R06 one operating system family in a replication group; R07 " in " ".join(met)
    assert any(re.search(r"the rules named in Wave first\.", line) for line in met)


def test_a_heading_stays_with_what_follows_it_on_paper() -> None:
    page = made("one_vm")["runbook.html"]
    printed = page.partition("@media print")[2].partition("@page")[0]
    assert "h2, h3, summary { break-after: avoid; }" in printed
    assert ".head { break-after: avoid; }" in printed


def test_what_the_times_rest_on_stands_beside_them_on_the_first_page_and_on_each_owners() -> None:
    """An owner is handed one page, and agrees to a downtime on it."""
    scenario = replace(
        load_scenario(resolve("first_drill_modernised")), applications=(Application("shop", ("web-01",)),)
    )
    found, assumed = runbook(scenario, 1), times_assume(scenario).partition(" None of this")[0]
    pages = 1 + len(found.applications)
    for name in ("runbook.html", "runbook.md"):
        text = html.unescape(texts(found)[name]).replace("\\", "").replace("**", "")
        assert text.count(assumed) == pages > 2, name


@pytest.mark.parametrize("name", ["one_vm", "seed_ahead"])
def test_no_attribute_of_the_page_has_an_escaped_quote(name: str) -> None:
    page = made(name)["runbook.html"]
    assert not re.findall(r"<[^>]*=&#34;[^>]*>", page)
    assert '<details class="short">' in page
