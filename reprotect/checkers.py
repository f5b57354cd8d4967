"""Checkers: each hears a history line by line and knows one rule that must hold whatever happens.

Safety is checked always, liveness once the run is over. A checker keeps only what is open of each item, so a long
history need not be held.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from typing import Final

from .events import Instruction
from .history import RESUMED, Line
from .item import Operation
from .phases import PHASES, Side
from .plan import Plan, RemedyPolicy
from .request_members import RequestMembers

_TARGET: Final = frozenset(row.phase.value for row in PHASES if row.is_target)
_RUNS_IN_AZURE: Final = frozenset(row.phase.value for row in PHASES if row.runs is Side.AZURE)
_ASKED: Final = frozenset({"StartOperation", "StartPlanOperation"})
_FAILED: Final = frozenset({"JobFailed", "JobCancelled", "Refused", "Unanswered"})
_ENDED: Final = _FAILED | {"JobSucceeded"}
_FAILOVER, _FAILBACK = Operation.FAILOVER.value, Operation.FAILBACK.value
_COMMIT, _CANCEL = Operation.COMMIT_FAILBACK.value, Operation.CANCEL_FAILBACK.value


class Checker(ABC):
    """One rule. `listens_to` has the names of the lines that it learns from; it is not told of others."""

    name: str
    listens_to: frozenset[str]

    def __init__(self) -> None:
        self._violations: list[str] = []
        self.exercised = False
        """Whether anything happened that could have broken the rule."""

    @abstractmethod
    def on_line(self, line: Line) -> None:
        """Learn from one line."""

    def violations(self) -> tuple[str, ...]:
        """What broke the rule, as if the last line heard were the last of all."""
        return tuple(self._violations)

    def _blame(self, line: Line, sentence: str) -> None:
        self._violations.append(f"line {line.n}, {line.t_s:g} s: {sentence}")


class NeverTwoRunningCopies(Checker):
    """Never both copies of one machine at once, at the end of any instant that was read whole.

    The Azure copy runs from the failover's success until the failback's where that was asked to shut it down, else
    until the failback is committed; a cancelled failback starts it again. Of an item that is away when it is first
    seen nobody heard the failover: its phase says that it runs. Between request and end of a failback that shuts it
    down nobody outside sees the shutdown: a machine seen on then is judged by how the job ends. Where a driver died
    and another went on, the instant before was cut short: its machines are judged by the first look of the other.
    """

    name = "never_two_running_copies"
    listens_to = _ASKED | _ENDED | {"ItemSeen", "VmSeen", RESUMED}

    def __init__(self) -> None:
        super().__init__()
        self._known: set[str] = set()
        self._in_azure: set[str] = set()
        self._on_site: set[str] = set()
        self._shuts_down: set[str] = set()
        self._requests = RequestMembers()
        self._reported: set[str] = set()
        self._touched: dict[str, None] = {}
        self._t_s = 0.0

    def on_line(self, line: Line) -> None:
        """Learn from one line; a new instant ends the one before."""
        if line.name == RESUMED:
            self._t_s = line.t_s
        elif line.t_s > self._t_s:
            self._violations += self._found()
            self._reported.update(item for item in self._touched if self._run_both(item))
            self._touched.clear()
            self._t_s = line.t_s
        self._learn(line)

    def violations(self) -> tuple[str, ...]:
        """With those of the last instant."""
        return (*self._violations, *self._found())

    def _learn(self, line: Line) -> None:
        match line.name:
            case "ItemSeen":
                self._first_seen(str(line.item), str(line.data["phase"]))
            case "StartOperation" | "StartPlanOperation":
                self._asked(line)
            case "VmSeen":
                self.exercised = True
                self._touched[str(line.item)] = None
                (self._on_site.add if line.data["powered_on"] else self._on_site.discard)(str(line.item))
            case "JobSucceeded":
                for item in self._subjects(line):
                    self._succeeded(item, str(line.data["operation"]))
            case name if name in _FAILED:
                self._shuts_down.difference_update(self._subjects(line))

    def _first_seen(self, item: str, phase: str) -> None:
        if item not in self._known:
            self._known.add(item)
            if phase in _RUNS_IN_AZURE:
                self._in_azure.add(item)
                self._touched[item] = None

    def _asked(self, line: Line) -> None:
        items = self._requests.asked(line)
        if line.data["operation"] == _FAILBACK and line.data["choices"]["shut_down_source"] is not False:
            self._shuts_down.update(items)

    def _subjects(self, line: Line) -> tuple[str, ...]:
        items = self._requests.of(line)
        self._touched |= dict.fromkeys(items)
        return items

    def _succeeded(self, item: str, operation: str) -> None:
        if operation in (_FAILOVER, _CANCEL):
            self._in_azure.add(item)
        if operation == _COMMIT or (operation == _FAILBACK and item in self._shuts_down):
            self._in_azure.discard(item)
            self._reported.discard(item)
        self._shuts_down.discard(item)

    def _run_both(self, item: str) -> bool:
        return item in self._in_azure and item in self._on_site and item not in self._shuts_down

    def _found(self) -> list[str]:
        both = (item for item in self._touched if item not in self._reported and self._run_both(item))
        return [f"{self._t_s:g} s: {item} runs in Azure and on premises" for item in both]


class NeverCommitUnverified(Checker):
    """Never commit a failback before each gate that the plan has before it was opened."""

    name = "never_commit_unverified"
    listens_to = _ASKED | {"OperatorAnswered"}

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        gates = (gate for gate in plan.gates if gate.before is Operation.COMMIT_FAILBACK)
        self._gates = tuple((gate.name, frozenset(gate.items)) for gate in gates)
        self._opened: set[tuple[str, str]] = set()

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if line.name == "OperatorAnswered" and line.data["proceed"]:
            self._opened.add((str(line.item), str(line.data["gate"])))
        elif line.name in _ASKED and line.data["operation"] == _FAILBACK:
            self._opened -= {(item, gate) for item in _items_of(line) for gate, _ in self._gates}
        elif line.name in _ASKED and line.data["operation"] == _COMMIT:
            for item in _items_of(line):
                self._judge(line, item)

    def _judge(self, line: Line, item: str) -> None:
        for gate, items in self._gates:
            if items and item not in items:
                continue
            self.exercised = True
            if (item, gate) not in self._opened:
                self._blame(line, f"{item} was committed before gate {gate} was opened")


class NeverPowerOnTarget(Checker):
    """Never power on the on-premises machine while it is a replication target (R33).

    A failback that was asked for may, until it has failed.
    """

    name = "never_power_on_target"
    listens_to = _ASKED | _FAILED | {"ItemSeen", "VmSeen"}

    def __init__(self) -> None:
        super().__init__()
        self._phase: dict[str, str] = {}
        self._failing_back: set[str] = set()
        self._requests = RequestMembers()
        self._reported: set[str] = set()

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if line.name == "ItemSeen":
            self._phase[str(line.item)] = str(line.data["phase"])
        elif line.name == "VmSeen":
            self._saw(line, str(line.item))
        elif line.name in _ASKED:
            items, fails_back = self._requests.asked(line), line.data["operation"] == _FAILBACK
            (self._failing_back.update if fails_back else self._failing_back.difference_update)(items)
        else:
            self._failing_back.difference_update(self._requests.of(line))

    def _saw(self, line: Line, item: str) -> None:
        self.exercised |= self._phase.get(item) in _TARGET
        if not line.data["powered_on"]:
            self._reported.discard(item)
        elif self._phase.get(item) in _TARGET and item not in self._failing_back and item not in self._reported:
            self._reported.add(item)
            self._blame(line, f"{item} is powered on in phase {self._phase[item]} (R33)")


class NeverAskTwice(Checker):
    """Never send one key twice, nor an operation while the item's last request is neither refused nor ended."""

    name = "never_ask_twice"
    listens_to = _ASKED | _ENDED

    def __init__(self) -> None:
        super().__init__()
        self._keys: set[str] = set()
        self._open: dict[str, str] = {}
        self._requests = RequestMembers()

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if line.name in _ASKED:
            self._asked(line, str(line.data["key"]), str(line.data["operation"]))
        else:
            for item in self._requests.of(line):
                self._open.pop(item, None)

    def _asked(self, line: Line, key: str, operation: str) -> None:
        self.exercised = True
        if key in self._keys:
            self._blame(line, f"{key} was sent twice")
        self._keys.add(key)
        for item in self._requests.asked(line):
            if item in self._open:
                self._blame(line, f"{operation} of {item} was requested while {self._open[item]} was under way")
            self._open[item] = operation


class NeverFixUnasked(Checker):
    """Never carry a remedy out without the plan's or a person's leave, nor under one key twice.

    A person's leave is for one try: who says apply is asked again where that did not help.
    """

    name = "never_mend_unasked"
    listens_to = frozenset({"OperatorAnswered", "ApplyRemedy"})

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._by_plan = {rule for rule, policy in plan.remedies.items() if policy is RemedyPolicy.APPLY}
        self._by_person: set[tuple[str, str]] = set()
        self._keys: set[str] = set()

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if line.name == "OperatorAnswered" and line.data["proceed"] and line.data["apply"]:
            self._by_person.add((str(line.item), str(line.data["gate"])))
        elif line.name == "ApplyRemedy":
            self._judge(line, str(line.data["rule"]), str(line.data["key"]))

    def _judge(self, line: Line, rule: str, key: str) -> None:
        self.exercised = True
        if key in self._keys:
            self._blame(line, f"{key} was sent twice")
        self._keys.add(key)
        asked = (str(line.item), rule)
        if rule not in self._by_plan and asked not in self._by_person:
            self._blame(
                line,
                f"the remedy of {rule} for {line.item} was applied without permission",
            )
        self._by_person.discard(asked)


class AsksNothingWhilePaused(Checker):
    """Never ask anything of anybody between the instruction to pause and that to continue, nor after an abandon."""

    name = "asks_nothing_while_paused"
    listens_to = _ASKED | {"Instructed", "ApplyRemedy", "AskOperator"}

    def __init__(self) -> None:
        super().__init__()
        self._told = Instruction.CONTINUE.value

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if line.name != "Instructed":
            if self._told != Instruction.CONTINUE.value:
                self._blame(line, f"{line.name} for {', '.join(_items_of(line))} after the instruction to {self._told}")
        elif line.data["instruction"] != Instruction.SKIP.value:
            self.exercised = True
            self._told = str(line.data["instruction"])


class AsksNothingInAFreeze(Checker):
    """Never send a request in a freeze window of the plan."""

    name = "asks_nothing_in_a_freeze"
    listens_to = _ASKED | {"ApplyRemedy", "JobSucceeded"}

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._windows = plan.freezes

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        for window in self._windows:
            self.exercised |= window.from_s <= line.t_s
            if line.name != "JobSucceeded" and window.from_s <= line.t_s < window.until_s:
                self._blame(line, f"{line.name} for {', '.join(_items_of(line))} in the freeze window {window.name}")


class EveryItemEnds(Checker):
    """Every item ends home, or stopped by a named cause with somebody who must act."""

    name = "every_item_ends"
    listens_to = frozenset({"ItemSeen", "Decided"})

    def __init__(self) -> None:
        super().__init__()
        self._phase: dict[str, str] = {}
        self._ended: set[str] = set()

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        if line.name == "ItemSeen":
            self.exercised = True
            self._phase[str(line.item)] = str(line.data["phase"])
        elif line.name == "Decided" and line.data["what"] == "home":
            self._ended.add(str(line.item))
        elif line.name == "Decided" and line.data["what"] == "stopped":
            self._ended.add(str(line.item))
            if not (line.data["rule"] and line.data["who"]):
                self._blame(line, f"{line.item} stopped without a cause or without saying who must act")

    def violations(self) -> tuple[str, ...]:
        """With those who have not ended."""
        missing = (name for name in self._phase if name not in self._ended)
        return (
            *self._violations,
            *(f"{name} is left in phase {self._phase[name]}, neither home nor stopped" for name in missing),
        )


class Checkers:
    """All of them."""

    def __init__(self, plan: Plan) -> None:
        twice, verified = NeverTwoRunningCopies(), NeverCommitUnverified(plan)
        self._safety: tuple[Checker, ...] = (
            twice,
            verified,
            NeverPowerOnTarget(),
            NeverAskTwice(),
            NeverFixUnasked(plan),
            AsksNothingWhilePaused(),
            AsksNothingInAFreeze(plan),
        )
        self._liveness: tuple[Checker, ...] = (EveryItemEnds(),)
        self._hearers: defaultdict[str, list[Checker]] = defaultdict(list)
        for checker in (*self._safety, *self._liveness):
            for name in checker.listens_to:
                self._hearers[name].append(checker)

    @property
    def listens_to(self) -> Set[str]:
        """Names of the lines that concern any."""
        return self._hearers.keys()

    def on_line(self, line: Line) -> None:
        """Tell each whom it concerns."""
        for checker in self._hearers.get(line.name, ()):
            checker.on_line(line)

    def violations(self, *, interrupted: bool = False) -> dict[str, tuple[str, ...]]:
        """By checker's name; empty where the rule held. Liveness does not count in a run that was interrupted."""
        checkers = self._safety if interrupted else (*self._safety, *self._liveness)
        return {checker.name: checker.violations() for checker in checkers}

    def not_exercised(self, *, interrupted: bool = False) -> tuple[str, ...]:
        """Checkers of whose rule nothing happened that could have broken it."""
        checkers = self._safety if interrupted else (*self._safety, *self._liveness)
        return tuple(checker.name for checker in checkers if not checker.exercised)


def check(lines: Iterable[Line], plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """The violations in a whole history, by checker's name."""
    checkers = Checkers(plan)
    for line in lines:
        checkers.on_line(line)
    return checkers.violations()


def _items_of(line: Line) -> tuple[str, ...]:
    return tuple(line.data["items"]) if line.name == "StartPlanOperation" else (str(line.item),)
