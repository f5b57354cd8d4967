"""Applications give their machines a tier."""

from pathlib import Path

from failback.scenarios.files.loader import load_scenario

TEXT = """\
name: two
estate:
  link: {bandwidth_mbit_per_s: 500}
  hosts: [{name: esx-01, datastores: [gold]}]
  datastores: [{name: gold, capacity_gib: 1000}]
  appliances: [{name: box, host: esx-01, datastore: gold}]
  virtual_machines:
    - {name: a, os: linux, host: esx-01, datastore: gold, disks: [{size_gib: 40}]}
    - {name: b, os: linux, host: esx-01, datastore: gold, tier: gold, disks: [{size_gib: 40}]}
    - {name: c, os: linux, host: esx-01, datastore: gold, disks: [{size_gib: 40}]}
homecoming: {targets: [{tier: first, downtime_s: 3600}]}
applications:
  - {name: shop, machines: [a, b], tier: first, depends_on: [db], owner: Ann, phone: "1",
     checks: [{kind: tcp, target: "a:443"}]}
  - {name: db, machines: [c]}
"""


def test_a_machine_without_a_tier_has_that_of_its_application(tmp_path: Path) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TEXT, encoding="utf-8")
    scenario = load_scenario(file)
    assert {name: vm.tier for name, vm in scenario.estate.virtual_machines.items()} == {
        "a": "first",
        "b": "gold",
        "c": "db",
    }
    assert [one.name for one in scenario.applications] == ["shop", "db"]
