"""The rim towards Azure Resource Manager: every request of the SDK passes here, those of its own paging among them."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from azure.core.exceptions import ServiceRequestError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy

from failback.reprotect import Unreachable

from .answer_headers import limit_wait
from .liveness import MOCK_HEADER, Guard

READS: Final = frozenset({"GET", "HEAD"})
PORTS: Final = {"http": 80, "https": 443}
ORIGIN: Final = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?(?:[/?#]|$)", re.IGNORECASE)


class Rim(HTTPPolicy[Any, Any]):
    """Lets requests to one host through, and of these to a live one only reads.

    It stands before the policy that adds the token and after those that retry and follow redirects, so that whatever
    names another address (nextLink, Location, a redirect) gets neither request nor token, and nobody waits for as long
    as an answer pleases.
    """

    def __init__(self, endpoint: str, guard: Guard) -> None:
        super().__init__()
        self._endpoint, self._origin, self._guard = endpoint, _origin_of(endpoint), guard

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send one request. Raises `Unreachable` for another host, and `ReadOnly`."""
        method, url = request.http_request.method.upper(), request.http_request.url
        if self._origin is None or _origin_of(url) != self._origin:
            raise Unreachable(_elsewhere(self._endpoint, url))
        if method not in READS:
            self._guard.refuse_live(f"{method} {urlsplit(url).path}")
        answer = self._answer_to(request)
        self._guard.note_answer(MOCK_HEADER in answer.http_response.headers)
        limit_wait(answer.http_response.headers)
        return answer

    def _answer_to(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """A file of certificates that is gone is an OSError, raised before anything is sent."""
        try:
            return self.next.send(request)
        except OSError as lost:
            raise ServiceRequestError(str(lost), error=lost) from lost


def _origin_of(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for an address that is not plain: another parser may read another host in it."""
    found = ORIGIN.match(url)
    if found is None:
        return None
    scheme = found[1].lower()
    return scheme, found[2].lower(), int(found[3] or PORTS[scheme])


def _elsewhere(endpoint: str, url: str) -> str:
    origin = _origin_of(url)
    place = "an address without a plain host" if origin is None else "{}://{}:{}".format(*origin)
    return (
        f"The vault at {endpoint} redirects us to {place}, which is another host. Not followed: the token is only for "
        "the host in the settings. Check base_url and cloud in the settings, and what answers there."
    )
