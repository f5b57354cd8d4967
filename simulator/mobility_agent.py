"""The mobility agent: after every boot it has to register again, and takes its time (R23, A06)."""

from collections.abc import Callable, Generator, Mapping
from typing import Any, Final

import simpy

from failback.reprotect import Architecture, Estate

from .configuration_server import answers
from .protected_item import ProtectedItem
from .vault_record import VaultRecord


def _always(estate: Estate, item: str) -> bool:
    return item in estate.virtual_machines


REGISTERS_WHEN: Final[Mapping[Architecture, Callable[[Estate, str], bool]]] = {
    Architecture.CLASSIC: answers,
    Architecture.MODERNISED: _always,
}
"""What must answer before an agent can register: its configuration server (R02), or nothing of the site (A06)."""


def register_agent(vault: VaultRecord, item: ProtectedItem) -> Generator[simpy.Event, Any, None]:
    """Lose the registration at this boot and gain it again; a later boot makes this one void."""
    item.boots += 1
    boot = item.boots
    vault.site.change(item.name, agent_registered=False)
    vault.touch(item.name)
    yield vault.env.timeout(vault.site.duration_s("agent_registration", item.name, boot))
    answered = REGISTERS_WHEN[item.architecture]
    yield vault.site.until(lambda estate: answered(estate, item.name))
    if boot == item.boots:
        vault.site.change(item.name, agent_registered=True)
        vault.touch(item.name)
