"""A place for the answer of each person: one blank for several owners would not say who answered what."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Operation
from failback.scenarios.files.applications import Application
from failback.scenarios.outcomes.night_calls import OWNERS_CALLED
from failback.scenarios.text.local_time import after
from failback.scenarios.text.markdown import MarkdownText, in_markdown
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.spans import when_words

from .runbook import Runbook, Section

OWNERS_DECIDE: Final = OWNERS_CALLED - {Operation.FAILBACK}
"""Legs whose go is that of each owner. The downtime of a failback he agrees to, and the lead of the return says go."""


BLANK: Final = MarkdownText(r"\_" * 10)
"""Where people write in Markdown."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """The applications of one owner with what is said of each, or machines of no application; and whom to call."""

    about: tuple[str, ...]
    owner: str = ""
    phone: str = ""

    @property
    def words(self) -> str:
        """What it is about, and who answers."""
        return ": ".join(filter(None, (", ".join(self.about), self.owner)))


def answer_lines(found: Runbook, machines: Collection[str]) -> tuple[AnswerLine, ...]:
    """Of these machines: a line for each owner; none where one person answers alone."""
    named = {name: f"{name} ({listed(mine)})" for name, mine in _applications(found, machines).items()}
    lines = tuple(_lines(found, machines, named))
    return lines if len(lines) > 1 else ()


def answers_in_markdown(lines: Sequence[AnswerLine], words: str) -> MarkdownText:
    """A blank, or a line with one for each person, below the item of a list."""
    if not lines:
        return MarkdownText(f"{words}: {BLANK}")
    return MarkdownText("\n".join((f"{words}:", *(f"  - {in_markdown(line.words)}: {BLANK}" for line in lines))))


def go_lines(found: Runbook, section: Section) -> tuple[AnswerLine, ...]:
    """Of a leg that each owner decides or agrees to: when it is the turn of each application."""
    if section.operation not in OWNERS_CALLED:
        return ()
    asked = [one for one in section.happening if one.number is not None]
    begins = {item: one.begins.middle_s for one in asked if one.begins for item in one.items}
    turns = {
        name: f"{name} ({_moment(found, min(begins[item] for item in mine))})"
        for name, mine in _applications(found, begins).items()
    }
    lines = tuple(_lines(found, begins, turns))
    return lines if turns else ()


def _applications(found: Runbook, machines: Collection[str]) -> Mapping[str, list[str]]:
    """The applications of these machines, each with those of them that it has."""
    mine = {one.name: [name for name in one.machines if name in machines] for one in found.scenario.applications}
    return {name: names for name, names in mine.items() if names}


def _lines(found: Runbook, machines: Collection[str], said: Mapping[str, str]) -> Iterator[AnswerLine]:
    """By owner; an application whose owner nobody told has a line of its own, and so have machines of none."""
    several: dict[tuple[str, str], list[Application]] = {}
    for one in (each for each in found.scenario.applications if each.name in said):
        several.setdefault((one.owner or one.phone or one.name, one.phone), []).append(one)
    for theirs in several.values():
        yield AnswerLine(tuple(said[one.name] for one in theirs), theirs[0].owner, theirs[0].phone)
    served = {name for one in found.scenario.applications for name in one.machines}
    if rest := [name for name in machines if name not in served]:
        yield AnswerLine((listed(rest),))


def _moment(found: Runbook, seconds: float) -> str:
    return when_words(after(found.scenario.starts_at, seconds), found.scenario.starts_at)
