"""A real vcsim for the tests that are marked `vcsim`, and a small estate in it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from failback.adapters import (
    DATACENTER,
    RunningVcsim,
    VcsimMissing,
    VsphereHands,
    VsphereSession,
    build_estate,
    find_vcsim,
    start_vcsim,
)
from failback.reprotect import Appliance, Datastore, Disk, Estate, Host, Link, MasterTarget, OsFamily, VirtualMachine


@pytest.fixture(scope="session")
def vcsim_binary() -> Path:
    """The vcsim of this computer. None is a reason to skip, or to fail when FAILBACK_REQUIRE_VCSIM=1."""
    try:
        found = find_vcsim()
    except VcsimMissing as missing:
        return _without(str(missing))
    return found.binary or _without("FAILBACK_VCSIM is an address: these tests start a vcsim of their own.")


def _without(reason: str) -> Path:
    if os.environ.get("FAILBACK_REQUIRE_VCSIM") == "1":
        pytest.fail(reason)
    pytest.skip(reason)  # never in CI, which requires a vcsim


@pytest.fixture
def vcsim(vcsim_binary: Path) -> Iterator[RunningVcsim]:
    """An empty vcsim."""
    with start_vcsim(vcsim_binary) as running:
        yield running


@pytest.fixture
def session(vcsim: RunningVcsim) -> Iterator[VsphereSession]:
    """A session on that vcsim."""
    with VsphereSession(vcsim.settings(DATACENTER)) as opened:
        yield opened


@pytest.fixture
def estate() -> Estate:
    """Three machines, one of them gone, a master target with a snapshot and an appliance, on two hosts."""
    machines = (
        VirtualMachine("web", OsFamily.LINUX, (Disk(40.0), Disk(100.0)), host="esx1", datastore="silver"),
        VirtualMachine("web-2", OsFamily.LINUX, (Disk(20.0),), host="esx2", datastore="gold", powered_on=False),
        VirtualMachine("gone", OsFamily.LINUX, (Disk(20.0),), host="esx2", datastore="gold", exists_on_premises=False),
    )
    return Estate(
        virtual_machines={vm.name: vm for vm in machines},
        link=Link(100.0),
        hosts={"esx1": Host("esx1", ("silver", "gold")), "esx2": Host("esx2", ("gold",))},
        datastores={name: Datastore(name) for name in ("silver", "gold")},
        master_targets={
            "mt": MasterTarget("mt", OsFamily.LINUX, host="esx1", datastore="silver", snapshots=("before-patch",))
        },
        appliances={"box": Appliance("box", host="esx2", datastore="gold")},
    )


@pytest.fixture
def hands(vcsim: RunningVcsim, session: VsphereSession, estate: Estate) -> VsphereHands:
    """Hands on that estate."""
    build_estate(session, estate, vcsim.scratch / "datastores")
    return VsphereHands(session)
