"""What `run` and `resume` ask of the person who wants to change a live vault."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from failback.scenarios.usage_error import UsageError

from .terminal import typed

if TYPE_CHECKING:
    from failback.scenarios.consent.door import Door
    from failback.scenarios.files.schema import Scenario

_LIVE = "For a live vault:"
VaultName = Annotated[
    str | None, typer.Option(help=f"{_LIVE} its name, as a confirmation (see `failback docs consent`).")
]
Rehearsed = Annotated[
    Path | None, typer.Option(help=f"{_LIVE} the folder of a rehearsal (a run of this plan in world sim or lab).")
]
CheckedFolder = Annotated[
    Path | None, typer.Option(help=f"{_LIVE} the folder of a check (`check --out`) that is less than an hour old.")
]
OpenLegs = Annotated[
    str | None,
    typer.Option(
        help=f"{_LIVE} all legs from reprotect_to_on_premises to the last one that you permit, separated by commas: "
        "reprotect_to_on_premises,failback,commit_failback,reprotect_to_azure. Name the last two together or not at "
        "all. A run ends before its first leg that is not named."
    ),
]


@dataclass(frozen=True, slots=True)
class ConsentOptions:
    """What was given."""

    vault_name: str | None = None
    rehearsed: Path | None = None
    checked: Path | None = None
    open_legs: str | None = None

    @property
    def any_given(self) -> bool:
        """Whether anything was."""
        return any(each is not None for each in (self.vault_name, self.rehearsed, self.checked, self.open_legs))


def scenario_to_run(scenario: "Scenario", world: str, given: ConsentOptions) -> "Scenario":
    """The scenario up to the first leg that is not open. Raises `UsageError` for consent that is given for nothing."""
    from failback.scenarios.consent.legs import opened, until_closed

    if world != "azure" and given.any_given:
        raise UsageError(
            f"--vault-name, --rehearsed, --checked and --open-legs are for world azure only, and this run is in world "
            f"{world}; remove them."
        )
    legs = opened(_words(given.open_legs)) if given.open_legs else ()
    return scenario if isinstance(legs, str) or not legs else until_closed(scenario, legs)


def consent_for(scenario: "Scenario", settings: Any, given: ConsentOptions) -> "Door | None":
    """The door of a run in world azure; None in the others."""
    if settings is None:
        return None
    from failback.scenarios.consent.door import Asked, Door
    from failback.scenarios.consent.legs import opened
    from failback.scenarios.consent.sources import RealSources

    azure = settings.azure
    name = given.vault_name
    if name is None and azure.allow_changes and sys.stdin.isatty():
        name = typed("The settings allow changes. If the vault is live, type its name; else press Enter").strip()
    asked = Asked(azure, scenario, name or "", opened(_words(given.open_legs)), given.any_given)
    return Door(asked, RealSources(settings, given.rehearsed, given.checked, azure.allow_changes or given.any_given))


def _words(legs: str | None) -> list[str]:
    return [word.strip() for word in (legs or "").split(",") if word.strip()]
