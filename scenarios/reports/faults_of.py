"""The faults of a run: what the scenario planned, in words, and when it happened."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from failback.reprotect import Line
from failback.scenarios.run.evidence import FaultEvidence
from failback.scenarios.text.plain_words import LEG_WORDS, counted, h_min, phase_words
from failback.simulator import Fault, FaultKind

_WORDS: Final = {
    FaultKind.CHANGE_FACTS: "facts change",
    FaultKind.TAKE_SNAPSHOT: "snapshot {snapshot} is taken",
    FaultKind.REMOVE_SNAPSHOTS: "all snapshots are deleted",
    FaultKind.POWER_ON: "powered on",
    FaultKind.POWER_OFF: "powered off",
    FaultKind.DESTROY_VM: "virtual machine is deleted",
    FaultKind.FAIL_JOB: "job fails: {operation}{task}, code {code}, {times}",
    FaultKind.CANCEL_JOB: "job is cancelled: {operation}",
}
"""By kind; a fault on jobs is set from its instant on, and bites the next job of its kind."""


class FaultReader:
    """Hears each fault that fires, and knows which of the planned ones it is."""

    def __init__(self, planned: Sequence[Fault]) -> None:
        self._left, self._fired = list(planned), list[FaultEvidence]()

    def on_fired(self, line: Line) -> None:
        """One fired. One that no scenario planned, such as a rule of the mock, is told as the history has it."""
        data, facts = line.data, line.data.get("facts")
        kind, name = str(data.get("kind") or "unknown"), str(data.get("object") or line.item or "")
        given = facts if isinstance(facts, Mapping) else {}
        found = next((fault for fault in self._left if _is(fault, kind, name, given)), None)
        if found is None:
            self._fired.append(FaultEvidence(kind, name, _facts(given), line.t_s, kind.replace("_", " ")))
            return
        self._left.remove(found)
        self._fired.append(_evidence(found, line.t_s))

    def evidence(self) -> tuple[FaultEvidence, ...]:
        """Those that fired, in their order, then those that never did."""
        return (*self._fired, *(_evidence(fault, None) for fault in self._left))


def _is(fault: Fault, kind: str, name: str, facts: Mapping[str, Any]) -> bool:
    return (fault.kind.value, fault.object, _facts(fault.facts)) == (kind, name, _facts(facts))


def _evidence(fault: Fault, at_s: float | None) -> FaultEvidence:
    return FaultEvidence(fault.kind.value, fault.object, _facts(fault.facts), at_s, _words(fault), _planned(fault))


def _words(fault: Fault) -> str:
    operation = LEG_WORDS[fault.operation].name if fault.operation else "any operation"
    task = f", task {fault.task}" if fault.task else ""
    values = {"snapshot": fault.snapshot, "operation": operation, "task": task, "code": fault.code}
    return _WORDS[fault.kind].format(**values, times=counted(fault.times, "time"))


def _planned(fault: Fault) -> str:
    """When the scenario wants it."""
    if fault.when is None:
        return f"{h_min(fault.at_s or 0.0)} after the start"
    later = f"{h_min(fault.after_s)} after" if fault.after_s else "when"
    return f"{later} {fault.when.item} is seen as: {phase_words(fault.when.phase.value)}"


def _facts(facts: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {_value(value)}" for name, value in facts.items())


def _value(value: Any) -> str:
    """As a scenario writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
