"""The one way in which a remedy changes something in Azure Resource Manager: a POST, sent once."""

from typing import Final

from azure.core.exceptions import AzureError, HttpResponseError
from azure.core.rest import HttpRequest

from .estate_client import EstateClient
from .foreign import ODD
from .remedies import NotFixed, ReplyLost
from .site_recovery_client import PASSING, code_and_message
from .translation import Json

REFUSED: Final = 400
SERVICE: Final = 500


class RemedyClient(EstateClient):
    """The reads of a check, and this POST."""

    def post(self, what: str, path: str, version: str, body: Json | None = None) -> None:
        """Send it once. Raises `NotFixed` for a no, `ReplyLost` where nobody knows, `ReadOnly` for a live vault."""
        self.guard.refuse_live(what)
        request = HttpRequest("POST", path, params={"api-version": version}, json=body)
        try:
            response = self._sdk.send_request(request, retry_total=0)
        except (AzureError, *ODD) as lost:  # an answer that cannot be read is none
            raise ReplyLost(str(lost)) from lost
        status = response.status_code
        if status >= SERVICE or status in PASSING:
            raise ReplyLost(f"{what} was answered with {status}")
        if status >= REFUSED:
            code, message = code_and_message(HttpResponseError(response=response))
            raise NotFixed(f"{what} was refused with {status} {code}: {message}")
