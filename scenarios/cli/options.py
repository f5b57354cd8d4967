"""Commands whose options are a dataclass, and the options that several commands share."""

import os
from collections.abc import Callable
from dataclasses import MISSING, fields
from inspect import Parameter, Signature
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar, get_type_hints

import typer

from failback.scenarios.usage_error import UsageError

from .value_words import PlainCommand

Options = TypeVar("Options")
_ARCHITECTURES: Final = ("classic", "modernised")
WORLDS: Final = ("sim", "lab", "azure")

OutFolder = Annotated[
    Path | None, typer.Option(help="Write history.jsonl, result.json, report.html and junit.xml to this folder.")
]
_SEED_MIN: Final = -(2**63)
_SEED_MAX: Final = 2**63 - 1024


def _seed_in_range(seed: int | None) -> int | None:
    """The seed itself. The range is not given to typer, which would print both numbers in every help."""
    if seed is not None and not _SEED_MIN <= seed <= _SEED_MAX:
        raise typer.BadParameter(f"{seed} is not a whole number from {_SEED_MIN} to {_SEED_MAX}.")
    return seed


Seed = Annotated[int | None, typer.Option(callback=_seed_in_range, help="Random seed. Default: the scenario's own.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def library_names(incomplete: str) -> list[str]:
    """Names of the library that begin so, for a shell's completion."""
    from failback.scenarios.files.loader import library

    return [name for name in library() if name.startswith(incomplete)]


ScenarioName = Annotated[
    str, typer.Argument(help="A scenario file, or the name of a library scenario.", autocompletion=library_names)
]
ScenarioOrEstate = Annotated[
    str,
    typer.Argument(
        help="A scenario file, an estate file, or the name of a library scenario.", autocompletion=library_names
    ),
]
TimeZone = Annotated[
    str,
    typer.Option(
        show_default=False,
        help="Time zone of --start and of the planned times, such as Europe/Berlin. Default: that of the scenario.",
    ),
]
SettingsFile = Annotated[
    Path | None, typer.Option(help="Settings file (YAML or TOML) for world azure; see `failback docs settings`.")
]
Ask = Annotated[
    bool,
    typer.Option(
        "--ask",
        help="Ask at the terminal at gates (points where the plan waits for a person), and when a cause must be fixed.",
    ),
]
ConfirmRemedy = Annotated[
    list[str] | None,
    typer.Option(help="In world azure: name of an object that failback may change as a remedy. Repeatable."),
]


class CommandRaised(Exception):
    """What came out of a command, past typer: it would end the process with codes of its own on some of these."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        super().__init__(str(error))


def register(app: typer.Typer, name: str, options: type[Options], body: Callable[[Options], int], epilog: str) -> None:
    """Make `body` a command. Each field of the dataclass `options` is one of its arguments or options."""

    def command(**given: Any) -> int:
        try:
            return body(options(**given))
        except (OSError, KeyboardInterrupt) as error:
            raise CommandRaised(error) from error

    command.__name__, command.__doc__ = name.replace("-", "_"), body.__doc__
    command.__signature__ = Signature(_parameters(options))  # type: ignore[attr-defined]
    app.command(name=name, cls=PlainCommand, epilog=epilog)(command)


def _parameters(options: type[Any]) -> list[Parameter]:
    hints = get_type_hints(options, include_extras=True)
    return [
        Parameter(
            field.name,
            Parameter.KEYWORD_ONLY,
            default=Parameter.empty if field.default is MISSING else field.default,
            annotation=hints[field.name],
        )
        for field in fields(options)
    ]


def world_among(world: str, known: tuple[str, ...], where: str) -> str:
    """The world, if it is one of these. Raises `UsageError`; `where` ends the sentence that names them."""
    if world not in known:
        raise UsageError(f"--world is '{world}', but {where}.")
    return world


def refuse_no_architecture(word: str | None) -> None:
    """Raise `UsageError` for a word that is no architecture."""
    if word not in (None, *_ARCHITECTURES):
        raise UsageError(f"--architecture is '{word}', but it is {' or '.join(_ARCHITECTURES)}.")


def one_of_the_worlds(world: str) -> str:
    """The world, if there is one of that name. Raises `UsageError`."""
    return world_among(world, WORLDS, "the worlds are sim, lab and azure")


def settings_for(world: str, file: Path | None) -> Any:
    """The settings that world azure needs; None for the others. Raises `BadSettings`."""
    if world != "azure":
        return None
    from failback.adapters import load_settings

    return load_settings(file, os.environ)
