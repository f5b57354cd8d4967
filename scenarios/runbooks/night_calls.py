"""Whom each leg of a runbook calls, which of it is at night, and what to do when a job fails or is late."""

from collections.abc import Iterator, Mapping
from typing import Final

from failback.scenarios.checks.decided_by_answer import legs_with_answers
from failback.scenarios.outcomes.night_calls import NIGHT_WORDS, OwnerCall, night_call_words, night_calls, owner_calls

from .runbook import Runbook, Section

TROUBLE: Final = (
    'A leg is late when it runs past its time under "late after", a step when it runs past the later time under "90 % '
    'of the runs": 95 % of the simulated runs end before. That is no failure: while its job is in progress, wait.',
    "Never repeat a request before its state is read again: Azure portal > Recovery Services vault > Site Recovery "
    "jobs, and Replicated items > the machine. A request without an answer may have been carried out. While a job of "
    "the machine is in progress, ask for nothing else of it.",
    "If the job has failed: write down its error code and its message (failback explain CODE says what is known of a "
    "code), clear the cause, read the state again, and only then repeat the step. Until then, begin no later step of "
    "this machine.",
    "The lead of the return decides whether to wait, to repeat the step or to stop. After the shutdown in Azure, the "
    "owner of the application decides too, by the downtime that is left: the undo of the step says what can be taken "
    "back, and until when.",
    "Neither Commit nor Disable replication fixes a failed job, and neither can be taken back.",
)
"""Who decides, and what is not done twice: in general, for each step that says nothing else."""


def calls_of(found: Runbook, section: Section) -> tuple[OwnerCall, ...]:
    """Whom this leg of this wave calls."""
    asked = (one for one in section.happening if one.number is not None)
    begins = {(item, one.operation): one.begins.middle_s for one in asked if one.begins for item in one.items}
    return tuple(owner_calls(found.scenario, begins, found.waves, legs_with_answers(found.told)))


def night_words(found: Runbook) -> str:
    """Owners who are called at night; empty where none is."""
    calls = night_call_words(night_calls(found.scenario, all_calls(found)))
    return f"Owners called between {NIGHT_WORDS}: {'; '.join(calls)}." if calls else ""


def night_calls_of(found: Runbook) -> Mapping[str, str]:
    """Application -> when its owner is called at night; those of none are left out."""
    return {one.name: times for one, times in night_calls(found.scenario, all_calls(found)).items()}


def all_calls(found: Runbook) -> Iterator[OwnerCall]:
    """Those of all waves."""
    yield from (call for section in found.sections for call in calls_of(found, section))
