"""What a lever gains, in words."""

from failback.scenarios.text.language import said
from failback.scenarios.text.spans import span_words

from .purchase_effect import PurchaseEffect


def sooner(bought: PurchaseEffect, case: str) -> str:
    """What a purchase gains in a case; it may cost time, where more machines then share one line to the end."""
    seconds = bought.sooner_s.get(case)
    if seconds is None:
        return said("never home")
    if abs(seconds) < 60:
        return said("no difference")
    time = span_words(abs(seconds))
    return said("{time} later", time=time) if seconds < 0 else time
