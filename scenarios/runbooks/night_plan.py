"""The plan on one page: a row for each leg of each wave in order of time, and who decides it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from failback.scenarios.outcomes.night_calls import OwnerCall
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.plain_words import LEG_WORDS, machines

from .night_calls import calls_of
from .on_site import OnSiteAct, acts_of, comes_first, roles_on_site
from .planned_requests import PlannedRequest, PlannedTime, end_of_all, takes
from .rows import ON_SITE_STEP, moment_words, span_words
from .runbook import Runbook, Section
from .took import beside_times, took_words

_SEE_PEOPLE: Final = "see People"
"""No file has the number of a role; it is written in once, on a page of its own."""
WAVE_HEADS: Final = ("wave", "machines", "planned", "takes (predicted)")


@dataclass(frozen=True, slots=True)
class NightRow:
    """One leg of one wave as text. `latest`: the end that 95 % of the runs keep. `call`: owners and their numbers."""

    begins: str
    ends: str
    latest: str
    wave: str
    leg: str
    steps: str
    machines: str
    decides: str
    call: tuple[tuple[str, str], ...]
    takes: str
    """How long it takes as predicted."""


def night_plan(found: Runbook) -> tuple[NightRow, ...]:
    """The rows, by planned begin; what does not happen as planned has none."""
    rows = [row for section in found.sections for row in (*_rows(found, section), *_work_on_site(found, section))]
    return tuple(row for _, _, row in sorted(rows, key=lambda row: row[:2]))


def wave_rows(found: Runbook) -> Iterator[tuple[str, ...]]:
    """A row a wave, under `WAVE_HEADS`; a wave of which nothing happens as planned has none."""
    for wave in dict.fromkeys(request.wave for request in found.requests):
        mine = [request for request in found.requests if request.wave == wave]
        legs = [(item, request.operation) for request in mine for item in request.items]
        count = machines(len({item for item, _ in legs}))
        yield wave, count, span_words(found, mine), took_words(_beside(found, mine))


def _beside(found: Runbook, requests: Sequence[PlannedRequest]) -> PlannedTime | None:
    """How long they take together, beside the begin of the first and the end of the last."""
    begun = [one.begins.middle_s for one in requests if one.begins]
    last = end_of_all(requests)
    time = takes(found.times, ((item, one.operation) for one in requests for item in one.items))
    return beside_times(time, found.scenario.starts_at, min(begun), last.middle_s) if begun and last else time


def call_words(found: Runbook, call: OwnerCall) -> str:
    """The application, when it is its turn, and its owner."""
    turn = f"{call.application.name} ({call.when(found.scenario.starts_at)}):"
    return " ".join(filter(None, (turn, call.application.owner)))


def _rows(found: Runbook, section: Section) -> Iterator[tuple[float, float, NightRow]]:
    requests = [one for one in section.happening if one.begins and one.ends and one.number is not None]
    last = end_of_all(requests)
    if last is None:
        return
    begins_s = min(one.begins.middle_s for one in requests if one.begins)
    numbers = sorted(one.number for one in requests if one.number is not None)
    names = [one.subject for one in requests]
    yield (
        begins_s,
        numbers[0],
        NightRow(
            moment_words(found, begins_s),
            moment_words(found, last.middle_s),
            moment_words(found, last.high_s),
            section.wave,
            LEG_WORDS[section.operation].name,
            listed([str(number) for number in numbers]),
            listed(names),
            _briefly(next(iter(section.guides.values())).decides),
            tuple((call_words(found, call), call.application.phone) for call in calls_of(found, section)),
            took_words(_beside(found, requests)),
        ),
    )


def _work_on_site(found: Runbook, section: Section) -> Iterator[tuple[float, float, NightRow]]:
    """A row for each rule whose work is done between failback and check, before a commit that begins when it does."""
    several: dict[tuple[str, bool], list[OnSiteAct]] = {}
    for act in acts_of(found, section):
        several.setdefault((act.rule.id, act.of_record), []).append(act)
    numbers = [one.number for one in section.requests if one.number is not None]
    number = min(numbers, default=0) - 0.5 if comes_first(section) else max(numbers, default=0) + 0.5
    for acts in several.values():
        begins_s = acts[0].begins_s
        ends_s = max((act.ends_s for act in acts if act.ends_s is not None), default=None)
        yield begins_s, number, _row_on_site(found, section, acts, begins_s, ends_s)


def _row_on_site(
    found: Runbook, section: Section, acts: Sequence[OnSiteAct], begins_s: float, ends_s: float | None
) -> NightRow:
    first, names = acts[0], tuple(dict.fromkeys(act.machine for act in acts))
    roles = first.roles if first.of_record else roles_on_site(found, first.rule, names)
    ends = "" if ends_s is None else moment_words(found, ends_s)
    leg = f"{ON_SITE_STEP}: {first.rule.id}{' DNS record' if first.of_record else ''}"
    return NightRow(
        moment_words(found, begins_s),
        ends,
        "",
        section.wave,
        leg,
        "",
        listed(names),
        "",
        tuple(_with_numbers(roles)),
        "",
    )


def _with_numbers(roles: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Whom to call, and once where their numbers are."""
    *others, last = roles
    yield from ((role, "") for role in others)
    yield f"{last} (number{'s' if others else ''}: {_SEE_PEOPLE})", ""


def _briefly(decides: str) -> str:
    """Who decides, without what has to be so before: the section says it."""
    return decides.partition(",")[0].partition(" of the applications")[0].removeprefix("the ")
