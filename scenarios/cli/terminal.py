"""Whoever sits at the terminal: asked for gates and remedies, and for the names of what a remedy may touch."""

import sys
from collections.abc import Sequence

import typer

from failback.scenarios.confirmation import Confirmation
from failback.scenarios.operator import ANSWERS, TerminalOperator
from failback.scenarios.refused import Refused


def operator_there() -> TerminalOperator:
    """The person at the terminal. Raises `Refused` where there is none."""
    if not sys.stdin.isatty():
        raise Refused(
            "--ask needs a terminal to ask at, and standard input is none; answer in the scenario's `operator` instead."
        )
    return TerminalOperator(yes_or_no, one_of_the_answers)


def confirmation_of(named: Sequence[str]) -> Confirmation:
    """Names from the command line, and what is typed at the terminal, if there is one."""
    return Confirmation(named, typed if sys.stdin.isatty() else None)


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
