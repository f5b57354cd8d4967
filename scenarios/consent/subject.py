"""What is consented to: the plan, the machines by their ids and the servers. Facts are left out, since they change."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from failback.reprotect import Estate, Plan, VirtualMachine, datastores_in_vsphere, names_in_the_vault
from failback.scenarios.files.resolved import plain
from failback.scenarios.files.schema import Scenario

_IDS: Final = ("id", "vsphere_name", "instance_uuid", "bios_uuid", "architecture")
"""What tells one machine from another of its name."""
_SERVERS: Final = ("configuration_servers", "process_servers", "master_targets", "appliances")


@dataclass(frozen=True, slots=True)
class Subject:
    """The value that is hashed, in the types of JSON. `answers`: what the scenario answers to the plan's questions."""

    plan: Mapping[str, Any]
    answers: tuple[Mapping[str, Any], ...]
    machines: Mapping[str, Mapping[str, Any]]
    servers: Mapping[str, Any]

    @property
    def hash(self) -> str:
        """What tells one subject from another."""
        return digest([self.plan, self.answers, self.machines, self.servers])


def subject_of(scenario: Scenario) -> Subject:
    """What a run of this scenario is about. The members of the recovery plans that it uses count as servers do."""
    estate, plan = scenario.estate, scenario.plan
    machines = {name: _ids(vm) for name, vm in estate.virtual_machines.items()}
    servers: dict[str, Any] = {
        section: sorted(s.vault_name or name for name, s in getattr(estate, section).items()) for section in _SERVERS
    }
    members = {name: plain(estate.recovery_plans[name].groups) for name in plan.recovery_plans}
    servers |= {"recovery_plans": members, **_called_outside(estate)}
    return Subject(_plan(plan), tuple(map(plain, scenario.operator)), machines, servers)


def _plan(plan: Plan) -> Mapping[str, Any]:
    """`together` where there is any, so that what was consented to before it came stays so."""
    return {key: value for key, value in plain(plan).items() if key != "together" or value}


def _called_outside(estate: Estate) -> Mapping[str, Any]:
    """Which server and datastore outside is meant by a name of the plan, where that is not the name itself."""
    found = {"vault_names": names_in_the_vault(estate), "datastore_names": datastores_in_vsphere(estate)}
    return {kind: dict(names) for kind, names in found.items() if names}


def _ids(vm: VirtualMachine) -> Mapping[str, Any]:
    """`vault_id` where there is one, so that what was consented to before it came stays so."""
    found = {key: plain(getattr(vm, key)) for key in _IDS}
    return found | ({"vault_id": vm.vault_id} if vm.vault_id else {})


def digest(value: Any) -> str:
    """32 hexadecimal digits that follow from this value of JSON."""
    return blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=16).hexdigest()
