"""What scripts touch in a resource group before they come to the vault: groups, locations, networks, storage accounts.

All are there in every resource group of every subscription, as the vault is. Shapes as published; the names are ours.
"""

from typing import Final

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.response import Json, Response, not_found, reply

from .linked import ACCOUNTS, LOCATION, NETWORKS, OWN, SUBNETS

_LOCATIONS: Final = (("westeurope", "West Europe"), ("northeurope", "North Europe"))


def list_subscriptions(request: ParsedRequest) -> Response:
    """GET /subscriptions: the one that the mock names itself."""
    return reply({"value": [_subscription(request, request.ids.subscription)], "nextLink": None})


def get_subscription(request: ParsedRequest) -> Response:
    """GET /subscriptions/{subscription}."""
    return reply(_subscription(request, request.params["subscription"]))


def list_tenants(request: ParsedRequest) -> Response:
    """GET /tenants."""
    tenant = request.names.guid("tenant")
    body = {"id": f"/tenants/{tenant}", "tenantId": tenant, "displayName": "failback mock", "tenantCategory": "Home"}
    return reply({"value": [body], "nextLink": None})


def list_locations(request: ParsedRequest) -> Response:
    """GET /subscriptions/{subscription}/locations."""
    root = f"/subscriptions/{request.params['subscription']}/locations"
    rows = [{"id": f"{root}/{n}", "name": n, "displayName": s, "regionalDisplayName": s} for n, s in _LOCATIONS]
    return reply({"value": rows, "nextLink": None})


def list_groups(request: ParsedRequest) -> Response:
    """GET /subscriptions/{subscription}/resourceGroups: the vault's."""
    return reply({"value": [_group(request, request.ids.resource_group)], "nextLink": None})


def get_group(request: ParsedRequest) -> Response:
    """GET /subscriptions/{subscription}/resourceGroups/{resource_group}."""
    return reply(_group(request, request.params["resource_group"]))


def list_networks(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Network/virtualNetworks: of a resource group, or of the subscription."""
    return _listed(request, NETWORKS)


def list_accounts(request: ParsedRequest) -> Response:
    """GET .../Microsoft.Storage/storageAccounts."""
    return _listed(request, ACCOUNTS)


def get_network(request: ParsedRequest) -> Response:
    """GET .../virtualNetworks/{name}."""
    return _one(request, NETWORKS)


def get_account(request: ParsedRequest) -> Response:
    """GET .../storageAccounts/{name}."""
    return _one(request, ACCOUNTS)


def put_network(request: ParsedRequest) -> Response:
    """PUT .../virtualNetworks/{name}: from now on items may name it."""
    return _put(request, NETWORKS)


def put_account(request: ParsedRequest) -> Response:
    """PUT .../storageAccounts/{name}: the same."""
    return _put(request, ACCOUNTS)


def _subscription(request: ParsedRequest, name: str) -> Json:
    tenant = request.names.guid("tenant")
    head = {"id": f"/subscriptions/{name}", "subscriptionId": name, "tenantId": tenant, "displayName": "failback mock"}
    policies = {"locationPlacementId": "Public_2014-09-01", "quotaId": "PayAsYouGo_2014-09-01", "spendingLimit": "Off"}
    return head | {"state": "Enabled", "subscriptionPolicies": policies, "authorizationSource": "RoleBased"}


def _group(request: ParsedRequest, name: str) -> Json:
    id_ = f"/subscriptions/{request.params['subscription']}/resourceGroups/{name}"
    head = {"id": id_, "name": name, "type": "Microsoft.Resources/resourceGroups", "location": LOCATION}
    return head | {"properties": {"provisioningState": "Succeeded"}}


def _listed(request: ParsedRequest, kind: str) -> Response:
    made = request.context.resources.neighbours.items()
    more = [body for id_, body in made if f"/providers/{kind}/".lower() in id_ and _asked(request, id_)]
    return reply({"value": [*(_body(request, kind, name) for name in OWN[kind]), *more], "nextLink": None})


def _one(request: ParsedRequest, kind: str) -> Response:
    wanted = request.params["name"].lower()
    made = request.context.resources.neighbours.get(f"{_group_id(request)}/providers/{kind}/{wanted}".lower())
    own = next((name for name in OWN[kind] if name == wanted), None)
    if made is None and own is None:
        raise not_found(f"The resource '{kind}/{request.params['name'][:100]}'")
    return reply(made or _body(request, kind, own or ""))


def _put(request: ParsedRequest, kind: str) -> Response:
    given = BodyFields(request.body, "")
    body = _body(request, kind, request.params["name"]) | {"location": given.maybe("location") or LOCATION}
    body = given.sent | body
    body["properties"] |= given.inner("properties").sent
    request.context.resources.neighbours[str(body["id"]).lower()] = body
    return reply(body)


def _asked(request: ParsedRequest, id_: str) -> bool:
    """Whether this id, in lower case, is below the resource group or the subscription that is asked."""
    below = (
        _group_id(request) if "resource_group" in request.params else f"/subscriptions/{request.params['subscription']}"
    )
    return id_.startswith(f"{below}/".lower())


def _group_id(request: ParsedRequest) -> str:
    """The resource group that is asked, else the vault's."""
    group = request.params.get("resource_group") or request.ids.resource_group
    return f"/subscriptions/{request.params['subscription']}/resourceGroups/{group}"


def _body(request: ParsedRequest, kind: str, name: str) -> dict[str, Json]:
    id_ = f"{_group_id(request)}/providers/{kind}/{name}"
    properties: dict[str, Json] = {"provisioningState": "Succeeded"}
    if kind == NETWORKS:
        properties |= {"subnets": [{"id": f"{id_}/subnets/{subnet}", "name": subnet} for subnet in SUBNETS]}
    return {"id": id_, "name": name, "type": kind, "location": LOCATION, "properties": properties}
