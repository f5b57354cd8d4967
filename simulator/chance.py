"""All chance of a run: one seed, one named stream per (purpose, item, leg, attempt)."""

from hashlib import blake2b
from random import Random
from uuid import UUID


class Chance:
    """Keyed streams. A stream depends on its key alone, so neither another item nor the poll pace reshuffles it."""

    def __init__(self, seed: int) -> None:
        self.seed, self._passing = seed, Random(0)

    def stream(self, *key: str | int) -> Random:
        """The stream of this key, from its beginning."""
        return Random(int.from_bytes(self._digest(key)))

    def passing(self, *key: str | int) -> Random:
        """The same stream, good until the next call: a value that is drawn at once costs half."""
        self._passing.seed(int.from_bytes(self._digest(key)))
        return self._passing

    def guid(self, *key: str | int) -> str:
        """A GUID that is the same for the same seed and key."""
        return str(UUID(bytes=self._digest(key), version=4))

    def _digest(self, key: tuple[str | int, ...]) -> bytes:
        return blake2b(repr((self.seed, *key)).encode(), digest_size=16).digest()
