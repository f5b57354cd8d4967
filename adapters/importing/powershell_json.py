"""What `Get-AzRecoveryServicesAsr... | ConvertTo-Json` makes of a vault's objects, as Resource Manager says it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from .json_rows import Json

_DATE: Final = re.compile(r"/Date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_TYPE_NAME: Final = re.compile(r"Microsoft\.Azure\.Commands\.\S+|System\.(Object|Collections)\S*|@\{.*")
"""What stands where ConvertTo-Json cut at its depth."""
_ITEM: Final = {"ReplicationProvider", "ProtectionState"}
_JOB: Final = {"JobType", "StateDescription"}
_RENAMED: Final = {
    "RpoInSeconds": "rpoInSeconds",
    "IpAddress": "ipAddress",
    "OSType": "osType",
    "NicDetailsList": "vmNics",
    "ProtectedDiskDetails": "protectedDisks",
    "VmId": "vmId",
    "PolicyID": "policyId",
}


def is_powershell(row: Json) -> bool:
    """Whether a row has the property names of PowerShell's objects."""
    return row.keys() >= _ITEM or row.keys() >= _JOB


def as_arm(row: Json) -> Json:
    """The same as a resource of Azure Resource Manager; what was cut off is absent."""
    return _job(row) if row.keys() >= _JOB else _item(row)


def _item(row: Json) -> Json:
    cut = {key: _plain(value) for key, value in row.items()}
    nested = cut.get("ProviderSpecificDetails")
    details = {_camel(key): value for key, value in nested.items()} if isinstance(nested, Mapping) else {}
    details["instanceType"] = cut["ReplicationProvider"]
    details.setdefault("osType", cut.get("OSType"))
    properties = {_camel(key): value for key, value in cut.items() if key not in ("ID", "Name", "Type")}
    scenario = properties.get("currentScenario")
    properties["currentScenario"] = scenario if isinstance(scenario, Mapping) else {}
    properties["providerSpecificDetails"] = details
    return {"id": cut.get("ID"), "name": cut.get("Name"), "properties": properties}


def _job(row: Json) -> Json:
    cut = {_camel(key): _plain(value) for key, value in row.items()}
    listed = cut.get("tasks")
    cut["tasks"] = [_task(each) for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []
    properties = {**cut, "scenarioName": cut.get("jobType"), "friendlyName": cut.get("displayName")}
    return {"id": row.get("ID"), "name": row.get("Name"), "properties": properties}


def _task(task: Mapping[str, Any]) -> Json:
    """PowerShell shows the task's name as its ID, and the shown name as its Name."""
    return {**task, "name": task.get("iD") or task.get("id"), "friendlyName": task.get("name")}


def _camel(key: str) -> str:
    return _RENAMED.get(key) or key[:1].lower() + key[1:]


def _plain(value: Any) -> Any:
    """A date as text, what was cut as nothing, the rest with the names of Azure Resource Manager."""
    if isinstance(value, str):
        hit = _DATE.fullmatch(value)
        if hit:
            return datetime.fromtimestamp(int(hit[1]) / 1000, UTC).isoformat()
        return None if _TYPE_NAME.fullmatch(value) else value
    if isinstance(value, list):
        return [kept for each in value if (kept := _plain(each)) is not None]
    if isinstance(value, Mapping):
        return {_camel(key): _plain(each) for key, each in value.items()}
    return value
