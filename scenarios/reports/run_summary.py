"""A run in one sentence: who arrived, who stopped, and how long it took or what cut it off."""

from collections.abc import Iterator
from typing import Final

from failback.reprotect import Operation, Phase, is_of_limit
from failback.scenarios.run.result import ItemResult, Result
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import (
    OPERATION_WORDS,
    date_words,
    h_min,
    has_arrived,
    machines,
    moment,
    phase_words,
)

NAMED_MAX: Final = 6


def summary(result: Result) -> str:
    """The run in one sentence."""
    arrived = [item for item in result.items if has_arrived(result, item)]
    stopped = sum(bool(item.stopped_by) for item in result.items)
    under_way = len(result.items) - len(arrived) - stopped
    parts = [_arrival(arrived, len(result.items))] if arrived else []
    if stopped:
        parts.append(f"{machines(stopped)} stopped and {'waits' if stopped == 1 else 'wait'} for a person")
    if under_way:
        parts.append(f"{machines(under_way)} {'was' if under_way == 1 else 'were'} still under way")
    return f"{'; '.join(parts) or 'There was no machine'}. {_took(result)}"


def cut_off(result: Result) -> tuple[ItemResult, ...]:
    """The machines that were not home when the plan's limit was reached: the run was stopped and did not end."""
    return tuple(item for item in result.items if item.stopped_by and is_of_limit(item.message))


def not_ended(result: Result) -> Iterator[str]:
    """What was still going on when the run was cut off, by operation, and how many machines were between two."""
    going: dict[Operation, list[str]] = {}
    for leg in result.legs:
        if leg.end_s is None:
            going.setdefault(leg.leg, []).append(leg.item)
    for operation, names in going.items():
        yield f"{OPERATION_WORDS[operation]} of {_named(sorted(names))}"
    busy = {name for names in going.values() for name in names}
    if waits := [item.name for item in cut_off(result) if item.name not in busy]:
        yield f"the way of {_named(waits)} between two operations"


def _named(names: list[str]) -> str:
    return f"{machines(len(names))} ({listed(names, NAMED_MAX)})"


def _arrival(arrived: list[ItemResult], of: int) -> str:
    who = (
        "The machine" if of == 1 else f"All {of} machines" if len(arrived) == of else f"{len(arrived)} of {of} machines"
    )
    is_one = who.startswith(("The ", "1 "))
    phases = {item.phase for item in arrived}
    if phases == {Phase.REPLICATING_TO_AZURE.value}:
        return f"{who} {'is' if is_one else 'are'} home and replicating to Azure again"
    return f"{who} reached the end of the plan" + (f": {phase_words(phases.pop())}" if len(phases) == 1 else "")


def _took(result: Result) -> str:
    virtual = "" if result.label == "live" else " of virtual time"
    span, end = f"{h_min(result.duration_s)}{virtual}", date_words(moment(result, result.duration_s))
    left = "; ".join(not_ended(result))
    if cut_off(result):
        told = f"The run was stopped at the limit of its plan, after {span}, on {end}, so that it has no duration."
        return f"{told} Not ended: {left}."
    if result.verdict == "interrupted":
        return f"It was cut off after {span}, on {end}. Not ended: {left or 'no operation was under way'}."
    return f"It took {span}, until {end}."
