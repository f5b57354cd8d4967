"""Work the outside world is asked to do. Imperative, immutable."""

from dataclasses import dataclass
from typing import TypeAlias

from .choices import Choices
from .item import Operation
from .requirements import Act


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
    """Ask a person. `gate` is the gate's name (verified) or the rule whose remedy is asked for (R04).

    `offer` is what the answer "apply" would let us do ourselves; empty where there is nothing.
    """

    item: str
    gate: str
    question: str
    offer: str = ""


@dataclass(frozen=True, slots=True)
class ApplyRemedy:
    """Carry out the act that fixes a rule. `key` names this one try for ever.

    `object` is what is acted on, `beside` what else the act needs: the host that mounts, the server that is left.
    """

    item: str
    rule: str
    act: Act
    object: str
    beside: str | None
    key: str


VaultCommand: TypeAlias = StartOperation | StartPlanOperation
Command: TypeAlias = VaultCommand | ApplyRemedy | AskOperator
