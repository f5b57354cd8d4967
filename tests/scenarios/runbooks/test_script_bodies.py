"""The bodies that the Azure CLI scripts send are those that the code sends: both make them, and they are compared."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest

from failback.adapters.translation import INMAGE, RCM, RCM_FAILBACK, RECOVERY_POINT_TYPES, V2A
from failback.adapters.translation_fabric import Directory
from failback.adapters.translation_requests import BodyInputs, item_request, plan_request
from failback.reprotect import Architecture, Choices, Operation
from failback.scenarios.runbooks.scripts import LEG_WORDS, TEMPLATES, ScriptKind

ITEM = "/subscriptions/s/resourceGroups/g/providers/v/replicationFabrics/f/replicationProtectionContainers/c/x/i"
BOOK = Directory(
    "f",
    master_targets={"mt": "id of mt"},
    process_servers={"ps": "id of ps", "box": "id of box"},
    accounts={"root": "id of root"},
    appliances={"box": "id of box"},
    failback_policy="policy home",
    azure_policy="policy to Azure",
)
STUBS = """
stop() { echo "STOPPED: $*" >&2; exit 1; }
part_of_appliance() { echo "id of $1"; }
of_server() { echo "id of $4"; }
policy_of() { case $2 in home) echo "policy home" ;; azure) echo "policy to Azure" ;; esac }
rcm_policy_of() { echo "policy to Azure"; }
"""
_C, _M, _O = Architecture.CLASSIC, Architecture.MODERNISED, Operation
CHOICES: Mapping[tuple[Architecture, Operation], Choices] = {
    (_C, _O.REPROTECT_TO_ON_PREMISES): Choices(
        master_target="mt", process_server="ps", retention_drive="R:\\", account="root", datastore="ds"
    ),
    (_M, _O.REPROTECT_TO_ON_PREMISES): Choices(appliance="box", datastore="ds", log_storage_account="logs"),
    (_C, _O.COMMIT_FAILOVER): Choices(),
    (_M, _O.COMMIT_FAILOVER): Choices(),
    (_C, _O.FAILBACK): Choices(recovery_point="latest_app_consistent", shut_down_source=True),
    (_M, _O.FAILBACK): Choices(recovery_point="latest", shut_down_source=True),
    (_C, _O.COMMIT_FAILBACK): Choices(),
    (_M, _O.COMMIT_FAILBACK): Choices(),
    (_C, _O.REPROTECT_TO_AZURE): Choices(process_server="ps", account="root", log_storage_account="/id/of/logs"),
    (_M, _O.REPROTECT_TO_AZURE): Choices(appliance="box"),
}
PROVIDERS = {
    (_C, _O.REPROTECT_TO_ON_PREMISES): V2A,
    (_M, _O.REPROTECT_TO_ON_PREMISES): RCM,
    (_C, _O.COMMIT_FAILOVER): V2A,
    (_M, _O.COMMIT_FAILOVER): RCM,
    **{(_C, leg): INMAGE for leg in (_O.FAILBACK, _O.COMMIT_FAILBACK, _O.REPROTECT_TO_AZURE)},
    **{(_M, leg): RCM_FAILBACK for leg in (_O.FAILBACK, _O.COMMIT_FAILBACK, _O.REPROTECT_TO_AZURE)},
}


def printed(call: str, kind: Architecture, leg: Operation) -> Any:
    """What a function of the script prints with the row's variables set, as JSON; None for nothing."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("there is no Bash")
    template = files("failback.scenarios").joinpath("templates", TEMPLATES[ScriptKind.AZ]).read_text("utf-8")
    functions = "".join(template.partition(head)[2].partition("\n}\n")[0].join((head, "\n}\n")) for head in HEADS)
    choices, provider = CHOICES[kind, leg], PROVIDERS[kind, leg]
    point = RECOVERY_POINT_TYPES[INMAGE if kind is _C else RCM_FAILBACK].get(choices.recovery_point or "", "")
    row = {
        "leg": LEG_WORDS[leg],
        "state": f"{provider}/any",
        "recovery_point": point,
        "shut_down": "Required" if choices.shut_down_source and kind is _C else "",
        **{name: getattr(choices, name) or "" for name in ROW},
    }
    script = f"set -euo pipefail\n{STUBS}\n{functions}\n{call}"
    done = subprocess.run([bash, "-c", script, "x", ITEM], env=row, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else None


HEADS = ("pair() {", "body_of() {", "plan_body() {")
ROW = (
    "appliance",
    "master_target",
    "process_server",
    "retention_drive",
    "account",
    "datastore",
    "log_storage_account",
)


@pytest.mark.parametrize(("kind", "leg"), CHOICES)
def test_the_body_for_a_machine_is_the_one_that_the_code_sends(kind: Architecture, leg: Operation) -> None:
    details = {"instanceType": PROVIDERS[kind, leg]}
    item = {"id": ITEM, "properties": {"friendlyName": "app-01", "providerSpecificDetails": details}}
    wanted = item_request(BodyInputs(leg, CHOICES[kind, leg], item, BOOK)).body
    if leg is _O.REPROTECT_TO_ON_PREMISES and kind is _M:
        assert wanted is not None
        wanted["properties"]["providerSpecificDetails"].pop("policyId")  # optional, and the scripts leave it out
    assert printed('body_of "$1"', kind, leg) == wanted


@pytest.mark.parametrize("kind", Architecture)
@pytest.mark.parametrize("leg", [_O.FAILBACK, _O.COMMIT_FAILBACK])
def test_the_body_for_a_recovery_plan_is_the_one_that_the_code_sends(kind: Architecture, leg: Operation) -> None:
    wanted = plan_request("shop", leg, CHOICES[kind, leg], [kind]).body
    assert printed("plan_body", kind, leg) == wanted
