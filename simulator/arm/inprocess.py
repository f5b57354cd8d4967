"""The door within one process: clients that use `requests` reach the mock instead of the network."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import responses
from requests import PreparedRequest
from urllib3 import HTTPHeaderDict

from .handler import ArmMock

AZURE: Final = "https://management.azure.com"
_VERBS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@contextmanager
def mock(arm: ArmMock, *, base_url: str = AZURE) -> Iterator[ArmMock]:
    """Whatever this process asks of `base_url` is answered by `arm`; a request to anywhere else fails loudly."""
    everything = re.compile(re.escape(base_url.rstrip("/")) + "(/|$)")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as net:
        for verb in _VERBS:
            net.add_callback(verb, everything, callback=_callback(arm), content_type=None)
        yield arm


def _callback(arm: ArmMock) -> Callable[[PreparedRequest], tuple[int, HTTPHeaderDict, bytes]]:
    def answer(request: PreparedRequest) -> tuple[int, HTTPHeaderDict, bytes]:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else bytes(body)
        reply = arm.handle(request.method or "GET", request.url or "", dict(request.headers), raw)
        return reply.status, HTTPHeaderDict(reply.headers), reply.body

    return answer
