"""What `failback mock` was asked for, and what is wrong with it."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

from failback.scenarios.usage_error import UsageError
from failback.simulator.arm import clock_mode, is_foreign, lag_of

PORT_MAX: Final = 65535
_NAME: Final = re.compile(r"[\w().-]{1,90}")
"""What Azure takes for a resource group's name, and more than it takes for the other two."""
_HOST: Final = re.compile(r"(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\.?)+")


@dataclass(frozen=True, slots=True)
class MockOptions:
    """One call of the command. `port` 0 is any free one; names that are left out are not enforced."""

    scenario: str | None = None
    estate: Path | None = None
    host: str = "127.0.0.1"
    port: int = 0
    tls: bool = True
    ca_file: Path | None = None
    operations_host: str | None = None
    clock: str = "poll"
    vcsim: bool = False
    consistency: str = "strong"
    as_json: bool = False
    control: bool = True
    retry_after: bool = False
    limit_reads: bool = False
    require_token: bool = False
    subscription: str | None = None
    resource_group: str | None = None
    vault: str | None = None

    @property
    def settings(self) -> dict[str, Any]:
        """What the mock itself is told besides its world and clock."""
        return {
            "control": self.control,
            "lag_s": lag_of(self.consistency),
            "retry_after": self.retry_after,
            "reads_limited": self.limit_reads,
            **self.names,
        }

    @property
    def names(self) -> dict[str, str | None]:
        """The names that are enforced, where they were given."""
        return {"subscription": self.subscription, "resource_group": self.resource_group, "vault": self.vault}


def check_options(options: MockOptions) -> None:
    """Raises `UsageError` with everything that is wrong."""
    wrong = list(_wrong(options))
    if wrong:
        raise UsageError(" ".join(wrong))


def _wrong(options: MockOptions) -> Iterator[str]:
    if options.scenario is not None and options.estate is not None:
        yield f"Both a scenario ('{options.scenario}') and --estate ({options.estate}) were given; use one."
    if not options.host.strip():
        yield "--host is empty; give an address of this computer, such as 127.0.0.1, or 0.0.0.0 for all of them."
    if not 0 <= options.port <= PORT_MAX:
        yield f"--port is {options.port}; a port is a number from 1 to {PORT_MAX}, or 0 for a free one."
    for option, host in (("--host", options.host), ("--operations-host", options.operations_host)):
        if host is not None and not _is_host(host):
            yield f"{option} is '{host}'; it must be an address, such as 127.0.0.1, or a host name."
    for option, read, value in (("--clock", clock_mode, options.clock), ("--consistency", lag_of, options.consistency)):
        try:
            read(value)
        except ValueError as error:
            yield f"{option}: {error}."
    if options.vcsim and (options.scenario is None or "FAILBACK_VCSIM" not in os.environ):
        yield "--vcsim needs a scenario and a running vcsim: start `failback vcsim`, and set FAILBACK_VCSIM as it says."
    if options.retry_after and options.clock != "poll":
        yield f"--retry-after is for the clock poll; with {options.clock}, an accepted request gets Retry-After: 30."
    if options.ca_file is not None and not options.tls:
        yield "--ca-file needs TLS, but --no-tls was given."
    if options.ca_file is not None and _would_be_lost(options.ca_file):
        yield f"--ca-file {options.ca_file} exists already and was not written by a mock; give another file."
    for kind, name in options.names.items():
        if name is not None and not _NAME.fullmatch(name):
            yield f"--{kind.replace('_', '-')} is '{name}'; a name has 1 to 90 characters: letters, digits, ()-_."


def _would_be_lost(file: Path) -> bool:
    """Whether something of somebody else's is there. What cannot be looked at is told when it cannot be written."""
    try:
        return is_foreign(file)
    except OSError:
        return False


def _is_host(text: str) -> bool:
    """Whether it can be a host's name or its address."""
    try:
        ip_address(text)
    except ValueError:
        return _HOST.fullmatch(_ascii(text)) is not None
    return True


def _ascii(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return ""
