"""What a check prints: the answer in one line, then each cause with its object, its remedy and how to verify it."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from failback.reprotect import OWN_FILE, Certainty, does
from failback.scenarios.judging.check import Location, Readiness, Report, Status
from failback.scenarios.judging.judged import coverage_words, judged_of
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import machines
from failback.scenarios.text.terminal_console import console

from .accept import Accepted
from .again import again_words
from .as_json import asked_for
from .causes import Cause
from .plan_causes import PLAN
from .shared_beginnings import said_once
from .told import ToldCause, told_causes
from .unanswered import asked_of_support, proof_of_answer
from .why import why_words, worded

BAD: Final = Style(color="#e5484d", bold=True)
GOOD: Final = Style(color="#2da864", bold=True)
WARN: Final = Style(color="#c08a00", bold=True)
SOFT: Final = Style(dim=True)
STYLES: Final = {Readiness.READY: GOOD, Readiness.NOT_READY: BAD, Readiness.NOT_ENOUGH_KNOWN: WARN}
TITLES: Final = {
    Status.BLOCKS: "Blockers",
    Status.BEFORE_RETURN: "Fix before the return: data is lost otherwise",
    Status.AFTER_RETURN: "Work after the return",
    Status.UNKNOWN: "Unknown facts",
    Status.ADVICE: "Advice",
}
PIECES_MAX: Final = 40
"""Names, or ranges of names, of one list; what is left is counted, and `--rule` shows it."""
AFTER_REPROTECT: Final = "Can be known only after the reprotect"
NAMED_MAX: Final = 6
"""So many machines are named even where they are all that there are."""
FILL: Final = (
    "write what you saw into {estate_file}, behind the key; or let `failback check SCENARIO.yaml --fill OPEN.yaml` "
    "write a file with all open keys"
)
DOES_NOT_BLOCK: Final = {
    Status.ADVICE.value: " (advice: does not block)",
    Status.BEFORE_RETURN.value: " (does not block, but data is lost if nobody acts before the return)",
    Status.AFTER_RETURN.value: " (work after the return: does not block)",
}
"""Behind the rule of what does not block, so that the first line says it."""
LATER: Final = "only after the reprotect, since before it nobody can know (leave the key out): "
LATER_ALONE: Final = "known only after the reprotect has finished: then {seen}, in {file} (key: {key}); then {proof}"
AWAITED: Final = "`failback check SCENARIO.yaml` lists as not known: {others}; do what these findings say"
OTHERS: Final = "the other unknown facts of these machines, listed by `failback check`, say who looks where"
NO_LONGER_OPEN: Final = "`failback check SCENARIO.yaml --rule {rule}` no longer lists it as not known"
_VAULT: Final = re.compile(
    r"Azure portal > Recovery Services (?:vault|vaults(?! > \+))(?: > [\w-]+(?= > (?:Rep|Site|Rec|Get)))?(?= >)"
)
"""The way to the vault in the portal, with its name where it is known."""
SAME_VAULT: Final = "same vault"
SENTENCES_MAX: Final = 6
_IDS: Final = re.compile(r"(?:[A-Z]\w+(?:\.\w+)+, ){6,}[A-Z]\w+(?:\.\w+)+")
_VALUES_MAX: Final = 4
"""Elements of one value of a list."""
PIPE_WIDTH: Final = 160
"""Columns where the output is no terminal."""


def console_for(terminal: bool) -> Console:
    """A console as wide as the terminal, or wide enough to be searched line by line."""
    return console() if terminal else console(width=PIPE_WIDTH, no_color=True)


def print_report(
    report: Report,
    console: Console,
    notes: Sequence[str] = (),
    *,
    unknown_blocks: bool = False,
    rules: Collection[str] = (),
    accepted: Accepted | None = None,
    checked: tuple[str, str] | None = None,
    granted: Sequence[str] = (),
) -> None:
    """Print the report. The first line is the answer alone. With `rules`, these alone, and no list is shortened.

    `checked`: the file and the world that were checked, so that each finding says how to check again.
    `granted`: what the answer takes for granted.
    """
    console.print(Text(report.headline, style=STYLES[report.readiness]))
    for line in granted:
        console.print(Text(line, style=WARN))
    for line in (*summary_lines(report, accepted, unknown_blocks=unknown_blocks), *notes):
        console.print(Text(line, style=SOFT))
    shown = [each for each in told_causes(report) if not rules or each.cause.rule in rules]
    for title, several in in_groups(shown):
        console.print(Text(f"\n{title}: {len(several)}{_advice_among(several)}", style="bold"))
        for each in several:
            told = lines_of(each, whole=bool(rules), checked=checked, everybody=0 if rules else len(report.items))
            lines = (*told, *accepted_lines(each, accepted))
            _print_cause(each, console, lines)
    if not rules:
        console.print(Text("\nWhere the machines return to", style="bold"))
        console.print(Padding(_homes(report), (0, 0, 0, 2)))


def in_groups(told: Sequence[ToldCause]) -> Iterator[tuple[str, Sequence[ToldCause]]]:
    """The causes under their headings; what can be known only after the reprotect stands behind what is unknown."""
    for status, group in groupby(told, key=lambda each: Status(each.cause.status)):
        several = tuple(group)
        for title, not_yet in ((TITLES[status], False), (AFTER_REPROTECT, True)):
            if mine := tuple(each for each in several if each.not_yet is not_yet):
                yield title, mine


def _advice_among(several: Sequence[ToldCause]) -> str:
    """How many unknown facts can stop a machine: rules about the others advise."""
    stop = sum(each.can_block for each in several)
    if several[0].cause.status != Status.UNKNOWN.value or stop == len(several):
        return ""
    return (
        f" ({stop} could block a machine, {len(several) - stop} {'is' if len(several) - stop == 1 else 'are'} advice)"
    )


def summary_lines(report: Report, accepted: Accepted | None, *, unknown_blocks: bool) -> Iterator[str]:
    """The numbers behind the answer, what was judged among them."""
    yield from _summary(report, unknown_blocks=unknown_blocks)
    yield from accepted_summary(accepted)


def _summary(report: Report, *, unknown_blocks: bool) -> Iterator[str]:
    stopped = sum(bool(item.of(Status.BLOCKS)) for item in report.items)
    stopping = len({finding.rule for finding in report.of(Status.BLOCKS)})
    if stopped:
        stop = "1 rule stops" if stopping == 1 else f"{stopping} rules stop"
        it_is, them = ("it is", "it") if stopped == 1 else ("they are", "them")
        yield f"{machines(stopped)} of {len(report.items)} cannot come home as {it_is}; {stop} {them}."
    if losing := tuple(item for item in report.items if item.of(Status.BEFORE_RETURN)):
        rules = ", ".join(dict.fromkeys(finding.rule for finding in report.of(Status.BEFORE_RETURN)))
        yield f"Data of {machines(len(losing))} is lost if nobody acts before the return ({rules})."
    if report.unsure - report.later and report.readiness is Readiness.NOT_READY:
        of = f"{len(report.unsure - report.later)} of the {len(report.rules)} rules that could block a machine"
        yield f"{of} cannot be judged because facts are unknown."
    if report.later:
        rules = "1 rule" if len(report.later) == 1 else f"{len(report.later)} rules"
        yield f"{rules} can be judged only after the reprotect: {', '.join(sorted(report.later))}."
    if report.unsure and unknown_blocks:
        yield "Unknown facts count as blockers (--unknown-blocks)."
    yield coverage_words(judged_of(report))


def accepted_summary(accepted: Accepted | None) -> Iterator[str]:
    """How many findings somebody accepts."""
    if accepted is not None and accepted.covered:
        covered = len(accepted.covered)
        yield f"{covered:,} finding{'s are' if covered > 1 else ' is'} accepted (--accept); a run does not know of it."


def accepted_lines(told: ToldCause, accepted: Accepted | None) -> Iterator[tuple[str, str]]:
    """Who accepts how much of it, until when and why."""
    for entry, count in accepted.of(told).items() if accepted else ():
        of = f"{count:,} of {len(told.cause.observed):,}"
        yield "accepted", f"{of}, by {entry.name} until {entry.expires.isoformat()}: {entry.reason}"


def _print_cause(told: ToldCause, console: Console, lines: Iterable[tuple[str, str]]) -> None:
    cause, style = told.cause, BAD if told.cause.status == Status.BLOCKS.value else WARN
    head = cause_head(told).removeprefix(cause.rule)
    console.print(Padding(Text.assemble((cause.rule, style), head), (1, 0, 0, 2)))
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style=SOFT, no_wrap=True)
    grid.add_column(overflow="fold")
    for label, text in lines:
        grid.add_row(label, Text(text))
    console.print(Padding(grid, (0, 0, 0, 4)))


def cause_head(told: ToldCause) -> str:
    """The rule, and whether what it asks for is not met or not known."""
    if told.cause.status != Status.UNKNOWN.value:
        mark = DOES_NOT_BLOCK.get(told.cause.status, "")
        return f"{told.cause.rule} not met{mark}: {told.requirement.title}"
    mark = "" if told.can_block else " (advice)"
    return f"{told.cause.rule}{mark} not known: {told.requirement.title}"


def lines_of(
    told: ToldCause, *, whole: bool, checked: tuple[str, str] | None = None, everybody: int = 0
) -> Iterator[tuple[str, str]]:
    """Label and text of each line of a cause, in one order: what is wrong, who acts, what they do, the proof, why.

    `whole`: no list is shortened. `checked`: file and world. `everybody`: so many machines are all, and are not named.
    """
    vault_is_named = False
    for label, text in _lines_of(told, whole=whole, checked=checked, everybody=everybody):
        yield label, _vault_once(text, is_named=vault_is_named)
        vault_is_named = vault_is_named or bool(_VAULT.search(text))


def _vault_once(text: str, *, is_named: bool) -> str:
    """The way to the vault in full where a finding names it first; its pages behind that alone afterwards."""
    first = None if is_named else _VAULT.search(text)
    rest = first.end() if first else 0
    return text[:rest] + _VAULT.sub(SAME_VAULT, text[rest:])


def _lines_of(
    told: ToldCause, *, whole: bool, checked: tuple[str, str] | None, everybody: int
) -> Iterator[tuple[str, str]]:
    cause, unknown = told.cause, told.cause.status == Status.UNKNOWN.value
    if told.not_yet and not whole:
        yield from _later_lines(told, checked)
        return
    yield "object", told.link or object_words(cause, _most(whole), everybody)
    yield from (_unknown_lines if unknown else _broken_lines)(told, None if whole else SENTENCES_MAX)
    yield "who", told.person
    if told.called:
        yield "named", "; ".join(told.called)
    if told.careful and not unknown:
        yield "careful", told.careful
    yield "do", _do(told, checked)
    yield "proof", _own(proof_words(told), checked)
    if checked is not None and cause.rule != PLAN:
        yield "again", again_words(told, *checked)
    yield "why", why_words(told)
    yield from (("failback", ours) for ours in _ourselves(told))
    if not cause.is_the_machines_own:
        every = everybody > NAMED_MAX and len(cause.items) == everybody
        yield (
            "machines",
            f"all {everybody:,} (named at the end)" if every else counted(cause.items, cause.rule, _most(whole)),
        )


def _later_lines(told: ToldCause, checked: tuple[str, str] | None) -> Iterator[tuple[str, str]]:
    """What nobody has to look up now: when, who sees it where, into which key of which file it goes, and the proof."""
    yield "who", told.person
    seen, key = worded("; ".join(told.looks or told.hows)), "; ".join(told.keys) or _no_key(told)
    yield (
        "later",
        _own(
            LATER_ALONE.format(seen=seen, file=told.estate_file or OWN_FILE, key=key, proof=proof_words(told)), checked
        ),
    )


def _most(whole: bool) -> int | None:
    return None if whole else PIECES_MAX


def _broken_lines(told: ToldCause, most: int | None) -> Iterator[tuple[str, str]]:
    yield "found", worded(found_words(told, most))
    yield "wanted", worded(told.proof.wanted)


def _do(told: ToldCause, checked: tuple[str, str] | None) -> str:
    return _own(numbered(what_to_do(told)), checked)


def _own(text: str, checked: tuple[str, str] | None) -> str:
    """With the name of the file that was checked."""
    return text if checked is None else text.replace(OWN_FILE, checked[0])


def proof_words(told: ToldCause) -> str:
    """What is seen once it is done; of what nobody knows, once it is written down."""
    if told.cause.status == Status.UNKNOWN.value:
        rule = told.cause.rule
        return proof_of_answer(rule, told.reading) if told.reading else NO_LONGER_OPEN.format(rule=rule)
    return worded(told.proof.seen_by)


def what_to_do(told: ToldCause) -> Sequence[str]:
    """The steps of the remedy; of what nobody knows, how it is looked up and where the answer is written."""
    if told.cause.status != Status.UNKNOWN.value:
        wait = told.waits_s and f"wait {told.waits_s / 60:.0f} min: it usually clears by itself; otherwise:"
        return (wait, *told.steps) if wait else told.steps
    fill = FILL.format(estate_file=told.estate_file or OWN_FILE).replace(OWN_FILE, told.file or OWN_FILE)
    later = LATER if told.not_yet else ""
    if told.looks:
        return (f"{later}{worded(told.looks[0])}", *map(worded, told.looks[1:]), fill)
    if told.reading:
        return tuple(
            each.replace(OWN_FILE, told.file or OWN_FILE) for each in asked_of_support(told.requirement, told.reading)
        )
    awaited = AWAITED.format(others=told.awaits).replace(OWN_FILE, told.file or OWN_FILE)
    return (awaited,) if told.awaits else (later + "; ".join(told.hows), OTHERS)


def numbered(steps: Sequence[str]) -> str:
    """One step a line."""
    return steps[0] if len(steps) == 1 else "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))


def _is_open(told: ToldCause) -> bool:
    return any(Certainty.OPEN.value in sure for sure in told.sure)


def _no_key(told: ToldCause) -> str:
    if _is_open(told):
        return "none: none of Microsoft's pages answers this, so no fact of the estate can"
    return "none of its own: it hangs on other machines"


def _unknown_lines(told: ToldCause, most: int | None) -> Iterator[tuple[str, str]]:
    found = found_words(told, most)
    yield "unknown", f"{found}; seen: {worded(told.seen)}" if told.reading and told.seen else found
    yield "key", "; ".join(told.keys) or _no_key(told)


def object_words(cause: Cause, most: int | None = None, everybody: int = 0) -> str:
    """The objects at fault with their kind: appliance box-01; or 3 virtual machines: web-01 to web-03.

    `everybody`: so many machines are all, and are counted.
    """
    if cause.is_the_machines_own and len(cause.objects) == everybody > NAMED_MAX:
        return f"all {everybody:,} {cause.kind}s (named at the end)"
    if cause.objects == (cause.kind,):
        return f"the {cause.kind}"
    if len(cause.objects) == 1:
        return f"{cause.kind} {cause.objects[0]}"
    return f"{len(cause.objects):,} {cause.kind}s: {listed(cause.objects, most, f'--rule {cause.rule} shows all')}"


def counted(names: Sequence[str], rule: str, most: int | None) -> str:
    """The names behind their number."""
    return f"{len(names):,}: {listed(names, most, f'--rule {rule} shows all')}"


def found_words(told: ToldCause, most: int | None = None) -> str:
    """What was seen, with the values that the rule read of the first object."""
    sentences = tuple(told.cause.sentences)
    left = len(sentences) - (most or len(sentences))
    more = f"; and {left:,} more like it (--rule {told.cause.rule} shows all)" if left > 0 else ""
    return _IDS.sub(_some_ids, said_once(sentences[:most])) + more + _values(told)


def _some_ids(found: re.Match[str]) -> str:
    """Some of the privileges that an account lacks; `failback explain` prints the command with all."""
    every = found[0].split(", ")
    return f"{', '.join(every[:_VALUES_MAX])} and {len(every) - _VALUES_MAX} more privileges"


def _values(told: ToldCause) -> str:
    if told.cause.status == Status.UNKNOWN.value or not told.facts:
        return ""
    of = f"{told.facts[0].name}: " if len(told.cause.objects) > 1 else ""
    return f" ({of}{'; '.join(f'{fact.key}: {value_words(fact.value)}' for fact in told.facts)})"


def value_words(value: object) -> str:
    """A value as a file writes it."""
    if isinstance(value, tuple):
        some = list(map(value_words, value[:_VALUES_MAX]))
        some += [f"... {len(value)} in all"] if len(value) > _VALUES_MAX else []
        return f"[{', '.join(some)}]"
    if value is None or value == "":
        return "null" if value is None else '""'
    return str(value).lower() if isinstance(value, bool) else str(getattr(value, "value", value))


def _ourselves(told: ToldCause) -> Iterator[str]:
    """What failback could do, and how to ask for it."""
    for target in told.remedy_targets:
        act = does(target.remedy.act, target.object, target.beside)
        yield f"can {act} itself, if the plan says remedies: {asked_for(told.cause.rule)}"


def _homes(report: Report) -> Table:
    """Where they return to and why, with a list for each."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    found: dict[tuple[Location, str], list[str]] = {}
    for item in report.items:
        found.setdefault((item.location, item.why), []).append(item.item)
    for (location, why), names in found.items():
        where = "not known" if location is Location.UNKNOWN else f"{location.value} location"
        style = SOFT if location is Location.ORIGINAL else WARN
        more = "--json shows all"
        grid.add_row(
            where, Text.assemble((f"{worded(why)}: ", style), f"{len(names):,}: {listed(names, PIECES_MAX, more)}")
        )
    return grid
