"""`failback mock`: serves the ASR mock over a simulated site until interrupted, and says how to reach it."""

import json
import os
from pathlib import Path
from typing import Any, Final

from failback.simulator import World
from failback.simulator.arm import ArmMock, Served, serve

from .loader import load_default_durations, load_estate, load_scenario, resolve
from .schema import Scenario
from .stopping import stop_signals
from .worlds import spec_of

SHOWN: Final = (
    "failback mock: simulated vault '{vault}' at {base_url} (clock {clock}, ca file {ca_file}); Ctrl-C ends it"
)


def serve_until_interrupted(
    scenario: str | None, estate: Path | None, *, host: str, port: int, tls: bool, clock: str, as_json: bool
) -> int:
    """Serve; returns 0 when interrupted. Raises `BadInput` for a scenario or estate with mistakes."""
    mock = mock_of(_chosen(scenario, estate), clock)
    stopped = stop_signals()
    with serve(mock, host=host, port=port, tls=tls) as served:
        _announce(mock, served, clock, as_json=as_json)
        stopped.wait()
    return 0


def _chosen(scenario: str | None, estate: Path | None) -> Scenario:
    if estate is None:
        return load_scenario(resolve(scenario or "first_drill"))
    return Scenario(estate.stem, load_estate(estate), load_default_durations())


def mock_of(scenario: Scenario, clock: str) -> ArmMock:
    """A mock over a new world of this scenario."""
    return ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock=clock)


def _announce(mock: ArmMock, served: Served, clock: str, *, as_json: bool) -> None:
    facts: dict[str, Any] = {
        "base_url": served.base_url,
        "subscription": mock.subscription,
        "resource_group": mock.resource_group,
        "vault": mock.vault_name,
        "ca_file": str(served.ca_file) if served.ca_file else None,
        "clock": clock,
        "pid": os.getpid(),
    }
    print(json.dumps(facts) if as_json else SHOWN.format(**facts), flush=True)
