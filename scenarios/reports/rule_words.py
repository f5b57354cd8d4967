"""The rules on the page of a run: the short name of each, and a link to its explanation from wherever it is named."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from failback.reprotect import Requirement, by_id, replaced
from failback.scenarios.judging.judged import Answer
from failback.scenarios.run.evidence import FaultEvidence
from failback.scenarios.run.result import Finding, Result
from failback.scenarios.text.plain_words import h_min

_CODE: Final = re.compile(r"(?<![\w-])([A-Z]\d\d)(?![\w-])")
"""A rule in a sentence. Those that are numbers look like other numbers, and are linked only where they stand alone."""
_HELD_UP: Final = frozenset({"stopped", "mended"})


def named(rule: str) -> str:
    """The rule with its short name; a reason that is no rule as it is."""
    row = by_id(rule)
    return f"{rule} ({row.title})" if row else rule


def unmet(rule: str) -> str:
    """Why a machine stopped: the rule that was not met, or the reason that is no rule."""
    return f"rule not met: {named(rule)}" if by_id(rule) else f"reason: {rule}"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of the page: its explanation, how many machines fared how, and what became of it after the check."""

    rule: str
    row: Requirement | None
    counts: tuple[int, ...]
    later: str

    @property
    def bites(self) -> bool:
        """Whether it was warned of or broken for a machine, before the run or in it."""
        counts = dict(zip(Answer, self.counts, strict=False))
        return bool(self.later or not counts or counts[Answer.WARNED] or counts[Answer.BROKEN])


def rule_rows(result: Result) -> tuple[RuleRow, ...]:
    """The rules that were judged, and those that bit in the run."""
    bitten = (finding.rule for finding in result.findings if by_id(finding.rule))
    stops = (item.stopped_by for item in result.items if by_id(item.stopped_by))
    rules = dict.fromkeys((*result.judged, *bitten, *stops))
    later = {finding.rule: _later(result, finding) for finding in came_later(result)}
    return tuple(RuleRow(rule, by_id(rule), tuple(_counts(result, rule)), later.get(rule, "")) for rule in rules)


def _counts(result: Result, rule: str) -> Iterator[int]:
    if rule in result.judged:
        yield from (result.judged[rule].get(answer.value, 0) for answer in Answer)


def came_later(result: Result) -> tuple[Finding, ...]:
    """The first finding of each rule that was broken for nobody when it was judged, and was in the run."""
    found: dict[str, Finding] = {}
    for finding in sorted(result.findings, key=lambda finding: finding.at_s):
        judged = result.judged.get(finding.rule, {})
        if finding.status in _HELD_UP and judged.get(Answer.MET.value) and not judged.get(Answer.BROKEN.value):
            found.setdefault(finding.rule, finding)
    return tuple(found.values())


def fault_behind(result: Result, finding: Finding) -> FaultEvidence | None:
    """The last fault on the object or the machine of a finding that came before it; a stop may come hours later."""
    about = {finding.object, finding.item}
    faults = result.evidence.faults if result.evidence else ()
    came = [one for one in faults if one.object in about and one.at_s is not None and one.at_s <= finding.at_s]
    return max(came, key=lambda one: one.at_s or 0.0, default=None)


def _later(result: Result, finding: Finding) -> str:
    fault = fault_behind(result, finding)
    if fault is None or fault.at_s is None:
        return f"first seen broken {h_min(finding.at_s)} after the start of the run; no planned fault says since when"
    return f"broken in the run, {h_min(fault.at_s)} after the start: the fault came after this check"


def later_words(result: Result) -> tuple[str, ...]:
    """A sentence for each, with when its fault came and when that held up a machine."""
    return tuple(_later_words(result, finding) for finding in came_later(result))


def _later_words(result: Result, finding: Finding) -> str:
    head, fault = f"{named(finding.rule)} was met when it was judged before the run", fault_behind(result, finding)
    did = "stopped" if finding.status == "stopped" else "held up"
    bit = f"{did} {finding.item} {h_min(finding.at_s)} after the start"
    if fault is None or fault.at_s is None:
        return f"{head}; it {bit}, and no planned fault says since when it was broken."
    what = f"{fault.object}: {', '.join(filter(None, (fault.name or fault.kind, fault.facts)))}"
    return f"{head}, and broken {h_min(fault.at_s)} after the start ({what}): the fault came after the check. It {bit}."


class RuleLinks:
    """Links the rules that a page explains. The first mention of each has its short name; one object for each page."""

    def __init__(self, rules: Iterable[str]) -> None:
        self._rules = frozenset(rules)
        self._named: set[str] = set()

    def one(self, rule: str) -> Markup:
        """A rule that stands alone."""
        return self._link(rule, by_id(rule)) if rule in self._rules else escape(replaced(rule))

    def text(self, text: str) -> Markup:
        """A sentence, with every rule in it linked."""
        parts = _CODE.split(replaced(text))
        return Markup("").join(self._part(part, parts, n) for n, part in enumerate(parts))

    def codes(self, text: str) -> Markup:
        """A sentence in which the rules are linked and not named; the next mention has the name."""
        before, self._named = self._named, set(self._rules)
        linked, self._named = self.text(text), before
        return linked

    def _part(self, part: str, parts: list[str], n: int) -> Markup:
        if not n % 2 or part not in self._rules:
            return escape(part)
        row = by_id(part)
        if row is not None and parts[n + 1].startswith(f" ({row.title}"):
            self._named.add(part)
        return self._link(part, row)

    def _link(self, rule: str, row: Requirement | None) -> Markup:
        first = rule not in self._named
        self._named.add(rule)
        name = f" ({row.title})" if first and row is not None else ""
        return Markup('<a href="#rule-{}">{}</a>{}').format(rule, rule, name)
