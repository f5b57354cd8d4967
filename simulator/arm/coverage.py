"""The coverage page: every operation, whether the mock serves it, and where the shape of the answer is known from."""

from .routes import ROUTES, Route
from .wire.unserved import UNSERVED

_HEAD = """# What the ASR mock serves

The [mock](mock.md) serves {served} operations of the Azure API. Operation names without a colon come from Microsoft's
Python SDKs (azure-mgmt-recoveryservicessiterecovery 2.0.0 with api-version 2025-08-01, and azure-mgmt-recoveryservices
for `vaults`, `usages`, `replication_usages` and `vault_certificates`). We chose the names with a colon.
`V` is the path of the vault (`/subscriptions/.../vaults/NAME`).

The column *evidence* says how we know the format of the response: from API recordings that Microsoft has published
(*recorded*), from an *official example*, or from the *SDK model only*. *Inferred* means that none of these shows the
response for VMware machines, so some or all of the format is our own conclusion.

| operation | request | evidence |
| --- | --- | --- |
"""
_BETWEEN = """
## Operations that are not served

The way home does not need the other {unserved} operations of azure-mgmt-recoveryservicessiterecovery. The mock answers
a request for one of them with status 501 and the name of the operation.

"""


_REFUSED = {"replication_recovery_plans.begin_reprotect"}
"""Operations that the mock knows and refuses, as the real service does."""


def coverage_page() -> str:
    """The page, in Markdown."""
    served = "".join(f"| {row.operation} | {row.verb} `{_short(row.path)}` | {_evidence(row)} |\n" for row in ROUTES)
    return _HEAD.format(served=len(ROUTES)) + served + _BETWEEN.format(unserved=len(UNSERVED)) + _unserved()


def _unserved() -> str:
    """One line for each class of the SDK."""
    groups: dict[str, list[str]] = {}
    for name, _, _ in UNSERVED:
        group, _, operation = name.partition(".")
        groups.setdefault(group, []).append(operation)
    return "".join(f"- {group}: {', '.join(operations)}\n" for group, operations in groups.items())


def _evidence(row: Route) -> str:
    refused = "; the mock [refuses](mock.md#requests-that-the-mock-refuses) this request"
    return row.evidence + (refused if row.operation in _REFUSED else "")


def _short(path: str) -> str:
    """Paths below the vault without the vault."""
    _, found, below = path.partition("/vaults/{vault}")
    return f"V{below}" if found else path
