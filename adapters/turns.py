"""When a read of the SDK may go, those among them that it sends again by itself."""

from typing import Any

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import SansIOHTTPPolicy

from failback.reprotect import Unreachable

from .arm_rim import READS
from .pace import Pace


class Turns(SansIOHTTPPolicy[Any, Any]):
    """Each read waits for its turn, and its answer sets the pace.

    It stands after the policy that sends a refused read again, so that reads refused together do not return together.
    """

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace, self._over = pace, False

    def end(self) -> None:
        """From now on, nothing is sent: neither what waits for its turn, nor what is sent again."""
        self._over = True

    def on_request(self, request: PipelineRequest[Any]) -> None:
        """Raises `Unreachable` after the end."""
        if request.http_request.method in READS and not self._over:
            self._pace.wait()
        if self._over:
            raise Unreachable("Not sent: whoever asked for it no longer waits for the answer.")

    def on_response(self, request: PipelineRequest[Any], response: PipelineResponse[Any, Any]) -> None:
        """Each answer, those among them after which the SDK asks again."""
        if request.http_request.method in READS:
            self._pace.note(response.http_response.status_code, response.http_response.headers)
