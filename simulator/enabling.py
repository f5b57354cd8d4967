"""Protecting a machine for the first time: what comes after its job, and what is left where that fails."""

from collections.abc import Generator
from typing import Any

import simpy

from failback.reprotect import Failure, Move, Stage, Unmet

from .protected_item import ProtectedItem
from .resync import resync
from .vault_record import VaultRecord


def replicate_first(vault: VaultRecord, item: ProtectedItem, move: Move) -> Generator[simpy.Event, Any, None]:
    """Initial replication: a resync to Azure of everything."""
    item.enabling = None
    vault.touch(item.name)
    yield from resync(vault, item, move, fraction=1.0)


def note_failed_enabling(vault: VaultRecord, item: ProtectedItem) -> None:
    """Recorded: the item stays, and its health is critical. That the job's error says why is inferred."""
    job = item.enabling
    cancelled = Failure("", "JobCancelled", "Somebody cancelled the job.", "", "Enable the replication again.")
    why = (job.failure if job else None) or cancelled
    words = (why.code, why.message, why.possible_causes, why.recommended_action)
    vault.set_health(item, Unmet("", item.name, Stage.PREREQUISITE_CHECK, *words, ()))
    vault.touch(item.name)
