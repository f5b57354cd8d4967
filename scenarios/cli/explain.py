"""The command `explain`."""

from dataclasses import dataclass
from typing import Annotated

import typer

from failback.scenarios.usage_error import UsageError

from .exit_codes import AS_EXPECTED


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """What may be asked of it."""

    code: Annotated[
        str | None, typer.Argument(help="An error code such as 95226, or a rule such as R04. Default: list all.")
    ] = None


def explain(options: ExplainOptions) -> int:
    """Say what is known about an error code or a rule: meaning, causes, remedy, proof, source, and how sure that is."""
    from failback.scenarios.checks.explained import all_names, explained

    if options.code is None:
        print("\n".join(all_names()))
        return AS_EXPECTED
    lines = explained(options.code)
    if not lines:
        raise UsageError(
            f"Nothing is known of {options.code!r}: no rule has this id or code, and we found it on no page of the "
            "vendor. Read the message and the possible causes beside it in the vault's job; `failback explain` lists "
            "what is known."
        )
    print("\n".join(lines))
    return AS_EXPECTED
