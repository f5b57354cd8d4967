"""What could be bought to be home sooner: each alone, tried in the simulation, never reckoned."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.server_batches import servers_in_use
from failback.scenarios.study.variants import key_named, varied

_NUMBERS: Final = {2: "a second", 3: "a third", 4: "a fourth"}


@dataclass(frozen=True, slots=True)
class Purchase:
    """One thing to buy, for the scenario at hand."""

    name: str
    words: str
    values: Mapping[str, Any]

    def applied(self, scenario: Scenario) -> Scenario:
        """The scenario with it."""
        return varied(scenario, self.values)


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    """What a study calls it."""
    more: Callable[[Any], Any]
    words: str
    makes_sense: Callable[[Scenario], bool]


def purchases(scenario: Scenario) -> tuple[Purchase, ...]:
    """What may help this scenario."""
    return tuple(_purchase(row, scenario) for row in _ROWS if row.makes_sense(scenario))


def _purchase(row: _Row, scenario: Scenario) -> Purchase:
    now = key_named(row.key).now(scenario)
    more = row.more(now)
    words = row.words.format(another=_NUMBERS.get(more, "another"), now=now, more=more)
    return Purchase(row.key, words, {row.key: more})


def _one_more(now: int) -> int:
    return now + 1


def _twice(now: float) -> float:
    return now * 2


def _appliances(scenario: Scenario) -> bool:
    return any(name in scenario.estate.appliances for name in servers_in_use(scenario.estate))


def _master_targets(scenario: Scenario) -> bool:
    return any(name in scenario.estate.master_targets for name in servers_in_use(scenario.estate))


def _process_servers(scenario: Scenario) -> bool:
    return _master_targets(scenario) and any(part.in_azure for part in scenario.estate.process_servers.values())


def _staffed(scenario: Scenario) -> bool:
    return bool(scenario.homecoming.manual_steps and scenario.homecoming.shifts)


def _anyone(_scenario: Scenario) -> bool:
    return True


# fmt: off
_ROWS: Final = (
    _Row("appliances",      _one_more, "{another} appliance",                             _appliances),
    _Row("master_targets",  _one_more, "{another} master target for each operating system",          _master_targets),
    _Row("process_servers", _one_more, "{another} process server in Azure",               _process_servers),
    _Row("bandwidth",       _twice,    "twice the bandwidth ({more:g} Mbit/s)",            _anyone),
    _Row("people",          _twice,    "twice the people ({more:g} in each shift)",        _staffed),
)
# fmt: on
