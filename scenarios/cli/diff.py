"""The command `diff`."""

import json
from dataclasses import asdict, dataclass
from typing import Annotated

import typer

from .exit_codes import AS_EXPECTED, OTHERWISE
from .options import AsJson, library_names


@dataclass(frozen=True, slots=True)
class DiffOptions:
    """What may be asked of it."""

    before: Annotated[
        str,
        typer.Argument(help="An estate or scenario file, or a library scenario.", autocompletion=library_names),
    ]
    after: Annotated[
        str, typer.Argument(help="The estate or scenario to compare with the first one.", autocompletion=library_names)
    ]
    as_json: AsJson = False


def diff(options: DiffOptions) -> int:
    """Compare two estates: changed facts and findings, and the machines to rehearse again."""
    from failback.scenarios.estates.comparing import compared
    from failback.scenarios.estates.difference_words import lines_of

    found = compared(options.before, options.after)
    if options.as_json:
        print(json.dumps({**asdict(found), "to_verify": found.to_verify}, indent=2))
    else:
        print("\n".join(lines_of(found)))
    return OTHERWISE if found else AS_EXPECTED
