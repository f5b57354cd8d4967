"""What tells the scenario of one run from that of another."""

from hashlib import blake2b

from failback.adapters.redaction import redacted
from failback.scenarios.files.resolved import resolved_text
from failback.scenarios.files.schema import Scenario
from failback.scenarios.outputs.kinds import RESOLVED_MARK


def plan_hash_of(scenario: Scenario) -> str:
    """The hash that a run of this scenario has in `run.json`, without secrets."""
    return hash_of(redacted(resolved_text(scenario, RESOLVED_MARK)).encode())


def hash_of(resolved: bytes) -> str:
    """The hash of a resolved scenario."""
    return blake2b(resolved, digest_size=16).hexdigest()
