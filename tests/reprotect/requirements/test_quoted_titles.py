"""A text that names a rule with its title quotes the title that the rule has."""

import re
from collections.abc import Iterator

from failback.reprotect.requirements import REQUIREMENTS, STEPS

TITLES = {row.id: row.title for row in REQUIREMENTS}


def quoted() -> Iterator[tuple[str, str]]:
    for step in (step for steps in STEPS.values() for step in steps):
        yield from re.findall(r"\brule ([A-Z]\d\d|\d{3,5}) \(([^()`]+)\)", str(step))


def test_steps_quote_the_titles_that_rules_have() -> None:
    found = list(quoted())
    assert found
    assert {rule: title for rule, title in found if TITLES[rule] != title} == {}
