"""An approval: a deployment without resources, whose name is what is approved and until when.

A file proves nothing, since whoever runs can type it. Azure's activity log says who wrote a deployment, with the object
id from the token with which it was written, and nobody can edit that log.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from .subject import digest

if TYPE_CHECKING:
    from failback.adapters import AzureSettings, LoggedWrite, Settings, SignedIn

LASTS_MAX: Final = timedelta(hours=72)
"""Longest time from an approval to its end; our choice."""
_NAME: Final = re.compile(r"failback-(\d{8}T\d{4}Z)-([0-9a-f]{32})")
_TIME: Final = "%Y%m%dT%H%MZ"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved it, when, and until when it holds."""

    by: "SignedIn"
    at: datetime
    until: datetime


def group_of(settings: "AzureSettings") -> str:
    """The id of the vault's resource group."""
    return f"/subscriptions/{settings.subscription}/resourceGroups/{settings.resource_group}"


def vault_id(settings: "AzureSettings") -> str:
    """The vault's id, in small letters: Azure takes any case."""
    return f"{group_of(settings)}/providers/Microsoft.RecoveryServices/vaults/{settings.vault}".casefold()


def place_id(settings: "Settings") -> str:
    """What an approval is for: the vault, and the part of a vCenter in which remedies are carried out, if any."""
    vault, vcenter = vault_id(settings.azure), vcenter_place(settings)
    return f"{vault} and vCenter {vcenter}" if vcenter else vault


def vcenter_place(settings: "Settings") -> str:
    """The vCenter in the settings and the folder in it that is looked into; another one may have the same names."""
    vcenter = settings.vsphere
    if vcenter is None:
        return ""
    return vcenter.address.casefold() + (f", {vcenter.within}" if vcenter.within else "")


def approval_name(subject_hash: str, place: str, until: datetime) -> str:
    """The deployment's name: end, and what is approved for which place. At most 64 characters."""
    return f"failback-{until.astimezone(UTC):{_TIME}}-{digest([subject_hash, place])}"


def approval_path(settings: "AzureSettings", name: str) -> str:
    """Where the deployment is put."""
    return f"{group_of(settings)}/providers/Microsoft.Resources/deployments/{name}"


def approval_body(subject_hash: str) -> dict[str, Any]:
    """What is put there: nothing that is deployed."""
    schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    template = {"$schema": schema, "contentVersion": "1.0.0.0", "metadata": {"failback_approval": subject_hash}}
    return {"properties": {"mode": "Incremental", "template": {**template, "resources": []}}}


def approvals_in(
    entries: "Iterable[LoggedWrite]", where: str, hashes: Iterable[str], place: str
) -> tuple[Approval, ...]:
    """The approvals among these entries: of one of these subjects, for this place. `where`: the group's id."""
    wanted = {digest([each, place]) for each in hashes}
    return tuple(found for entry in entries if (found := _approval(entry, where, wanted)) is not None)


def _approval(entry: "LoggedWrite", where: str, wanted: set[str]) -> Approval | None:
    folder, _, name = entry.resource_id.rpartition("/")
    found = _NAME.fullmatch(name)
    is_there = folder.casefold() == f"{where}/providers/Microsoft.Resources/deployments".casefold()
    if found is None or not is_there or found[2] not in wanted:
        return None
    try:
        until = datetime.strptime(found[1], _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Approval(entry.by, entry.at, until)
