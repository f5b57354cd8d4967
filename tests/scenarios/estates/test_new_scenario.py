"""A new scenario: waves by applications and slots, a file that loads, and bad lists said in one paragraph."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from failback.reprotect import DISKS_MAX, Estate, Operation, Wave
from failback.scenarios.estates.command import ImportRequest, run_import
from failback.scenarios.estates.new_request import NewRequest
from failback.scenarios.estates.new_scenario import run_new
from failback.scenarios.estates.plan_doubts import expected_runs, plan_doubts
from failback.scenarios.estates.planned_waves import planned_waves
from failback.scenarios.estates.wave_order import DependencyCircle
from failback.scenarios.files.applications import Application
from failback.scenarios.files.loader import load_estate, load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.judging.check import Status, check_estate
from failback.scenarios.outcomes.answers import down_in
from failback.scenarios.outcomes.application_downtime import application_downtime
from failback.scenarios.outcomes.planned_runs import RUNS
from failback.scenarios.outputs.refusal import CannotWrite
from failback.scenarios.run.player import play
from failback.scenarios.runbooks.application_rows import application_rows
from failback.scenarios.runbooks.night_calls import night_words
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.text.local_time import after
from failback.scenarios.text.plain_words import h_min
from failback.scenarios.usage_error import UsageError

from . import vault_export
from .rvtools_export import Dress, Site, Vm, write

ESTATE = """\
link: {bandwidth_mbit_per_s: 500}
hosts: [{name: esx-01, datastores: [gold]}]
datastores: [{name: gold, capacity_gib: 4000}]
appliances: [{name: box, host: esx-01, datastore: gold}]
defaults:
  virtual_machine: {os: linux, host: esx-01, datastore: gold, disks: [{size_gib: 20}]}
recovery_plans: [{name: databases, groups: [[db-1, db-2]]}]
virtual_machines:
  - {name: web-1}
  - {name: web-2, tier: front}
  - {name: db-1, replication_group: pg}
  - {name: db-2, replication_group: pg}
  - {name: spare}
"""
LIST = """\
Machine,Application,Tier,Depends on,Owner,Phone,Allowed downtime,Checks
web-1,shop,,database,Ann,+49 1,30 min,tcp web-1:443; http https://shop.example/health
web-2,shop,,database,Ann,+49 1,2 h,
db-1,database,,,Bob,,1 h,dns db.example
db-2,reports,,,"=cmd()",,,
"""


@pytest.fixture
def asked(tmp_path: Path) -> NewRequest:
    (tmp_path / "estate.yaml").write_text(ESTATE, encoding="utf-8")
    (tmp_path / "machines.csv").write_text(LIST, encoding="utf-8")
    return NewRequest("home", tmp_path / "estate.yaml", tmp_path / "machines.csv", tmp_path / "home.yaml")


def estate(tmp_path: Path) -> Estate:
    (tmp_path / "e.yaml").write_text(ESTATE, encoding="utf-8")
    return load_estate(tmp_path / "e.yaml")


def test_the_scenario_loads_and_its_machines_come_home(asked: NewRequest) -> None:
    assert run_new(asked).startswith(
        f"{asked.out}: 4 waves, 3 applications, 4 machines. Of no application, and so in the last wave: 1 machine."
    )
    scenario = load_scenario(asked.out)
    assert [(wave.name, wave.items) for wave in scenario.plan.waves] == [
        ("wave-1", ("db-1", "db-2")),
        ("wave-2", ("web-1",)),
        ("wave-3", ("web-2",)),
        ("rest", ("spare",)),
    ]
    assert {target.tier: target.downtime_s for target in scenario.homecoming.targets} == {
        "shop": 1800.0,
        "front": 7200.0,
        "database": 3600.0,
    }
    assert {item.stopped_by for item in play(scenario).items} == {""}


def test_the_file_says_what_to_decide_and_which_application_is_in_which_wave(asked: NewRequest) -> None:
    run_new(asked)
    text = asked.out.read_text("utf-8")
    assert "# wave-1: database; reports\n" in text, "a replication group keeps two applications together"
    assert text.count("# Decide: ") == 6
    assert {"Ann", "+49 1"} <= {
        part for one in load_scenario(asked.out).applications for part in (one.owner, one.phone)
    }


def test_the_file_plans_minutes_for_the_checks_and_says_that_they_are_assumed(asked: NewRequest) -> None:
    said = run_new(asked)
    (step,) = load_scenario(asked.out).homecoming.manual_steps
    assert (step.takes.low_s, step.takes.mode_s, step.takes.high_s) == (300, 600, 1800)
    assert "5 to 30 minutes before its commit" in said
    assert "an assumption" in said


def unwrapped(text: str) -> str:
    """The file with each comment in one line."""
    return text.replace("\n#   ", " ")


def test_applications_that_come_home_in_parts_are_said_when_the_file_is_written(asked: NewRequest) -> None:
    said = run_new(asked)
    for words in (said, unwrapped(asked.out.read_text("utf-8"))):
        assert "others in Azure: shop. " in words


def test_a_wave_has_no_more_disks_than_there_are_slots(tmp_path: Path) -> None:
    found = estate(tmp_path)
    disk = found.virtual_machines["web-1"].disks[0]
    large = {n: replace(vm, disks=(disk,) * (DISKS_MAX - 10)) for n, vm in found.virtual_machines.items()}
    waves = planned_waves(
        replace(found, virtual_machines=large),
        [Application("a", ("web-1",)), Application("b", ("web-2",)), Application("c", ("db-1", "db-2"))],
    )
    assert [one.applications for one in waves] == [("a",), ("b",), ("c",), ()]
    assert [bool(one.too_few) for one in waves] == [False, False, True, False]


def test_applications_that_wait_for_one_another_are_named(tmp_path: Path, asked: NewRequest) -> None:
    circle = [Application("a", ("web-1",), depends_on=("b",)), Application("b", ("web-2",), depends_on=("a",))]
    with pytest.raises(DependencyCircle, match=r"a -> b|b -> a"):
        planned_waves(estate(tmp_path), circle)
    asked.machines.write_text("machine,application,depends on\nweb-1,a,b\nweb-2,b,a\n", encoding="utf-8")
    with pytest.raises(BadInput, match="wait for one another"):
        run_new(asked)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("machine,application\nweb-9,shop\n", "`web-9` is not a machine of estate.yaml; did you mean"),
        ("machine,application\nweb-1,shop\nweb-1,other\n", "is in `shop` and `other`; keep one of them"),
        (
            "machine,application,depends on\nweb-1,shop,db\n",
            "depends on `db`, which is neither an application nor a machine of the list",
        ),
        ("machine,owner\nweb-1,Ann\n", "needs the columns `machine` and `application`"),
        ("machine,application,allowed downtime\nweb-1,shop,soon\n", "write it as 2 h or 30 min"),
        ("machine,application,checks\nweb-1,shop,ping web-1\n", "write tcp host:port, http URL or dns name"),
        ("machine,application\n", "no row has a machine and an application"),
    ],
)
def test_a_bad_list_is_said_and_nothing_is_written(asked: NewRequest, text: str, said: str) -> None:
    asked.machines.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said.replace("(", r"\(")):
        run_new(asked)
    assert not asked.out.exists()


def test_an_edited_scenario_is_never_replaced(asked: NewRequest) -> None:
    run_new(asked)
    run_new(asked)
    asked.out.write_text(asked.out.read_text("utf-8").replace("wave-1", "databases"), encoding="utf-8")
    with pytest.raises(CannotWrite, match="not a scenario, unedited, that `failback new` wrote"):
        run_new(asked)


def test_names_are_text_in_the_file(asked: NewRequest) -> None:
    asked.machines.write_text('machine,application\nweb-1,"shop: {x}\n# no: comment"\n', encoding="utf-8")
    run_new(asked)
    assert load_scenario(asked.out).applications[0].name == "shop: {x} # no: comment"


def test_the_start_is_written_and_an_example_is_called_one(asked: NewRequest) -> None:
    assert "The start is an example (Fri 2026-06-05 18:00 UTC), since --start was not given." in run_new(asked)
    text = asked.out.read_text("utf-8")
    assert (
        "# Decide: when does the way home begin? This is an example.\n# starts_at: 2026-06-05T18:00:00+00:00\n" in text
    )
    start = datetime(2026, 11, 27, 18, tzinfo=ZoneInfo("Europe/Berlin"))
    assert "The way home starts on Fri 2026-11-27 18:00 CET." in run_new(replace(asked, starts_at=start))
    assert load_scenario(asked.out).starts_at == start
    assert "# starts_at" not in asked.out.read_text("utf-8")


def test_a_column_that_says_what_is_known_by_another_name_is_taken_and_the_others_are_named(asked: NewRequest) -> None:
    head = "Server Name,Application,Business owner,RTO (h),Cost centre,Empty\n"
    asked.machines.write_text(f"{head}web-1,shop,Ann,24,4711,\n", encoding="utf-8")
    assert "Columns of the list of which nothing is taken: Cost centre.\n" in run_new(asked)
    scenario = load_scenario(asked.out)
    assert [one.owner for one in scenario.applications] == ["Ann"]
    assert [target.downtime_s for target in scenario.homecoming.targets] == [24 * 3600.0]


def test_an_rto_is_an_allowed_downtime_only_where_its_unit_is_clear(asked: NewRequest) -> None:
    asked.machines.write_text("machine,application,RTO\nweb-1,shop,90 min\nspare,other,24\n", encoding="utf-8")
    assert "of which nothing is taken: RTO." in run_new(asked)
    targets = load_scenario(asked.out).homecoming.targets
    assert {target.tier: target.downtime_s for target in targets} == {"shop": 5400.0}


def test_machines_that_the_import_left_out_are_named_with_the_reason_and_what_to_do(tmp_path: Path) -> None:
    """Nothing is guessed about them, and the other mistakes of the list are told as well."""
    kinds = (Vm("web-01", "vm-1"), Vm("golden", "vm-2", template=True), Vm("odd", "vm-3", os="FreeBSD (64-bit)"))
    twins = (Vm("twin", "vm-5"), Vm("twin", "vm-6"))
    vms = (*kinds, Vm("srm", "vm-4", placeholder=True), *twins, Vm("bare", "vm-7", disks_gib=()))
    book = write(Site(vms), tmp_path / "site", Dress(xlsx=True))
    run_import(ImportRequest((book,), tmp_path / "estate.yaml", 500, "modernised"))
    with (tmp_path / "estate.yaml").open("a", encoding="utf-8") as file:
        file.write("appliances: [{name: box}]\n")
    names = ("web-01", "golden", "odd", "srm", "twin", "bare", "web-1", "nobody")
    rows = "\n".join(("machine,application", *(f"{name},shop" for name in names)))
    (tmp_path / "machines.csv").write_text(rows, encoding="utf-8")
    asked = NewRequest("home", tmp_path / "estate.yaml", tmp_path / "machines.csv", tmp_path / "home.yaml")
    with pytest.raises(BadInput) as bad:
        run_new(asked)
    said = [mistake.message for mistake in bad.value.mistakes]
    assert len(said) == len(names) - 1, said
    for words in (
        "left out `golden` (a template in vCenter); remove its row",
        "left out `srm` (a placeholder of Site Recovery Manager); remove its row",
        "left out `odd` (no file says whether Windows or Linux runs there); add a list with",
        "left out `bare` (no file contains the disks); send the requests",
        "`twin` is not a machine of estate.yaml; several machines have this name in vCenter: write one of `twin-",
        "`web-1` is not a machine of estate.yaml; did you mean `web-01`?",
        "`nobody` is not a machine of estate.yaml; remove the row, or import the machine",
    ):
        assert any(words in each for each in said), (words, said)


def test_machines_that_the_vault_does_not_protect_are_told_as_such(tmp_path: Path) -> None:
    mock = vault_export.mock_of("first_drill_modernised")
    names = list(load_scenario(resolve("first_drill_modernised")).estate.virtual_machines)
    site = Site(
        (*(Vm(name, f"vm-{n}") for n, name in enumerate(names)), Vm("lone-01", "vm-90"), Vm("lone-02", "vm-91"))
    )
    paths = (*vault_export.write(tmp_path / "vault", mock), write(site, tmp_path / "site", Dress(xlsx=True)))
    run_import(ImportRequest(paths, tmp_path / "estate.yaml", 500))
    (tmp_path / "machines.csv").write_text("machine,application\nlone-01,a\nlone-02,a\n", encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        run_new(NewRequest("home", tmp_path / "estate.yaml", tmp_path / "machines.csv", tmp_path / "home.yaml"))
    (mistake,) = bad.value.mistakes
    assert "left out `lone-01`, `lone-02` (not protected by the vault); remove their rows" in mistake.message


def test_a_machine_that_the_import_left_out_does_not_stop_the_others(tmp_path: Path) -> None:
    """It is told in the output and in the file, with the ways out; what waited for it alone does not wait."""
    vms = (Vm("web-01", "vm-1"), Vm("bare", "vm-2", disks_gib=()), Vm("golden", "vm-3", template=True))
    book = write(Site(vms), tmp_path / "site", Dress(xlsx=True))
    run_import(ImportRequest((book,), tmp_path / "estate.yaml", 500, "modernised"))
    with (tmp_path / "estate.yaml").open("a", encoding="utf-8") as file:
        file.write("appliances: [{name: box}]\n")
    rows = "machine,application,depends on\nweb-01,shop,database\nbare,database,\ngolden,shop,\n"
    (tmp_path / "machines.csv").write_text(rows, encoding="utf-8")
    asked = NewRequest("home", tmp_path / "estate.yaml", tmp_path / "machines.csv", tmp_path / "home.yaml")
    said, text = run_new(asked), unwrapped((tmp_path / "home.yaml").read_text("utf-8"))
    for words in (
        "NOT IN THIS SCENARIO: 1 machine of the list: bare (no file contains the disks). To change that: send the",
        "the columns `machine` and `disks gib` too; or remove its row from the list.",
        "NOT IN THIS SCENARIO: 1 machine of the list: golden (a template in vCenter). To change that: remove its row",
        "NOT IN THIS SCENARIO: applications without another machine: database. Nothing waits for them.",
    ):
        assert words in said, (words, said)
        assert any(words in line and line.startswith("# ") for line in text.splitlines()), words
    (shop,) = load_scenario(asked.out).applications
    assert (shop.machines, shop.depends_on) == (("web-01",), ())


@pytest.mark.parametrize(
    ("rows", "needs", "told"),
    [
        ("web,shop,bare,\ndb,database,,\nbare,database,,\n", {"shop": ("database",)}, ()),
        ("web,shop,,\nbare,shop,db,\ndb,database,,\n", {"shop": ("database",)}, ()),
        (
            "web,shop,bare,\ndb,database,,\nbare,middle,database,\n",
            {"shop": ("database",)},
            (
                "shop depends on bare of middle, but middle has no machine in this scenario; instead it waits for what "
                "that one depends on: database.",
            ),
        ),
        (
            "web,shop,middle,\ndb,database,,\nbare,middle,shop,\n",
            {},
            ("shop depends on middle, but middle has no machine in this scenario.",),
        ),
        (
            "web,shop,bare; db,\ndb,database,,\nbare,shop,,Ann\n",
            {"shop": ("database",)},
            ("web depends on bare of its own application shop, which is not in this scenario.",),
        ),
    ],
    ids=["of another application", "by it", "through one that is gone", "only on it", "of the same application"],
)
def test_what_a_list_says_of_a_machine_that_the_import_left_out_is_kept_or_told(
    rows: str, needs: dict[str, tuple[str, ...]], told: tuple[str, ...], tmp_path: Path
) -> None:
    book = write(
        Site((Vm("web", "vm-1"), Vm("db", "vm-2"), Vm("bare", "vm-3", disks_gib=()))),
        tmp_path / "site",
        Dress(xlsx=True),
    )
    run_import(ImportRequest((book,), tmp_path / "estate.yaml", 500, "modernised"))
    with (tmp_path / "estate.yaml").open("a", encoding="utf-8") as file:
        file.write("appliances: [{name: box}]\n")
    (tmp_path / "machines.csv").write_text(f"machine,application,depends on,owner\n{rows}", encoding="utf-8")
    asked = NewRequest("home", tmp_path / "estate.yaml", tmp_path / "machines.csv", tmp_path / "home.yaml")
    said, text = run_new(asked), unwrapped((tmp_path / "home.yaml").read_text("utf-8"))
    found = load_scenario(asked.out).applications
    assert {one.name: one.depends_on for one in found if one.depends_on} == needs
    assert [line.partition("DEPENDENCY LEFT OUT: ")[2] for line in said.splitlines() if "LEFT OUT" in line] == [*told]
    assert all(f"# DEPENDENCY LEFT OUT: {words}" in text for words in told)
    assert {one.owner for one in found if one.name == "shop"} == {"Ann" if "Ann" in rows else ""}


def test_a_machine_keeps_the_tier_of_its_row_and_its_application_has_the_most_important(asked: NewRequest) -> None:
    rows = "web-1,shop,3,4 h\ndb-1,shop,1,1 h\nspare,shop,2,2 h\ndb-2,database,2,\n"
    asked.machines.write_text(f"machine,application,tier,downtime\n{rows}", encoding="utf-8")
    assert "most important: shop (1)." in run_new(asked)
    scenario = load_scenario(asked.out)
    tiers = {name: vm.tier for name, vm in scenario.estate.virtual_machines.items()}
    assert tiers == {"web-1": "3", "web-2": "front", "db-1": "1", "db-2": "2", "spare": "2"}
    assert {one.name: one.tier for one in scenario.applications} == {"shop": "1", "database": "2"}
    targets = {target.tier: target.downtime_s for target in scenario.homecoming.targets}
    assert targets == {"1": 3600.0, "2": 7200.0, "3": 14400.0}
    assert "# Each machine keeps its own tier of the list" in asked.out.read_text("utf-8")


@pytest.mark.parametrize(
    ("head", "cell", "downtime_s"),
    [
        ("Allowed downtime (h)", "8", 28800.0),
        ("Downtime [min]", "90", 5400.0),
        ("RTO (days)", "2", 172800.0),
        ("Allowed downtime (h)", "30 min", 1800.0),
        ("RTO (agreed)", "4 h", 14400.0),
        ("Downtime", "1 d", 86400.0),
    ],
)
def test_a_unit_in_brackets_is_that_of_the_numbers(asked: NewRequest, head: str, cell: str, downtime_s: float) -> None:
    asked.machines.write_text(f"Machine (vCenter),Application,{head}\nweb-1,shop,{cell}\n", encoding="utf-8")
    assert "nothing is taken" not in run_new(asked)
    assert [target.downtime_s for target in load_scenario(asked.out).homecoming.targets] == [downtime_s]


def test_a_copy_for_others_names_none_of_what_was_left_out(tmp_path: Path) -> None:
    site = Site((Vm("web-01", "vm-1"), Vm("golden", "vm-2", template=True)))
    book = write(site, tmp_path / "site", Dress(xlsx=True))
    run_import(ImportRequest((book,), tmp_path / "copy.yaml", 500, "classic", redact=True))
    assert "golden" not in (tmp_path / "copy.yaml").read_text("utf-8")


def test_a_comment_says_which_application_a_group_keeps_with_what_it_needs(asked: NewRequest) -> None:
    rows = "machine,application,depends on\ndb-1,database,\ndb-2,reports,database\nweb-1,shop,database\n"
    asked.machines.write_text(rows, encoding="utf-8")
    run_new(asked)
    text = unwrapped(asked.out.read_text("utf-8"))
    said = "# wave-1: reports depends on database, but a replication group keeps both in this wave (R07). Decide: "
    assert text.count(said) == 1
    assert "shop depends on" not in text


def test_a_formula_without_a_kept_value_is_told_with_its_cell(asked: NewRequest) -> None:
    """Never evaluated; a workbook that no spreadsheet program has saved keeps no value of it."""
    book = Workbook()
    assert book.active is not None
    for row in (["Machine", "Application", "Owner"], ["web-1", "shop", '="Ann"'], ["web-2", "shop", ""]):
        book.active.append(row)
    book.active["D1"], book.active["D3"] = "Phone", "=1+1"
    book.save(asked.machines.with_suffix(".xlsx"))
    said = run_new(replace(asked, machines=asked.machines.with_suffix(".xlsx")))
    assert "Cells with a formula of which the file keeps no value, taken as empty: C2, D3. Open the file in" in said
    assert "with a formula" not in run_new(replace(asked, out=asked.out.with_name("other.yaml")))


def test_of_applications_that_nothing_holds_back_the_most_important_tier_comes_first(tmp_path: Path) -> None:
    """The directory is of tier 2, but tier 1 needs it; what has no number comes last."""
    found = estate(tmp_path)
    spare = {f"spare-{n}": replace(found.virtual_machines["spare"], name=f"spare-{n}") for n in range(5)}
    waves = planned_waves(
        replace(found, virtual_machines={**found.virtual_machines, **spare}),
        [
            Application("build", ("spare-0",), tier="4"),
            Application("intranet", ("spare-1",), tier="tier 3"),
            Application("gold plate", ("spare-2",), tier="gold"),
            Application("shop", ("spare-3",), tier="1", depends_on=("directory",)),
            Application("directory", ("spare-4",), tier="2"),
            Application("mail", ("web-1",), tier="2", depends_on=("directory",)),
        ],
    )
    names = [one.applications for one in waves]
    assert names[:-1] == [("directory",), ("shop",), ("mail",), ("intranet",), ("build",), ("gold plate",)]


def test_the_file_says_how_the_waves_are_ordered_and_the_tier_of_each_application(asked: NewRequest) -> None:
    asked.machines.write_text("machine,application,tier\nweb-1,shop,2\nspare,tools,\n", encoding="utf-8")
    run_new(asked)
    text = asked.out.read_text("utf-8")
    assert "# How the waves are ordered: an application comes after those on which it depends" in text
    assert "# wave-1: shop (tier 2)\n# wave-2: tools\n" in text


def test_a_replication_group_stays_in_one_wave_if_one_of_its_machines_is_of_no_application(asked: NewRequest) -> None:
    """`db-2` is in no row; its group would be split over two waves, which R07 does not allow."""
    asked.machines.write_text("machine,application\ndb-1,database\nweb-1,shop\n", encoding="utf-8")
    said = run_new(asked)
    waves = load_scenario(asked.out).plan.waves
    assert [set(wave.items) & {"db-1", "db-2"} for wave in waves if "db-1" in wave.items] == [{"db-1", "db-2"}]
    assert sum(wave.items.count("db-2") for wave in waves) == 1
    words = "wave-1: db-2 is of no application, and its replication group keeps it in this wave (R07)."
    assert words in said
    assert f"# {words}" in asked.out.read_text("utf-8")


def test_a_wave_that_needs_more_slots_than_there_are_is_told_in_the_output_too(asked: NewRequest) -> None:
    size = DISKS_MAX + 1
    disks = ", ".join(["{size_gib: 1}"] * size)
    text = ESTATE.replace("- {name: web-1}", f"- {{name: web-1, disks: [{disks}]}}")
    asked.estate.write_text(text, encoding="utf-8")
    told = run_new(asked)
    assert (
        f"has {size} disks for {DISKS_MAX} slots of the appliances at once, since an application is not split" in told
    )


def test_when_a_machine_must_be_home_is_taken_from_its_column_and_answers_the_rules_that_ask_for_it(
    asked: NewRequest,
) -> None:
    open_ones = "  virtual_machine: {return_within_h: unknown, os: linux,"
    asked.estate.write_text(ESTATE.replace("  virtual_machine: {os: linux,", open_ones), encoding="utf-8")
    head = "machine,application,tier,allowed downtime (h),home within (h)\n"
    rows = "web-1,shop,1,4,10\nweb-2,shop,1,2,8\ndb-1,database,2,1,\ndb-2,database,2,1,\n"
    asked.machines.write_text(head + rows, encoding="utf-8")
    said = run_new(asked)
    scenario = load_scenario(asked.out)
    targets = {one.tier: (one.downtime_s, one.home_within_s) for one in scenario.homecoming.targets}
    assert targets == {"1": (14400.0, 36000.0), "front": (7200.0, 28800.0), "2": (3600.0, None)}
    hours = {name: vm.return_within_h for name, vm in scenario.estate.virtual_machines.items()}
    assert (hours["web-1"], hours["web-2"]) == (10.0, 8.0)
    unknown = {f.item for f in check_estate(scenario.estate, scenario.plan).of(Status.UNKNOWN) if f.rule == "B02"}
    assert unknown == {"db-1", "db-2", "spare"}, "an allowed downtime is another fact"
    assert "By when the machines must be home is not known (rules B02, B04)" in said
    assert "# Decide: By when the machines must be home" in asked.out.read_text("utf-8")


def test_a_promise_of_the_estate_wins_over_the_target_of_the_tier(asked: NewRequest) -> None:
    asked.estate.write_text(ESTATE.replace("{name: web-1}", "{name: web-1, return_within_h: 3}"), encoding="utf-8")
    asked.machines.write_text("machine,application,home within\nweb-1,shop,10 h\n", encoding="utf-8")
    assert "By when" not in run_new(asked)
    assert load_scenario(asked.out).estate.virtual_machines["web-1"].return_within_h == 3


def test_the_cache_storage_account_is_asked_for_where_no_file_tells_it(asked: NewRequest) -> None:
    run_new(asked)
    assert "# Decide: which cache storage account?" in asked.out.read_text("utf-8")
    box = "appliances: [{name: box, log_storage_accounts: [logs],"
    asked.estate.write_text(ESTATE.replace("appliances: [{name: box,", box), encoding="utf-8")
    run_new(asked)
    assert "cache storage account" not in asked.out.read_text("utf-8")


def test_the_account_that_the_vault_names_is_the_first_candidate(asked: NewRequest) -> None:
    named = ESTATE.replace("{name: web-1}", "{name: web-1, log_storage_account: cache1}")
    asked.estate.write_text(named, encoding="utf-8")
    run_new(asked)
    written = " ".join(asked.out.read_text("utf-8").replace("#", "").split())
    assert "Decide: is it the right cache storage account?" in written
    assert "uses (inferred; A04): cache1 (1 machine)." in written
    assert "Decide: which cache storage account?" in written, "of the other machines nobody told one"


LARGE_DATABASE = ESTATE.replace(
    "  - {name: web-1}", "  - {name: web-1, disks: [{size_gib: 800, changed_fraction: 1.0}]}"
)
TWO_OF_A_SHOP = """\
Machine,Application,Owner,Allowed downtime
web-1,shop,Ann,2 h
spare,shop,Ann,2 h
"""
FRIDAY = datetime(2026, 12, 4, 18, tzinfo=ZoneInfo("Europe/Berlin"))


def large(asked: NewRequest, allowed: str = "2 h") -> NewRequest:
    """An application of which one machine has far more data than the other."""
    asked.estate.write_text(LARGE_DATABASE, encoding="utf-8")
    asked.machines.write_text(TWO_OF_A_SHOP.replace("2 h", allowed), encoding="utf-8")
    return replace(asked, starts_at=FRIDAY, time_zone="Europe/Berlin")


def test_an_application_that_would_be_down_too_long_is_named_with_the_command_that_seeds_first(
    asked: NewRequest,
) -> None:
    said = run_new(large(asked, "10 min"))
    (late,) = (line for line in said.splitlines() if line.startswith("DOWN LONGER THAN ALLOWED (in the slowest of "))
    assert "shop " in late
    assert "(allowed 10 min, late by " in late
    assert late in unwrapped(asked.out.read_text("utf-8"))
    assert f"--machines {asked.machines} --cutover '2026-12-04 18:00' --tz Europe/Berlin --out {asked.out}." in said
    assert longest_down_s(load_scenario(asked.out)) > 600


def barred(asked: NewRequest, more: str = "") -> NewRequest:
    """The appliance's host does not mount the datastore of one machine."""
    text = ESTATE.replace("datastores: [gold]}]", "datastores: [gold]}, {name: esx-02, datastores: [silver]}]")
    text = text.replace("capacity_gib: 4000}]", "capacity_gib: 4000}, {name: silver, capacity_gib: 4000}]")
    text = text.replace("{name: spare}", f"{{name: spare, host: esx-02, datastore: silver{more}}}")
    asked.estate.write_text(text, encoding="utf-8")
    asked.machines.write_text("machine,application,owner\nspare,other,Ann\nweb-1,shop,Bob\n", encoding="utf-8")
    return replace(asked, starts_at=FRIDAY, time_zone="Europe/Berlin")


def test_a_plan_in_which_a_rule_bars_machines_is_also_played_as_if_that_were_fixed(asked: NewRequest) -> None:
    late = replace(barred(asked), starts_at=FRIDAY.replace(hour=22))
    (told,) = (line for line in run_new(late).splitlines() if line.startswith("As if fixed "))
    assert "(simulated; only on the condition that A03 (datastore silver: " in told
    assert " is fixed before the way home begins): all 5 machines come home, and the way home ends on " in told
    assert "Not home" not in told
    assert "Owners called between 22:00 and 06:00 then: other, shop." in told
    scenario = load_scenario(asked.out)
    host = replace(scenario.estate.hosts["esx-01"], datastores=("gold", "silver"))
    fixed = replace(scenario, estate=replace(scenario.estate, hosts={**scenario.estate.hosts, "esx-01": host}))
    rows = {row.name: row.down.rpartition("(")[2].rstrip(")") for row in application_rows(runbook(fixed, RUNS // 2))}
    words = (f"{name} {rows[name].replace('; 90 % of the runs: ', ' (')})" for name in ("other", "shop"))
    assert f"Down, in the middle of the runs (in brackets: in 90 % of them): {', '.join(words)}." in told
    assert told in unwrapped(asked.out.read_text("utf-8"))


def test_new_names_the_same_calls_at_night_as_the_runbook_of_its_plan(asked: NewRequest) -> None:
    said = run_new(replace(large(asked), starts_at=FRIDAY.replace(hour=21)))
    (line,) = (each for each in said.splitlines() if each.startswith("OWNERS CALLED"))
    words = night_words(runbook(load_scenario(asked.out)))
    assert line.partition("): ")[2] == words.partition(": ")[2]


def test_what_cannot_be_treated_as_fixed_is_named_and_left_out(asked: NewRequest) -> None:
    said = run_new(barred(asked, ", migration_completed: true"))
    (told,) = (line for line in said.splitlines() if line.startswith("As if fixed "))
    assert "4 of 5 machines come home" in told
    assert "Not treated as fixed, " in told
    assert "R16 (virtual machine spare: " in told
    assert "Not home all the same: spare (R16)." in told


def test_without_a_barred_machine_nothing_is_told_as_if_fixed(asked: NewRequest) -> None:
    assert "As if fixed" not in run_new(replace(asked, starts_at=FRIDAY))


def test_an_application_is_not_down_while_the_data_of_its_largest_machine_comes_home(asked: NewRequest) -> None:
    assert "No application that comes home is down longer than allowed" in run_new(large(asked))
    scenario = load_scenario(asked.out)
    assert longest_down_s(scenario) <= 7200
    assert longest_down_s(replace(scenario, plan=replace(scenario.plan, together=()))) > 7200


def longest_down_s(scenario: Scenario) -> float:
    """How long the shop is down in a run: from its first failback until its last machine is committed."""
    legs = [leg for leg in play(scenario).legs if leg.item in ("web-1", "spare")]
    begun = min(leg.start_s for leg in legs if leg.leg is Operation.FAILBACK)
    return max(leg.end_s or 0.0 for leg in legs if leg.leg is Operation.COMMIT_FAILBACK) - begun


def test_a_plan_with_a_cutover_seeds_before_it_and_keeps_the_downtime_in_a_run(asked: NewRequest) -> None:
    earliest = FRIDAY - timedelta(days=6)
    said = run_new(replace(large(asked), starts_at=earliest, cutover=FRIDAY))
    assert "No application that comes home is down longer than allowed" in said
    assert "--cutover '" not in said
    scenario = load_scenario(asked.out)
    assert earliest <= scenario.starts_at < FRIDAY
    assert {after(scenario.starts_at, wave.opens_s) for wave in scenario.plan.waves} == {FRIDAY}
    assert all(wave.seed_opens_s is not None and wave.seed_opens_s < wave.opens_s for wave in scenario.plan.waves)
    assert "wave-1: replicates home from hour 0 (" in unwrapped(asked.out.read_text("utf-8"))
    assert longest_down_s(scenario) <= 7200
    assert {item.stopped_by for item in play(scenario).items} == {""}


def test_new_and_runbook_count_a_downtime_by_one_function_and_allow_the_least_of_all_machines(
    asked: NewRequest,
) -> None:
    """The web server may be down for a day, its database for a minute: so may the application, in any wave."""
    rows = "web-1,shop,2,24 h\nweb-2,shop,2,24 h\ndb-1,shop,1,1 min\n"
    asked.estate.write_text(ESTATE.replace("{name: web-2, tier: front}", "{name: web-2}"), encoding="utf-8")
    asked.machines.write_text(f"machine,application,tier,allowed downtime\n{rows}", encoding="utf-8")
    run_new(asked)
    scenario = load_scenario(asked.out)
    groups = {name: replace(vm, replication_group=None) for name, vm in scenario.estate.virtual_machines.items()}
    free = replace(scenario.estate, virtual_machines=groups, replication_groups={}, recovery_plans={})
    waves = (Wave("one", ("db-1",)), Wave("two", ("web-1", "web-2", "db-2", "spare")))
    parted = replace(scenario, estate=free, plan=replace(scenario.plan, waves=waves, together=()))
    (shop,) = parted.applications
    found = runbook(parted, 1)
    spans = {name: (down.begins_s, down.ends_s) for name, down in found.downs.items()}
    down = application_downtime(parted, shop, spans, found.waves)
    assert down.allowed_s == 60.0
    one_s, two_s = (down.by_wave[wave][1] - down.by_wave[wave][0] for wave in ("one", "two"))
    assert two_s > one_s + 60, "else the wave of the database would tell the same"
    assert down.late_by_s == down.longest_s - 60.0 > 0
    (row,) = application_rows(found)
    assert (row.allowed, row.late_by) == ("1 min", h_min(down.late_by_s))
    answers = expected_runs(parted)
    assert answers is not None
    told = [one for answer in answers if (one := down_in(parted, shop, answer)) is not None]
    slowest = max(told, key=lambda one: one.late_by_s)
    words = f"shop {h_min(slowest.longest_s)} (allowed 1 min, late by {h_min(slowest.late_by_s)})"
    assert any(words in line for line in plan_doubts(parted).words)


def test_each_application_keeps_the_downtime_that_the_list_allows_it(asked: NewRequest) -> None:
    rows = "web-1,shop,1,30 min\ndb-1,database,1,4 h\ndb-2,database,1,8 h\nspare,other,1,\n"
    asked.machines.write_text(f"machine,application,tier,allowed downtime\n{rows}", encoding="utf-8")
    said = run_new(asked)
    scenario = load_scenario(asked.out)
    allowed = {row.name: row.allowed for row in application_rows(runbook(scenario, 1))}
    assert allowed == {"shop": "30 min", "database": "4 h", "other": "30 min"}
    assert [one.downtime_s for one in scenario.homecoming.targets] == [1800.0]
    for words in (said, unwrapped(asked.out.read_text("utf-8"))):
        assert "Allowed downtimes longer than the shortest of their tier: database 4 h." in words


def test_an_allowed_downtime_is_told_of_an_application_that_stays_in_azure(asked: NewRequest) -> None:
    asked.machines.write_text("machine,application,tier,allowed downtime\nspare,other,3,24 h\n", encoding="utf-8")
    run_new(asked)
    scenario = load_scenario(asked.out)
    vms = dict(scenario.estate.virtual_machines)
    vms["spare"] = replace(vms["spare"], target="hyper-v")
    found = runbook(replace(scenario, estate=replace(scenario.estate, virtual_machines=vms)), 1)
    assert "spare" in {item.item for item in found.stops}
    assert [row.allowed for row in application_rows(found)] == ["24 h"]


def test_an_application_may_depend_on_a_machine_of_another_or_of_its_own(asked: NewRequest) -> None:
    rows = "web-1,shop,web-2; db-1\nweb-2,shop,web-2\ndb-1,database,\nspare,reports,shop\n"
    asked.machines.write_text(f"machine,application,depends on\n{rows}", encoding="utf-8")
    said = run_new(asked)
    needs = {one.name: one.depends_on for one in load_scenario(asked.out).applications}
    assert needs == {"shop": ("database",), "database": (), "reports": ("shop",)}
    assert "NOT ORDERED" not in said
    wave_of = {name: wave.name for wave in load_scenario(asked.out).plan.waves for name in wave.items}
    assert wave_of["web-2"] < wave_of["web-1"]


def test_a_machine_stands_after_those_of_its_application_on_which_it_depends(asked: NewRequest) -> None:
    rows = "web-1,shop,spare\nspare,shop,\nweb-2,shop,web-1\n"
    asked.machines.write_text(f"machine,application,depends on\n{rows}", encoding="utf-8")
    run_new(asked)
    scenario = load_scenario(asked.out)
    assert scenario.applications[0].machines == ("spare", "web-1", "web-2")
    items = [name for wave in scenario.plan.waves for name in wave.items]
    assert sorted(("spare", "web-1", "web-2"), key=items.index) == ["spare", "web-1", "web-2"]


def test_machines_of_an_application_that_wait_for_one_another_are_named(asked: NewRequest) -> None:
    asked.machines.write_text("machine,application,depends on\nweb-1,shop,spare\nspare,shop,web-1\n", encoding="utf-8")
    with pytest.raises(BadInput, match="machines of `shop` wait for one another"):
        run_new(asked)


def test_every_name_that_a_list_does_not_have_is_reported_at_once(asked: NewRequest) -> None:
    rows = "web-1,shop,db; cache\nweb-2,front,queue\n"
    asked.machines.write_text(f"machine,application,depends on\n{rows}", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        run_new(asked)
    for name in ("db", "cache", "queue"):
        assert f"depends on `{name}`" in str(refused.value)


TWINS = ESTATE.replace("{name: web-1}", "{name: web-1, bios_uuid: UUID}").replace(
    "{name: spare}", "{name: spare, bios_uuid: UUID}"
)


def test_in_a_plan_with_a_cutover_a_twin_is_reprotected_only_when_the_first_is_home(asked: NewRequest) -> None:
    asked.estate.write_text(TWINS.replace("UUID", "42000000-0000-4000-8000-00000000000a"), encoding="utf-8")
    rows = "web-1,build,1,1 h\nspare,build,1,1 h\nweb-2,front,2,2 h\n"
    asked.machines.write_text(f"machine,application,tier,allowed downtime\n{rows}", encoding="utf-8")
    earliest = FRIDAY - timedelta(days=6)
    said = run_new(replace(asked, starts_at=earliest, cutover=FRIDAY, time_zone="Europe/Berlin"))
    scenario = load_scenario(asked.out)
    place = {name: n for n, wave in enumerate(scenario.plan.waves) for name in wave.items}
    first, later = sorted(("web-1", "spare"), key=lambda name: place[name])
    assert scenario.plan.waves[place[later]].seed_opens_s is None
    assert scenario.plan.waves[place[first]].seed_opens_s is not None
    legs = play(scenario).legs
    home = max(leg.end_s or 0.0 for leg in legs if leg.item == first and leg.leg is Operation.COMMIT_FAILBACK)
    begun = min(leg.start_s for leg in legs if leg.item == later and leg.leg is Operation.REPROTECT_TO_ON_PREMISES)
    assert begun >= home
    for words in (said, unwrapped(asked.out.read_text("utf-8"))):
        assert f"because of the same BIOS UUID (R11): {later} after {first}." in words
        assert f"{later} is down for " in words
    told = f"since {first} has the same BIOS UUID (R11), may fail back from"
    assert told in unwrapped(asked.out.read_text("utf-8"))


def test_a_cutover_for_which_no_seeding_is_early_enough_is_refused_and_nothing_is_written(asked: NewRequest) -> None:
    with pytest.raises(UsageError, match="even if every wave began to replicate home at once"):
        run_new(replace(large(asked), starts_at=FRIDAY - timedelta(hours=1), cutover=FRIDAY))
    assert not asked.out.exists()


def test_without_an_allowed_downtime_the_reason_why_nothing_is_known_is_said(asked: NewRequest) -> None:
    asked.machines.write_text("machine,application\nweb-1,shop\n", encoding="utf-8")
    assert "is not known: the list has no allowed downtime" in run_new(asked)
