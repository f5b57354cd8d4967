"""Whether an endpoint is live, and the refusal to change anything there. The one place that decides it.

An endpoint is live unless it is on this computer **and** says itself that it is a simulator. A person can declare an
address of this computer to be a tunnel, and then it is live whatever it says; no word makes a live endpoint not live.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from socket import getaddrinfo
from typing import Final

MOCK_HEADER: Final = "x-failback-mock"
"""In every answer of the mock of Site Recovery, and in no answer of Azure."""
VCSIM_OPTION: Final = "vcsim.server.url"
"""An option that every vcsim has. Its `about` says nothing: it is that of a real vCenter 6.5, copied.

Verified against govmomi 0.24.2 (Debian's) and 0.52. Inferred: no real vCenter has an option of this name.
"""


class ReadOnly(Exception):
    """Something that would change a live endpoint, or one beside a live endpoint. Nothing was sent."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What is known of an endpoint before anybody has asked it. `tunnel`: the settings declare it to be one."""

    kind: str
    address: str
    host: str
    tunnel: bool = False


def is_loopback(host: str) -> bool:
    """Whether `host` is this computer. A hosts file can let localhost be another one."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" and _leads_here(host)


def _leads_here(host: str) -> bool:
    try:
        found = {str(row[4][0]) for row in getaddrinfo(host, None)}
    except OSError:
        return False
    return bool(found) and all(ip_address(address.partition("%")[0]).is_loopback for address in found)


def why_live(endpoint: Endpoint, says_simulator: Callable[[], bool]) -> str:
    """Why this endpoint counts as live; empty for a simulator. It is asked only where its address leaves that open."""
    if endpoint.tunnel:
        return "the settings declare it to be a tunnel"
    if not is_loopback(endpoint.host):
        return "it is not on this computer"
    return "" if says_simulator() else "it does not identify itself as a simulator"


class Guard:
    """Stands before whatever would change something at one endpoint. `look` asks the endpoint what it is, once."""

    def __init__(self, endpoint: Endpoint, look: Callable[[], bool]) -> None:
        self._endpoint, self._look = endpoint, look
        self._is_simulator: bool | None = None
        self._permits: Callable[[], bool] = lambda: False
        self._beside: tuple[Guard, ...] = (self,)

    def refuse_live(self, what: str) -> None:
        """Raise `ReadOnly` unless this endpoint and those beside it are simulators. `what` is not sent."""
        if (words := self.live_words(what)) and not self._permits():
            raise ReadOnly(words)

    def live_words(self, what: str) -> str:
        """Why `what` is not sent without consent; empty where this endpoint and those beside it are simulators."""
        found = ((each._endpoint, each.why_live()) for each in self._beside)
        return next((_words(what, endpoint, why) for endpoint, why in found if why), "")

    def let_through(self, permits: Callable[[], bool]) -> None:
        """From now on, this endpoint and those beside it take changes while `permits` says so, be they live."""
        for each in self._beside:
            each._permits = permits

    def why_live(self) -> str:
        """Why this endpoint counts as live; empty for a simulator. What cannot be read says nothing."""
        return why_live(self._endpoint, self._says_simulator)

    def note_answer(self, says_simulator: bool) -> None:
        """An answer said that it comes from a simulator, or did not."""
        self._is_simulator = says_simulator

    @property
    def said_simulator(self) -> bool:
        """Whether its newest answer said that it comes from a simulator, whatever the settings declare it to be."""
        return self._is_simulator is True

    def forget(self) -> None:
        """Another session may meet another server."""
        self._is_simulator = None

    def stand_beside(self, *others: "Guard") -> None:
        """From now on, each of these refuses as soon as one of them is live."""
        together = (*self._beside, *others)
        for each in together:
            each._beside = together

    def _says_simulator(self) -> bool:
        if self._is_simulator is None:
            self._is_simulator = self._look()
        return self._is_simulator


def _words(what: str, endpoint: Endpoint, why: str) -> str:
    return (
        f"Not sent: {what}. The {endpoint.kind} at {endpoint.address} is live ({why}), and live endpoints are only "
        "read without consent: the maintainers have never run it against a live vault. Rehearse in world lab, "
        "with a vcsim and the mock on this computer; `failback docs consent` says what consent is."
    )
