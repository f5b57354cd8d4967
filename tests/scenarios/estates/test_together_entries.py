"""`failback new`: the machines of an application fail back together, in the order of `depends on`."""

from pathlib import Path

import pytest

from failback.reprotect import Line, Operation
from failback.scenarios.files.loader import load_scenario
from failback.scenarios.run.player import play

from .test_turns import TWIN, vms, waves, written

ERP = "web,erp,1,app-1;app-2\napp-1,erp,1,db\napp-2,erp,1,db\ndb,erp,1,\n"


def orders(folder: Path) -> dict[str, tuple[tuple[str, ...], ...]]:
    return {entry.name: entry.order for entry in load_scenario(folder / "home.yaml").plan.together}


def test_an_application_fails_back_together_in_the_order_of_depends_on(tmp_path: Path) -> None:
    said, text = written(tmp_path, vms("web", "app-1", "app-2", "db", "wiki"), f"{ERP}wiki,intranet,2,\n")
    assert orders(tmp_path) == {"erp": (("db",), ("app-1", "app-2"), ("web",))}
    for words in (said, text):
        assert "Fail back together (`plan: together`): erp. None of an application fails back before" in words
        assert "NOT ORDERED" not in words
        assert "some may run on site and others in Azure" not in words
    result = play(load_scenario(tmp_path / "home.yaml"))
    begins = {leg.item: leg.start_s for leg in result.legs if leg.leg is Operation.FAILBACK}
    commits = [leg.start_s for leg in result.legs if leg.leg is Operation.COMMIT_FAILBACK and leg.item != "wiki"]
    assert begins["db"] < begins["app-1"] == begins["app-2"] < begins["web"] < min(commits)


def test_each_part_of_an_application_in_several_waves_has_an_entry_of_its_own(tmp_path: Path) -> None:
    names = [f"web-{n}" for n in range(1, 5)]
    said, _ = written(tmp_path, vms(*names), "".join(f"{name},shop,1,\n" for name in names))
    assert len(waves(tmp_path)) == 2
    assert orders(tmp_path) == {"shop (wave-1)": (("web-1", "web-2"),), "shop (wave-2)": (("web-3", "web-4"),)}
    assert "Not all machines of these fail back together" in said


@pytest.mark.parametrize(
    ("of_one", "of_app", "order", "lost"),
    [
        ("app", "", (("app",), ("one", "two")), ""),
        ("", "one", (("one", "two"), ("app",)), ""),
        ("two", "one", (("one", "two"), ("app",)), "one after two (erp)"),
        ("app", "two", (("one", "two", "app"),), "one after app (erp); app after two (erp)"),
    ],
)
def test_a_replication_group_fails_back_at_once_and_what_that_leaves_unordered_is_said(
    tmp_path: Path, of_one: str, of_app: str, order: tuple[tuple[str, ...], ...], lost: str
) -> None:
    group = ", replication_group: pair"
    rows = f"one,erp,1,{of_one}\ntwo,erp,1,\napp,erp,1,{of_app}\n"
    said, text = written(tmp_path, vms("one", "two", "app", one=group, two=group), rows)
    assert [frozenset(names) for names in orders(tmp_path)["erp"]] == [frozenset(names) for names in order]
    for words in (said, text):
        assert ("NOT ORDERED" in words) == bool(lost)
        assert lost in words


def test_applications_of_one_replication_group_are_one_entry_with_its_machines_of_no_application(
    tmp_path: Path,
) -> None:
    group = ", replication_group: pair"
    machines = vms("web", "db", "spare", "other", db=group, spare=group, other=group)
    written(tmp_path, machines, "web,shop,1,db\ndb,shop,1,\nother,wiki,1,\n")
    assert orders(tmp_path) == {"shop and 1 more": (("db", "other", "spare"), ("web",))}


def test_an_application_with_more_disks_than_slots_has_no_entry_and_the_file_says_so(tmp_path: Path) -> None:
    names = [f"m{chr(97 + n)}" for n in range(5)]
    disks = ", disks: [" + ", ".join(["{size_gib: 1}"] * 20) + "]"
    rows = "".join(f"{name},big,1,{'ma' if name != 'ma' else ''}\n" for name in names)
    said, text = written(tmp_path, vms(*names, **dict.fromkeys(names, disks)), rows)
    assert orders(tmp_path) == {}
    for words in (said, text):
        assert "NOT TOGETHER: big: more disks than the appliances or master targets" in words
        assert "NOT ORDERED: inside an application, the list wants mb after ma (big)" in words


def test_what_new_calls_together_the_run_never_lets_go_alone(tmp_path: Path) -> None:
    """Several applications of many disks in one wave queue for slots, each as a whole."""
    names = [f"{one}-{part}" for one in ("a", "b", "c") for part in ("db", "app")]
    disks = ", disks: [" + ", ".join(["{size_gib: 1}"] * 14) + "]"
    rows = "".join(f"{name},{name[0]},1,{f'{name[0]}-db' if 'app' in name else ''}\n" for name in names)
    written(tmp_path, vms(*names, **{name.replace("-", "_"): disks for name in names}), rows)
    lines: list[Line] = []
    scenario = load_scenario(tmp_path / "home.yaml")
    assert len(scenario.plan.together) == 3
    play(scenario, on_line=lines.append)
    assert not [line for line in lines if line.data.get("what") == "go_alone"]


def test_machines_of_one_bios_uuid_are_in_two_waves_and_so_not_in_one_entry(tmp_path: Path) -> None:
    machines = vms("db", "old", "app", db=f", {TWIN}1", old=f", {TWIN}1")
    written(tmp_path, machines, "db,erp,1,\nold,erp,1,\napp,erp,1,db\n")
    plan = load_scenario(tmp_path / "home.yaml").plan
    assert all(any(set(entry.items) <= set(wave.items) for wave in plan.waves) for entry in plan.together)
