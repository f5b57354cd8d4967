"""Options that had another name in an earlier version: the old name works for one version, with a note."""

from collections.abc import Mapping, Sequence
from typing import Final

from .messages import note

RENAMED: Final[Mapping[str, Mapping[str, str]]] = {
    "demo": {"--estate": "--architecture", "--fault": "--scenario"},
    "calibrate": {"--least": "--min-measurements"},
}
"""By command: the old name and the present one."""


def with_present_names(arguments: Sequence[str]) -> list[str]:
    """The arguments of a command line with the present names; says so on standard error for each old one."""
    renamed = RENAMED.get(arguments[0], {}) if arguments else {}
    return [_present(argument, renamed) for argument in arguments]


def _present(argument: str, renamed: Mapping[str, str]) -> str:
    name, equals, value = argument.partition("=")
    if name not in renamed:
        return argument
    note(f"{name} is now called {renamed[name]}; the old name will be removed in the next version.")
    return renamed[name] + equals + value
