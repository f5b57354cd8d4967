"""Which object a run's finding is about: the one that the message names, or the server that the machine was asked with.

A later request names no server (a failback goes through the one of the reprotect), so what was asked last stays known.
"""

from collections.abc import Mapping
from typing import Any, Final

from failback.reprotect import FACT_SECTIONS, LINK, ObjectKind, Requirement
from failback.scenarios.files.schema import Scenario

_CHOSEN_AS: Final = {
    ObjectKind.MASTER_TARGET: "master_target",
    ObjectKind.PROCESS_SERVER: "process_server",
    ObjectKind.RETENTION_DRIVE: "retention_drive",
    ObjectKind.APPLIANCE: "appliance",
    ObjectKind.DATASTORE: "datastore",
}
"""The value of a request that names an object of this kind; no request names one of the others."""


class Culprits:
    """Remembers what each machine was asked with."""

    def __init__(self, scenario: Scenario) -> None:
        estate = scenario.estate
        self._names = frozenset(name for section in FACT_SECTIONS for name in getattr(estate, section)) | {LINK}
        self._configuration_servers = ", ".join(estate.configuration_servers)
        self._chosen: dict[str, dict[str, str]] = {}

    def asked(self, item: str, choices: Mapping[str, Any]) -> None:
        """Learn from a request."""
        given = {name: value for name, value in choices.items() if isinstance(value, str)}
        self._chosen.setdefault(item, {}).update(given)

    def of(self, rule: Requirement | None, item: str, message: str = "") -> str:
        """The object at fault; the machine itself where nothing else is known to be."""
        name, colon, _ = message.partition(": ")
        if colon and name in self._names:
            return name
        kind = rule.kind_of_object if rule else ObjectKind.VIRTUAL_MACHINE
        if kind is ObjectKind.CONFIGURATION_SERVER:
            return self._configuration_servers or item
        return self._chosen.get(item, {}).get(_CHOSEN_AS.get(kind, "")) or item
