"""Beside a verdict stands how many machines unknown facts may still block, as a check counts them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from failback.scenarios.checks.command import CheckRequest, as_value, check_located
from failback.scenarios.checks.summary import summary_lines
from failback.scenarios.files.loader import Located, load_scenario
from failback.scenarios.files.schema import Scenario
from failback.scenarios.predictions.command import PredictOptions, question_of, run_predict
from failback.scenarios.predictions.open_facts import open_facts, open_words
from failback.scenarios.predictions.predict import predict
from failback.scenarios.text.language import LANGUAGES, speaking

from .known_estates import machine, servers


def unsure(where: Path, *names: str) -> Scenario:
    """An estate of which all is known but whether these machines run in Azure, and what a reprotect makes."""
    azure = {name: {"running": "unknown"} if name in names else {} for name in ("web-01", "web-02", "sql-01")}
    facts: dict[str, Any] = {"at": "failover_committed", "recovery_points": "unknown"}
    vms = [machine(name, "modernised", azure=own, **facts) for name, own in azure.items()]
    estate = {"link": {"bandwidth_mbit_per_s": 500}, **servers("modernised"), "virtual_machines": vms}
    file = where / "known.yaml"
    file.write_text(yaml.safe_dump({"name": "known", "estate": estate}), "utf-8")
    return load_scenario(file)


def asked(scenario: Scenario) -> PredictOptions:
    return PredictOptions(scenario, "2026-06-05 18:00", "2026-06-08 06:00", None, 90.0, 1, today="2026-06-01")


def test_it_counts_what_a_check_counts(tmp_path: Path) -> None:
    scenario = unsure(tmp_path, "web-01", "sql-01")
    done = check_located(Located(scenario, {}), CheckRequest(""))
    found = open_facts(scenario)
    assert (found.machines, found.rules) == (("web-01", "sql-01"), ("78093",))
    assert list(found.machines) == as_value(done)["open_machines"]
    assert sorted(done.report.open_now) == list(found.rules)
    assert "The unknown facts concern 2 machines of 3." in summary_lines(done.report, None, unknown_blocks=False)


def test_where_nothing_could_be_looked_up_now_nothing_is_said(tmp_path: Path) -> None:
    known = unsure(tmp_path)
    report = check_located(Located(known, {}), CheckRequest("")).report
    assert report.later, "what can be known only after the reprotect is no open question"
    assert open_facts(known).machines == ()
    assert open_words(open_facts(known)) == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_stands_beside_the_verdict_in_text_page_and_json(
    lang: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = unsure(tmp_path, "web-01", "sql-01")
    run_predict(replace(asked(scenario), lang=lang), tmp_path, as_json=False)
    with speaking(lang):
        words = open_words(open_facts(scenario))
    assert capsys.readouterr().out.splitlines()[1] == words
    assert "2" in words
    assert "1" in words
    for file in ("answer.md", "answer.html"):
        assert words in (tmp_path / file).read_text("utf-8")
    data: dict[str, Any] = json.loads((tmp_path / "answer.json").read_text("utf-8"))
    assert data["verdict"]["open"] == {"machines": ["web-01", "sql-01"], "rules": ["78093"]}


def test_a_prediction_keeps_what_is_open(tmp_path: Path) -> None:
    scenario = unsure(tmp_path, "web-01")
    assert predict(question_of(asked(scenario))).open_facts == open_facts(scenario)
