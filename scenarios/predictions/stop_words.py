"""Why machines never come home."""

from collections.abc import Mapping
from typing import Final

from failback.reprotect import by_id
from failback.scenarios.text.language import ENGLISH, message, said, spoken

from .case_answer import CaseAnswer
from .prediction import Prediction


def stops_words(case: CaseAnswer) -> str:
    """What keeps machines of a case from coming home at all, most often of all reasons."""
    reason = next(iter(case.stops), "")
    rule = by_id(reason)
    in_english = rule is not None and spoken() == ENGLISH  # its title has no other language
    words = f"{reason} ({rule.title})" if rule and in_english else reason_words(reason)
    return said("{reason}, which keeps machines from coming home at all", reason=words)


def reason_words(reason: str) -> str:
    """Why a machine stopped: the id of a rule or of an error as it is, anything else in words."""
    return said(_NO_RULES[reason]) if reason in _NO_RULES else reason


def rules_named(found: Prediction) -> list[tuple[str, str]]:
    """The rules that stop machines in some case, with their titles: rules are told in English alone."""
    named = dict.fromkeys(reason for case in found.cases for reason in case.stops)
    return [(reason, rule.title) for reason in named if (rule := by_id(reason)) is not None]


_NO_RULES: Final[Mapping[str, str]] = {
    "": message("something unnamed"),
    "gave_up": message("a leg that never ends"),
    "cancelled": message("a cancelled operation"),
    "drift": message("a change from outside"),
    "no_way": message("a state without a way home"),
    "wave_closed": message("a wave that was given up"),
    "skipped": message("a person who skipped it"),
    "abandoned": message("a person who ended the run"),
}
