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

    scenarios: Annotated[list[str], typer.Argument(help="Scenario files, estate files, or names of library scenarios.")]
    as_json: AsJson = False


def lint(options: LintOptions) -> int:
    """Report every mistake in scenario and estate files, and warn about unlikely values."""
    found = [_found(name) for name in options.scenarios]
    mistakes = [mistake for each, _ in found for mistake in each]
    _print_found(mistakes, [asked for _, each in found for asked in each], len(found), as_json=options.as_json)
    return BAD_INPUT if mistakes else AS_EXPECTED


def _found(name: str) -> tuple[Sequence["Mistake"], Sequence["Mistake"]]:
    """Its mistakes, and what is asked about a file that has none."""
    from failback.scenarios.files.loader import load_questions, resolve
    from failback.scenarios.files.yaml_source import BadInput

    try:
        return (), load_questions(resolve(name))
    except BadInput as bad:
        return bad.mistakes, ()


def _print_found(mistakes: Sequence["Mistake"], asked: Sequence["Mistake"], files: int, *, as_json: bool) -> None:
    if as_json:
        rows = [_row(m, "mistake") for m in mistakes] + [_row(m, "question") for m in asked]
        print(json.dumps(rows, indent=2))
        return
    if mistakes:
        print("\n".join(str(m) for m in mistakes), file=sys.stderr)
    for each in asked:
        print(f"question: {each}")
    if not mistakes:
        more = f", {_counted(len(asked), 'question')}" if asked else ""
        print(f"{_counted(files, 'file')}: no mistakes{more}")


def _row(m: "Mistake", kind: str) -> dict[str, object]:
    return {"kind": kind, "file": str(m.file), "line": m.line, "path": m.path_text, "message": m.message}


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}"
