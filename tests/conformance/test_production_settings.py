"""World azure is the same adapters with a person's settings, shown against two local servers as if they were live."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from failback.adapters import (
    DATACENTER,
    ReadOnly,
    VsphereHands,
    VsphereSession,
    build_estate,
    find_vcsim,
    load_settings,
    open_vcsim,
)
from failback.scenarios import Scenario, load_scenario, play, resolve
from failback.scenarios.run.worlds import spec_of
from failback.simulator import World
from failback.simulator.arm import ArmMock, serve


def played(scenario: Scenario, folder: Path) -> dict[str, str]:
    """Final phases of a run in world azure, with settings from a file and secrets from the environment."""
    with open_vcsim(find_vcsim(), DATACENTER) as vcsim, VsphereSession(vcsim) as session:
        build_estate(session, scenario.estate)
        world = World(spec_of(scenario), hands=VsphereHands(session))
        mock = ArmMock(world, epoch=scenario.starts_at, clock="real:2000")
        with serve(mock) as served:
            file = folder / "settings.yaml"
            file.write_text(
                f"azure: {{subscription: {mock.subscription}, resource_group: {mock.resource_group},\n"
                f"  vault: {mock.vault_name}, credential: token,\n"
                f"  base_url: '{served.base_url}', ca_file: '{served.ca_file}'}}\n"
                f"vsphere: {{host: {vcsim.host}, port: {vcsim.port}, user: {vcsim.user}, verify: false,\n"
                f"  within: {DATACENTER}}}\n"
                "clock: {poll_s: 0.05, factor: 2000}\n",
                encoding="utf-8",
            )
            secrets = {"FAILBACK_AZURE_TOKEN": "token", "FAILBACK_VSPHERE_PASSWORD": vcsim.password}
            result = play(scenario, world="azure", settings=load_settings(file, secrets))
    assert result.label == "mock"
    return {item.name: item.stopped_by or item.phase for item in result.items}


@pytest.mark.vcsim
@pytest.mark.parametrize("name", ["one_vm", "one_modernised_vm", "plan_of_three_groups"])
def test_production_settings_lead_to_the_ending_of_the_simulation(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(resolve(name))
    in_sim = {item.name: item.stopped_by or item.phase for item in play(scenario).items}
    assert played(scenario, tmp_path) == in_sim


def test_a_live_endpoint_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("azure: {subscription: s, resource_group: g, vault: v, credential: token}\n", encoding="utf-8")
    settings = load_settings(file, {**os.environ, "FAILBACK_AZURE_TOKEN": "token"})
    with pytest.raises(ReadOnly, match="never run it against a live vault"):
        play(load_scenario(resolve("one_vm")), world="azure", settings=settings)


SIMULATES_NOTHING = """
import sys
from pathlib import Path
from failback.adapters import ReadOnly, load_settings
from failback.scenarios import load_scenario, play, resolve
settings = load_settings(Path({file!r}), {{"FAILBACK_AZURE_TOKEN": "token"}})
if {opened}:
    from failback.adapters.liveness import Guard
    Guard.refuse_live = lambda *_: None  # nothing is asked of anybody: the run is broken off at once
    def stop(*_):
        raise KeyboardInterrupt
    from failback.reprotect.driver import Driver
    Driver.run = stop
try:
    play(load_scenario(resolve("one_vm")), world="azure", settings=settings)
except BaseException as ended:
    print(type(ended).__name__)
print(sorted({{"simpy", "networkx", "failback.simulator.world", "failback.simulator.arm"}} & sys.modules.keys()))
"""


@pytest.mark.parametrize(("opened", "ended"), [(False, "ReadOnly"), (True, "Interrupted")])
def test_production_loads_nothing_that_simulates(tmp_path: Path, opened: bool, ended: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("azure: {subscription: s, resource_group: g, vault: v, credential: token}\n", encoding="utf-8")
    script = SIMULATES_NOTHING.format(file=str(file), opened=opened)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split("\n")[:2] == [ended, "[]"], done.stdout + done.stderr
