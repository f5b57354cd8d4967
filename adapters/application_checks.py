"""Checks of an application from this computer: a port that accepts, a page that answers, a name that resolves."""

import errno
import socket
from collections.abc import Callable, Iterator
from enum import Enum, unique
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

from .at_once import at_once
from .redaction import redacted, without_login

PATIENCE_S: Final = 5.0
"""Seconds that one check waits for a connection, and for each part of an answer."""
IN_ALL: Final = 2
"""As many times that is all that it may take, with names that nobody resolves, and many addresses behind one name."""
_AT_ONCE: Final = 8


@unique
class Outcome(Enum):
    """What came of a check. `UNREACHABLE`: nothing answered this computer, so nobody knows whether it works."""

    PASSED = "passed"
    FAILED = "failed"
    UNREACHABLE = "not reachable"


def check_all(asked: list[tuple[str, str]]) -> list[tuple[Outcome, str]]:
    """For each pair of kind (tcp, http, dns) and target: what came of it, and what was seen."""
    return at_once(lambda _, each: check(*each), asked, range(_AT_ONCE))


def check(kind: str, target: str) -> tuple[Outcome, str]:
    """One check. Whatever is wrong with a target or on the way to it is an answer, too."""
    try:
        return Outcome.PASSED, _in_time(_CHECKS[kind], target)
    except (OSError, ValueError, UnicodeError) as broken:
        outcome = Outcome.UNREACHABLE if any(map(_is_silence, _causes(broken))) else Outcome.FAILED
        words = getattr(broken, "strerror", None) or str(broken)
        return outcome, redacted(" ".join(words.split()))[:200] or type(broken).__name__


def _in_time(ask: Callable[[str], str], target: str) -> str:
    """What it answers. Nothing ends the system's resolver: it is left behind in a thread that keeps nobody here."""
    came = list[str | Exception]()

    def asked() -> None:
        try:
            came.append(ask(target))
        except Exception as broken:
            came.append(broken)

    thread = Thread(target=asked, name="failback-check", daemon=True)
    thread.start()
    thread.join(IN_ALL * PATIENCE_S)
    if not came:
        raise TimeoutError(f"no answer within {IN_ALL * PATIENCE_S:g} s")
    if isinstance(came[0], Exception):
        raise came[0]
    return came[0]


_SILENCE: Final = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.ETIMEDOUT}


def _causes(broken: BaseException) -> Iterator[BaseException]:
    """This and all that it was raised from; urllib3 keeps what broke as `reason`."""
    found: list[object] = [broken]
    for each in found:
        if isinstance(each, BaseException):
            yield each
            more = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
            found += [one for one in more if isinstance(one, BaseException) and one not in found]


def _is_silence(broken: BaseException) -> bool:
    """Whether nothing answered: no way there, no answer in time, or a name server that does not answer."""
    if isinstance(broken, socket.gaierror):
        return broken.errno == socket.EAI_AGAIN
    return isinstance(broken, TimeoutError) or (isinstance(broken, OSError) and broken.errno in _SILENCE)


def _tcp(target: str) -> str:
    found = urlsplit(f"//{target}")
    if not found.hostname or not found.port:
        raise ValueError("the target of a TCP check must have the form host:port")
    with socket.create_connection((found.hostname, found.port), PATIENCE_S):
        return "the port accepts connections"


def _http(target: str) -> str:
    import requests

    try:
        with requests.get(target, timeout=PATIENCE_S, stream=True, allow_redirects=False) as answer:
            status = answer.status_code
    except requests.Timeout as late:
        raise TimeoutError(f"no answer within {PATIENCE_S:g} s") from late
    except requests.RequestException as broken:
        raise ValueError(without_login(str(broken))) from broken
    if status >= 400:
        raise ValueError(f"it answers with status {status}")
    return f"it answers with status {status}"


def _dns(target: str) -> str:
    found = sorted({str(each[4][0]) for each in socket.getaddrinfo(target, None)})
    return f"it resolves to {', '.join(found[:4])}"


_CHECKS: Final = {"tcp": _tcp, "http": _http, "dns": _dns}
