"""The door within one process: clients that use `requests` reach the mock instead of the network."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import RemoteDisconnected
from typing import Final

import requests
import responses
from requests import PreparedRequest
from urllib3 import HTTPHeaderDict
from urllib3.exceptions import ProtocolError

from .handler import ArmMock

AZURE: Final = "https://management.azure.com"
SIGN_IN: Final = ("https://login.microsoftonline.com", "http://169.254.169.254")
"""Where azure-identity asks for tokens."""
_VERBS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@contextmanager
def mock(arm: ArmMock, *, base_url: str = AZURE, sign_in: bool = False) -> Iterator[ArmMock]:
    """Whatever this process asks of `base_url` is answered by `arm`; a request to anywhere else fails loudly.

    `sign_in` answers Microsoft's sign-in and the managed identity of a machine in Azure, too: code with its own
    `DefaultAzureCredential()` needs no change.
    """
    hosts = (base_url, *(SIGN_IN if sign_in else ()))
    everything = re.compile("(" + "|".join(re.escape(host.rstrip("/")) for host in hosts) + ")(/|$)")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:
        for verb in _VERBS:
            net.add_callback(verb, everything, callback=_callback(arm), content_type=None)
        yield arm


def _callback(arm: ArmMock) -> Callable[[PreparedRequest], tuple[int, HTTPHeaderDict, bytes]]:
    def answer(request: PreparedRequest) -> tuple[int, HTTPHeaderDict, bytes]:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else bytes(body)
        reply = arm.handle(request.method or "GET", request.url or "", dict(request.headers), raw)
        if reply.dropped:
            gone = ProtocolError("Connection aborted.", RemoteDisconnected("The mock dropped the connection."))
            raise requests.exceptions.ConnectionError(gone)
        return reply.status, HTTPHeaderDict(reply.headers), reply.body

    return answer
