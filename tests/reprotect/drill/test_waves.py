"""When a wave starts no more of an operation: a wave that seeds has a window of its own for the reprotect."""

import pytest

from failback.reprotect import Operation, Wave
from failback.reprotect.drill.waves import SEEDING, Waves

SEEDS = Wave("seeds", ("web",), opens_s=1000, closes_s=2000, seed_opens_s=0, seed_closes_s=500)
SEEDS_ON = Wave("seeds on", ("web",), opens_s=1000, closes_s=2000, seed_opens_s=0)
DOES_NOT = Wave("does not", ("web",), opens_s=1000, closes_s=2000)
NEVER_CLOSES = Wave("never closes", ("web",))


@pytest.mark.parametrize(
    ("wave", "operation", "last_s"),
    [
        (SEEDS, SEEDING, 500),
        (SEEDS, Operation.FAILBACK, 2000),
        (SEEDS_ON, SEEDING, 2000),
        (SEEDS_ON, Operation.FAILBACK, 2000),
        (DOES_NOT, SEEDING, 2000),
        (DOES_NOT, Operation.FAILBACK, 2000),
    ],
    ids=lambda part: getattr(part, "name", str(part)),
)
def test_a_window_is_open_up_to_its_last_second(wave: Wave, operation: Operation, last_s: float) -> None:
    waves = Waves((wave,), ("web",), 0.0)
    assert not waves.has_closed("web", operation, last_s)
    assert waves.has_closed("web", operation, last_s + 1)


def test_a_wave_without_an_end_never_closes() -> None:
    assert not Waves((NEVER_CLOSES,), ("web",), 0.0).has_closed("web", SEEDING, 1e9)
