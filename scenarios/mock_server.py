"""`failback mock`: serves the ASR mock over a simulated site until interrupted, and says how to reach it."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from failback.simulator import World, WorldSpec
from failback.simulator.arm import ArmMock, Served, serve

from .loader import library, load_default_durations, load_estate, load_scenario, resolve
from .mock_snippets import announcement
from .schema import Scenario
from .showcase import showcase
from .stopping import stop_signals
from .worlds import spec_of

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
WARNING: Final = (
    "failback mock: listening on {host}, not on this machine alone. Nobody is asked who they are: whoever reaches it "
    "can read and change everything in it{control}."
)


def serve_until_interrupted(
    scenario: str | None,
    estate: Path | None,
    *,
    host: str,
    port: int,
    tls: bool,
    clock: str,
    as_json: bool,
    control: bool = True,
    subscription: str | None = None,
    resource_group: str | None = None,
    vault: str | None = None,
) -> int:
    """Serve; returns 0 when interrupted. Raises `BadInput` for a scenario or estate with mistakes.

    Names that are given are enforced; any other subscription, group or vault is then a 404.
    """
    names = {"subscription": subscription, "resource_group": resource_group, "vault": vault}
    mock = _chosen(scenario, estate, clock, control=control, **names)
    if host not in LOOPBACK:
        print(WARNING.format(host=host, control=", its clock too" if control else ""), file=sys.stderr)
    stopped = stop_signals()
    with serve(mock, host=host, port=port, tls=tls) as served:
        _announce(mock, served, clock, as_json=as_json)
        stopped.wait()
    return 0


def _chosen(scenario: str | None, estate: Path | None, clock: str, **settings: Any) -> ArmMock:
    if estate is not None:
        return mock_of(Scenario(estate.stem, load_estate(estate), load_default_durations()), clock, **settings)
    if scenario is None:
        return showcase(clock=clock, load=load_by_name, **settings)
    return mock_of(load_scenario(resolve(scenario)), clock, **settings)


def mock_of(scenario: Scenario, clock: str, **settings: Any) -> ArmMock:
    """A mock over a new world of this scenario. `settings` as for any mock."""
    return ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock=clock, load=load_by_name, **settings)


def load_by_name(name: str) -> tuple[WorldSpec, datetime]:
    """For the control plane: a scenario of the library, never a file. Raises ValueError."""
    known = library()
    if name not in known:
        raise ValueError(f"There is no scenario '{name[:50]}' in the library; there are {', '.join(known)}.")
    scenario = load_scenario(known[name])
    return spec_of(scenario), scenario.starts_at


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
    print(json.dumps(facts) if as_json else announcement(facts), flush=True)
