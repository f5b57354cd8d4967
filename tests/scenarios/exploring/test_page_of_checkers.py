"""The page that the help of `explore` names lists every checker."""

from pathlib import Path

from failback.scenarios.exploring.verdict import ENDS_THE_SAME, LEFT_BEHIND, RESUMABLE, SENT_TWICE
from failback.scenarios.text.plain_words import CHECKER_WORDS

PAGE = Path(__file__).parents[3] / "docs" / "resume.md"


def test_the_page_lists_the_checkers_of_every_run_and_then_those_of_explore() -> None:
    named = [line.split("`")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    checkers = [*CHECKER_WORDS, SENT_TWICE, LEFT_BEHIND, RESUMABLE, ENDS_THE_SAME]
    assert [name for name in named if name in checkers] == checkers
    assert len(CHECKER_WORDS) == 8, "the page says how many"
