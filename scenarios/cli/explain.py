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
        str | None,
        typer.Argument(
            help="An error code (95226), a rule (R04), or a reading (C03: how failback reads contradictory articles). "
            "Default: list all."
        ),
    ] = None


def explain(options: ExplainOptions) -> int:
    """Explain an error code, a rule, or how failback reads contradictory Microsoft articles."""
    from failback.scenarios.checks.explained import all_names, explained

    if options.code is None:
        print("\n".join(all_names()))
        return AS_EXPECTED
    lines = explained(options.code)
    if not lines:
        raise UsageError(
            f"failback does not know {options.code!r}: it is not a rule, a reading, a code of failback, or an error "
            "code that Microsoft's pages explain. Read the message and the possible causes in the vault's job. "
            "`failback explain` lists what is known."
        )
    print("\n".join(lines))
    return AS_EXPECTED
