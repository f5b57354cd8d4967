"""`failback mock`: serves the ASR mock over a simulated site until interrupted, and says how to reach it."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any, Final

from failback.scenarios.files.loader import library, load_default_durations, load_estate, load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.worlds import lab_site, spec_of
from failback.scenarios.usage_error import UsageError
from failback.simulator import World, WorldSpec
from failback.simulator.arm import LOOPBACK, ArmMock, NotWritten, Served, serve

from .mock_options import MockOptions, check_options
from .mock_snippets import announcement
from .showcase import showcase
from .stopping import until_stopped

WARNING: Final = (
    "failback mock: listening on {host}, not only on this computer. The mock does not authenticate anyone: whoever can "
    "reach it can read and change everything in it{control}."
)


def serve_until_interrupted(options: MockOptions) -> int:
    """Serve; returns 0 when interrupted. Raises `BadInput` for a scenario or estate with mistakes, and `UsageError`.

    Names that are given are enforced; any other subscription, group or vault is then a 404.
    """
    check_options(options)
    if options.host not in LOOPBACK:
        print(WARNING.format(host=options.host, control=", its clock too" if options.control else ""), file=sys.stderr)
    with _chosen(options) as mock, listening(mock, options) as served, until_stopped():
        _announce(mock, served, options)
    return 0


@contextmanager
def listening(mock: ArmMock, options: MockOptions) -> Iterator[Served]:
    """Serve, and say what to do where the address cannot be had."""
    door: dict[str, Any] = {"host": options.host, "port": options.port, "tls": options.tls, "ca_file": options.ca_file}
    door |= {"operations_host": options.operations_host, "require_token": options.require_token}
    with ExitStack() as stack:
        try:
            served = stack.enter_context(serve(mock, **door))
        except (OSError, UnicodeError) as error:
            raise UsageError(_why_not(error, options)) from error
        yield served


def _why_not(error: OSError | UnicodeError, options: MockOptions) -> str:
    why = getattr(error, "strerror", None) or str(error)
    if isinstance(error, NotWritten):
        advice = "Give another --ca-file" if options.ca_file else "Set TMPDIR to a folder that can be written"
        return f"The mock's certificate cannot be written to {error.filename}: {why}. {advice}."
    at = f"{options.host} port {options.port}" if options.port else options.host
    advice = "Use another --port, or leave it out for a free one" if options.port else "Use another --host"
    return f"The mock cannot listen at {at}: {why}. {advice}."


@contextmanager
def _chosen(options: MockOptions) -> Iterator[ArmMock]:
    if options.vcsim and options.scenario is not None:
        scenario = load_scenario(resolve(options.scenario))
        with lab_site(scenario, options.clock, load=load_by_name, **options.settings) as site:
            yield site.mock
    else:
        yield _chosen_in_memory(options)


def _chosen_in_memory(options: MockOptions) -> ArmMock:
    if options.estate is not None:
        scenario = Scenario(options.estate.stem, load_estate(options.estate), load_default_durations())
        return mock_of(scenario, options.clock, **options.settings)
    if options.scenario is None:
        return showcase(clock=options.clock, load=load_by_name, **options.settings)
    return mock_of(load_scenario(resolve(options.scenario)), options.clock, **options.settings)


def mock_of(scenario: Scenario, clock: str, **settings: Any) -> ArmMock:
    """A mock over a new world of this scenario. `settings` as for any mock."""
    return ArmMock(World(spec_of(scenario)), epoch=scenario.starts_at, clock=clock, load=load_by_name, **settings)


def load_by_name(name: str) -> tuple[WorldSpec, datetime]:
    """For the control API: a scenario of the library, never a file. Raises ValueError."""
    known = library()
    if name not in known:
        raise ValueError(f"There is no scenario '{name[:50]}' in the library; there are {', '.join(known)}.")
    scenario = load_scenario(known[name])
    return spec_of(scenario), scenario.starts_at


def _announce(mock: ArmMock, served: Served, options: MockOptions) -> None:
    facts: dict[str, Any] = {
        "base_url": served.base_url,
        "subscription": mock.subscription,
        "resource_group": mock.resource_group,
        "vault": mock.vault_name,
        "ca_file": str(served.ca_file) if served.ca_file else None,
        "clock": options.clock,
        "pid": os.getpid(),
    }
    print(json.dumps(facts) if options.as_json else announcement(facts), flush=True)
