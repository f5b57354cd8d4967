"""Work the outside world is asked to do. Imperative, immutable."""

from dataclasses import dataclass
from typing import TypeAlias

from .choices import Choices
from .item import Operation


@dataclass(frozen=True, slots=True)
class StartOperation:
    """Ask the vault to start one operation on one item. `key` names this one try for ever."""

    item: str
    operation: Operation
    choices: Choices
    key: str


@dataclass(frozen=True, slots=True)
class StartPlanOperation:
    """Ask the vault to run one operation of a recovery plan: one request, its groups in order."""

    plan: str
    items: tuple[str, ...]
    operation: Operation
    choices: Choices
    key: str


@dataclass(frozen=True, slots=True)
class AskOperator:
    """Ask a person. `gate` is the gate's name (verified) or the rule whose remedy is asked for (R04)."""

    item: str
    gate: str
    question: str


VaultCommand: TypeAlias = StartOperation | StartPlanOperation
Command: TypeAlias = VaultCommand | AskOperator
