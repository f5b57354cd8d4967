"""Whoever sits at the terminal: asked for gates and remedies, and for the names of what a remedy may touch."""

import sys
from collections.abc import Sequence
from difflib import get_close_matches

import typer

from failback.reprotect import Estate
from failback.scenarios.files.schema import SECTIONS
from failback.scenarios.run.confirmation import CONFIRMED, OPTION, Confirmation
from failback.scenarios.run.operator import ANSWERS, TerminalOperator
from failback.scenarios.usage_error import UsageError


def operator_there() -> TerminalOperator:
    """The person at the terminal. Raises `UsageError` where there is none."""
    if not sys.stdin.isatty():
        raise UsageError(
            "--ask needs a terminal, and standard input is not one; put the answers in the scenario's "
            "`operator` instead."
        )
    return TerminalOperator(yes_or_no, one_of_the_answers)


def confirmation_of(named: Sequence[str]) -> Confirmation:
    """Names from the command line, and what is typed at the terminal, if there is one."""
    return Confirmation(named, typed if sys.stdin.isatty() else None)


def check_confirmed(named: Sequence[str], world: str, estate: Estate) -> None:
    """Raises `UsageError` for names that confirm nothing: where nothing is asked, or of no part of the estate.

    A name is taken literally, so `*` is the name of nothing.
    """
    if named and world not in CONFIRMED:
        raise UsageError(
            f"{OPTION} confirms changes in world azure only, and this run is in world {world}; remove the option."
        )
    known = [name for section in SECTIONS for name in getattr(estate, section)]
    for name in named:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean '{near[0]}'?" if near else "give one object per option, spelt as in the estate."
            raise UsageError(f"{OPTION} is '{name[:100]}', but the estate has no object of that name; {hint}")


def one_of_the_answers(question: str) -> str:
    """One of ANSWERS, asked for until it is one."""
    answer = ""
    while answer not in ANSWERS:
        answer = typed(f"{question} [{'/'.join(ANSWERS)}]").strip().lower()
    return answer


def yes_or_no(question: str) -> bool:
    """A yes or no. Ctrl-C interrupts the run, which then says what was done."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None


def typed(question: str) -> str:
    """What is typed, be it nothing; Ctrl-C as above."""
    try:
        return str(typer.prompt(question, default="", show_default=False, err=True))
    except typer.Abort:
        raise KeyboardInterrupt from None
