"""The runbook as a page for browser and printer, and as Markdown."""

from collections.abc import Iterator
from typing import Any

from failback.scenarios.judging.check import Status
from failback.scenarios.outputs.kinds import marked
from failback.scenarios.text.page_templates import templates
from failback.scenarios.text.plain_words import LEG_WORDS, date_words, machines

from .leg_guide import FIELD_WORDS, LOOK_UP
from .network_rows import NETWORK_HEADS, network_rows
from .rows import downtime_words, people, span_words, steps, tasks, values_of
from .runbook import Runbook, Section
from .windows import rules_while_seeded, wait_words, window_words


def html(found: Runbook) -> str:
    """One file that needs nothing else."""
    return templates().get_template("runbook.html").render(_facts(found)).strip() + "\n"


def markdown(found: Runbook) -> str:
    """The same in Markdown."""
    text = templates(markdown=True).get_template("runbook.md").render(_facts(found))
    return f"{marked('runbook')}\n\n{text.strip()}\n"


def _facts(found: Runbook) -> dict[str, Any]:
    scenario = found.scenario
    return {
        "title": scenario.title or scenario.name,
        "scenario": scenario.name,
        "total": len(scenario.estate.virtual_machines),
        "machines": machines(len(scenario.estate.virtual_machines)),
        "label": found.label,
        "hash": found.plan_hash,
        "runs": found.runs,
        "start": date_words(scenario.starts_at),
        "span": span_words(found, found.requests),
        "blocking": tasks(found.findings, Status.BLOCKS),
        "unknown": tasks(found.findings, Status.UNKNOWN),
        "people": people(found),
        "sections": list(_sections(found)),
        "network_heads": NETWORK_HEADS,
        "network": list(network_rows(scenario)),
        "applications": [
            (one, one.name or "machines without a tier", [(vm.name, downtime_words(found, vm)) for vm in machines])
            for one, machines in found.applications.items()
        ],
    }


def _sections(found: Runbook) -> Iterator[dict[str, Any]]:
    for section in found.sections:
        words = LEG_WORDS[section.operation]
        yield {
            "wave": section.wave,
            "leg": words.name,
            "gloss": words.gloss,
            "span": span_words(found, section.requests),
            "steps": list(steps(found, section)),
            "shared": _shared(section),
            "fields": _fields(section),
            "to_choose": _to_choose(section),
            "guides": [(kind.value, guide) for kind, guide in section.guides.items()],
            "window": window_words(found, section),
            "waits": wait_words(found, section),
            "while_seeded": list(rules_while_seeded(found, section)),
            "gates": section.gates,
            "rules": section.rules,
        }


def _shared(section: Section) -> list[tuple[str, str]]:
    """Values that are the same in every request, by the words of the dialog: said once."""
    all_values = [values_of(request) for request in section.requests]
    if len(all_values) < 2:
        return []
    first = all_values[0]
    same = [name for name in first if all(values.get(name) == first[name] for values in all_values)]
    return [(FIELD_WORDS[name], first[name]) for name in same]


def _to_choose(section: Section) -> list[tuple[str, str]]:
    """What nobody told, by the words of the dialog, and where to look it up."""
    names = {name for request in section.requests for name in request.untold}
    return [(FIELD_WORDS[name], LOOK_UP[name]) for name in FIELD_WORDS if name in names]


def _fields(section: Section) -> tuple[str, ...]:
    """The columns of values, in the order of the dialog: those that differ, and all of a single request."""
    names = {name for request in section.requests for name in values_of(request)}
    said = {words for words, _ in _shared(section)}
    return tuple(words for name, words in FIELD_WORDS.items() if name in names and words not in said)
