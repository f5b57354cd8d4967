"""Why a finding matters, who says so, and how certain that is: in words, with each reading by its subject."""

import re
from typing import Final

from failback.reprotect import READINGS, REQUIREMENTS, Stage
from failback.scenarios.judging.check import Status
from failback.scenarios.text.plain_words import OPERATION_WORDS

from .told import ToldCause

_BREAKS: Final = {
    Stage.SELECTION: "the {operation} cannot be requested",
    Stage.PREREQUISITE_CHECK: "the {operation} is refused when its prerequisites are checked",
    Stage.JOB: "the job of the {operation} fails",
    Stage.REPLICATION: "the data does not arrive after the {operation}",
    Stage.FAILBACK: "the failback fails",
    Stage.COMMIT: "the commit fails",
    Stage.BEFORE_RETURN: "it does not block, but data is lost if nobody acts before the return",
    Stage.AFTER_RETURN: "it does not block",
    Stage.ADVICE: "it does not block",
}
_HARMLESS: Final = {
    Status.ADVICE.value: Stage.ADVICE,
    Status.BEFORE_RETURN.value: Stage.BEFORE_RETURN,
    Status.AFTER_RETURN.value: Stage.AFTER_RETURN,
}
_SURE: Final = {
    "documented": "documented by Microsoft",
    "recorded": "seen in API recordings that Microsoft has published",
    "inferred": "our conclusion; no page says so",
    "open": "no page says whether it applies",
}
_TITLES: Final = {row.id: row.title for row in REQUIREMENTS} | {each.id: each.subject for each in READINGS}
_CODE: Final = re.compile(r"\b(?:reading |rule )?([ABCFGMNPRT]\d\d)\b(?! \(| [a-z]+=|=|:)")


def why_words(told: ToldCause) -> str:
    """What it would break, and the sources."""
    broken, status = told.cause.status != Status.UNKNOWN.value, told.cause.status
    stage = _HARMLESS.get(status) or (told.requirement.stage if told.can_block else Stage.ADVICE)
    what = _BREAKS[stage].format(operation=OPERATION_WORDS[told.operation])
    sure = ", ".join(_sure_words(each) for each in told.sure)
    return f"{'' if broken else 'if it is not met: '}{what}; source: {worded(told.requirement.source)} ({sure})"


def _sure_words(sure: str) -> str:
    """`documented`, or `classic: documented` where the architectures differ."""
    head, colon, word = sure.rpartition(": ")
    return f"{head}{colon}{_SURE.get(word, word)}"


def worded(text: str) -> str:
    """No rule or reading by its id alone: `R29` becomes `R29 (retention drive of the master target chosen)`."""
    return _CODE.sub(_with_title, text)


def _with_title(found: re.Match[str]) -> str:
    title, before = _TITLES.get(found[1]), found.string[: found.start()]
    if title is None:
        return found[0]
    return f"{found[0]}: {title}" if before.endswith("(") else f"{found[0]} ({title})"
