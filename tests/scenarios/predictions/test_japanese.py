"""The answer in Japanese: no English sentence is left on the page, only names, ids and what is marked as English."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

from failback.scenarios.cli import run
from failback.scenarios.files.calibration import Calibration, Tried
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Homecoming, Lever, ManualStep, Prices, Scenario, Shift, Target
from failback.scenarios.predictions.page import write_pages
from failback.scenarios.predictions.predict import predict
from failback.scenarios.predictions.prediction import Prediction, Question
from failback.scenarios.study.variants import varied
from failback.scenarios.text.language import speaking
from failback.simulator import Duration

FRIDAY = datetime(2026, 6, 5, 18, tzinfo=UTC)
SUNDAY = FRIDAY + timedelta(hours=50)
SEEDS = load_scenario(resolve("seed_ahead"))
DRILL = load_scenario(resolve("first_drill_modernised"))
NAMES = re.compile(
    r"(?:Azure|vCenter|failback|run|GiB|MiB/s|Mbit/s|UTC|EUR)(?![a-z])"
    r"|(?:web|pg|sql|app|appliance|mt|cs|ps|esx|gold|master|databases|db|first|seed|one)[-_\w]*|[A-Z]\d{2}|#[0-9a-f]+|modernised|classic|linux|windows|VMFS"
)
"""Words of Latin letters that may stand on the page: products, units, names and ids of the estates."""


def crowded(scenario: Scenario) -> Scenario:
    """Of everything that a page can tell: targets, shifts, prices and levers."""
    home = Homecoming(
        manual_steps=(ManualStep("確認", Duration(fixed_s=600.0)),),
        shifts=(Shift("夜", people=1),),
        targets=(Target(downtime_s=60.0), Target(home_within_s=1e9), Target(rpo_s=5400.0)),
        prices=Prices(machine_per_h=1.0),
    )
    return varied(replace(scenario, homecoming=home, title="演習"), {"bandwidth": 200.0})


def asked(scenario: Scenario, hours: float, cutover: datetime | None = None) -> Prediction:
    by, today = FRIDAY + timedelta(hours=hours), FRIDAY.date()
    return predict(Question(scenario, FRIDAY, by, 0.9, 2, cutover=cutover, today=today))


def with_levers() -> Scenario:
    later = Lever("増速", bandwidth_mbit_per_s=900.0, available_from=date(2026, 9, 1))
    levers = (Lever("予備機", appliances=2, lead_days=1), later)
    scenario = crowded(DRILL)
    return replace(scenario, homecoming=replace(scenario.homecoming, levers=levers))


def stopped() -> Scenario:
    """Machines whose datastore is full never come home."""
    stores = {name: replace(store, free_gib=0.0) for name, store in DRILL.estate.datastores.items()}
    return replace(crowded(DRILL), estate=replace(DRILL.estate, datastores=stores))


def fitted(tried: Tried | None = None) -> Scenario:
    scenario = load_scenario(resolve("first_drill"))
    calibration = Calibration(date(2026, 5, 1), "failback", 240, changed_between=(0.1, 0.9), tried=tried)
    return replace(scenario, title="演習", calibration=calibration)


ASKED = {
    "in time if little changed": lambda: asked(crowded(DRILL), 12.0),
    "never in time": lambda: asked(crowded(DRILL), 1.0),
    "in time": lambda: asked(replace(DRILL, title="演習"), 100.0),
    "levers with lead times": lambda: asked(with_levers(), 12.0),
    "never home": lambda: asked(stopped(), 12.0),
    "stopped by a rule": lambda: asked(replace(load_scenario(resolve("master_target_snapshot")), title="演習"), 12.0),
    "calibrated": lambda: asked(fitted(Tried(2, (), 10.0)), 5.0),
    "a cutover": lambda: asked(replace(SEEDS, title="演習"), 100.0, cutover=SUNDAY),
    "a cutover that is late": lambda: asked(crowded(SEEDS), 52.0, cutover=SUNDAY),
}


def ran(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["failback", *words])
    return run()


def shown(page: str) -> Iterator[str]:
    """Every piece of text that a reader sees or hears."""
    body = re.sub(r"<style>.*?</style>|<ul lang=.en.>.*?</ul>", "", page, flags=re.DOTALL)
    yield from re.findall(r'(?:aria-label|data-label)="([^"]*)"', body)
    yield from filter(str.strip, re.split(r"<[^>]*>", body))


def english(text: str) -> list[str]:
    unhashed = re.sub(r"\b[0-9a-f]{32}\b", "", unescape(text))
    return re.findall(r"[A-Za-z][A-Za-z']*", NAMES.sub("", unhashed))


@pytest.mark.parametrize("name", ASKED)
def test_no_english_is_left_on_the_page(name: str, tmp_path: Path) -> None:
    found = ASKED[name]()
    with speaking("ja"):
        write_pages(found, tmp_path)
    page = (tmp_path / "answer.html").read_text("utf-8")
    assert '<html lang="ja">' in page
    assert {text: words for text in shown(page) if (words := english(text))} == {}
    text = (tmp_path / "answer.md").read_text("utf-8").split("-->")[-1]
    assert {line: words for line in text.splitlines() if (words := english(line))} == {}


def test_the_same_question_has_the_same_numbers_in_both_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    when = ("--start", "Fri 18:00", "--by", "Mon 06:00", "--today", "2026-06-01")
    asked_for = ("predict", "one_vm", *when, "--runs", "2")
    for language in ("en", "ja"):
        assert ran(monkeypatch, *asked_for, "--lang", language, "--out", str(tmp_path / language)) == 0
    said = capsys.readouterr().out
    assert "All home, expected case: Fri " in said
    assert "全台の復帰 (想定ケース): 6月5日(金) " in said
    one, other = (json.loads((tmp_path / language / "answer.json").read_text("utf-8")) for language in ("en", "ja"))
    assert one == other
    pages = [(tmp_path / language / "answer.html").read_text("utf-8") for language in ("en", "ja")]
    assert [page.count("<td") for page in pages] == [pages[0].count("<td")] * 2


def test_a_language_that_there_is_not_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked_for = ("predict", "one_vm", "--start", "Fri 18:00", "--by", "Mon 06:00", "--out", str(tmp_path / "out"))
    assert ran(monkeypatch, *asked_for, "--lang", "de") == 2
    said = capsys.readouterr().err
    assert "--lang is 'de'; the answer can be written in: en (English) or ja (Japanese)." in said
    assert not (tmp_path / "out").exists()
