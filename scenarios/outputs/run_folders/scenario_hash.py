"""What tells the scenario of one run from that of another."""

from hashlib import blake2b


def hash_of(resolved: bytes) -> str:
    """The hash of a resolved scenario."""
    return blake2b(resolved, digest_size=16).hexdigest()
