"""What `failback approve` does: shows a second person what is approved, and writes what that person sends to Azure.

It sends nothing itself, since one person alone must not be able to change anything with this program.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from failback.reprotect import Unreachable
from failback.scenarios.outputs.writing import write_text
from failback.scenarios.usage_error import UsageError

from .approval import LASTS_MAX, approval_body, approval_name, approval_path, place_id, vcenter_place
from .case import Rehearsed
from .rehearsal_proof import read_rehearsal
from .sources import RealSources
from .subject import Subject

if TYPE_CHECKING:
    from failback.adapters import Settings

KIND: Final = "approval"
HOURS_MAX: Final = LASTS_MAX.total_seconds() / 3600
_VERSION: Final = "2021-04-01"


@dataclass(frozen=True, slots=True)
class ToApprove:
    """What somebody is asked to approve."""

    rehearsal: Path
    settings: "Settings"
    hours: float


def approve(asked: ToApprove, file: Path) -> str:
    """Write the file, and say what is approved and how. Raises `UsageError`, `Unreachable`, `CannotWrite`."""
    rehearsed = _rehearsed(asked.rehearsal)
    until = _now(asked) + timedelta(hours=asked.hours)
    write_text(file, json.dumps(approval_body(rehearsed.subject.hash), indent=2) + "\n", KIND)
    return _words(asked, rehearsed.subject, until, file)


def _rehearsed(folder: Path) -> Rehearsed:
    found = read_rehearsal(folder)
    if isinstance(found, str):
        raise UsageError(f"There is no rehearsal to approve: {found}.")
    if not found.is_whole or found.verdict != "as_expected" or found.world not in ("sim", "lab"):
        raise UsageError(f"{folder}: only a finished rehearsal in sim or lab that ended as expected can be approved.")
    return found


def _now(asked: ToApprove) -> datetime:
    """The vault's clock. Also finds out whether it is a person who is signed in."""
    sources = RealSources(asked.settings, asked.rehearsal, None, asks=True)
    now, person = sources.now(), sources.runner()
    for each in (now, person):
        if isinstance(each, str):
            raise Unreachable(f"{each}. Nothing was written.")
    assert isinstance(now, datetime)
    if not isinstance(person, str) and not person.is_person:
        raise UsageError("A program is signed in. An approval counts only if a person signs in; use `az login`.")
    return now


def _words(asked: ToApprove, subject: Subject, until: datetime, file: Path) -> str:
    azure, vcenter = asked.settings.azure, vcenter_place(asked.settings)
    name = approval_name(subject.hash, place_id(asked.settings), until)
    url = f"{azure.endpoint}{approval_path(azure, name)}?api-version={_VERSION}"
    return "\n".join(
        (
            f"Vault:     {azure.vault} in {azure.resource_group}, {azure.subscription}",
            f"vCenter:   {vcenter or 'none is named in the settings; nothing is changed in one'}",
            f"Machines:  {len(subject.machines)}: {', '.join(subject.machines)}",
            *(f"Wave:      {wave['name']}: {', '.join(wave['items'])}" for wave in subject.plan["waves"]),
            f"Ends in:   {subject.plan['goals'][-1]}",
            f"Plan hash: {subject.hash}",
            f"Holds to:  {until:%Y-%m-%d %H:%M} UTC",
            "",
            "failback has changed nothing. If you approve this plan, sign in as yourself and run this command "
            f"({file} is a deployment without resources):",
            "",
            f'az rest --method put --url "{url}" --body "@{file}"',
        )
    )
