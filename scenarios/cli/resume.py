"""The command `resume`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from .options import AsJson, Ask, ConfirmRemedy, SettingsFile
from .playing import Resumed, resume_and_publish


@dataclass(frozen=True, slots=True)
class ResumeCommandOptions:
    """What may be asked of it."""

    folder: Annotated[Path, typer.Argument(help="The folder of a run in world lab or azure that was broken off.")]
    as_json: AsJson = False
    ask: Ask = False
    settings: SettingsFile = None
    confirm_remedy: ConfirmRemedy = None


def resume(options: ResumeCommandOptions) -> int:
    """Go on with a run that was killed or lost its endpoint: look what became of each request, and continue."""
    confirmed = tuple(options.confirm_remedy or ())
    return resume_and_publish(Resumed(options.folder, options.as_json, options.ask, options.settings, confirmed))
