"""A vcsim that `failback vcsim` fills has the machines as they are where they stand."""

import pytest

from failback.adapters import DATACENTER, VsphereHands, VsphereSession, find_vcsim, open_vcsim
from failback.scenarios.files.loader import library, load_scenario
from failback.scenarios.servers.vcsim_server import build

pytestmark = pytest.mark.vcsim


def test_power_disks_and_snapshots_are_as_in_the_phase_however_often_it_is_filled() -> None:
    story = load_scenario(library()["starts_in_the_middle"])
    with open_vcsim(find_vcsim(), DATACENTER) as vsphere, VsphereSession(vsphere) as session:
        for _ in range(2):
            build(session, story)
            seen = VsphereHands(session).look(list(story.estate.virtual_machines))
            on = [name for name, facts in seen.items() if facts.powered_on]
            lent = [name for name, facts in seen.items() if not facts.disks]
            assert (on, lent) == (["db-02"], ["shop-04", "db-01"])
            assert seen["db-02"].snapshots == ("asr-failback",)
