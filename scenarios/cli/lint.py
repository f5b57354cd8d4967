"""The command `lint`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from .exit_codes import AS_EXPECTED, BAD_INPUT
from .options import AsJson

if TYPE_CHECKING:
    from failback.scenarios.files.yaml_source import Mistake


@dataclass(frozen=True, slots=True)
class LintOptions:
    """What may be asked of it."""

    scenarios: Annotated[list[str], typer.Argument(help="Scenario files, or names of library scenarios.")]
    as_json: AsJson = False


def lint(options: LintOptions) -> int:
    """Validate scenario files and report every mistake with its line number."""
    mistakes = [mistake for name in options.scenarios for mistake in _mistakes(name)]
    _print_mistakes(mistakes, len(options.scenarios), as_json=options.as_json)
    return BAD_INPUT if mistakes else AS_EXPECTED


def _mistakes(name: str) -> Sequence["Mistake"]:
    from failback.scenarios.files.loader import load_scenario, resolve
    from failback.scenarios.files.yaml_source import BadInput

    try:
        load_scenario(resolve(name))
    except BadInput as bad:
        return bad.mistakes
    return ()


def _print_mistakes(mistakes: Sequence["Mistake"], files: int, *, as_json: bool) -> None:
    if as_json:
        rows = [{"file": str(m.file), "line": m.line, "path": m.path_text, "message": m.message} for m in mistakes]
        print(json.dumps(rows, indent=2))
    elif mistakes:
        print("\n".join(str(m) for m in mistakes), file=sys.stderr)
    else:
        print(f"{files} scenario{'s' if files != 1 else ''}: no mistakes")
