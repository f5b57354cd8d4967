"""A job that is made to fail with a known code says what the service says beside it."""

from dataclasses import replace

import pytest

from failback.reprotect import CODES, by_code, known_failure
from failback.scenarios import load_scenario, play, resolve


@pytest.mark.parametrize("code", CODES)
def test_a_known_code_brings_its_text_in_a_run(code: str) -> None:
    scenario = load_scenario(resolve("modernised_job_fails_once"))
    run = play(replace(scenario, faults=tuple(replace(fault, code=code) for fault in scenario.faults)))
    (found,) = [finding for finding in run.findings if finding.message.endswith(CODES[code].meaning)]
    known, row = known_failure(code), by_code(code)
    assert known is not None
    assert found.remedy == (row.remedy if row else known.recommended_action)


def test_a_scenarios_own_message_stays() -> None:
    scenario = load_scenario(resolve("modernised_job_fails_once"))
    run = play(replace(scenario, faults=tuple(replace(f, code="95226", message="mine") for f in scenario.faults)))
    assert any(finding.message.endswith("mine") for finding in run.findings)
