"""The door within one process: clients that use `requests` reach the mock instead of the network."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import RemoteDisconnected
from typing import Final
from urllib.parse import urlsplit

import requests
import responses
from requests import PreparedRequest
from urllib3 import HTTPHeaderDict
from urllib3.exceptions import ProtocolError

from failback.simulator.arm.wire.response import ArmError, Response

from .handler import ArmMock
from .media_type import check_media_type
from .requests import not_taken

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


def _answer(arm: ArmMock, request: PreparedRequest, body: bytes) -> Response:
    url = request.url or ""
    try:
        check_media_type(urlsplit(url).path, str(request.headers.get("Content-Type") or ""), has_body=bool(body))
    except ArmError as refused:
        return not_taken(arm.state, refused)
    return arm.handle(request.method or "GET", url, dict(request.headers), body)


def _callback(arm: ArmMock) -> Callable[[PreparedRequest], tuple[int, HTTPHeaderDict, bytes]]:
    def answer(request: PreparedRequest) -> tuple[int, HTTPHeaderDict, bytes]:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else bytes(body)
        reply = _answer(arm, request, raw)
        if reply.dropped:
            gone = ProtocolError("Connection aborted.", RemoteDisconnected("The mock dropped the connection."))
            raise requests.exceptions.ConnectionError(gone)
        return reply.status, HTTPHeaderDict(reply.headers), reply.body

    return answer
