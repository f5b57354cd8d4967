"""The words of a finding's lines: its objects, what was found, the steps and the proof."""

import re
from collections.abc import Sequence
from typing import Final

from failback.reprotect import OWN_FILE
from failback.scenarios.judging.check import Status
from failback.scenarios.text.name_lists import listed

from .causes import Cause
from .shared_beginnings import said_once
from .told import ToldCause
from .unanswered import asked_of_support, proof_of_answer
from .why import worded

NAMED_MAX: Final = 6
"""So many machines are named even where they are all that there are."""
FILL: Final = (
    "whoever ran this check: write what was seen into {estate_file}, behind the key; or let `failback check "
    "SCENARIO.yaml --fill OPEN.yaml` write a file with all open keys: fill it in, and add `facts: OPEN.yaml` to "
    "{estate_file}"
)
LATER: Final = "only after the reprotect, since before it nobody can know (leave the key out): "
AWAITED: Final = "`failback check SCENARIO.yaml` lists as not known: {others}; do what these findings say"
OTHERS: Final = (
    "the other unknown facts of these machines, listed by `failback check SCENARIO.yaml`, say who looks where"
)
NO_LONGER_OPEN: Final = "`failback check SCENARIO.yaml --rule {rule}` no longer lists it as not known"
_IDS: Final = re.compile(r"(?:[A-Z]\w+(?:\.\w+)+, ){6,}[A-Z]\w+(?:\.\w+)+")
_VALUES_MAX: Final = 4
"""Elements of one value of a list."""


def proof_words(told: ToldCause) -> str:
    """What is seen once it is done; of what nobody knows, once it is written down."""
    if told.cause.status == Status.UNKNOWN.value:
        rule = told.cause.rule
        return proof_of_answer(rule, told.reading) if told.reading else NO_LONGER_OPEN.format(rule=rule)
    return worded(told.proof.seen_by)


def what_to_do(told: ToldCause) -> Sequence[str]:
    """The steps of the remedy; of what nobody knows, how it is looked up and where the answer is written."""
    if told.cause.status != Status.UNKNOWN.value:
        wait = (
            told.waits_s
            and f"wait {told.waits_s / 60:.0f} min: it usually clears by itself, and nobody has to act; otherwise:"
        )
        return (wait, *told.steps) if wait else told.steps
    written = FILL.format(estate_file=told.estate_file or OWN_FILE).replace(OWN_FILE, told.file or OWN_FILE)
    if told.looks:
        return (*how_to_find_out(told), written)
    others = OTHERS.replace(OWN_FILE, told.file or OWN_FILE)
    return how_to_find_out(told) if told.reading or told.awaits else (*how_to_find_out(told), others)


def how_to_find_out(told: ToldCause) -> Sequence[str]:
    """How what nobody knows is looked up, or who is asked; not where the answer is written."""
    later = LATER if told.not_yet else ""
    if told.looks:
        return (f"{later}{worded(told.looks[0])}", *map(worded, told.looks[1:]))
    if told.reading:
        asked = asked_of_support(told.requirement, told.reading)
        return tuple(each.replace(OWN_FILE, told.file or OWN_FILE) for each in asked)
    if told.awaits:
        return (AWAITED.format(others=told.awaits).replace(OWN_FILE, told.file or OWN_FILE),)
    return (later + "; ".join(told.hows),)


def numbered(steps: Sequence[str]) -> str:
    """One step a line."""
    return steps[0] if len(steps) == 1 else "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))


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
    noted = "".join(f"; {each}" for each in told.noted.found)
    return _IDS.sub(_some_ids, said_once(sentences[:most])) + more + _values(told) + noted


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
