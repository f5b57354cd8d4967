"""What only the owner of an application can answer or do: what findings ask of him or tell him, for his sheet.

It is told for his machines alone, so that it stands there with their names, whoever else is asked the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from failback.reprotect import SAME_FOR
from failback.scenarios.checks.finding_words import how_to_find_out
from failback.scenarios.checks.told import ToldCause, told_causes
from failback.scenarios.judging.check import Report, Status
from failback.scenarios.text.name_lists import listed

from .causes import seen_words

OWNER: Final = "owner of this application"
"""The addressee in the texts that are made for his sheet."""
QUESTION_HEADS: Final = ("rule", "about", "question, or what you are asked to do", "machines")
_CONDITION: Final = re.compile(r"^(?:(?:only )?if [^:]*(?=:)|(?:after|before) the [a-z]+(?=,))")
_OWN_WORK: Final = re.compile(rf"^.*\bsign in to \S+ in Azure, and .*|\bonly if [^:;]*: the {OWNER} (?!say|said).*")
"""A step inside of a machine for which nobody else is named, or one that names him."""
_PORTAL: Final = "Azure portal"


@dataclass(frozen=True, slots=True)
class OwnerQuestion:
    """One of them: the rules for which it is asked, what they are about or what was found, and of which machines."""

    rules: tuple[str, ...]
    about: str
    text: str
    machines: tuple[str, ...]

    def cells(self) -> tuple[str, ...]:
        """As `QUESTION_HEADS` name them."""
        return ", ".join(self.rules), self.about, self.text, listed(self.machines)


def owner_questions(
    report: Report, everything: Iterable[ToldCause], machines: Sequence[str]
) -> tuple[OwnerQuestion, ...]:
    """Those about the machines of one application, in the order of the findings; what two rules ask stands once.

    `everything`: all findings, since one of another application may need something from a machine of this one.
    """
    mine = tuple(item for item in report.items if item.item in machines)
    own = told_causes(replace(report, items=mine, refused=(), owners=dict.fromkeys(machines, OWNER)))
    asked = [(told, text, told.cause.items) for told in own for text in questions_in(told)]
    asked += [(told, text, (name,)) for told in everything for name in machines for text in _of_another(told, name)]
    found: dict[tuple[str, tuple[str, ...]], list[ToldCause]] = {}
    for told, text, names in asked:
        found.setdefault((text, names), []).append(told)
    return tuple(_question(several, text, names) for (text, names), several in found.items())


def _question(asked: Sequence[ToldCause], text: str, names: tuple[str, ...]) -> OwnerQuestion:
    """Of several rules, with what they ask as its title, and not with what one of them says must hold."""
    rules = tuple(dict.fromkeys(told.cause.rule for told in asked))
    if len(rules) == 1:
        return OwnerQuestion(rules, _about(asked[0]), text, names)
    keys = [{fact.key.rpartition(".")[2] for fact in told.facts} for told in asked]
    shared = [words for key, words in ASKED_FOR_SEVERAL.items() if all(key in each for each in keys)]
    titles = dict.fromkeys(told.requirement.title for told in asked)
    return OwnerQuestion(rules, shared[0] if shared else "; ".join(titles), text, names)


ASKED_FOR_SEVERAL: Final = {
    "disks_unchanged": "what was done to the disks in Azure",
    "return_within_h": "by when the machine has to be back",
}
"""Fact that the owner is asked for by several rules -> what the question is about."""


def questions_in(told: ToldCause) -> Iterator[str]:
    """What the steps of one cause ask of its owner, tell him or leave to him; of several machines they name none."""
    addressees = tuple(filter(None, (told.names.get("owner"), told.names.get("owners"))))
    for step in how_to_find_out(told) if told.cause.status == Status.UNKNOWN.value else told.steps:
        own = _OWN_WORK.search(step)
        if text := _asked(step, addressees) or (own[0] if own else ""):
            yield _of_each(text.partition(f"; {SAME_FOR} ")[0], told.cause.items)


def _of_another(told: ToldCause, name: str) -> Iterator[str]:
    """What is asked about a machine that holds something of another one, or that is the other of a pair."""
    whom = f"the owner of {name}" if name not in told.cause.items else ""
    if name == told.names.get("other_machine"):
        whom = told.names.get("other_owner", "")
    if whom:
        yield from filter(None, (_asked(step, (whom,)) for step in told.steps))


def _about(told: ToldCause) -> str:
    title = told.requirement.title
    return title if told.cause.status == Status.UNKNOWN.value else f"{title}: {seen_words(told)}"


def _asked(step: str, addressees: Sequence[str]) -> str:
    """What this step asks or tells them, and on which condition; empty where it does neither.

    Without what others do before or after it, and without what is written into the file then.
    """
    them = "|".join(map(re.escape, addressees))
    found = re.search(rf"(?P<verb>\b(?:ask|write to|tell)) (?:{them})(?!\w)(?P<rest>.*)", step, re.IGNORECASE)
    if found is None:
        sent = re.search(rf"\bsend .*?(?:{them})(?!\w).*", step)
        return _joined(_when(step[: sent.start()]), sent[0].replace(addressees[0], f"the {OWNER}")) if sent else ""
    when = _when(step[: found.start()])
    if asked := re.match(r"(?:,? (?P<how>in writing|with [^:]*))?: (?P<text>.*)", found["rest"]):
        question, mark, _ = asked["text"].partition("?")
        if mark or _PORTAL not in question:
            return _joined(", ".join(filter(None, (when, asked["how"]))), question + mark)
    told = found["rest"].partition(f": {_PORTAL}")[0]
    return _joined(when, f"{found['verb'].lower()} the {OWNER}{told}")


def _when(before: str) -> str:
    """The condition of a step, and the part of a sentence right before its verb; no way through the portal."""
    condition, clause = _CONDITION.match(before), before.rpartition("; ")[2].removesuffix("and ").strip(" ,:")
    first, last = condition[0] if condition else "", "" if _PORTAL in clause else clause
    return last if last.startswith(first) else ", ".join(filter(None, (first, last)))


def _joined(head: str, text: str) -> str:
    return f"{head}: {text}" if head else text


def _of_each(text: str, machines: Sequence[str]) -> str:
    if len(machines) == 1:
        return text
    return re.sub(rf"(?:\bthe machine )?(?<![\w-]){re.escape(machines[0])}(?![\w-])", "each machine", text)
