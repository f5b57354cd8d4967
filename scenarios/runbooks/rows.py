"""The rows of a runbook: what pages and sheets show, as text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from failback.reprotect import AZURE, PERSONS, Operation, VirtualMachine
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.application_downtime import Span
from failback.scenarios.outcomes.planned_downtime import PlannedDown, planned_down
from failback.scenarios.outcomes.work_on_site import work_before_check
from failback.scenarios.text.local_time import after
from failback.scenarios.text.plain_words import LEG_WORDS, counted, date_words, day_words, h_min

from .downtimes import Downtime
from .home_places import home_places
from .leg_guide import FIELD_WORDS, TO_BE_CHOSEN, path_words, value_words
from .no_tools import no_tools_words
from .open_findings import open_words
from .planned_requests import PlannedRequest, PlannedTime, end_of_all
from .point_answers import BY_ANSWER, by_answer, questions_of_points
from .policy_told import POLICY, policy_told
from .runbook import Runbook, Section
from .step_questions import step_questions
from .together_notes import together_words
from .took import beside_times, task_words
from .windows import begin_words

BLOCKED: Final = "blocked"
"""Stands for the number of a step that does not happen as planned."""
ON_SITE_STEP: Final = "on site"
"""Stands for the number of what is done on a machine between its failback and its check."""
WHO: Final = PERSONS[AZURE]
"""Who does each request: all of them are made in the portal."""
TO_FILL: Final = ("began", "ended", "done by", "checked by", "verdict", "remarks")
"""Columns that people fill in during the return."""
HEADS: Final = (
    "step",
    "wave",
    "leg",
    "machine or plan",
    "machines",
    "open findings",
    "question before",
    "answer, by whom",
    "planned begin",
    "planned end",
    "may begin",
    "earliest end",
    "latest end",
    "takes (predicted)",
    "takes at least",
    "takes at most",
    "where",
    "direction",
    "comes home to",
    "values to enter",
    "policy",
    "expected job",
    "tasks (predicted)",
    "proof",
    "undo",
    "who",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One request as text. `number` is empty where a rule stops it, `home` where no place is chosen."""

    number: str
    wave: str
    leg: str
    subject: str
    machines: tuple[str, ...]
    begins: str
    ends: str
    earliest: str
    latest: str
    path: str
    direction: str
    home: str
    values: tuple[tuple[str, str], ...]
    policy: str
    job: str
    proof: str
    undo: str
    stopped_by: str
    open: str
    """Rules of its open findings."""
    question: str
    """What is asked before it begins; empty where nothing is."""
    takes: tuple[str, str, str]
    """How long it takes as predicted: the middle of the runs, and the band of 90 % of them."""
    tasks: str
    """The tasks of its job, each with the time that it takes as predicted."""
    note: str = ""
    """What is different at this machine; empty where nothing is."""
    may_begin: str = ""
    """When its wave may begin, also on a late night; empty where that is told before."""
    together: str = ""
    """What is kept with the machines of its entry (`plan: together`); a page says it once for all of them."""
    point: str = ""
    """Whose answer decides its recovery point; a page says it once for all machines of an application."""

    def value(self, field: str) -> str:
        """What is entered in this field of the dialog; empty where it has none."""
        return dict(self.values).get(field, "")

    @property
    def band(self) -> str:
        """Earliest and latest end; the day once where it is the same."""
        day, _, _ = self.earliest.rpartition(" ")
        same = self.latest.startswith(f"{day} ")
        return f"{self.earliest} to {self.latest.removeprefix(f'{day} ') if same else self.latest}"

    @property
    def took(self) -> str:
        """How long it takes as predicted, with the band; empty where it does not happen."""
        middle, low, high = self.takes
        return middle if low == high else f"{middle} ({low} to {high})"

    def cells(self) -> tuple[str, ...]:
        """The row of a sheet, under `HEADS`."""
        values = "; ".join(f"{name}: {value}" for name, value in self.values)
        number = BLOCKED if self.stopped_by else self.number
        stopped = f"does not happen as planned: {self.stopped_by}" if self.stopped_by else self.begins
        machines = ", ".join(self.machines)
        planned = (stopped, self.ends, self.may_begin, self.earliest, self.latest, *self.takes)
        proof = ". ".join(filter(None, (self.proof, self.note)))
        question = ". ".join(filter(None, (self.question, self.together, self.point)))
        told = (self.path, self.direction, self.home, values, self.policy, self.job, self.tasks, proof, self.undo, WHO)
        return (number, self.wave, self.leg, self.subject, machines, self.open, question, "", *planned, *told)


def steps(found: Runbook, section: Section) -> Iterator[Step]:
    """The requests of a section."""
    goes_home = section.operation is Operation.REPROTECT_TO_ON_PREMISES
    places = home_places(found.scenario) if goes_home else {}
    asked = step_questions(found, section.operation)
    kept, points = together_words(found, section), questions_of_points(found, section)
    for request in section.requests:
        question = ". ".join(asked[item] for item in request.items if item in asked)
        made = _step(found, section, request, places.get(request.items[0], ""), question)
        mates = next((kept[item] for item in request.items if item in kept), "")
        lines = dict.fromkeys(points[item] for item in request.items if item in points)
        yield replace(made, together=mates, may_begin=begin_words(found, section), point=". ".join(lines))


def all_steps(found: Runbook) -> tuple[Step, ...]:
    """Every request: those of the drill in its order, then those that the simulation does not reach."""
    made = [(r.number, step) for s in found.sections for r, step in zip(s.requests, steps(found, s), strict=True)]
    return tuple(step for _, step in sorted(made, key=lambda pair: (pair[0] is None, pair[0] or 0)))


def _step(found: Runbook, section: Section, request: PlannedRequest, home: str, question: str) -> Step:
    machine = found.scenario.estate.virtual_machines[request.items[0]]
    guide = section.guides[machine.architecture]
    values = tuple((FIELD_WORDS[name], value) for name, value in values_of(found, request).items())
    where = path_words(request.subject, request.operation, machine.architecture, by_plan=request.by_plan)
    begins, ends = request.begins, request.ends
    return Step(
        "" if request.number is None else str(request.number),
        request.wave,
        LEG_WORDS[request.operation].name,
        request.subject,
        request.items,
        _at(found, begins, "middle"),
        _at(found, ends, "middle"),
        _at(found, ends, "low"),
        _at(found, ends, "high"),
        where,
        guide.direction,
        home,
        values,
        policy_told(found.scenario.estate, request) or guide.policy,
        guide.job,
        guide.proof,
        guide.undo,
        request.stopped_by,
        open_words(request.items, found.open_findings, found.first_steps, request.number),
        question,
        _takes(found, request),
        task_words(found, machine.architecture, request.operation),
        no_tools_words(found.scenario, request),
    )


def _takes(found: Runbook, request: PlannedRequest) -> tuple[str, str, str]:
    time, begins, ends = request.takes, request.begins, request.ends
    if begins and ends:
        time = beside_times(time, found.scenario.starts_at, begins.middle_s, ends.middle_s)
    return ("", "", "") if time is None else (h_min(time.middle_s), h_min(time.low_s), h_min(time.high_s))


def values_of(found: Runbook, request: PlannedRequest) -> Mapping[str, str]:
    """What is entered, as text, in the order of the dialog; "to be chosen" where nobody told a value."""
    told = {name: value_words(value) for name, value in request.choices.items()}
    told |= {name: f"{told[name]} (inferred)" for name in request.inferred if name in told}
    whole = told | dict.fromkeys(request.untold, TO_BE_CHOSEN)
    if by_answer(found, request):
        whole["recovery_point"] = BY_ANSWER
    if policy := policy_told(found.scenario.estate, request):
        whole[POLICY] = policy
    return {name: whole[name] for name in FIELD_WORDS if name in whole}


def _at(found: Runbook, time: PlannedTime | None, which: Literal["middle", "low", "high"]) -> str:
    if time is None:
        return ""
    return moment_words(found, {"middle": time.middle_s, "low": time.low_s, "high": time.high_s}[which])


def moment_words(found: Runbook, seconds: float) -> str:
    """An instant of the way home as people say it: Fri 5 Jun 22:40."""
    at = after(found.scenario.starts_at, seconds)
    return f"{day_words(at)} {at:%H:%M}"


def start_words(scenario: Scenario) -> str:
    """When the way home begins, and whether anybody said so."""
    start = date_words(scenario.starts_at)
    example = "an example, since nobody gave a start"
    return f"{start} ({example})" if scenario.start_is_example else start


def span_words(found: Runbook, requests: Iterable[PlannedRequest]) -> str:
    """From the first request to the last end, with the band of the end."""
    asked = tuple(requests)
    begun, last = [r.begins.middle_s for r in asked if r.begins is not None], end_of_all(asked)
    if not begun or last is None:
        return "nothing of it happens as planned"
    span = f"{moment_words(found, min(begun))} to {moment_words(found, last.middle_s)}"
    return f"{span} (90 % of the runs: {_between(found, last)})"


def _between(found: Runbook, time: PlannedTime) -> str:
    return f"{moment_words(found, time.low_s)} to {moment_words(found, time.high_s)}"


def downtime_words(found: Runbook, machine: VirtualMachine) -> str:
    """When the application on this machine is down, as planned, until the machine has been checked."""
    down = found.downs.get(machine.name)
    if down is not None:
        return down_words(found, down.planned) + _late_words(found, down)
    stop = next((stop for stop in found.stops if stop.item == machine.name), None)
    if stop is not None:
        stays = stop.operation in (Operation.REPROTECT_TO_ON_PREMISES, Operation.FAILBACK)
        return f"not planned: it {'stays in Azure' if stays else 'is not committed'} ({stop.rule})"
    return "none: it is on site already"


def _late_words(found: Runbook, down: Downtime) -> str:
    if down.late_by_s < 1:
        return ""
    return f"; allowed {h_min(down.allowed_s or 0)}, late by {h_min(down.late_by_s)} in {slowest_words(found.runs)}"


def slowest_words(runs: int) -> str:
    """The run by which lateness is judged."""
    return f"the slowest of {counted(runs, 'simulated run')}"


def down_words(found: Runbook, down: PlannedDown) -> str:
    """From when to when, and how long, with the band of the runs."""
    middle, in_runs = down.lasts_words(found.scenario.starts_at)
    lasts = f"{middle}; 90 % of the runs: {in_runs}" if in_runs else middle
    return f"{moment_words(found, down.begins_s)} to {moment_words(found, down.ends_s)} ({lasts})"


def apart_words(found: Runbook, machines: Sequence[VirtualMachine]) -> str:
    """From when to when machines of one application are on both sides of the link; empty where they move together."""
    names = {vm.name for vm in machines if vm.name in found.downs}
    moves = [found.downs[name] for name in names]
    as_one = any(names <= set(entry.items) for entry in found.together)
    if as_one or not moves or max(move.begins_s for move in moves) < min(move.home_s for move in moves):
        return ""
    begins_s, ends_s = min(move.begins_s for move in moves), max(move.home_s for move in moves)
    whole = planned_down(tuple(_apart_in_runs(moves)))
    return down_words(found, replace(whole, begins_s=begins_s, ends_s=max(ends_s, whole.ends_s)))


def _apart_in_runs(moves: Sequence[Downtime]) -> Iterator[Span]:
    for run in zip(*(zip(move.runs, move.homes, strict=True) for move in moves), strict=True):
        if known := [(down[0], home_s) for down, home_s in run if down is not None and home_s is not None]:
            yield min(begins_s for begins_s, _ in known), max(home_s for _, home_s in known)


def check_time_words(found: Runbook, section: Section) -> str:
    """How long there is, as planned, to check a machine between its failback and its commit."""
    if section.operation is not Operation.COMMIT_FAILBACK:
        return ""
    moves = [request for request in found.requests if request.operation is Operation.FAILBACK]
    homes = {item: move.ends.middle_s for move in moves if move.ends for item in move.items}
    gaps = [r.begins.middle_s - homes[i] for r in section.requests if r.begins for i in r.items if i in homes]
    if not gaps:
        return ""
    leaves = f"at least {h_min(min(gaps))}" if min(gaps) >= 60 else "no time"
    return f"Check each machine before its commit. The plan leaves {leaves} for that{_with_work(found, section)}"


def _with_work(found: Runbook, section: Section) -> str:
    """The rules whose work on site comes before the owner's check."""
    items = {item for request in section.requests for item in request.items}
    rules = [row.id for row, names in work_before_check(found.scenario.estate).items() if items.intersection(names)]
    return f", and for the work on site before it ({', '.join(rules)})" if rules else ""
