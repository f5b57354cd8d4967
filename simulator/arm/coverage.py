"""The coverage page: every operation, whether the mock serves it, and where the shape of the answer is known from."""

from .routes import ROUTES, Route
from .wire.unserved import UNSERVED

_HEAD = """# What the ASR mock serves

The [mock](mock.md) serves {served} operations of the Azure API. The Python SDK has {unserved} other operations. A
request for one of these gets status 501 and the name of the operation.

- **Names**: the operations are named as in the Python SDK 2.0.0 (api-version 2025-08-01), except the names that contain
  a colon, which we chose.
- **Request**: `V` is the path of the vault (`/subscriptions/.../vaults/NAME`).
- **Evidence**: how we know the format of the response: from *recorded* traffic of the real service, from an
  *official example*, or from the *SDK model only*. Formats that we *inferred* are in none of these sources.

This page is generated. The test `tests/simulator/arm/test_coverage_page.py` prints the command that generates it.

| operation | request | evidence |
| --- | --- | --- |
"""
_BETWEEN = """
## Operations that are not served

The way home does not need these operations: migration items, clusters, protection intents, logical networks, storage
classifications, eligibility results, the switching of protection, and the list of operations.

| operation | request |
| --- | --- |
"""


_REFUSED = {"replication_recovery_plans.begin_reprotect"}
"""Operations that the mock knows and refuses, as the real service does."""


def coverage_page() -> str:
    """The page, in Markdown."""
    served = "".join(f"| {row.operation} | {row.verb} `{_short(row.path)}` | {_evidence(row)} |\n" for row in ROUTES)
    unserved = "".join(f"| {name} | {verb} `{_short(path)}` |\n" for name, verb, path in UNSERVED)
    return _HEAD.format(served=len(ROUTES), unserved=len(UNSERVED)) + served + _BETWEEN + unserved


def _evidence(row: Route) -> str:
    refused = "; the mock [refuses](mock.md#requests-that-the-mock-refuses) this request"
    return row.evidence + (refused if row.operation in _REFUSED else "")


def _short(path: str) -> str:
    """Paths below the vault without the vault."""
    _, found, below = path.partition("/vaults/{vault}")
    return f"V{below}" if found else path
