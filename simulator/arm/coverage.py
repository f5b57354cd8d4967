"""The coverage page: every operation, whether the mock serves it, and where the shape of the answer is known from."""

from .routes import ROUTES
from .wire.unserved import UNSERVED

_HEAD = """# What the ASR mock serves

Generated from the table of routes; `tests/simulator/arm/test_coverage_page.py` checks that it is current and says how
to regenerate it.

The mock serves {served} operations. Another {unserved} operations of the Python SDK are answered with 501 and their
name. *Evidence* says how the shape of the answer is known: from **recorded** traffic of the real service, from an
**official example**, from the **SDK model only**, or it is **guessed**. Names are those of the Python SDK 2.0.0
(api-version 2025-08-01); names with a colon are ours.

| operation | request | evidence |
| --- | --- | --- |
"""
_BETWEEN = """
## Known but not served

The mock does not serve migration items, clusters, intents, logical networks, storage classifications, eligibility
results and the list of operations: the way home does not need them.

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
