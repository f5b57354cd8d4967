"""Rehearse, check and predict the way home of VMware machines that Azure Site Recovery failed over to Azure.

    import failback

    failback.library()                                  # the scenarios that come with it
    result = failback.play("first_drill")               # play one; `result` alone in a notebook cell shows the timeline
    report = failback.check("my-estate.yaml")           # is this estate ready? what blocks, and what to do
    answer = failback.predict("first_drill", start="Fri 18:00", by="Mon 06:00", tz="Europe/Berlin")
    table = failback.Study("first_drill").vary(bandwidth=[500, 1000]).replicate(20).run()

Each takes a scenario, the path of its file, or a name of the library. What is wrong with an argument, a file or a
setting is a `BadInput` in one paragraph; an endpoint that does not answer is an `Unreachable`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from failback.reprotect import Unreachable
    from failback.scenarios.files.schema import Scenario
    from failback.scenarios.files.yaml_source import BadInput

    from . import pictures, stories, words
    from .calibrating import Calibration, calibrate
    from .checking import Report, check
    from .listing import Library, library, load_scenario
    from .mocking import Mock, mock
    from .playing import Interrupted, Result, play
    from .predicting import Prediction, predict
    from .studying import Study

_HOMES = {
    ".calibrating": ("Calibration", "calibrate"),
    ".checking": ("Report", "check"),
    ".listing": ("Library", "library", "load_scenario"),
    ".mocking": ("Mock", "mock"),
    ".playing": ("Interrupted", "Result", "play"),
    ".predicting": ("Prediction", "predict"),
    ".studying": ("Study",),
    "failback.reprotect": ("Unreachable",),
    "failback.scenarios.files.schema": ("Scenario",),
    "failback.scenarios.files.yaml_source": ("BadInput",),
}
"""Where each name is. Nothing is imported before it is used: no SDK, no SimPy."""
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}
_MODULES = ("pictures", "stories", "words")

__version__: str
__all__ = [
    "BadInput",
    "Calibration",
    "Interrupted",
    "Library",
    "Mock",
    "Prediction",
    "Report",
    "Result",
    "Scenario",
    "Study",
    "Unreachable",
    "__version__",
    "calibrate",
    "check",
    "library",
    "load_scenario",
    "mock",
    "pictures",
    "play",
    "predict",
    "stories",
    "words",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("failback.scenarios.installed").installed("failback")
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULE_OF[name], __name__), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
