"""From files to scenarios, or to all of their mistakes at once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from failback.reprotect import UNKNOWN, Architecture, AzureVm, Estate, OsFamily, Phase
from failback.scenarios.files.loader import (
    MACHINES_MAX,
    library,
    load_default_durations,
    load_estate,
    load_located,
    load_questions,
    load_scenario,
    resolve,
)
from failback.scenarios.files.schema import STARTS_AT, Scenario, Stopped, ending_of
from failback.scenarios.files.yaml_source import BadInput, Mistake
from failback.simulator import Duration

SITE = """\
  link: {bandwidth_mbit_per_s: 500}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold}]
  appliances: [{name: appliance-01, host: esx-01, datastore: gold}]
"""
ONE = f"""\
name: one
estate:
{SITE}  virtual_machines:
    - {{name: app-01, os: linux, host: esx-01, datastore: gold, disks: [{{size_gib: 40}}]}}
"""
FIVE = """\
name: five
sede: 3
estate:
  link: {bandwidth_mbit_per_s: 0}
  appliances: [{name: appliance-01}]
  virtual_machines:
    - {name: a, os: linux, replication_group: g, disks: [{size_gib: 40}]}
    - {name: b, os: linux, replication_group: g, disks: [{size_gib: -40}]}
    - {name: a, os: linux, disks: [{size_gib: 40}]}
plan:
  waves: [{name: first, items: [a, nobody]}]
"""


def written(folder: Path, text: str, name: str = "scenario.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str) -> Scenario:
    return load_scenario(written(folder, text))


def mistakes(folder: Path, text: str) -> tuple[Mistake, ...]:
    with pytest.raises(BadInput) as refused:
        load_scenario(written(folder, text))
    return refused.value.mistakes


def mistake(folder: Path, text: str) -> Mistake:
    (only,) = mistakes(folder, text)
    return only


# What is loaded


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, ONE)
    assert (scenario.seed, scenario.starts_at, scenario.poll_s) == (1, STARTS_AT, 0.0)
    assert scenario.ending("app-01") is Phase.REPLICATING_TO_AZURE
    assert scenario.durations == load_default_durations()


def test_an_estate_file_where_a_scenario_is_needed_is_one_sentence_that_says_how_to_write_one(tmp_path: Path) -> None:
    (tmp_path / "estate.yaml").write_text("virtual_machines: []\nlink: {bandwidth_mbit_per_s: 500}\n", "utf-8")
    with pytest.raises(BadInput) as refused:
        load_scenario(tmp_path / "estate.yaml")
    (mistake,) = refused.value.mistakes
    assert "`failback new NAME --from estate.yaml" in mistake.message


def test_the_parts_of_the_estate_are_frozen_values_by_name(tmp_path: Path) -> None:
    estate = loaded(tmp_path, ONE).estate
    machine = estate.virtual_machines["app-01"]
    assert (machine.os, machine.architecture) == (OsFamily.LINUX, Architecture.MODERNISED)
    assert list(estate.hosts) == ["esx-01"]
    assert estate.reachable == frozenset()


def test_a_disk_without_a_name_gets_its_number(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, ONE.replace("[{size_gib: 40}]", "[{size_gib: 40}, {size_gib: 50, name: data}]"))
    assert [disk.name for disk in scenario.estate.virtual_machines["app-01"].disks] == ["Disk0", "data"]


def test_defaults_stand_under_every_machine_and_lose_against_its_own(tmp_path: Path) -> None:
    text = ONE.replace("os: linux, ", "").replace(
        "  virtual_machines:",
        "  defaults: {virtual_machine: {os: windows, tier: web, host: nowhere}}\n  virtual_machines:",
    )
    machine = loaded(tmp_path, text).estate.virtual_machines["app-01"]
    assert (machine.os, machine.tier, machine.host) == (OsFamily.WINDOWS, "web", "esx-01")


@pytest.mark.parametrize(
    ("name", "names"),
    [("app-{n}", ["app-1", "app-2"]), ("app-{n:03}", ["app-001", "app-002"]), ("{n:02d}-app", ["01-app", "02-app"])],
)
def test_a_count_writes_machines_out(tmp_path: Path, name: str, names: list[str]) -> None:
    scenario = loaded(tmp_path, ONE.replace("name: app-01,", f"name: '{name}', count: 2,"))
    assert list(scenario.estate.virtual_machines) == names


def test_groups_come_from_machines_and_from_the_list(tmp_path: Path) -> None:
    machines = "".join(
        f"    - {{name: m{n}, os: linux, disks: [{{size_gib: 1}}]{group}}}\n"
        for n, group in enumerate(["", ", replication_group: listed", ", replication_group: own"])
    )
    text = ONE + machines + "  replication_groups: [{name: listed, items: [m0]}]\n"
    estate = loaded(tmp_path, text).estate
    assert {name: group.items for name, group in estate.replication_groups.items()} == {
        "listed": ("m0", "m1"),
        "own": ("m2",),
    }
    assert estate.virtual_machines["m0"].replication_group == "listed"


@pytest.mark.parametrize("fact", ["agent_registered", "snapshots", "powered_on", "static_ip"])
def test_a_fact_may_be_unknown(tmp_path: Path, fact: str) -> None:
    scenario = loaded(tmp_path, ONE.replace("os: linux", f"os: linux, {fact}: unknown"))
    assert getattr(scenario.estate.virtual_machines["app-01"], fact) is UNKNOWN


def test_a_fact_of_text_may_be_unknown_too(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, ONE.replace("size_gib: 40", "size_gib: 40, uuid: unknown"))
    assert scenario.estate.virtual_machines["app-01"].disks[0].uuid is UNKNOWN


def test_a_duration_is_a_number_or_a_distribution(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, ONE + "durations: {agent_registration: 5, vcenter_discovery: {low_s: 1, high_s: 2}}\n")
    assert scenario.durations["agent_registration"] == Duration(fixed_s=5)
    assert scenario.durations["vcenter_discovery"] == Duration(low_s=1, high_s=2)
    assert scenario.durations.keys() == load_default_durations().keys()


def test_facts_of_a_fault_have_the_types_of_the_part(tmp_path: Path) -> None:
    facts = "{snapshots: [a], agent_registered: unknown, azure: {running: false}}"
    scenario = loaded(tmp_path, ONE + f"faults: [{{kind: change_facts, object: app-01, facts: {facts}}}]\n")
    assert scenario.faults[0].facts == {
        "snapshots": ("a",),
        "agent_registered": UNKNOWN,
        "azure": AzureVm(running=False),
    }


def test_endings_are_phases_or_stopped(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, ONE + "expect: {all: failed_back, items: {app-01: stopped}}\n")
    assert scenario.ending("app-01") is Stopped.STOPPED
    assert ending_of(scenario, "another") is Phase.FAILED_BACK
    with pytest.raises(BadInput, match="no machine is called 'another'; there are: app-01"):
        scenario.ending("another")


def test_an_item_that_a_rule_stops_ends_stopped(tmp_path: Path) -> None:
    assert loaded(tmp_path, ONE + "expect: {stopped_by: {app-01: R04}}\n").ending("app-01") is Stopped.STOPPED


def test_a_date_keeps_its_offset(tmp_path: Path) -> None:
    scenario = loaded(tmp_path, ONE + "starts_at: 2026-06-06T03:00:00+09:00\n")
    assert scenario.starts_at == datetime(2026, 6, 5, 18, tzinfo=UTC)


@pytest.mark.parametrize("reference", ["parts/site.yaml", "parts\\site.yaml"])
def test_an_estate_may_be_in_a_file_of_its_own(tmp_path: Path, reference: str) -> None:
    (tmp_path / "parts").mkdir()
    estate = yaml.safe_load(ONE)["estate"]
    written(tmp_path / "parts", yaml.safe_dump(estate), "site.yaml")
    assert list(loaded(tmp_path, f"name: x\nestate_file: '{reference}'\n").estate.virtual_machines) == ["app-01"]


def test_json_is_as_good_as_yaml(tmp_path: Path) -> None:
    assert load_scenario(written(tmp_path, json.dumps(yaml.safe_load(ONE)), "one.json")) == loaded(tmp_path, ONE)


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_windows_files_are_as_good(tmp_path: Path, newline: str, mark: str) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes((mark + ONE.replace("\n", newline)).encode())
    assert load_scenario(path) == loaded(tmp_path, ONE)


def test_an_estate_is_loaded_from_its_own_file_or_from_a_scenario(tmp_path: Path) -> None:
    own = load_estate(written(tmp_path, yaml.safe_dump(yaml.safe_load(ONE)["estate"]), "site.yaml"))
    assert isinstance(own, Estate)
    assert own == load_estate(written(tmp_path, ONE))


def test_nothing_downstream_can_be_changed(tmp_path: Path) -> None:
    with pytest.raises(AttributeError):
        setattr(loaded(tmp_path, ONE), "seed", 2)  # noqa: B010  the type checker knows it as well


# The library


@pytest.mark.parametrize("name", library())
def test_every_scenario_of_the_library_loads_and_tells_its_story(name: str) -> None:
    scenario = load_scenario(resolve(name))
    assert scenario.name == name
    assert scenario.title
    assert len(scenario.description) > 80


def test_the_first_drill_is_what_the_books_say() -> None:
    estate = load_scenario(resolve("first_drill_modernised")).estate
    assert len(estate.virtual_machines) == 12
    assert {vm.os for vm in estate.virtual_machines.values()} == set(OsFamily)
    assert estate.replication_groups["pg-cluster"].items == ("pg-01", "pg-02")
    assert len(estate.recovery_plans["shop"].groups) == 2


def test_the_classic_drill_is_its_twin() -> None:
    modern, classic = (load_scenario(resolve(name)).estate for name in ("first_drill_modernised", "first_drill"))
    assert list(modern.virtual_machines) == list(classic.virtual_machines)
    assert modern.recovery_plans == classic.recovery_plans
    assert {vm.architecture for vm in classic.virtual_machines.values()} == {Architecture.CLASSIC}


def test_a_name_of_the_library_is_a_path(tmp_path: Path) -> None:
    assert resolve("one_vm") == library()["one_vm"]
    assert resolve(tmp_path / "x.yaml") == tmp_path / "x.yaml"


def test_a_name_that_is_neither_has_a_hint() -> None:
    with pytest.raises(BadInput, match="did you mean `first_drill`"):
        resolve("firstdrill")


def test_every_default_duration_says_where_it_comes_from() -> None:
    sources = {key: row.source.partition(" ")[0].rstrip(":") for key, row in load_default_durations().items()}
    assert set(sources.values()) == {"recorded", "documented", "inferred"}
    recorded = [key for key, word in sources.items() if "/modernised/" in key and word != "inferred"]
    assert recorded == ["task/modernised/cancel_failback/CancelFailoverPreflightChecksTask"]


# What is refused


def test_five_mistakes_are_reported_at_once_with_their_lines(tmp_path: Path) -> None:
    found = mistakes(tmp_path, FIVE)
    assert [(m.line, m.path_text) for m in found] == [
        (2, "sede"),
        (4, "estate.link.bandwidth_mbit_per_s"),
        (8, "estate.virtual_machines[1].disks[0].size_gib"),
        (9, "estate.virtual_machines[2].name"),
        (11, "plan.waves[0].items[1]"),
    ]
    assert "did you mean `seed`?" in found[0].message


@pytest.mark.parametrize(
    ("old", "new", "path", "says"),
    [
        ("name: one", "name: one\nsede: 3", "sede", "did you mean `seed`?"),
        ("name: one", "name: 1", "name", "found `1`; expected text"),
        ("name: one\n", "title: x\n", "name", "`name` is missing"),
        ("name: one", "name: one\npoll_s: soon", "poll_s", "expected a number"),
        ("name: one", "name: one\nseed: 1.5", "seed", "expected a whole number"),
        ("name: one", "name: one\nstarts_at: 5", "starts_at", "a date and time"),
        ("name: one", "name: one\nstarts_at: tomorrow", "starts_at", "a date and time"),
        ("name: one", "name: one\nfaults: {}", "faults", "expected a list"),
        ("name: one", "name: one\nplan: []", "plan", "expected a mapping"),
        ("name: one", "name: one\nplan: {choices: {mastertarget: x}}", "plan.choices.mastertarget", "`master_target`"),
        (
            "name: one",
            "name: one\nplan: {retry_delay_min: 5}",
            "plan.retry_delay_min",
            "`retry_delay_s` (1 minute is 60 s)",
        ),
        ("name: one", "name: one\nexpect: {all: replicating_home}", "expect.all", "did you mean"),
        (
            "name: one",
            "name: one\ndurations: {agent_registration: {low_s: 3}}",
            "durations.agent_registration",
            "low_s and high_s",
        ),
        ("bandwidth_mbit_per_s", "bandwidth_gbit", "estate.link.bandwidth_gbit", "(1 Gbit/s is 1000 Mbit/s)"),
        ("bandwidth_mbit_per_s", "bandwidth", "estate.link.bandwidth", "did you mean `bandwidth_mbit_per_s`"),
        ("size_gib", "size_gb", "estate.virtual_machines[0].disks[0].size_gb", "`size_gib` (1 GB is 0.931 GiB)"),
        ("os: linux", "os: linus", "estate.virtual_machines[0].os", "did you mean linux?"),
        ("os: linux, ", "", "estate.virtual_machines[0].os", "`os` is missing"),
        (
            "os: linux",
            "os: linux, powered_on: maybe",
            "estate.virtual_machines[0].powered_on",
            "true or false or unknown",
        ),
        ("name: app-01", "name: app-01, count: 0", "estate.virtual_machines[0].count", "at least 1"),
        ("name: app-01", "name: app-01, count: 3", "estate.virtual_machines[0].count", "app-{n:03}"),
        ("name: app-01", f"name: 'a{{n}}', count: {MACHINES_MAX + 1}", "estate.virtual_machines[0].count", "at most"),
        ("  hosts", "  defaults: {host: {name: x}}\n  hosts", "estate.defaults.host", "only `virtual_machine`"),
        ("estate:", "estate_file: x.yaml\nestate:", "estate_file", "no `estate` besides it"),
    ],
)
def test_one_mistake_is_one_mistake(tmp_path: Path, old: str, new: str, path: str, says: str) -> None:
    found = mistake(tmp_path, ONE.replace(old, new, 1))
    assert says in found.message
    assert found.path_text == path


def test_a_mistake_in_a_default_is_told_once_at_its_line(tmp_path: Path) -> None:
    text = ONE.replace("  virtual_machines:", "  defaults:\n    virtual_machine: {hots: x}\n  virtual_machines:")
    text = text.replace("name: app-01,", "name: 'app-{n}', count: 3,")
    found = mistake(tmp_path, text)
    assert (found.line, found.path_text) == (8, "estate.defaults.virtual_machine.hots")


def test_a_mistake_of_a_counted_machine_is_at_its_line(tmp_path: Path) -> None:
    text = ONE.replace("name: app-01,", "name: 'app-{n}', count: 3,") + "    - {name: b, os: linux, disks: []}\n"
    assert mistake(tmp_path, text).line == text.count("\n")


def test_mistakes_of_an_estate_file_name_that_file(tmp_path: Path) -> None:
    site = written(
        tmp_path, ONE.partition("estate:\n")[2].replace("os: linux", "os: linus").replace("\n  ", "\n")[2:], "s.yaml"
    )
    found = mistake(tmp_path, "name: x\nestate_file: s.yaml\n")
    assert (found.file, found.line, found.path_text) == (str(site), 6, "virtual_machines[0].os")


def test_an_estate_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    found = mistake(tmp_path, "name: x\nestate_file: s.yaml\n")
    assert (found.line, "cannot be read" in found.message) == (2, True)


@pytest.mark.parametrize(
    "text", ["- a\n", "hello\n", "name: x\n", "name: x\nestate:\n", "name: x\nestate: 5\n", "name: x\nestate: []\n"]
)
def test_a_file_without_an_estate_is_refused(tmp_path: Path, text: str) -> None:
    assert mistake(tmp_path, text).line >= 1


def test_a_refused_part_is_not_missed_elsewhere(tmp_path: Path) -> None:
    text = ONE.replace("os: linux", "os: linus") + "plan: {waves: [{name: w, items: [app-01]}]}\n"
    assert "linux" in mistake(tmp_path, text).message


def test_a_repeated_key_is_reported_with_the_other_mistakes(tmp_path: Path) -> None:
    found = mistakes(tmp_path, "name: one\n" + ONE + "sede: 1\n")
    assert ["twice" in m.message for m in found] == [True, False]


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ("{upp: false}", "did you mean `up`?"),
        ("{up: perhaps}", "true or false or unknown"),
        ("{name: x}", "unknown fact"),
    ],
)
def test_facts_of_a_fault_are_checked_against_the_part(tmp_path: Path, facts: str, says: str) -> None:
    text = ONE.replace("  virtual_machines:", "  process_servers: [{name: ps}]\n  virtual_machines:")
    found = mistake(tmp_path, text + f"faults: [{{kind: change_facts, object: ps, facts: {facts}}}]\n")
    assert says in found.message


# Whatever comes


# fmt: off
WORDS = st.sampled_from(
    [
        "name", "estate", "link", "hosts", "virtual_machines", "disks", "size_gib", "os", "plan", "waves",
        "gates", "items", "faults", "kind", "object", "when", "facts", "expect", "all", "durations", "site",
        "defaults", "virtual_machine", "count", "operator", "choices", "item_choices", "starts_at",
        "recovery_plans", "groups", "{n}", "$schema",
    ]
)
# fmt: on
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    WORDS,
    st.sampled_from(["linux", "unknown"]),
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=6), max_leaves=25
)


def refused_at_worst(path: Path) -> bool:
    """Whether both doors either open or say why not, and never anything else."""
    return all(_mistakes_of(load, path) != () for load in (load_scenario, load_estate))


def _mistakes_of(load: Callable[[Path], object], path: Path) -> tuple[Mistake, ...] | None:
    try:
        load(path)
    except BadInput as refused:
        return refused.mistakes
    return None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_bad_input_at_worst(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(content)
    assert refused_at_worst(path)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tree=st.dictionaries(WORDS, TREES, max_size=6))
def test_any_tree_is_bad_input_at_worst(tmp_path: Path, tree: dict[str, Any]) -> None:
    assert refused_at_worst(written(tmp_path, yaml.safe_dump(tree)))


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for step, part in steps for place in places(part, (*path, step)))]


STORIES = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in library().values()]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_story_with_one_value_spoilt_is_bad_input_at_worst(tmp_path: Path, data: st.DataObject) -> None:
    story = json.loads(json.dumps(data.draw(st.sampled_from(STORIES))))
    *way, last = data.draw(st.sampled_from(places(story)[1:]))
    holder = story
    for step in way:
        holder = holder[step]
    holder[last] = data.draw(TREES)
    assert refused_at_worst(written(tmp_path, yaml.safe_dump(story)))


def test_a_name_that_nothing_is_near_names_the_stories_and_counts_those_of_single_rules() -> None:
    with pytest.raises(BadInput, match=r"the library has .*one_vm.* and [0-9]+ scenarios of single rules"):
        resolve("qqqqqqqq")


def test_a_file_with_an_estate_alone_is_an_estate_file_called_like_it(tmp_path: Path) -> None:
    path = written(tmp_path, ONE.partition("\n")[2], "site.yaml")
    assert load_located(path).scenario.name == "site"
    assert load_questions(path) == ()
    outer = written(tmp_path, "estate_file: site.yaml\n", "outer.yaml")
    with pytest.raises(BadInput) as bad:
        load_questions(outer)
    assert "virtual_machines" in str(bad.value), "an estate file is no scenario with an estate"


def test_an_estate_with_nothing_under_it_is_called_empty_and_no_name_is_missed(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        load_questions(written(tmp_path, "estate:\n"))
    (mistake,) = bad.value.mistakes
    assert "nothing is under `estate`" in mistake.message
