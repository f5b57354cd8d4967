"""What the owner of machines that do not come home as planned has to know: where they run, what blocks them, who acts.

Who leads the return is in no file: the page has a blank for this person under People.
"""

from collections.abc import Iterator, Sequence

from failback.reprotect import VirtualMachine
from failback.scenarios.files.applications import Application
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import LEG_WORDS

from .causes import seen_words, told_of
from .planned_requests import PlannedStop
from .rows import start_words
from .runbook import Runbook
from .told_in_plan import IN_AZURE

_STEPS, _OWNER = "Before the return", "owner of application"
_LEADER = "the person who leads the return and decides go or no-go (name and telephone: People)"


def meanwhile(
    found: Runbook, one: Application, machines: Sequence[VirtualMachine], asked: bool
) -> tuple[tuple[str, str], ...]:
    """Label and text, for the owner's sheet; nothing where all come home as planned. `asked`: he has questions."""
    names = {vm.name: vm for vm in machines}
    stops = [stop for stop in found.stops if stop.item in names]
    if not stops:
        return ()
    causes = dict.fromkeys(_cause(found, stop) for stop in stops)
    return (
        ("meanwhile", "; ".join(_standing(stops, names))),
        *(
            row
            for _, what, who in causes
            for row in (("what blocks it", what), ("who fixes it", f"{who} (steps: {_STEPS})"))
        ),
        ("who calls", _call(one)),
        ("what the owner does", "; ".join(_next(found, asked, [rule for rule, _, who in causes if _OWNER in who]))),
    )


def _standing(stops: Sequence[PlannedStop], machines: dict[str, VirtualMachine]) -> Iterator[str]:
    """Where they run until they come home."""
    away = [stop.item for stop in stops if stop.operation in IN_AZURE]
    off = [name for name in away if machines[name].azure.running is False]
    if on := [name for name in away if name not in off]:
        yield _stays(on, machines, "stays in Azure and keeps running there", "stay in Azure and keep running there")
    if off:
        yield _stays(off, machines, "stays in Azure, and is off there now", "stay in Azure, and are off there now")
    for stop in stops:
        if stop.item not in away:
            yield f"{stop.item} runs on site; its {LEG_WORDS[stop.operation].name} does not happen as planned"


def _stays(names: Sequence[str], machines: dict[str, VirtualMachine], one: str, several: str) -> str:
    if len(names) == len(machines) > 1:
        return f"the whole application ({listed(names)}) {one}"
    return f"{listed(names)} {one if len(names) == 1 else several}"


def _cause(found: Runbook, stop: PlannedStop) -> tuple[str, str, str]:
    """The rule, the same with its object and what was seen there, and the person of the finding."""
    told = told_of(found, stop)
    if told is None:
        return stop.rule, f"{stop.rule}: {stop.message}", stop.who
    return stop.rule, f"{stop.rule} ({told.requirement.title}): {seen_words(told)}", told.person


def _call(one: Application) -> str:
    owner = ", ".join(filter(None, (one.owner, one.phone)))
    return f"{_LEADER} calls the owner{f' ({owner})' if owner else ''} when it is fixed and there is a new time"


def _next(found: Runbook, asked: bool, own: Sequence[str]) -> Iterator[str]:
    """Answers are due all the same, since it may be fixed by the start. `own`: rules that are the owner's to fix."""
    if own:
        yield f"does the steps of {', '.join(own)} ({_STEPS})"
    if asked:
        yield (
            f"answers the questions below before the way home begins ({start_words(found.scenario)}), since it may be "
            "fixed by then"
        )
    yield "nothing else until that call" if own or asked else "nothing until that call"
