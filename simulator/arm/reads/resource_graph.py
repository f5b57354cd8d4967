"""Azure Resource Graph, for scripts that ask for protected items. Columns as published; other queries are refused."""

import re
from typing import Final

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.response import Json, Response, bad_request, reply

from .items import KIND, item_body
from .linked import LOCATION

_TABLE: Final = "recoveryservicesresources"
_TYPE: Final = f"Microsoft.RecoveryServices/vaults/{KIND}".lower()
_WHERE: Final = re.compile(r"where\s+type\s*(?:==|=~)\s*['\"]([^'\"]*)['\"]", re.IGNORECASE)


def query(request: ParsedRequest) -> Response:
    """POST /providers/Microsoft.ResourceGraph/resources: the protected items, of the table or of their type in it."""
    text = BodyFields(request.body, "").text("query")
    table, *clauses = (part.strip() for part in text.split("|"))
    types = [_WHERE.fullmatch(clause) for clause in clauses]
    if table.lower() != _TABLE or None in types:
        known = f"{_TABLE}, or {_TABLE} | where type =~ '{_TYPE}'"
        raise bad_request(f"The query '{text[:200]}' is not one that this mock knows: {known}.", code="BadRequest")
    fitting = all(found is not None and found[1].lower() == _TYPE for found in types)
    rows = [_row(request, name) for name in request.vault.items] if fitting else []
    counts: dict[str, Json] = {"totalRecords": len(rows), "count": len(rows), "data": rows}
    return reply(counts | {"facets": [], "resultTruncated": "false"})


def _row(request: ParsedRequest, name: str) -> Json:
    shown = item_body(request, request.vault.items[name], full=False)
    where = {"resourceGroup": request.ids.resource_group.lower(), "subscriptionId": request.ids.subscription}
    return shown | where | {"type": _TYPE, "location": LOCATION, "tenantId": request.names.guid("tenant")}
