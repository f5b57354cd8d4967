"""The runbook as a page for browser and printer, and as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from failback.reprotect import OWN_FILE, PERSONS, Architecture, VirtualMachine, who_sees
from failback.scenarios.checks.import_tasks import import_tasks
from failback.scenarios.files.applications import Application
from failback.scenarios.files.schema import SourceVault, estate_file_of
from failback.scenarios.judging.check import Status
from failback.scenarios.outcomes.taken_for_granted import granted_words
from failback.scenarios.outputs.kinds import marked
from failback.scenarios.predictions.times_assume import times_assume
from failback.scenarios.text.name_lists import listed
from failback.scenarios.text.page_templates import templates
from failback.scenarios.text.plain_words import LEG_WORDS, machines
from failback.simulator.job_tasks import job_kind

from .after_return import afterwards, not_in_plan, of_these_alone
from .answer_lines import BLANK, OWNERS_DECIDE, answer_lines, answers_in_markdown, go_lines
from .application_rows import application_row, application_rows
from .box_looks import look_words
from .causes import (
    asked_for_work,
    doubtful,
    known_later,
    names_words,
    not_coming,
    not_home,
    outcome_words,
    tasks,
    without_box,
)
from .first_looks import first_looks
from .first_page import warnings
from .gaps import gap_words
from .home_places import homes_of
from .in_parts import in_parts_lines
from .leg_costs import costs
from .leg_guide import FIELD_WORDS, LOOK_UP, path_words
from .leg_rules import RuleBox, leg_rules
from .met_rules import facts_of_words
from .network_rows import TO_BE_FILLED_IN, network_table
from .night_calls import TROUBLE, calls_of, night_words
from .night_plan import WAVE_HEADS, call_words, night_plan, wave_rows
from .on_site import (
    HowTo,
    acts_of,
    all_acts,
    comes_first,
    going_on,
    how_to,
    of_records_later,
    open_work,
    preparations,
    prepared_before,
    times_of,
)
from .owner_questions import QUESTION_HEADS
from .owners_asked import owners_asked
from .people import PEOPLE_HEADS, lead_and_owners, people
from .pilot_rows import PilotRow
from .point_answers import HOW as POINTS
from .point_answers import point_answers
from .policy_told import guides_of
from .rows import TO_FILL, check_time_words, downtime_words, span_words, start_words, steps, values_of
from .runbook import Runbook, Section
from .stays_away import meanwhile
from .step_answers import answer_words, asked_where
from .together_notes import together_notes
from .told_in_plan import stay_in_azure
from .took import JOB_HEADS, job_rows, machine_took_words
from .whole_names import phone_number, whole_names
from .windows import begin_words, limits, rules_while_seeded, wait_words, window_words


@dataclass(frozen=True, slots=True)
class PilotPart:
    """What the runbook of a pilot says besides: what to mend first, what its machines try or do not, what to decide."""

    rows: tuple[PilotRow, ...] = ()
    untried: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fix_first: tuple[str, ...] = ()
    """What has its box under *Before the return*."""
    fix_here: tuple[str, ...] = ()
    """What has none there."""
    ways_back: tuple[tuple[str, tuple[str, ...]], ...] = ()
    in_parts: Mapping[str, str] = field(default_factory=dict)
    """What is said of each application of which only some machines come home in the pilot."""
    left_in_azure: int = 0
    """How many machines the whole plan has besides."""
    elsewhere: str = ""
    """What the import could not settle and what is not about the pilot, in one line."""


NO_PILOT: Final = PilotPart()
PREDICTED: Final = (
    "The middle of the runs, and in brackets the band of 90 % of them. A job takes as long as its tasks; a task that "
    "the service skips takes no time. The last column says where the model has the numbers of a task from."
)


def html(found: Runbook, pilot: PilotPart = NO_PILOT) -> str:
    """One file that needs nothing else."""
    page = templates(code=True, whole=whole_names, phone=phone_number).get_template("runbook.html")
    return page.render(_facts(found, pilot), pilot=pilot).strip() + "\n"


def markdown(found: Runbook, pilot: PilotPart = NO_PILOT) -> str:
    """The same in Markdown."""
    text = templates(markdown=True).get_template("runbook.md").render(_facts(found, pilot), pilot=pilot)
    return f"{marked('runbook')}\n\n{text.strip()}\n"


def _facts(found: Runbook, pilot: PilotPart) -> dict[str, Any]:
    scenario = found.scenario
    everybody = tuple(scenario.estate.virtual_machines)
    return (
        _top(found)
        | {"in_parts": dict(in_parts_lines(application_rows(found), pilot.in_parts))}
        | _durations(found)
        | _asked(found)
        | _findings(found)
        | {
            "title": scenario.title or scenario.name,
            "scenario": scenario.name,
            "outcome": outcome_words(found),
            "if_fixed": found.if_fixed,
            "stops": not_home(found),
            "granted": granted_words(scenario),
            "doubtful": (unsure := doubtful(found)),
            "doubtful_names": names_words(unsure, everybody),
            "counted": machines,
            "names": lambda names: _names(found, names),
            "label": found.label,
            "hash": found.plan_hash,
            "facts_of": facts_of_words(scenario),
            "runs": found.runs,
            "start": start_words(scenario),
            "span": span_words(found, found.requests),
            "assume": times_assume(scenario),
            "limits": list(limits(found)),
            "people": [*lead_and_owners(found), *people(found)],
            "people_heads": PEOPLE_HEADS,
            "in_order": night_plan(found),
            "sections": list(_sections(found)),
            "idle": list(_idle(found)),
            "night_calls": night_words(found),
            "trouble": TROUBLE,
            "to_be_filled_in": TO_BE_FILLED_IN,
            "network": network_table(scenario, found.downs, len(not_coming(found)) + pilot.left_in_azure),
        }
    )


def _asked(found: Runbook) -> dict[str, Any]:
    """What is asked of the owners, and where an answer decides."""
    told = list(_applications(found))
    return {
        "applications": told,
        "asked_owners": any(asked for *_, asked, _ in told),
        "question_heads": QUESTION_HEADS,
        "asked_where": lambda rule, names: asked_where(found, rule, names),
        "answer_lines": lambda names: answer_lines(found, names),
        "answers_to": lambda names, words="Answer, by whom": answers_in_markdown(answer_lines(found, names), words),
        "answer_to": lambda task: answer_words(found, task.rule, task.machines),
    }


def _names(found: Runbook, names: Sequence[str]) -> str:
    """Machines for people, out of all, or out of those that come home, of which the boxes are."""
    everybody, away = tuple(found.scenario.estate.virtual_machines), _staying(found)
    if not away or not set(away).isdisjoint(names):
        return names_words(names, everybody)
    home = [name for name in everybody if name not in away]
    words = names_words(names, home)
    return words if words == listed(names) else f"{words} that come home"


def _staying(found: Runbook) -> tuple[str, ...]:
    """Machines that stay in Azure while others come home."""
    everybody, away = tuple(found.scenario.estate.virtual_machines), stay_in_azure(found.stops)
    return tuple(name for name in everybody if name in away) if len(away) < len(everybody) else ()


def _applications(found: Runbook) -> Iterator[tuple[Any, ...]]:
    """An application, its name, its machines (times, what comes first), its row, its owner's questions, what stays."""
    acts, questions = all_acts(found), owners_asked(found)
    for one, theirs in _by_owner(found.applications):
        ready = {vm.name: [act.words for act in acts if act.machine == vm.name] for vm in theirs}
        told = [
            (vm.name, downtime_words(found, vm), machine_took_words(found, vm.name), ready[vm.name]) for vm in theirs
        ]
        asked = [question.cells() for question in questions[one]]
        away = meanwhile(found, one, theirs, bool(asked))
        yield one, one.name or "machines without a tier", told, application_row(found, one, theirs), asked, away


def _by_owner(applications: Mapping[Application, Sequence[VirtualMachine]]) -> list[tuple[Application, Any]]:
    """Those of one owner follow each other, so that they share sheets of paper."""
    owners = list(dict.fromkeys(one.owner or one for one in applications))
    return sorted(applications.items(), key=lambda pair: owners.index(pair[0].owner or pair[0]))


def _durations(found: Runbook) -> dict[str, Any]:
    waves, jobs = list(wave_rows(found)), list(job_rows(found))
    heads = {"wave_heads": WAVE_HEADS, "job_heads": JOB_HEADS}
    return heads | {"predicted": PREDICTED, "wave_rows": waves, "job_rows": jobs}


def _top(found: Runbook) -> dict[str, Any]:
    """What stands above the first table, and what is written in there by hand."""
    return {
        "file": found.file or OWN_FILE,
        "estate_file": estate_file_of(found.scenario, found.file) or OWN_FILE,
        "vaults": found.scenario.vaults or (SourceVault(""),),
        "warnings": list(warnings(found)),
        "to_clear_up": import_tasks(found.scenario, found.file),
        "rows": list(application_rows(found)),
        "named": {one.name for one in found.scenario.applications},
        "to_fill": TO_FILL,
        "blank": BLANK,
    }


def _findings(found: Runbook) -> dict[str, Any]:
    """What the check found, by the table in which it stands."""
    return {
        "blocking": tasks(found, Status.BLOCKS),
        "losing": tasks(found, Status.BEFORE_RETURN),
        "advised": tasks(found, Status.ADVICE),
        "afterwards": list(afterwards(found)),
        "records_later": list(of_records_later(found)),
        "preparations": list(preparations(found)),
        "prepared_before": list(prepared_before(found)),
        "first_looks": list(first_looks(found)),
        "not_in_plan": list(not_in_plan(found)),
        "staying": listed(_staying(found)),
        "of_these_alone": of_these_alone(found),
        "unknown": tasks(found, Status.UNKNOWN),
        "asked_for_work": asked_for_work(found),
        "later": known_later(found),
        "without_box": without_box(found),
    }


def _sections(found: Runbook) -> Iterator[dict[str, Any]]:
    explained: dict[str, str] = {}
    taught: dict[HowTo, str] = {}
    seeded: dict[tuple[str, ...], str] = {}
    for section, rules in zip(found.sections, leg_rules(found), strict=True):
        if not section.happening and not acts_of(found, section) and not any(open_work(found, section)):
            continue
        words = LEG_WORDS[section.operation]
        asked = [step for step in steps(found, section) if not step.stopped_by]
        yield {
            "title": _wave_words(section.wave),
            "leg": words.name,
            "gloss": words.gloss,
            "span": span_words(found, section.requests),
            "steps": asked,
            "blocked": list(_blocked(section)),
            "homes": homes_of((step.subject, step.home) for step in asked),
            **_go(found, section),
            "shared": _shared(found, section),
            "fields": _fields(found, section),
            **_to_choose(section, explained),
            "guides": [
                (kind.value, guide, _tasks(kind, section), costs(found, section, kind))
                for kind, guide in guides_of(found, section).items()
            ],
            "checks": check_time_words(found, section),
            "window": window_words(found, section),
            "begin": begin_words(found, section),
            "gap": gap_words(found, section),
            "waits": wait_words(found, section),
            **_while_seeded(found, section, seeded),
            "gates": section.gates,
            "together": together_notes(found, section),
            "points": point_answers(found, section),
            "how_points": POINTS,
            "rules": rules,
            **_on_site(found, section, taught),
            "met_in": _wave_words(rules.met_in) if rules.met_in else "",
        }


def _idle(found: Runbook) -> Iterator[dict[str, Any]]:
    """The waves with legs of which nothing happens as planned, and why: the rule, and the machines."""
    for wave in dict.fromkeys(section.wave for section in found.sections):
        mine = [section for section in found.sections if section.wave == wave]
        still = [section for section in mine if not section.happening]
        if still:
            legs = "" if len(still) == len(mine) else listed([LEG_WORDS[one.operation].name for one in still])
            stops = dict.fromkeys(pair for section in still for pair in _blocked(section))
            yield {"title": _wave_words(wave), "legs": legs, "blocked": list(stops)}


def _on_site(found: Runbook, section: Section, taught: dict[HowTo, str]) -> dict[str, Any]:
    """The boxes between failback and check. `taught`: steps that stand in a wave already -> that wave."""
    acts = acts_of(found, section)
    unsure = list(open_work(found, section))
    steps = tuple(how_to(found, acts, unsure))
    new = [each for each in steps if each not in taught]
    before = dict.fromkeys(taught[each] for each in steps if each in taught)
    taught |= dict.fromkeys(new, _wave_words(section.wave))
    return {
        "acts": [(act, *times_of(found, act)) for act in acts],
        "how_to": new,
        "how_in": listed(list(before)),
        "open_work": unsure,
        "on_site_first": comes_first(section),
        "going_on": going_on(found, section),
    }


def _wave_words(name: str) -> str:
    """A wave as a heading: `Wave pilot`, and `Wave-1` for one that is called a wave already."""
    return name[:1].upper() + name[1:] if name.casefold().startswith("wave") else f"Wave {name}"


def _blocked(section: Section) -> Iterator[tuple[str, str]]:
    """What does not happen as planned: the rule, and the machines."""
    found: dict[str, list[str]] = {}
    for request in section.requests:
        if request.stopped_by:
            found.setdefault(request.stopped_by, []).extend(request.items)
    yield from ((rule, listed(names)) for rule, names in found.items())


def _owners(found: Runbook, section: Section) -> Iterator[tuple[str, str]]:
    """Whom to call for the machines of this section, and the number, as far as anybody told."""
    yield from ((call_words(found, call), call.application.phone) for call in calls_of(found, section))


def _tasks(kind: Architecture, section: Section) -> str:
    return ", ".join(task.friendly_name for task in job_kind(kind, section.operation).tasks)


def _go(found: Runbook, section: Section) -> dict[str, Any]:
    """Who decides whether this leg begins, and who is called for it."""
    return {
        "paths": _paths(found, section),
        "decides": next(iter(section.guides.values())).decides,
        "owners": list(_owners(found, section)),
        "go_lines": go_lines(found, section),
        "each_decides": section.operation in OWNERS_DECIDE,
    }


def _paths(found: Runbook, section: Section) -> list[str]:
    """Where to click, said once for all steps: on the page each step has its own."""
    machines, asked = found.scenario.estate.virtual_machines, section.happening
    kinds = dict.fromkeys((machines[one.items[0]].architecture, one.by_plan) for one in asked if one.number is not None)
    return [
        path_words("the recovery plan" if by_plan else "the machine", section.operation, kind, by_plan=by_plan)
        for kind, by_plan in kinds
    ]


def _shared(found: Runbook, section: Section) -> list[tuple[str, str]]:
    """Values that are the same in every request, by the words of the dialog: said once."""
    all_values = [values_of(found, request) for request in section.requests if not request.stopped_by]
    if len(all_values) < 2:
        return []
    first = all_values[0]
    same = [name for name in first if all(values.get(name) == first[name] for values in all_values)]
    return [(FIELD_WORDS[name], first[name]) for name in same]


def _while_seeded(found: Runbook, section: Section, seeded: dict[tuple[str, ...], str]) -> dict[str, Any]:
    """What can break while the machines wait: named once. `seeded`: the rules by id -> the wave that names them."""
    watched = rules_while_seeded(found, section)
    looks = [(row, look_words(found, section, row)) for row in watched]
    rules = tuple(RuleBox(row, who_sees(look, PERSONS.get(row.who, row.who)), look) for row, look in looks)
    ids = tuple(box.rule.id for box in rules)
    named_in = seeded.get(ids, "") if rules else ""
    seeded.setdefault(ids, _wave_words(section.wave))
    return {"while_seeded": rules, "seeded_in": named_in}


def _to_choose(section: Section, explained: dict[str, str]) -> dict[str, Any]:
    """What nobody told, by the words of the dialog, and where to look it up. `explained`: name -> wave where it was."""
    names = {name for request in section.requests if not request.stopped_by for name in request.untold}
    wanted = [name for name in FIELD_WORDS if name in names]
    new = [name for name in wanted if name not in explained]
    before = [(FIELD_WORDS[name], explained[name]) for name in wanted if name in explained]
    explained |= dict.fromkeys(new, _wave_words(section.wave))
    return {"to_choose": [(FIELD_WORDS[name], LOOK_UP[name]) for name in new], "chosen_before": before}


def _fields(found: Runbook, section: Section) -> tuple[str, ...]:
    """The columns of values, in the order of the dialog: those that differ, and all of a single request."""
    names = {name for request in section.requests if not request.stopped_by for name in values_of(found, request)}
    said = {words for words, _ in _shared(found, section)}
    return tuple(words for name, words in FIELD_WORDS.items() if name in names and words not in said)
