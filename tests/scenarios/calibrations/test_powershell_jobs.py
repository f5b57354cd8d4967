"""Job lists as PowerShell saves them: what can be learnt from them, and what is said of the rest."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from failback.scenarios.calibrations.job_rows import rows_of
from failback.scenarios.files.yaml_source import BadInput

from .test_calibration import RECORDED, learnt

TYPE_NAME = "Microsoft.Azure.Commands.RecoveryServices.SiteRecovery.ASRTask"


def recorded() -> list[dict[str, Any]]:
    return [dict(row) for row in json.loads(RECORDED.read_text("utf-8"))["value"]]


def powershell(job: dict[str, Any]) -> dict[str, Any]:
    """The object as Az.RecoveryServices has it: its names, its dates, and the task's name as its ID."""
    own = job["properties"]
    return {
        "ID": job.get("id"),
        "Name": job.get("name"),
        "JobType": own["scenarioName"],
        "DisplayName": own.get("friendlyName"),
        "State": own["state"],
        "StateDescription": own.get("stateDescription"),
        "StartTime": date(own["startTime"]),
        "EndTime": date(own["endTime"]),
        "TargetObjectName": own["targetObjectName"],
        "Tasks": list(tasks(own)),
        "Errors": [],
    }


def tasks(own: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for task in own["tasks"]:
        times = {"StartTime": date(task.get("startTime")), "EndTime": date(task.get("endTime"))}
        yield {"ID": task["name"], "Name": task.get("friendlyName"), "State": task["state"], **times}


def date(text: str | None) -> str | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    epoch_s = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    return f"/Date({round(epoch_s * 1000)})/"


def saved(folder: Path, rows: Any, name: str = "jobs.json", encoding: str = "utf-16") -> Path:
    (folder / name).write_text(json.dumps(rows), encoding=encoding)
    return folder / name


def test_jobs_of_convertto_json_give_what_those_of_the_service_give(tmp_path: Path) -> None:
    jobs = [row for row in recorded() if "scenarioName" in row["properties"]]
    whole = learnt(saved(tmp_path, jobs, "arm.json"), least=1).file
    shell = learnt(saved(tmp_path, list(map(powershell, jobs))), least=1).file
    assert len(whole.durations) > 5
    assert {key: fit["median_s"] for key, fit in shell.fits.items()} == pytest.approx(
        {key: fit["median_s"] for key, fit in whole.fits.items()}, abs=0.01
    )


@pytest.mark.parametrize("tasks", [[], [TYPE_NAME], TYPE_NAME, None])
def test_a_list_whose_tasks_are_blank_or_cut_off_says_how_to_read_them(tmp_path: Path, tasks: Any) -> None:
    rows = [powershell(row) | {"Tasks": tasks} for row in recorded() if "scenarioName" in row["properties"]]
    with pytest.raises(BadInput, match=r"none with its tasks; .* ConvertTo-Json -Depth 10") as refused:
        learnt(saved(tmp_path, rows))
    assert "\n" not in str(refused.value)


def as_csv(folder: Path, *dates: str) -> Path:
    with (folder / "jobs.csv").open("w", encoding="utf-8", newline="") as file:
        file.write("#TYPE Microsoft.Azure.Commands.RecoveryServices.SiteRecovery.ASRJob\n")
        head = ["Name", "JobType", "DisplayName", "State", "StartTime", "EndTime", "TargetObjectName", "Tasks"]
        rows = [["j", "CommitFailover", "Commit", "Succeeded", at, at, "app-01", TYPE_NAME] for at in dates]
        csv.writer(file).writerows([head, *rows])
    return folder / "jobs.csv"


def test_a_csv_of_jobs_is_recognised_and_said_to_have_no_tasks(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="1 finished jobs are in it, but none with its tasks"):
        learnt(as_csv(tmp_path, "6/5/2026 6:00:00 PM"))


def test_a_csv_of_jobs_beside_a_better_source_is_told_and_costs_nothing(tmp_path: Path) -> None:
    beside = learnt(as_csv(tmp_path, "6/5/2026 6:00:00 PM"), RECORDED, least=1)
    assert beside.file.fits == learnt(RECORDED, least=1).file.fits
    assert any("Export-Csv writes no tasks" in note for note in beside.notes)


def test_dates_are_read_where_the_month_is_plain(tmp_path: Path) -> None:
    written = ["6/5/2026 6:00:00 PM", "2026/06/05 18:00:00", "05.06.2026 18:00:00", "05/06/2026 18:00:00"]
    found = [row["properties"]["startTime"] for row in rows_of(as_csv(tmp_path, *written)).rows]
    assert found == ["2026-06-05T18:00:00"] * 3 + ["05/06/2026 18:00:00"]


def test_half_a_page_of_jobs_is_told(tmp_path: Path) -> None:
    page = {"value": recorded(), "nextLink": "https://management.azure.com/next"}
    found = learnt(saved(tmp_path, page, encoding="utf-8"), least=1)
    assert any("next page is missing" in note for note in found.notes)


def test_pages_that_were_joined_are_read_as_one_list(tmp_path: Path) -> None:
    rows = recorded()
    pages = [{"value": rows[:3], "nextLink": "https://x"}, {"value": rows[3:]}]
    (tmp_path / "jobs.json").write_text("\n".join(map(json.dumps, pages)), encoding="utf-8")
    found = learnt(tmp_path / "jobs.json", least=1)
    assert (found.file.fits, found.notes) == (learnt(RECORDED, least=1).file.fits, ())
