"""What a runbook says of the night: whom it calls out of bed, and what to do when a job fails or is late."""

from collections.abc import Iterator, Mapping
from typing import Final

from failback.scenarios.outcomes.night_calls import NIGHT_WORDS, NightCall, night_calls

from .runbook import Runbook

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


def night_call_words(found: Runbook) -> str:
    """Owners who are called at night; empty where none is."""
    calls = [call.words(found.scenario.starts_at) for call in _calls(found)]
    if not calls:
        return ""
    return f"Owners called between {NIGHT_WORDS}, for the failback or the check before the commit: {'; '.join(calls)}."


def night_calls_of(found: Runbook) -> Mapping[str, str]:
    """Application -> when its owner is called at night; those of none are left out."""
    said: dict[str, list[str]] = {}
    for call in _calls(found):
        said.setdefault(call.application.name, []).append(call.when(found.scenario.starts_at))
    return {name: "; ".join(times) for name, times in said.items()}


def _calls(found: Runbook) -> Iterator[NightCall]:
    downs = {name: (down.begins_s, down.ends_s) for name, down in found.downs.items()}
    return night_calls(found.scenario, downs, found.waves)
