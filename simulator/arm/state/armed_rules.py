"""The rules that are armed now, and how often each was met. Chance comes from the run's seed, by rule and request."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from failback.simulator import Chance, Fault
from failback.simulator.arm.wire.response import Json, Response

from .fault_rules import ON_JOBS, FaultRule, RuleKind


@dataclass(slots=True)
class Armed:
    """One rule with its counters. `seen` has, for stale reads, the last answer of each path."""

    id: str
    rule: FaultRule
    fault: Fault | None = None
    calls: int = 0
    hits: int = 0
    seen: dict[str, Response] = field(default_factory=dict)

    @property
    def is_spent(self) -> bool:
        """Whether it will never hit again."""
        return self.rule.count is not None and self.hits >= self.rule.count

    def as_json(self) -> Mapping[str, Json]:
        """For the control API."""
        rule = self.rule
        fields = {name: getattr(rule, name) for name in ("operation", "object", "nth", "count", "probability")}
        return {"id": self.id, "kind": rule.kind.value, **fields, "calls": self.calls, "hits": self.hits}


class ArmedRules:
    """All rules of one mock, in the order in which they were armed."""

    def __init__(self, chance: Chance) -> None:
        self._chance, self._rules, self._count = chance, dict[str, Armed](), 0

    def __iter__(self) -> Iterator[Armed]:
        return iter(self._rules.values())

    def arm(self, rule: FaultRule, fault: Fault | None) -> Armed:
        """Add one."""
        self._count += 1
        armed = Armed(f"r{self._count}", rule, fault)
        self._rules[armed.id] = armed
        return armed

    def disarm(self, rule_id: str | None) -> list[str]:
        """Take one away, or all; returns whose."""
        gone = list(self._rules) if rule_id is None else [rule_id] if rule_id in self._rules else []
        for name in gone:
            del self._rules[name]
        return gone

    def fitting(self, operation: str, objects: frozenset[str], now_s: float, *, on_jobs: bool) -> list[Armed]:
        """Rules for which this request counts."""
        return [
            armed
            for armed in self._rules.values()
            if (armed.rule.kind in ON_JOBS) is on_jobs and armed.rule.fits(operation, objects, now_s)
        ]

    def hit(self, armed: Armed) -> bool:
        """Count a request; whether the rule hits it."""
        armed.calls += 1
        if armed.is_spent or armed.calls < armed.rule.nth or not self._lucky(armed):
            return False
        armed.hits += 1
        return True

    def _lucky(self, armed: Armed) -> bool:
        if armed.rule.probability >= 1:
            return True
        return self._chance.stream("fault rule", armed.id, armed.calls).random() < armed.rule.probability

    @property
    def stale(self) -> list[Armed]:
        """Rules that make reads stale."""
        return [armed for armed in self._rules.values() if armed.rule.kind is RuleKind.STALE_READ]
