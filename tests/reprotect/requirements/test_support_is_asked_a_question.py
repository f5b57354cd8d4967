"""Each request to Microsoft's support says what is asked; a step that hangs on an answer says whose."""

import re
from typing import Final

from failback.reprotect.requirements import STEPS

REQUEST: Final = "Create a support request"
WHOSE: Final = re.compile(r"only if the answer is (?:no|yes)")
REQUESTS: Final = tuple((rule, step) for rule, steps in STEPS.items() for step in steps if REQUEST in step)
FIRST: Final = frozenset({"R17", "M03", "A02"})
"""Rules whose request needs no condition: nothing else is known to help."""


def test_each_support_request_has_its_question() -> None:
    assert len(REQUESTS) > 10
    asked = re.compile(r": [^¦\]]+\?")
    assert [rule for rule, step in REQUESTS if not asked.match(step.partition(REQUEST)[2])] == []


def test_each_support_request_has_its_condition() -> None:
    bare = {rule for rule, step in REQUESTS if "only if" not in step.partition(REQUEST)[0]}
    assert bare <= FIRST


def test_a_step_that_hangs_on_an_answer_says_whose() -> None:
    assert [rule for rule, steps in STEPS.items() for step in steps if WHOSE.search(step)] == []
