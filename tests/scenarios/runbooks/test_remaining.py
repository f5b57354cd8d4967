"""The rest of a plan, printed again from a later estate."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from failback.reprotect import Adapter, Operation, Phase, Wave, stands_at
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.runbooks.command import Extra, run_runbook, texts
from failback.scenarios.runbooks.remaining import remaining
from failback.scenarios.runbooks.rows import ON_SITE_STEP
from failback.scenarios.runbooks.runbook import runbook
from failback.scenarios.text.spreadsheet_cells import BOM
from failback.scenarios.usage_error import UsageError

HOMEWARD = [
    Operation.REPROTECT_TO_ON_PREMISES,
    Operation.FAILBACK,
    Operation.COMMIT_FAILBACK,
    Operation.REPROTECT_TO_AZURE,
]


def plan() -> Scenario:
    scenario = load_scenario(resolve("first_drill_modernised"))
    first, second, *rest = scenario.estate.virtual_machines
    waves = (Wave("pilot", (first, second)), Wave("rest", tuple(rest), opens_s=7200.0))
    return replace(scenario, plan=replace(scenario.plan, recovery_plans=(), waves=waves))


def left(**phases: Phase) -> Scenario:
    """What is left an hour later, where the other machines wait in Azure."""
    scenario = plan()
    named = {name.replace("_", "-"): phase for name, phase in phases.items()}
    machines = {
        name: stands_at(vm, named.get(name, Phase.FAILOVER_COMMITTED))
        for name, vm in scenario.estate.virtual_machines.items()
    }
    later = replace(scenario.estate, virtual_machines=machines)
    return remaining(scenario, later, "later.yaml", scenario.starts_at + timedelta(hours=1))


def test_each_machine_has_the_requests_that_lie_ahead_and_no_other() -> None:
    first, second, third = list(plan().estate.virtual_machines)[:3]
    stands = {first: Phase.REPLICATING_TO_AZURE, second: Phase.FAILED_BACK, third: Phase.REPLICATING_TO_ON_PREMISES}
    found = runbook(left(**{name.replace("-", "_"): phase for name, phase in stands.items()}), 1)
    asked = {name: [r.operation for r in found.requests if name in r.items] for name in plan().estate.virtual_machines}
    assert asked[first] == []
    assert asked[second] == HOMEWARD[2:]
    assert asked[third] == HOMEWARD[1:]
    assert all(asked[name] == HOMEWARD for name in list(asked)[3:])


def test_a_machine_that_waits_for_its_commit_has_the_boxes_of_its_work_on_site_before_it() -> None:
    first, second = list(plan().estate.virtual_machines)[:2]
    found = left(**{name.replace("-", "_"): Phase.FAILED_BACK for name in (first, second)})
    vms = found.estate.virtual_machines
    static = {
        name: replace(vms[name], static_ip=True, adapters=(Adapter(addresses=("10.0.0.4",)),)) for name in (first,)
    }
    found = replace(found, estate=replace(found.estate, virtual_machines={**vms, **static}))
    files = texts(runbook(found, 1))
    for name, box in (("runbook.md", f"| [ ] | {first} | "), ("runbook.html", '<td class="name number">A07</td>')):
        page = files[name].partition(": Commit failback")[2] if name == "runbook.md" else files[name]
        assert box in page, name
        assert page.index(box) < page.index("10.0.0.4", page.index(box)) < page.index("planned begin", page.index(box))
        assert "on site: A07" in files[name], "among the waves in order of time"
    rows = list(csv.DictReader(io.StringIO(files["steps.csv"].removeprefix(BOM))))
    (n, *_) = (n for n, row in enumerate(rows) if row["step"] == ON_SITE_STEP)
    (commit,) = (n for n, row in enumerate(rows) if row["machines"] == first and row["leg"] == "Commit failback")
    assert n < commit
    assert rows[n]["planned end"] == rows[commit]["planned begin"]


def test_waves_keep_their_hour() -> None:
    scenario = left()
    assert [wave.opens_s for wave in scenario.plan.waves] == [0.0, 3600.0]
    assert scenario.starts_at == plan().starts_at + timedelta(hours=1)


def test_nothing_left_and_a_machine_that_is_missing_are_said() -> None:
    scenario = plan()
    with pytest.raises(BadInput, match="every machine of 'first_drill_modernised' is replicating to Azure again"):
        remaining(scenario, scenario.estate, "later.yaml", scenario.starts_at)
    first = next(iter(scenario.estate.virtual_machines))
    fewer = {n: vm for n, vm in scenario.estate.virtual_machines.items() if n != first}
    with pytest.raises(BadInput, match=f"it has no machine '{first}' of .* \\(1 of 12\\)"):
        remaining(scenario, replace(scenario.estate, virtual_machines=fewer), "later.yaml", scenario.starts_at)


def test_the_rest_needs_a_start(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--start"):
        run_runbook("one_modernised_vm", 1, tmp_path, Extra(later=Path("x")))


def test_a_start_moves_the_plan_and_without_one_page_and_command_say_that_the_dates_are_examples(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_runbook("one_modernised_vm", 1, tmp_path / "example")
    assert "The dates are examples" in capsys.readouterr().out
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    run_runbook("one_modernised_vm", 1, tmp_path / "asked", Extra(start="Sat 02:00", now=now))
    assert "examples" not in capsys.readouterr().out
    for file in ("runbook.html", "runbook.md"):
        assert "(an example, since nobody gave a start)" in (tmp_path / "example" / file).read_text("utf-8")
        text = (tmp_path / "asked" / file).read_text("utf-8")
        assert "Start Sat 28 Nov 2026, 02:00 UTC. " in text
        assert "5 Jun" not in text


def test_the_command_reads_the_later_estate(tmp_path: Path) -> None:
    text = Path(resolve("one_modernised_vm")).read_text("utf-8")
    assert "    - name: app-01\n" in text
    later = tmp_path / "later.yaml"
    later.write_text(text.replace("- name: app-01\n", "- name: app-01\n      at: failed_back\n", 1), encoding="utf-8")
    run_runbook("one_modernised_vm", 1, tmp_path / "out", Extra(later=later, start="2026-06-06 02:00"))
    steps = (tmp_path / "out" / "steps.csv").read_text("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(steps)) if row["step"] != ON_SITE_STEP]
    assert [row["leg"] for row in rows] == ["Commit failback", "Reprotect to Azure"]
    assert "Sat 6 Jun 02:00" in steps
