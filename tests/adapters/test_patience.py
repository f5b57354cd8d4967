"""Reads wait for a lost connection; what waiting does not end, and what was never there, is told at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from failback.adapters import LastingFailure, Patience, PatientVault, PatientVsphere
from failback.reprotect import Choices, Operation, StartOperation, Unreachable

COMMAND = StartOperation("web", Operation.FAILBACK, Choices(), "web/failback/1")


@dataclass
class Line:
    """An endpoint that is away for a while after its first answer, and time that passes only by sleeping."""

    away_s: float
    now_s: float = 0.0
    answers: int = 0
    said: list[str] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    failure: type[Unreachable] = Unreachable

    def ask(self) -> int:
        if self.answers and self.now_s < self.away_s:
            raise self.failure(f"away at {self.now_s:g} s.")
        self.answers += 1
        return self.answers

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds

    def patience(self, patience_s: float = 900.0) -> Patience:
        return Patience(patience_s, self.said.append, sleep=self.sleep, now=lambda: self.now_s, chance=Random(1))


def test_a_read_is_repeated_until_the_endpoint_is_back() -> None:
    line = Line(away_s=100)
    patience = line.patience()
    assert [patience.read(line.ask), patience.read(line.ask)] == [1, 2]
    assert len(line.said) == 2
    assert line.said[0] == "away at 0 s. Trying again for up to 900 s."
    assert line.said[1].startswith("It answers again, after 1")


def test_waits_grow_to_a_minute_and_chance_shortens_them() -> None:
    line = Line(away_s=600)
    patience = line.patience()
    patience.read(line.ask)
    patience.read(line.ask)
    longest = [min(60.0, 2.0**n) for n in range(len(line.slept))]
    assert all(most / 2 <= slept <= most for slept, most in zip(line.slept, longest, strict=True))
    assert max(line.slept) > 30
    assert len(set(line.slept)) == len(line.slept)


def test_patience_ends_when_it_was_said_to_and_the_last_failure_is_raised() -> None:
    line = Line(away_s=2000)
    patience = line.patience(900)
    patience.read(line.ask)
    with pytest.raises(Unreachable, match="away at 900 s"):
        patience.read(line.ask)
    assert line.now_s == 900


@pytest.mark.parametrize("patience_s", [0.0, 900.0])
def test_an_endpoint_that_was_never_there_is_told_at_once(patience_s: float) -> None:
    line = Line(away_s=50, answers=1)
    with pytest.raises(Unreachable):
        line.patience(patience_s).read(line.ask)
    assert (line.slept, line.said) == ([], [])


def test_what_waiting_does_not_end_is_told_at_once() -> None:
    line = Line(away_s=50, failure=LastingFailure)
    patience = line.patience()
    patience.read(line.ask)
    with pytest.raises(LastingFailure):
        patience.read(line.ask)
    assert line.slept == []


class Lost:
    """A vault and a vCenter that answer once and are away for the next two calls of anything."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*_: Any) -> Any:
            self.calls.append(name)
            if len(self.calls) in (2, 3):
                raise Unreachable("away.")
            return ()

        return call


@pytest.mark.parametrize("read", ["items", "read", "reconcile", "look"])
def test_every_read_of_vault_and_vcenter_waits(read: str) -> None:
    lost, line = Lost(), Line(away_s=0)
    vault: Any = PatientVault(lost, line.patience())
    vsphere: Any = PatientVsphere(lost, line.patience())
    asked = {"items": (), "read": (["web"],), "reconcile": (COMMAND,), "look": (["web"],)}[read]
    one = vsphere if read == "look" else vault
    for _ in range(2):
        assert getattr(one, read)(*asked) == ()
    assert lost.calls == [read] * 4


def test_a_request_is_never_repeated() -> None:
    lost, line = Lost(), Line(away_s=0)
    vault = PatientVault(lost, line.patience())
    vault.read(["web"])
    with pytest.raises(Unreachable):
        vault.perform(COMMAND)
    assert (lost.calls, line.slept) == (["read", "perform"], [])
