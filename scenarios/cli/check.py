"""The command `check`."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED, OTHERWISE
from .options import AsJson, SettingsFile, library_names, one_of_the_worlds, settings_for

if TYPE_CHECKING:
    from failback.scenarios.checks.command import CheckRequest


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What may be asked of it."""

    estate: Annotated[
        str,
        typer.Argument(
            help="An estate file, a scenario file, or the name of a library scenario.", autocompletion=library_names
        ),
    ]
    world: Annotated[
        str,
        typer.Option(help="Where facts come from: the file (sim), a mock (lab), or your vault and vCenter (azure)."),
    ] = "sim"
    as_json: AsJson = False
    sarif: Annotated[Path | None, typer.Option(help="Write the findings to this SARIF file, with line numbers.")] = None
    html: Annotated[Path | None, typer.Option(help="Write all findings to this HTML file.")] = None
    junit: Annotated[
        Path | None,
        typer.Option(help="Write all findings to this JUnit file."),
    ] = None
    fill: Annotated[
        Path | None,
        typer.Option(help="Write the unknown facts to this YAML file, for people to fill in."),
    ] = None
    tasks: Annotated[
        Path | None,
        typer.Option(help="Write one task per cause to this .csv or .xlsx file."),
    ] = None
    due: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Due date of the tasks in --tasks. Default: the scenario's start."),
    ] = None
    accept: Annotated[
        Path | None,
        typer.Option(help="A YAML file of accepted findings (see `failback docs check`)."),
    ] = None
    today: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Date to compare with the expiry dates in --accept. Default: today."),
    ] = None
    unknown_blocks: Annotated[bool, typer.Option("--unknown-blocks", help="Treat unknown facts as blockers.")] = False
    reading: Annotated[
        list[str] | None,
        typer.Option(
            help="Choose how contradictory Microsoft articles are read, such as C03=strict (see `failback explain "
            "C03`). Repeatable."
        ),
    ] = None
    rule: Annotated[
        list[str] | None,
        typer.Option(help="Show only the findings of this rule, and do not shorten lists of names. Repeatable."),
    ] = None
    settings: SettingsFile = None
    out: Annotated[
        Path | None,
        typer.Option(help="In world azure: write the check to this folder, for `failback run --checked`."),
    ] = None


def check(options: CheckOptions) -> int:
    """Check whether the machines can come home, and list what blocks them. This changes nothing."""
    from failback.reprotect import UnknownReading
    from failback.scenarios.checks.command import print_check, run_check
    from failback.scenarios.checks.writers import WRITERS, writers
    from failback.scenarios.outputs.writing import refuse_what_is_not_ours

    asked = _request(options)
    outputs = writers({name: getattr(options, name) for name in WRITERS})
    for path, (kind, _) in outputs.items():
        refuse_what_is_not_ours(path, kind)
    try:
        done = run_check(asked)
    except UnknownReading as unknown:
        raise UsageError(str(unknown)) from unknown
    for path, (_, write) in outputs.items():
        write(done, path)
    if options.out is not None:
        from failback.scenarios.consent.check_proof import write_check

        write_check(done, options.out)
    print_check(done, as_json=options.as_json, terminal=sys.stdout.isatty())
    return OTHERWISE if done.blocks else AS_EXPECTED


def _request(options: CheckOptions) -> "CheckRequest":
    from failback.scenarios.checks.command import CheckRequest

    world = one_of_the_worlds(options.world)
    return CheckRequest(
        options.estate,
        world,
        options.reading or (),
        settings_for(world, options.settings),
        options.unknown_blocks,
        _rules(options.rule),
        **_acceptances(options),
        due=options.due.date() if options.due else None,
    )


def _acceptances(options: CheckOptions) -> dict[str, Any]:
    """What the file accepts, and the day: the only place where a check looks at the clock. Raises `BadInput`."""
    if options.accept is None:
        return {}
    from failback.scenarios.checks.accept import read_acceptances

    day = options.today.date() if options.today else datetime.now(UTC).astimezone().date()
    return {"acceptances": read_acceptances(options.accept), "today": day}


def _rules(asked: Sequence[str] | None) -> tuple[str, ...]:
    """The rules to show. Raises `UsageError` for one that does not exist."""
    from failback.reprotect import by_id

    for rule in asked or ():
        if by_id(rule) is None:
            raise UsageError(f"There is no rule {rule!r}; docs/rules.md lists them, and `failback docs` shows it.")
    return tuple(asked or ())
