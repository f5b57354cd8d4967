"""Checks of an application from this computer: a port that accepts, a page that answers, a name that resolves."""

import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlsplit

from .redaction import redacted, without_login

PATIENCE_S: Final = 5.0
"""Seconds that one check waits."""
_AT_ONCE: Final = 8


def check_all(asked: list[tuple[str, str]]) -> list[tuple[bool, str]]:
    """For each pair of kind (tcp, http, dns) and target: whether it works, and what was seen."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(lambda each: check(*each), asked))


def check(kind: str, target: str) -> tuple[bool, str]:
    """One check. Whatever is wrong with a target or on the way to it is an answer, too."""
    try:
        return True, _CHECKS[kind](target)
    except (OSError, ValueError, UnicodeError) as broken:
        return False, redacted(" ".join(str(broken).split()))[:200] or type(broken).__name__


def _tcp(target: str) -> str:
    found = urlsplit(f"//{target}")
    if not found.hostname or not found.port:
        raise ValueError("a TCP check has a target of the form host:port")
    with socket.create_connection((found.hostname, found.port), PATIENCE_S):
        return "the port accepts connections"


def _http(target: str) -> str:
    import requests

    try:
        with requests.get(target, timeout=PATIENCE_S, stream=True, allow_redirects=False) as answer:
            status = answer.status_code
    except requests.RequestException as broken:
        raise ValueError(without_login(str(broken))) from broken
    if status >= 400:
        raise ValueError(f"it answers with status {status}")
    return f"it answers with status {status}"


def _dns(target: str) -> str:
    found = sorted({str(each[4][0]) for each in socket.getaddrinfo(target, None)})
    return f"it resolves to {', '.join(found[:4])}"


_CHECKS: Final = {"tcp": _tcp, "http": _http, "dns": _dns}
