"""The command `watch`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from .exit_codes import AS_EXPECTED, INTERRUPTED, OTHERWISE
from .messages import INTERRUPTED_WORDS, say
from .options import AsJson, ScenarioOrEstate, SettingsFile, settings_for, world_among

_GOES_ON: Final = "Interrupted. What was seen is kept in {}; run the same command to continue this watch."


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What may be asked of it."""

    scenario: ScenarioOrEstate
    world: Annotated[
        str,
        typer.Option(help="Where to read: your vault (azure) or a mock (lab)."),
    ] = "azure"
    out: Annotated[
        Path, typer.Option(help="Folder for the history and the page that shows the current state (watch.html).")
    ] = Path("failback-watch")
    publish: Annotated[
        Path | None,
        typer.Option(help="Also write watch.html, watch.md and watch.json to this folder."),
    ] = None
    on_change: Annotated[
        str,
        typer.Option(help="Run this command when machines change. Its standard input is one sentence per change."),
    ] = ""
    once: Annotated[bool, typer.Option("--once", help="Read once, show the current state, and end.")] = False
    every: Annotated[float, typer.Option(help="Seconds between two reads of the vault, 10 to 3600.")] = 60.0
    start: Annotated[
        str,
        typer.Option(
            help="Start of the way home, such as 'Fri 18:00' (the last one if it was less than 24 hours ago, "
            "otherwise the next one). Default: the scenario's start; if it has none, the first read."
        ),
    ] = ""
    by: Annotated[
        str,
        typer.Option(
            help="Deadline by which all machines must be home, such as 'Mon 06:00' (the first one after the start)."
        ),
    ] = ""
    predict: Annotated[
        bool,
        typer.Option(
            "--predict/--no-predict",
            show_default=False,
            help="Predict when all machines will be home. Default: on.",
        ),
    ] = True
    tz: Annotated[
        str,
        typer.Option(help="Time zone of --start and --by, such as Europe/Berlin. Default: that of the scenario."),
    ] = ""
    checks: Annotated[
        bool,
        typer.Option(
            "--checks/--no-checks",
            show_default=False,
            help="Carry out the scenario's TCP, HTTP and DNS checks of each application once all its machines run "
            "on site. Default: on.",
        ),
    ] = True
    as_json: AsJson = False
    settings: SettingsFile = None


def watch(options: WatchOptions) -> int:
    """Follow machines on their way home by reading your vault. This changes nothing."""
    from failback.scenarios.watching.command import WatchRequest, run_watch, show
    from failback.scenarios.watching.folder import has_history

    world = world_among(options.world, ("lab", "azure"), "a watch looks at worlds lab and azure")
    request = WatchRequest(
        options.scenario,
        world,
        options.out,
        settings_for(world, options.settings),
        options.publish,
        options.on_change,
        options.once,
        options.every,
        options.start,
        options.tz,
        options.by,
        options.predict,
        options.checks,
        options.as_json,
    )
    try:
        stands = run_watch(request)
    except KeyboardInterrupt:
        return say(_GOES_ON.format(options.out) if has_history(options.out) else INTERRUPTED_WORDS, INTERRUPTED)
    show(stands, request)
    return OTHERWISE if stands.blocks else AS_EXPECTED
