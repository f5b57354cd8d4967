"""The coverage page: every operation, whether the mock serves it, and where the shape of the answer is known from."""

from .routes import ROUTES
from .wire.unserved import UNSERVED

_HEAD = """# What the ASR mock serves

The [mock](mock.md) serves {served} operations. A request for one of {unserved} other operations of the Python SDK
gets a 501 with the name of the operation.

The names of the operations are those of the Python SDK 2.0.0 (api-version 2025-08-01), except for names with a colon,
which we chose. In the column *request*, `V` stands for the path of the vault (`/subscriptions/.../vaults/NAME`). The
column *evidence* gives the origin of the format of the response: **recorded** traffic of the real service, an
**official example**, or the **SDK model only**. Other formats are **guessed** (inferred by us).

This page is generated. The test `tests/simulator/arm/test_coverage_page.py` prints the command that generates it.

| operation | request | evidence |
| --- | --- | --- |
"""
_BETWEEN = """
## Operations that are not served

The mock does not serve migration items, clusters, intents, logical networks, storage classifications, eligibility
results, the switching of protection, or the list of operations, because the way home does not need them.

| operation | request |
| --- | --- |
"""


def coverage_page() -> str:
    """The page, in Markdown."""
    served = "".join(f"| {row.operation} | {row.verb} `{_short(row.path)}` | {row.evidence} |\n" for row in ROUTES)
    unserved = "".join(f"| {name} | {verb} `{_short(path)}` |\n" for name, verb, path in UNSERVED)
    return _HEAD.format(served=len(ROUTES), unserved=len(UNSERVED)) + served + _BETWEEN + unserved


def _short(path: str) -> str:
    """Paths below the vault without the vault."""
    _, found, below = path.partition("/vaults/{vault}")
    return f"V{below}" if found else path
