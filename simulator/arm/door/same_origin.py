"""What a web page of elsewhere must not do through its visitor's browser: reach this mock, or steer it.

Programs are let through: they send neither Origin nor Sec-Fetch-Site, which every browser of today adds and no page can
take away.
"""

import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from failback.simulator.arm.wire.paths import CONTROL
from failback.simulator.arm.wire.response import ArmError

from .request_parts import split_url

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
"""Names of this computer that no other computer can reach."""
_LOOKS: Final = ("GET", "HEAD")
_OWN_SITE: Final = (None, "same-origin", "none")
"""Sec-Fetch-Site of programs, of the mock's own page, and of an address that was typed."""


@dataclass(frozen=True, slots=True)
class OriginHeaders:
    """A request as far as it matters here. `headers` have their names in upper case; `host` is what it calls us."""

    method: str
    address: str
    host: str
    headers: Mapping[str, str]
    has_body: bool = False

    @property
    def path(self) -> str:
        """Below the host, as the handler sees it. Raises a 400."""
        return str(split_url(self.address).path).lower() or "/"

    @property
    def is_of_a_browser(self) -> bool:
        """Whether it says so."""
        return "ORIGIN" in self.headers or "SEC-FETCH-SITE" in self.headers


class SameOrigin:
    """Judges requests to a mock that listens at `host` and knows itself by `names`, too."""

    def __init__(self, host: str, names: Iterable[str | None]) -> None:
        self._is_open = host not in LOOPBACK
        here = (host, socket.gethostname(), socket.gethostname().partition(".")[0]) if self._is_open else ()
        self._names = frozenset(name.lower() for name in (*LOOPBACK, *names, *here) if name)

    def check_host(self, asked: OriginHeaders) -> None:
        """Raise a 400 for a name that somebody else may have made point here (DNS rebinding).

        A mock that is open to other computers takes any name from programs, and from browsers addresses and its own.
        """
        name = _name_in(asked.host)
        if name in self._names or (self._is_open and (not asked.is_of_a_browser or _is_address(name))):
            return
        if self._is_open:
            why = "Browsers can reach this mock by an address or by its computer's name"
        else:
            why = f"This mock answers to {', '.join(LOOPBACK)}"
        why += f", not by '{asked.host[:100]}'. Start it with --host so that other computers can reach it."
        raise ArmError(400, "InvalidHostName", why)


def check_origin(asked: OriginHeaders) -> None:
    """Raise a 403 for what a page of elsewhere asks. Its links may lead here."""
    origin, site = asked.headers.get("ORIGIN"), asked.headers.get("SEC-FETCH-SITE")
    is_foreign = origin is not None and _host_in(origin) != asked.host.lower()
    if is_foreign or (site not in _OWN_SITE and not _is_link(asked)):
        whose = f"A web page of {origin[:100]}" if origin else "A web page of another site"
        raise ArmError(
            403,
            "CrossOriginRequest",
            f"{whose} sent this request through a browser; only the mock's own pages may do that.",
        )


def check_content_type(asked: OriginHeaders) -> None:
    """Raise a 415 for a POST to the control API that does not say that it is JSON: a page of elsewhere could not."""
    content_type = asked.headers.get("CONTENT-TYPE", "")
    if not asked.path.startswith(CONTROL) or content_type.partition(";")[0].strip().lower() == "application/json":
        return
    if asked.method.upper() == "POST" or asked.has_body:
        found = f"is '{content_type[:100]}'" if content_type else "is missing"
        why = f"The control API accepts JSON: a POST needs the header Content-Type: application/json, which {found}."
        raise ArmError(415, "UnsupportedMediaType", why)


def _is_link(asked: OriginHeaders) -> bool:
    """A person followed a link to one of the mock's pages; the vault's own paths may move its clock."""
    is_page = asked.path == "/" or asked.path.startswith(CONTROL)
    return asked.method in _LOOKS and asked.headers.get("SEC-FETCH-MODE") == "navigate" and is_page


def _name_in(host: str) -> str | None:
    """The name or address in a Host header, without its port; None where it cannot be read."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _host_in(origin: str) -> str | None:
    """What a request to this origin has as its Host; None for the origin `null`."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _is_address(name: str | None) -> bool:
    try:
        ip_address(name or "")
    except ValueError:
        return False
    return True
