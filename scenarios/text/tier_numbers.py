"""The number in the name of a tier: the lower it is, the more important are its machines."""

import re
from typing import Final

_NUMBER: Final = re.compile(r"\d{1,9}")


def tier_number(tier: str) -> float:
    """The first number in it; infinite where there is none, since words have no order."""
    hit = _NUMBER.search(tier)
    return float("inf") if hit is None else float(hit[0])
