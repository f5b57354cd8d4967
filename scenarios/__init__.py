"""Stories and what plays them: the loader, the player with its three worlds, the results, the command line."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from failback.reprotect.driver import Leg, LegReader

    from .files.loader import library, load_estate, load_scenario, resolve
    from .files.schema import Scenario
    from .files.yaml_source import BadInput, Mistake
    from .reports.report import junit_xml, write_report
    from .reports.timeline import print_timeline
    from .run.confirmation import Confirmation
    from .run.player import Interrupted, RunAborted, play
    from .run.result import Finding, ItemResult, Result

_HOMES = {
    "run.confirmation": ("Confirmation",),
    "files.loader": ("library", "load_estate", "load_scenario", "resolve"),
    "run.player": ("RunAborted", "Interrupted", "play"),
    "reports.report": ("junit_xml", "write_report"),
    "run.judge": ("LegReader",),
    "run.result": ("Finding", "ItemResult", "Leg", "Result"),
    "files.schema": ("Scenario",),
    "reports.timeline": ("print_timeline",),
    "files.yaml_source": ("BadInput", "Mistake"),
}
_MODULE_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "BadInput",
    "Confirmation",
    "Finding",
    "Interrupted",
    "ItemResult",
    "Leg",
    "LegReader",
    "Mistake",
    "Result",
    "RunAborted",
    "Scenario",
    "junit_xml",
    "library",
    "load_estate",
    "load_scenario",
    "play",
    "print_timeline",
    "resolve",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULE_OF[name]}", __name__), name)
