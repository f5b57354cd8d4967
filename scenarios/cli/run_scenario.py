"""The command `run`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from .consent_options import CheckedFolder, ConsentOptions, OpenLegs, Rehearsed, VaultName
from .options import AsJson, Ask, ConfirmRemedy, OutFolder, ScenarioName, Seed, SettingsFile, one_of_the_worlds
from .playing import Played, play_and_publish


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What may be asked of it."""

    scenario: ScenarioName
    world: Annotated[
        str,
        typer.Option(
            help="Where to run it: sim (in memory), lab (a mock vault and a vCenter simulator) or azure (your vault)."
        ),
    ] = "sim"
    seed: Seed = None
    out: OutFolder = None
    as_json: AsJson = False
    ask: Ask = False
    settings: SettingsFile = None
    confirm_remedy: ConfirmRemedy = None
    vault_name: VaultName = None
    rehearsed: Rehearsed = None
    checked: CheckedFolder = None
    open_legs: OpenLegs = None


def run_scenario(options: RunOptions) -> int:
    """Run a scenario: simulated, on a mock vault, or (only with consent) on your vault."""
    return play_and_publish(
        Played(
            options.scenario,
            one_of_the_worlds(options.world),
            options.seed,
            options.out,
            as_json=options.as_json,
            ask=options.ask,
            settings_file=options.settings,
            confirmed=tuple(options.confirm_remedy or ()),
            consent=ConsentOptions(options.vault_name, options.rehearsed, options.checked, options.open_legs),
        )
    )
