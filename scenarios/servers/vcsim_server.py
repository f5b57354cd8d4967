"""`failback vcsim`: finds, builds or keeps running a real vcsim with a scenario's estate in it."""

from collections.abc import Callable
from pathlib import Path

from failback.adapters import (
    DATACENTER,
    VsphereHands,
    VsphereSession,
    build_estate,
    find_vcsim,
    install_vcsim,
    open_vcsim,
    start_vcsim,
)
from failback.scenarios.files.loader import load_scenario, resolve
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.vcsim_overrides import overrides_of
from failback.scenarios.run.worlds import spec_of
from failback.scenarios.usage_error import UsageError
from failback.simulator import World

from .stopping import until_stopped

Say = Callable[[str], None]


def install(say: Say) -> int:
    """Build one into the cache. Raises `Unreachable` when that cannot be done here."""
    say(f"vcsim: {install_vcsim(say)}")
    return 0


def where(say: Say) -> int:
    """Say which one a run would use. Raises `Unreachable` when there is none."""
    source = find_vcsim()
    say(f"{source.where} (found by {source.found_by})")
    return 0


def build(session: VsphereSession, scenario: Scenario) -> None:
    """Its estate, with the machines as they are where they stand: power, disks that are lent, snapshots."""
    build_estate(session, scenario.estate)
    World(spec_of(scenario), hands=VsphereHands(session))


def stay(scenario: str, say: Say, say_with_login: Say) -> int:
    """Start one, build the estate and stay until interrupted.

    The line to set FAILBACK_VCSIM is what a person came for, and it is of no use without the password: one that was
    made up for this simulator, on this computer only, and is worth nothing once it ends. It alone is said unredacted.
    """
    chosen = load_scenario(resolve(scenario))
    source = find_vcsim()
    if source.binary is None:
        with open_vcsim(source, DATACENTER) as vsphere, VsphereSession(vsphere) as session:
            session.guard.refuse_live(f"the estate of {chosen.name}")
            build(session, chosen)
        say(
            f"The estate of {chosen.name} is in the vcsim at {source.where}, which was already running and "
            f"keeps running."
        )
        return 0
    with start_vcsim(source.binary) as running, VsphereSession(running.settings(DATACENTER)) as session:
        build(session, chosen)
        with overrides_of(chosen, session) as overrides, until_stopped():
            say_with_login(f"export FAILBACK_VCSIM={running.url}")
            say(
                f"# the estate of {chosen.name} is in datacenter {DATACENTER}; a run in world lab uses it; "
                "to stop it, press Ctrl-C"
            )
            if overrides.session is not session:
                say(f"# what it cannot represent is answered at {overrides.session.settings.address}")
    return 0


def load(folder: Path, say: Say, say_with_login: Say) -> int:
    """Serve what `govc object.save` has written until interrupted. Raises `UsageError` for another folder."""
    _refuse_what_cannot_be_served(folder)
    source = find_vcsim()
    if source.binary is None:
        raise UsageError("FAILBACK_VCSIM is the address of a running vcsim; --load starts one of its own, so unset it.")
    with start_vcsim(source.binary, arguments=("-load", str(folder))) as running, until_stopped():
        say_with_login(f"export FAILBACK_VCSIM={running.url}")
        say(f"# this vcsim serves the vCenter saved in {folder}, and does not save changes; to stop it, press Ctrl-C")
    return 0


def _refuse_what_cannot_be_served(folder: Path) -> None:
    if not folder.is_dir():
        raise UsageError(f"--load is {folder}, which is not a folder. Unpack a zip first.")
    if not any(folder.glob("*-VirtualMachine-*.xml")):
        raise UsageError(f"--load is {folder}, which contains no virtual machine that govc object.save has saved.")
    if not any(folder.glob("*-ServiceInstance-*.xml")):
        raise UsageError(
            f"--load is {folder}, which holds a part of a vCenter (saved with -dc), and a vcsim would show nothing of "
            "it. Save the whole vCenter, or read the folder with failback import."
        )
