"""The command `resume`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .consent_options import CheckedFolder, ConsentOptions, OpenLegs, Rehearsed, VaultName
from .options import AsJson, Ask, ConfirmRemedy, SettingsFile
from .playing import Resumed, resume_and_publish


@dataclass(frozen=True, slots=True)
class ResumeCommandOptions:
    """What may be asked of it."""

    folder: Annotated[Path, typer.Argument(help="The folder of an interrupted run in world lab or azure.")]
    as_json: AsJson = False
    ask: Ask = False
    settings: SettingsFile = None
    confirm_remedy: ConfirmRemedy = None
    vault_name: VaultName = None
    rehearsed: Rehearsed = None
    checked: CheckedFolder = None
    open_legs: OpenLegs = None


def resume(options: ResumeCommandOptions) -> int:
    """Continue an unfinished run, for example one that was killed or lost its connection."""
    confirmed = tuple(options.confirm_remedy or ())
    consent = ConsentOptions(options.vault_name, options.rehearsed, options.checked, options.open_legs)
    how = Resumed(options.folder, options.as_json, options.ask, options.settings, confirmed, consent)
    return resume_and_publish(how)
