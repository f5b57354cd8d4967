"""All that is asked before a leg of a machine, from whatever it comes."""

from collections.abc import Callable, Mapping
from typing import Final

from failback.reprotect import Operation

from .lonely_machines import lonely_questions
from .runbook import Runbook
from .step_answers import step_answers
from .twin_questions import anew_questions, commit_questions, twin_questions


def step_questions(found: Runbook, operation: Operation) -> Mapping[str, str]:
    """Machine -> what is asked before this leg of it."""
    asked = _ASKED.get(operation)
    several = (step_answers(found, operation), asked(found) if asked else {})
    names = dict.fromkeys(name for each in several for name in each)
    return {name: ". ".join(each[name] for each in several if name in each) for name in names}


_ASKED: Final[Mapping[Operation, Callable[[Runbook], Mapping[str, str]]]] = {
    Operation.REPROTECT_TO_ON_PREMISES: twin_questions,
    Operation.FAILBACK: lonely_questions,
    Operation.COMMIT_FAILBACK: commit_questions,
    Operation.REPROTECT_TO_AZURE: anew_questions,
}
