"""The command `approve`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED
from .options import SettingsFile, settings_for

_HOURS = 12.0


@dataclass(frozen=True, slots=True)
class ApproveOptions:
    """What may be asked of it."""

    rehearsed: Annotated[Path, typer.Argument(help="The folder of the rehearsal.")]
    hours: Annotated[float, typer.Option(help="Hours for which the approval is valid, at most 72.")] = _HOURS
    settings: SettingsFile = None
    out: Annotated[
        Path,
        typer.Option(help="Write the body of the request, which the printed command sends, to this JSON file."),
    ] = Path("approval.json")


def approve(options: ApproveOptions) -> int:
    """Show another person's rehearsed plan, and print the command that approves it.

    A live vault is changed only if its plan is approved (see `failback docs consent`). This command changes nothing.
    """
    from failback.scenarios.consent.approve import HOURS_MAX, ToApprove
    from failback.scenarios.consent.approve import approve as approved

    if not 0 < options.hours <= HOURS_MAX:
        raise UsageError(
            f"--hours is {options.hours:g}; an approval must be valid for more than 0 and at most {HOURS_MAX:g} hours."
        )
    settings = settings_for("azure", options.settings)
    print(approved(ToApprove(options.rehearsed, settings, options.hours), options.out))
    return AS_EXPECTED
