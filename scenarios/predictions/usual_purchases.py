"""What is usually bought to be home sooner, and for which scenario it makes sense."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from failback.scenarios.files.schema import Scenario
from failback.scenarios.outcomes.server_batches import servers_in_use
from failback.scenarios.study.repaired import unwell
from failback.scenarios.study.variants import key_named
from failback.scenarios.text.language import message, wording

from .purchase import Purchase

_NUMBERS: Final = {2: message("a second"), 3: message("a third"), 4: message("a fourth")}


_ANOTHER: Final = message("another")


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    """What a study calls it."""
    more: Callable[[Any], Any]
    words: str
    makes_sense: Callable[[Scenario], bool]


def usual_purchase(row: _Row, scenario: Scenario) -> Purchase:
    """One more, or twice as much; of servers first the repair of those that are unhealthy."""
    if broken := unwell(scenario.estate, row.key):
        return Purchase("", wording("repair {servers}", servers=", ".join(broken)), {}, repairs=row.key)
    now = key_named(row.key).now(scenario)
    more = row.more(now)
    words = wording(row.words, another=wording(_NUMBERS.get(more, _ANOTHER)), more=f"{more:g}")
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
    return _master_targets(scenario) and any(
        part.in_azure is not False for part in scenario.estate.process_servers.values()
    )


def _staffed(scenario: Scenario) -> bool:
    return bool(scenario.homecoming.manual_steps and scenario.homecoming.shifts)


ROUND_THE_CLOCK: Final = Purchase("", wording("somebody on shift round the clock"), {}, round_the_clock=True)


def _anyone(_scenario: Scenario) -> bool:
    return True


# fmt: off
USUAL: Final = (
    _Row("appliances",      _one_more, message("{another} appliance"),                             _appliances),
    _Row("master_targets",  _one_more, message("{another} master target for each operating system"), _master_targets),
    _Row("process_servers", _one_more, message("{another} process server in Azure"),               _process_servers),
    _Row("bandwidth",       _twice,    message("twice the bandwidth ({more} Mbit/s)"),            _anyone),
    _Row("people",          _twice,    message("twice the people ({more} in each shift)"),        _staffed),
)
# fmt: on
