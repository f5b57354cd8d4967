"""Cases that failed once, with a bug of ours or a planted one: they are played first, and none fails."""

from pathlib import Path

import pytest

from failback.scenarios.exploring.case import as_text, read_case
from failback.scenarios.exploring.trial import played, undisturbed
from failback.scenarios.files.loader import load_scenario, resolve

CORPUS = sorted(Path(__file__).with_name("corpus").glob("*.json"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_what_failed_once_does_not_fail(path: Path) -> None:
    case = read_case(path)
    scenario = load_scenario(resolve(case.scenario))
    assert played(case, scenario, undisturbed(case.of(scenario)).ends).failed == ()


def test_a_case_is_kept_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    for kept in CORPUS:
        path.write_text(as_text(read_case(kept)), encoding="utf-8")
        assert read_case(path) == read_case(kept)
    assert len(CORPUS) > 10
