"""What is asked of the vault: method and body of every request. The SDK checks no required field; this does."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from failback.reprotect import Architecture, Choices, Operation

from . import translation as w
from .translation import Json, MissingChoice, instant, part, text
from .translation_fabric import Directory, look_up
from .translation_reads import architecture_of, item_name

Body = dict[str, Any]
REPROTECTS: Final = frozenset({Operation.REPROTECT_TO_ON_PREMISES, Operation.REPROTECT_TO_AZURE})


@dataclass(frozen=True, slots=True)
class Request:
    """One request: the SDK's method after `begin_`, and its body where it has one."""

    verb: str
    body: Body | None


@dataclass(frozen=True, slots=True)
class BodyInputs:
    """All that the body of an item's request is made of. `directory` is used by reprotects, `points` by failovers."""

    operation: Operation
    choices: Choices
    item: Json
    directory: Directory = Directory("")
    points: tuple[Json, ...] = ()


def needs_directory(operation: Operation) -> bool:
    """Whether names have to be looked up in the fabric."""
    return operation in REPROTECTS


def needs_points(operation: Operation, choices: Choices) -> bool:
    """Whether the item's recovery points have to be read: a failover to Azure names one by id."""
    return (
        operation in (Operation.FAILOVER, Operation.TEST_FAILOVER) and choices.recovery_point == w.LATEST_APP_CONSISTENT
    )


def item_request(asked: BodyInputs) -> Request:
    """The request for one item. Raises `MissingChoice` before anything is sent."""
    post = w.POSTS[architecture_of(asked.item), asked.operation]
    if asked.operation is Operation.CLEAN_UP_TEST:
        return Request(post.verb, {"properties": {"comments": ""}})
    if post.provider is None:
        return Request(post.verb, None)
    details = {"instanceType": post.provider, **_DETAILS[post.verb, post.provider](asked)}
    properties = {
        **_direction(post),
        **_around(asked.operation, asked.choices, post),
        "providerSpecificDetails": details,
    }
    return Request(post.verb, {"properties": properties})


def plan_request(plan: str, operation: Operation, choices: Choices, architectures: Iterable[Architecture]) -> Request:
    """The request for a recovery plan. Raises `MissingChoice`."""
    if operation in REPROTECTS:
        raise MissingChoice(
            f"Plan '{plan}': the service accepts no reprotect of a plan. Reprotect each machine instead."
        )
    posts = [w.POSTS[architecture, operation] for architecture in sorted(set(architectures), key=lambda a: a.value)]
    if len({post.verb for post in posts}) != 1:
        raise MissingChoice(
            f"Plan '{plan}' cannot be asked for {operation.value}: its items need different requests. Split it in two."
        )
    verb = posts[0].verb
    if operation is Operation.CLEAN_UP_TEST:
        return Request(verb, {"properties": {"comments": ""}})
    if posts[0].provider is None:
        return Request(verb, None)
    details = [{"instanceType": p.provider, "recoveryPointType": _plan_point(p, choices)} for p in posts]
    # A plan's planned failover must name a direction (the model requires it), and PowerShell names this one; the item's
    # failback names none.
    properties = {"failoverDirection": posts[0].direction or w.TO_PRIMARY, **_around(operation, choices, posts[0])}
    return Request(verb, {"properties": {**properties, "providerSpecificDetails": details}})


def _direction(post: w.Post) -> Body:
    return {} if post.direction is None else {"failoverDirection": post.direction}


def _around(operation: Operation, choices: Choices, post: w.Post) -> Body:
    if operation is Operation.TEST_FAILOVER:
        return {"networkType": w.NO_TEST_NETWORK}
    if post.verb == "unplanned_failover":
        return {"sourceSiteOperations": w.SHUT_DOWN[bool(choices.shut_down_source)]}
    return {}


# Reprotect


def _inmage_reprotect(asked: BodyInputs) -> Body:
    """Classic, Azure to on-premises. The retention drive and the datastore go by name.

    Without a retention drive the request goes out all the same: the vault says which rule that breaks (R21, R29).
    """
    choices, book = asked.choices, asked.directory
    return {
        "masterTargetId": look_up(_targets(book), _required(asked, "master_target"), "master target", book.fabric),
        "processServerId": _present(asked, "process_server", _process_server(asked)),
        **_optional("retentionDrive", choices.retention_drive),
        **_optional("runAsAccountId", _account(asked)),
        **_optional("datastoreName", choices.datastore),
        "diskExclusionInput": {"volumeOptions": [dict(w.TEMPORARY_STORAGE)]},
        "profileId": _present(asked, "a failback policy mapped to its container", book.failback_policy),
    }


def _v2a_reprotect(asked: BodyInputs) -> Body:
    """Classic, on-premises to Azure. Recorded: the master target is the process server."""
    server = _process_server(asked)
    return {
        **_optional("masterTargetId", server),
        **_optional("processServerId", server),
        **_optional("runAsAccountId", _account(asked)),
        **_optional("policyId", asked.directory.azure_policy),
        **_optional("logStorageAccountId", _log_storage_account(asked)),
    }


def _rcm_reprotect(asked: BodyInputs) -> Body:
    """Modernised, Azure to on-premises."""
    book = asked.directory
    return {
        "reprotectAgentId": look_up(book.appliances, _required(asked, "appliance"), "appliance", book.fabric),
        "datastoreName": _present(asked, "datastore", asked.choices.datastore or _original_datastore(asked.item)),
        "logStorageAccountId": _present(asked, "log_storage_account", _log_storage_account(asked)),
        **_optional("policyId", book.failback_policy),
    }


def _rcm_failback_reprotect(asked: BodyInputs) -> Body:
    """Modernised, on-premises to Azure."""
    return {
        "processServerId": _present(asked, "process_server", _process_server(asked)),
        "policyId": _present(asked, "a replication policy mapped to its container", asked.directory.azure_policy),
        **_optional("runAsAccountId", _account(asked)),
    }


def _targets(book: Directory) -> Mapping[str, str]:
    """Recorded: a machine that is both has one id, and need not be listed as a master target."""
    return {**book.process_servers, **book.master_targets}


def _process_server(asked: BodyInputs) -> str | None:
    """The chosen one, or the appliance's; else the one the item uses; else the fabric's own; else the first."""
    book, chosen = asked.directory, asked.choices.process_server or asked.choices.appliance
    if chosen:
        return look_up(book.process_servers, chosen, "process server", book.fabric)
    known = tuple(book.process_servers.values())
    used = text(_details(asked.item).get("processServerId"))
    return next((server for server in (used, book.own_process_server, *known) if server in known), None)


def _account(asked: BodyInputs) -> str | None:
    """Modernised items keep their account where the fabric has no list of them."""
    name, book = asked.choices.account, asked.directory
    if name is None or (not book.accounts and architecture_of(asked.item) is Architecture.MODERNISED):
        return None
    return look_up(book.accounts, name, "account", book.fabric)


def _original_datastore(item: Json) -> str | None:
    found = part(_details(item), "discoveredVmDetails").get("datastores") or ()
    return next(iter(found), None)


def _log_storage_account(asked: BodyInputs) -> str | None:
    """An id as it is; a name is taken to be in the vault's resource group (inferred)."""
    name = asked.choices.log_storage_account
    if not name or name.startswith("/"):
        return name or None
    return f"{_resource_group(asked.item)}/providers/Microsoft.Storage/storageAccounts/{name}"


def _resource_group(item: Json) -> str:
    return "/".join(text(item.get("id")).split("/")[:5])


# Failover and failback


def _inmage_failback(asked: BodyInputs) -> Body:
    point = asked.choices.recovery_point or w.LATEST
    kind = w.RECOVERY_POINT_TYPES[w.INMAGE].get(point)
    if kind is not None:
        return {"recoveryPointType": kind}
    return {"recoveryPointType": w.CUSTOM_POINT, "recoveryPointId": _point_id(asked.item, point)}


def _rcm_failback(asked: BodyInputs) -> Body:
    """A planned failover makes its recovery point itself. Any other is handed on, and the vault refuses it (A11)."""
    point = asked.choices.recovery_point or w.LATEST
    return {"recoveryPointType": w.RECOVERY_POINT_TYPES[w.RCM_FAILBACK].get(point, point)}


def _v2a_failover(asked: BodyInputs) -> Body:
    return _optional("recoveryPointId", _azure_point(asked))


def _rcm_failover(asked: BodyInputs) -> Body:
    shut_down = "true" if asked.choices.shut_down_source else "false"
    return {"performShutdown": shut_down, **_optional("recoveryPointId", _azure_point(asked))}


def _azure_point(asked: BodyInputs) -> str | None:
    """None asks for the latest."""
    point = asked.choices.recovery_point
    if point in (None, w.LATEST):
        return None
    if point == w.LATEST_APP_CONSISTENT:
        return _newest_app_consistent(asked)
    return _point_id(asked.item, text(point))


def _newest_app_consistent(asked: BodyInputs) -> str:
    fit = [p for p in asked.points if text(part(p, "properties").get("recoveryPointType")).casefold().startswith("app")]
    dated = sorted(
        (when, text(p.get("id"))) for p in fit if (when := instant(part(p, "properties").get("recoveryPointTime")))
    )
    if not dated:
        raise MissingChoice(
            f"Item '{item_name(asked.item)}' has no application-consistent recovery point; "
            f"choose {w.LATEST} or wait for one."
        )
    return dated[-1][1]


def _point_id(item: Json, point: str) -> str:
    return point if point.startswith("/") else f"{text(item.get('id'))}/recoveryPoints/{point}"


def _plan_point(post: w.Post, choices: Choices) -> str:
    kinds = w.RECOVERY_POINT_TYPES[text(post.provider)]
    point = choices.recovery_point or w.LATEST
    if point not in kinds:
        raise MissingChoice(
            f"A recovery plan takes {' or '.join(kinds)} as recovery point, not '{point}': "
            "its items have different points."
        )
    return kinds[point]


def _details(item: Json) -> Json:
    return part(part(item, "properties"), "providerSpecificDetails")


def _optional(key: str, value: str | None) -> Body:
    return {} if value is None else {key: value}


def _required(asked: BodyInputs, choice: str) -> str:
    return _present(asked, choice, getattr(asked.choices, choice))


def _present(asked: BodyInputs, what: str, value: str | None) -> str:
    if not value:
        raise MissingChoice(
            f"Item '{item_name(asked.item)}': {asked.operation.value} needs {what}, but none was given or found."
        )
    return value


_DETAILS: Final[dict[tuple[str, str], Callable[[BodyInputs], Body]]] = {
    ("unplanned_failover", w.V2A): _v2a_failover,
    ("unplanned_failover", w.RCM): _rcm_failover,
    ("unplanned_failover", w.INMAGE): _inmage_failback,
    ("planned_failover", w.RCM_FAILBACK): _rcm_failback,
    ("reprotect", w.INMAGE): _inmage_reprotect,
    ("reprotect", w.V2A): _v2a_reprotect,
    ("reprotect", w.RCM): _rcm_reprotect,
    ("reprotect", w.RCM_FAILBACK): _rcm_failback_reprotect,
    ("test_failover", w.V2A): _v2a_failover,
    ("test_failover", w.RCM): _v2a_failover,
}
