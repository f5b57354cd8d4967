"""Which measurement would tell whether everything is in time: the verdict and the figures name the same one."""

from typing import Final

from failback.scenarios.text.language import message

from .condition import Of
from .measurements import Measurement
from .prediction import Prediction

DECIDES: Final = {
    Of.SCAN: message("a pilot that measures how fast disks are read"),
    Of.JOBS: message("a pilot that measures how long the vault's jobs take"),
    Of.CHANGED: message("a pilot that measures how much data changed"),
    Of.LINE: message("a test of the link's real bandwidth"),
}
"""What has to be measured where no measurement that was tried tells whether the condition holds."""


def deciding(found: Prediction) -> Measurement | None:
    """The one that tells whether the condition holds, or rules out the case in which it matters.

    What narrows most comes first. None where none of those tried does so, or none narrows the range.
    """
    condition = found.condition
    if condition is None:
        return found.measurement
    useful = [one for one in found.measurements if one.narrows_s > 60.0]
    if condition.of is Of.CHANGED:
        return next((one for one in useful if not one.of_line), None)
    if condition.of is Of.LINE:
        return next((one for one in useful if one.of_line or one.after_s[1] <= found.question.within_s), None)
    return None
