"""What a run's result does not keep: who hears it as it happens."""

from collections.abc import Mapping, Sequence
from math import inf
from typing import Final

from failback.reprotect import PHASES, Line, Operation, Phase, Side
from failback.scenarios.run.staffing import STAFFED
from failback.simulator import Load, Replicated, World

from .bottleneck import is_only_the_line
from .critical_path import DECISION, Activity
from .people import GATE

_SERVERS: Final = ("process_server", "master_target", "appliance")
_DOWN: Final = frozenset(row.phase.value for row in PHASES if row.fails_back)
_ON_SITE: Final = frozenset(row.phase.value for row in PHASES if row.runs is Side.SITE)
_HOMEWARD: Final = Operation.REPROTECT_TO_ON_PREMISES


class RunMetrics:
    """Hears what the result does not keep: when people worked, when a machine went down and came up again."""

    listens_to = frozenset({"ItemSeen", "AskOperator", "OperatorAnswered", "StartOperation"})
    """Names of the lines that tell it something."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], float] = {}
        self.people: list[Activity] = []
        self.checked_s: dict[str, float] = {}
        self.down_s: dict[str, float] = {}
        """When the last move of each machine began."""
        self.up_s: dict[str, float] = {}
        """When it ran on site after that."""
        self.outage_s: dict[str, float] = {}
        """How long moves took, with those that failed or were cancelled."""
        self._phases: dict[str, str] = {}
        self._since_s: dict[str, float] = {}
        self.way: dict[str, tuple[str, ...]] = {}
        """Servers through which each machine comes home, as they were asked for."""
        self._world: World | None = None

    def on_world(self, world: World) -> None:
        """Keep the world, to ask it for what no vault tells; watch its parts where more than the line may bind.

        A part without a limit binds while a fault has it down.
        """
        self._world, spec = world, world.spec
        for item in world.vault.items.values():
            if item.disk_host:
                self.way[item.name] = tuple(filter(None, (item.process_server, item.disk_host)))
        if spec.faults or not is_only_the_line(spec.estate, spec.parameters):
            world.watch_load()

    @property
    def replicated(self) -> Mapping[str, Replicated]:
        """The last resync of each machine on its way home."""
        made = () if self._world is None else self._world.replicated()
        return {one.item: one for one in made if one.operation is _HOMEWARD}

    @property
    def loads(self) -> Mapping[str, Sequence[Load]]:
        """What each part carried, where that was watched."""
        return {} if self._world is None else self._world.utilisation()

    def on_line(self, line: Line) -> None:
        """Learn from one line."""
        match line.name:
            case "ItemSeen":
                self._see(str(line.item), str(line.data["phase"]), line.t_s)
            case "AskOperator":
                self._asked[str(line.item), str(line.data["gate"])] = line.t_s
            case "OperatorAnswered":
                self._answered(str(line.item), str(line.data["gate"]), line.t_s)
            case "StartOperation" if line.data["operation"] == _HOMEWARD.value:
                choices = line.data["choices"]
                self.way[str(line.item)] = tuple(filter(None, (choices[server] for server in _SERVERS)))

    def _see(self, item: str, phase: str, at_s: float) -> None:
        before, self._phases[item] = self._phases.get(item, ""), phase
        if phase == before:  # something else of it was seen
            return
        if before in _DOWN:
            self.outage_s[item] = self.outage_s.get(item, 0.0) + at_s - self._since_s[item]
        if phase in _DOWN:
            self._since_s[item] = at_s
        if phase == Phase.FAILING_BACK.value:
            self.down_s[item] = at_s
        elif phase == Phase.FAILED_BACK.value and (before in _DOWN or not before):
            self.up_s[item] = at_s

    def outages_s(self, now_s: float) -> Mapping[str, float]:
        """How long moves took, with those that are not over yet."""
        found = dict(self.outage_s)
        for item, phase in self._phases.items():
            if phase in _DOWN:
                found[item] = found.get(item, 0.0) + now_s - self._since_s[item]
        return found

    def downtime_s(self, item: str) -> float:
        """From the shutdown in Azure until it runs on site, or there again; and until people who check it are done."""
        up_s = self.up_s.get(item, inf)
        checking_s = max(0.0, self.checked_s.get(item, up_s) - up_s) if up_s < inf else 0.0
        return self.outage_s.get(item, 0.0) + checking_s

    @property
    def on_site(self) -> frozenset[str]:
        """Those whose last move ended on site: only of them is it known how long they were down, and what was lost."""
        return frozenset(item for item in self.up_s if self._phases[item] in _ON_SITE)

    def _answered(self, item: str, gate: str, at_s: float) -> None:
        asked_s = self._asked.pop((item, gate), at_s)
        cause = "people" if gate in (GATE, STAFFED) else DECISION
        leg = Operation.FAILBACK if gate == STAFFED else Operation.COMMIT_FAILBACK
        self.people.append(Activity(item, leg, cause, asked_s, at_s))
        if gate == GATE:
            self.checked_s[item] = at_s
