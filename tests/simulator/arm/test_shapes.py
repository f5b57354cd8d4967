"""Every answer against the SDK's own models: a key that no model has, or a value of another type, is a mistake."""

import inspect
import re
import types
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient, models

from failback.reprotect import LEGS, Architecture, Operation
from failback.simulator import World
from failback.simulator.arm import ROUTES, ArmMock, Route

OUTSIDE = {("ProcessServer", "historicHealth")}
"""Recorded, and in no model."""
READS = [
    row
    for row in ROUTES
    if row.verb == "GET"
    and ": " not in row.operation
    and not row.operation.startswith(("vaults.", "vault_certificates.", "usages.", "replication_usages."))
]


def test_the_walker_finds_a_key_that_no_model_has() -> None:
    item = {"properties": {"providerSpecificDetails": {"instanceType": "InMage", "protectedDisks": [{"diskSize": 1}]}}}
    assert list(wrong(item, models.ReplicationProtectedItem, "")) == [
        ".properties.providerSpecificDetails.protectedDisks[0].diskSize: not in InMageProtectedDiskDetails"
    ]


def test_the_walker_finds_a_value_of_another_type_and_an_unknown_discriminator() -> None:
    assert list(wrong({"properties": {"friendlyName": 1}}, models.Fabric, ""))
    assert list(wrong({"properties": {"customDetails": {"instanceType": "Moon"}}}, models.Fabric, ""))


@pytest.mark.parametrize("row", READS, ids=lambda row: row.operation)
def test_answers_have_the_shape_of_the_sdks_models(
    row: Route, sdk: Any, make_world: Any, ask_vault: Any, make_call: Any
) -> None:
    model = model_of(sdk, row.operation)
    found: list[str] = []
    for world in along_the_way(make_world(), ask_vault):
        call = make_call(world, clock="step")
        for path in paths_of(row.path, call):
            found += checked(call.get(path), model)
    assert not found, "\n".join(sorted(set(found)))


def along_the_way(world: World, ask_vault: Callable[[World, str, Operation], None]) -> Iterator[World]:
    """One world at every resting point and in the middle of every job and resync."""
    yield world
    for leg in LEGS:
        for name in ("sql0", "web0"):
            ask_vault(world, name, leg)
        yield world
        while not world.is_over:
            world.jump()
            yield world
        yield world


def paths_of(template: str, call: Any) -> Iterator[str]:
    """The template for one object of each architecture; nothing where there is none of the kind yet."""
    arm: ArmMock = call.arm
    for name, architecture in (("sql0", Architecture.CLASSIC), ("web0", Architecture.MODERNISED)):
        segments = call.item_path(name).split("/")
        item = call.item(name)
        jobs = [job.id for job in arm.world.vault.jobs.values()]
        mapping = call.get("/".join(segments[:13]) + "/replicationProtectionContainerMappings")["value"][1]["name"]
        points = call.get("/".join(segments) + "/recoveryPoints")["value"]
        events = call.get("replicationEvents")["value"]
        plan = "classic-plan" if architecture is Architecture.CLASSIC else "modern-plan"
        settings = "defaultAlertSetting" if "Alert" in template else "default"
        known = {
            "subscription": "sub",
            "resource_group": "rg",
            "vault": "v",
            "fabric": segments[10],
            "container": segments[12],
            "item": segments[14],
        }
        known |= {
            "mapping": mapping,
            "plan": plan,
            "setting": settings,
            "vcenter": "vcenter",
            "provider": segments[12].removeprefix("cloud_"),
        }
        known |= {
            "policy": item["policyId"].rpartition("/")[2],
            "protectable": (item["protectableItemId"] or "/").rpartition("/")[2],
        }
        known |= {"job": jobs[-1]} if jobs else {}
        known |= {"event": events[0]["name"]} if events else {}
        known |= {"point": points[0]["name"]} if points else {}
        try:
            yield template.format(**known)
        except KeyError:
            continue


def checked(body: Any, model: type[Any]) -> list[str]:
    values = body["value"] if set(body) == {"value", "nextLink"} else [body]
    return [mistake for value in values for mistake in wrong(value, model, "")]


def model_of(client: SiteRecoveryManagementClient, operation: str) -> type[Any]:
    group, method = operation.split(".")
    annotation = str(inspect.signature(getattr(getattr(client, group), method)).return_annotation)
    name = re.findall(r"(\w+)['\"\)>\]]*$", annotation)[0]
    found: type[Any] = getattr(models, name)
    return found


def wrong(value: Any, hint: Any, path: str) -> Iterator[str]:
    """The mistakes of a value that is to be of this type; discriminators lead to the subtype."""
    if value is None or hint is Any:
        return
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        yield from wrong_of_union(value, [a for a in get_args(hint) if a is not type(None)], path)
    elif origin is list or origin is dict:
        yield from wrong_inside(value, origin, get_args(hint), path)
    elif isinstance(hint, type) and hasattr(hint, "_is_model"):
        yield from wrong_model(value, hint, path)
    elif not fits(value, hint):
        yield f"{path}: {value!r} is not {hint}"


def wrong_of_union(value: Any, hints: list[Any], path: str) -> Iterator[str]:
    if not any(not list(wrong(value, hint, path)) for hint in hints):
        yield from wrong(value, hints[0], path)


def wrong_inside(value: Any, origin: type[Any], inner: tuple[Any, ...], path: str) -> Iterator[str]:
    if not isinstance(value, origin):
        yield f"{path}: {value!r} is not {origin}"
    elif origin is list:
        for n, entry in enumerate(value):
            yield from wrong(entry, inner[0], f"{path}[{n}]")
    else:
        for key, entry in value.items():
            yield from wrong(entry, inner[1], f"{path}.{key}")


def wrong_model(value: Any, model: type[Any], path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is not an object"
        return
    mapping = getattr(model, "__mapping__", {})
    kind = value.get("instanceType")
    if mapping and kind not in mapping:
        yield f"{path}: instanceType {kind!r} is none of {model.__name__}"
        return
    chosen = mapping.get(kind, model)
    fields = fields_of(chosen)
    for key, entry in value.items():
        if key in fields:
            yield from wrong(entry, fields[key], f"{path}.{key}")
        elif (chosen.__name__, key) not in OUTSIDE:
            yield f"{path}.{key}: not in {chosen.__name__}"


FIELDS: dict[type[Any], dict[str, Any]] = {}


def fields_of(model: type[Any]) -> dict[str, Any]:
    if model not in FIELDS:
        model({})
        hints = get_type_hints(model, {**vars(__import__(model.__module__, fromlist=["x"])), "_models": models})
        FIELDS[model] = {field._rest_name: hints[name] for name, field in model._attr_to_rest_field.items()}
    return FIELDS[model]


def fits(value: Any, hint: Any) -> bool:
    if hint is datetime:
        return isinstance(value, str) and bool(re.match(r"\d{4}-\d\d-\d\dT", value))
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if get_origin(hint) is not None:
        return value in get_args(hint)
    return isinstance(value, hint) if isinstance(hint, type) else True


ABSENT = ("location", "systemData")
"""Keys of every resource's model that no recorded answer has."""


@pytest.mark.parametrize("row", READS, ids=lambda row: row.operation)
def test_every_key_of_the_sdks_models_is_there(row: Route, sdk: Any, call: Any) -> None:
    for path in paths_of(row.path, call):
        body = call.get(path)
        values = body["value"] if set(body) == {"value", "nextLink"} else [body]
        assert not {gap for value in values for gap in gaps(value, model_of(sdk, row.operation), "")}


def gaps(value: Any, hint: Any, path: str) -> Iterator[str]:
    """Keys that the model of this value has and the value lacks, at any depth."""
    if isinstance(value, list):
        for inner in value:
            yield from gaps(inner, (get_args(hint) or (hint,))[0], path)
    if not isinstance(value, dict):
        return
    found = next((arg for arg in get_args(hint) if arg is not type(None)), hint)
    model = getattr(found, "__mapping__", {}).get(value.get("instanceType"), found)
    if not hasattr(model, "_is_model"):
        if get_origin(found) is list:
            yield from gaps(list(value.values()), found, path)
        return
    for name, inner in fields_of(model).items():
        if name not in value and name not in ABSENT:
            yield f"{path}.{name}: of {model.__name__}"
        elif name in value:
            parts = [arg for arg in get_args(inner) if arg is not type(None)] or [inner]
            yield from gaps(value[name], parts[0], f"{path}.{name}")


def test_a_key_that_lacks_would_be_seen() -> None:
    item = {"id": "", "name": "", "type": "", "properties": {"customDetails": {"instanceType": "InMageRcm"}}}
    assert ".properties.customDetails.dras: of InMageRcmFabricSpecificDetails" in set(gaps(item, models.Fabric, ""))
