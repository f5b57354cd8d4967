"""Which reads of the vault would complete an import: one paragraph, with a command for each of them."""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from failback.adapters.importing.next_pages import pages_command
from failback.adapters.importing.records import Reading, VaultItem
from failback.reprotect import Architecture, Replica, phase_row
from failback.scenarios.text.plain_words import counted, machines

API_VERSION: Final = "2025-08-01"
"""Version of the service's interface in commands that are printed."""
_ARM: Final = "https://management.azure.com"
_BELOW: Final = re.compile("/replication(Fabrics|ProtectedItems)/", re.IGNORECASE)
_GET: Final = "az rest --method get --url"
NO_VAULT: Final = (
    "No file is of a vault, so it is unknown which machines are protected, where each of them stands, and which "
    "servers there are. `check` works with such an estate; `new`, `pilot`, `runbook` and `run` need the servers. "
    "`failback import --collect sh` prints a script that reads a vault."
)


def missing_reads(reading: Reading) -> Iterator[str]:
    """The paragraph, line by line; nothing where nothing is missing."""
    if not reading.has_vault:
        yield from [NO_VAULT] if reading.machines else []
        return
    missing = list(_missing(reading))
    if missing:
        told = "; ".join(what for what, _ in missing)
        how = "The script that `failback import --collect sh` prints reads all of this. Or send these requests"
        yield f"Not in the files, so unknown: {told}. {how}, and import again with the answers:"
        yield from (command for _, command in missing)


def _missing(reading: Reading) -> Iterator[tuple[str, str]]:
    """What is missing, and the command that reads it."""
    if reading.missing:
        items = counted(len(reading.missing), "protected item")
        what = f"which disks of {items} are replicated, since a list does not say"
        taken = " (until then, the disks that vCenter shows are taken)" if reading.machines else ""
        yield what + taken, _one_by_one(reading, "replicationProtectedItems")
    for architecture, (what, command) in _SERVERS.items():
        if architecture.value not in reading.servers and any(_is_of(item, architecture) for item in reading.items):
            yield what, command(reading)
    whole = reading.has_plans and all(plan.groups for plan in reading.plans)
    if not whole and (reading.plans or any(item.facts.get("replication_group") for item in reading.items)):
        yield "the machines of each recovery plan (R22)", _one_by_one(reading, "replicationRecoveryPlans")
    if unseen := sum(map(_is_unseen, reading.items)):
        what = f"which of {machines(unseen)} exist and run in Azure, and their addresses (R17, R18, 78093)"
        yield what, _in_azure(reading)


def _is_of(item: VaultItem, architecture: Architecture) -> bool:
    return bool(item.facts.get("architecture") == architecture.value)


def _is_unseen(item: VaultItem) -> bool:
    there = item.phase is not None and phase_row(item.phase).replica is Replica.PRESENT
    return there and "exists" not in item.facts.get("azure", {})


def _in_azure(reading: Reading) -> str:
    """Machines and interfaces of the subscriptions in which the machines run; else of the one that az has chosen."""
    found = {step[2] for item in reading.items if len(step := item.azure_id.split("/")) > 2}
    lists = {"vms": "az vm list -d -o json", "nics": "az network nic list -o json"}
    if not found:
        return "; ".join(f"{command} > {file}.json" for file, command in lists.items())
    names = " ".join(map(shlex.quote, sorted(found, key=str.casefold)))
    return "; ".join(
        f'for s in {names}; do {command} --subscription "$s"; done > {file}.json' for file, command in lists.items()
    )


def _vault(reading: Reading) -> str:
    ids = (_BELOW.split(item.id)[0] for item in reading.items if item.id)
    return next(ids, "/subscriptions/SUB/resourceGroups/GROUP/providers/Microsoft.RecoveryServices/vaults/VAULT")


def _list(reading: Reading, kind: str, query: str = "") -> str:
    return pages_command(f"{_ARM}{_vault(reading)}/{kind}?api-version={API_VERSION}", query)


def _one_by_one(reading: Reading, kind: str) -> str:
    """Each resource of a list by its id; the answers, one behind the other, are a file that an import reads."""
    ids = f"$({_list(reading, kind, 'value[].id')})"
    return f'for id in {ids}; do {_GET} "{_ARM}$id?api-version={API_VERSION}"; done > {kind}-by-id.json'


_SERVERS: Final[Mapping[Architecture, tuple[str, Callable[[Reading], str]]]] = {
    Architecture.MODERNISED: (
        "the replication appliances (A01)",
        lambda reading: f"({_list(reading, 'replicationAppliances')}) > replicationAppliances.json",
    ),
    Architecture.CLASSIC: (
        "configuration servers, process servers and master targets (R01, R02)",
        lambda reading: _one_by_one(reading, "replicationFabrics"),
    ),
}
"""By architecture: its servers, and the command that reads them."""
