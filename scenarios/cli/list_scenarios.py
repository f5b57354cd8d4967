"""The command `list`."""

import json
from dataclasses import dataclass
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED
from .options import AsJson


@dataclass(frozen=True, slots=True)
class ListOptions:
    """What may be asked of it."""

    rules: Annotated[bool, typer.Option("--rules", help="List only the scenarios for single rules.")] = False
    as_json: AsJson = False


def list_scenarios(options: ListOptions) -> int:
    """List the library scenarios (those that come with failback), one per line."""
    from failback.scenarios.files.loader import by_kind, library, title_of

    drills, rules = by_kind(library())
    rows = {name: title_of(file) for name, file in (rules if options.rules else drills).items()}
    if options.as_json:
        print(json.dumps(rows, indent=2))
        return AS_EXPECTED
    width = max(map(len, rows))
    print("\n".join(f"{name:{width}}  {title}" for name, title in rows.items()))
    if not options.rules:
        print(f"\nAnother {len(rules)} scenarios are each for a single rule. To list them: failback list --rules")
    return AS_EXPECTED
