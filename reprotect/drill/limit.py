"""The words for a machine that was not home at the plan's limit, and how they are known again in a result."""

import re
from typing import Final

_FORM: Final = "not home {hours:g} h after the run began"
_MADE_OF_IT: Final = re.compile(r"not home [\d.e+-]+ h after the (?:run|drill) began")
"""Results of earlier versions say drill."""


def limit_words(after_s: float) -> str:
    """Why a machine is given up `after_s` after the run began; what kept it may follow."""
    return _FORM.format(hours=after_s / 3600)


def is_of_limit(message: str) -> bool:
    """Whether a machine with this message was stopped by the plan's limit (`give_up_after_s`), whatever kept it."""
    return _MADE_OF_IT.search(message) is not None
