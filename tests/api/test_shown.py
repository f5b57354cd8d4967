"""What a prompt and a notebook show: one line, a table or a picture, and nothing that was given as markup."""

from dataclasses import replace
from typing import Any

import pytest

import failback

VM = "one_modernised_vm"


def prediction() -> failback.Prediction:
    return failback.predict(VM, start="2026-06-05 18:00", by="2026-06-06 06:00", runs=2)


def test_each_value_says_in_one_line_what_it_is() -> None:
    shown = {
        "<Scenario one_modernised_vm: 1 machine, seed 1>": failback.load_scenario(VM),
        "<Result of one_modernised_vm, world sim, seed 1: The run ended as its scenario expects. The": failback.play(
            VM
        ),
        "<Report of one_modernised_vm: ": failback.check(VM),
        "<Study of one_modernised_vm: as it is>": failback.Study(VM),
        "<Prediction of one_modernised_vm: ": prediction(),
    }
    for beginning, value in shown.items():
        assert repr(value).startswith(beginning)
        assert "\n" not in repr(value)
        assert len(repr(value)) < 500


def test_a_long_sentence_is_shortened_in_a_prompt_and_whole_where_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = "a word " * 200
    monkeypatch.setattr(failback.Prediction, "sentence", long)
    assert len(repr(prediction())) < 500
    assert repr(prediction()).endswith(" ... (all of it: `sentence`)>")
    assert prediction().sentence == long


def test_a_study_says_what_varies() -> None:
    study = failback.Study(VM).vary(bandwidth=range(10, 100, 10), spread=[True, False]).replicate(3)
    text = "18 variants (bandwidth_mbit_per_s: 10, 20, 30, 40, 50, ..., 90; spread: True, False), 3 runs each"
    assert repr(study) == f"<Study of one_modernised_vm: {text}>"
    assert repr(failback.Study(VM).only([{"bandwidth": 5}])).endswith("1 variants (bandwidth_mbit_per_s: by case)>")


def test_a_mock_and_a_library_say_what_they_are() -> None:
    with failback.mock(VM, in_process=True, vault="v") as served:
        assert repr(served) == "<Mock at https://management.azure.com: vault v, clock poll>"
    lines = repr(failback.library()).splitlines()
    assert any(line.startswith("one_vm ") and line.endswith("comes home") for line in lines)
    assert lines[-1].endswith("scenarios of single rules: failback.library().rules")


def test_every_scenario_of_the_library_has_its_line() -> None:
    found = failback.library()
    assert all((*found.values(), *found.rules.values()))
    assert all(failback.load_scenario(name).title == title for name, title in list(found.items())[:6])
    assert not set(found) & set(found.rules)


def html_of(value: Any) -> str:
    shown = value._repr_html_()
    assert isinstance(shown, str)
    return shown


def test_a_notebook_shows_a_run_as_its_timeline_with_findings() -> None:
    shown = html_of(failback.play("appliance_port_is_closed"))
    assert shown.startswith("<svg")
    assert "<td style='text-align:left; vertical-align:top'>A15</td>" in shown
    assert "Findings: none." in html_of(failback.play(VM))


def test_a_notebook_shows_a_report_with_what_blocks_on_top() -> None:
    shown = html_of(failback.check("appliance_port_is_closed"))
    assert shown.startswith("<p><b>not ready</b></p>")
    first_row = shown.partition("<tbody>")[2].partition("</tr>")[0]
    assert "blocks" in first_row
    assert "A15" in first_row


def test_a_notebook_shows_a_prediction_as_its_sentence_and_a_row_for_each_case() -> None:
    answer = prediction()
    shown = html_of(answer)
    assert shown.count("<tr>") == 1 + len(answer.found.cases)
    assert "runs home in time" in shown


def test_a_notebook_shows_what_a_study_varies() -> None:
    assert "bandwidth_mbit_per_s" in html_of(failback.Study(VM).vary(bandwidth=[5, 50]))


def test_what_was_given_is_never_markup() -> None:
    scenario = failback.load_scenario("appliance_port_is_closed")
    evil = replace(scenario, name="<script>", title="<script>")
    for value in (failback.play(evil), failback.check(evil), failback.Study(evil)):
        assert "<script>" not in html_of(value)


def test_a_result_is_worth_a_table() -> None:
    rows = failback.play(VM).leg_rows()
    assert rows[0]["leg"] == "Failover"
    assert all(row["outcome"] == "done" and row["end_h"] >= row["start_h"] for row in rows)


def test_a_report_that_is_ready_says_so() -> None:
    report = failback.check("appliance_port_is_closed")
    assert (report.ready, report.blocked) == (False, True)
    assert {row["status"] for row in report.blockers} == {"blocks"}
    assert len(report.findings) == len(report.as_json()["findings"])


def test_what_is_not_known_blocks_where_that_was_asked() -> None:
    assert not failback.check(VM).blocked
    assert failback.check(VM, unknown_blocks=True).blocked


def test_a_prediction_and_a_calibration_are_written(tmp_path: Any) -> None:
    assert prediction().write(tmp_path / "answer").read_text(encoding="utf-8").startswith("<!")
    vault = failback.stories.synthetic_vault(VM, seed=7)
    found = failback.calibrate(vault.write_drills(tmp_path, range(3)), estate=VM)
    assert found.write(tmp_path / "calibration.yaml").read_text(encoding="utf-8").startswith("# Written by")
    assert repr(found).startswith("<Calibration of 2026-06-0")
    assert html_of(found).count("<tr>") == 1 + len(found.file.fits)
    for value in (prediction(), found):
        with pytest.raises(failback.BadInput, match="expected a path"):
            value.write(3)  # type: ignore[arg-type]
