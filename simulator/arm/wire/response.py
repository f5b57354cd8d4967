"""What the mock answers: plain responses, ARM's error bodies, pages."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any
"""A parsed JSON value."""
IS_MOCK: Final = ("x-failback-mock", "asr")
"""A header of every answer, with or without a control API: whoever asks can tell a mock from a live vault."""
REQUEST_ID: Final = "x-ms-request-id"
"""A header of every answer; that of an accepted operation names its job."""
_JSON: Final = ("Content-Type", "application/json; charset=utf-8")


@dataclass(frozen=True, slots=True)
class Response:
    """Status, headers (a name may come twice, as the service does) and body.

    A door lets `delay_s` of the wall pass first; `dropped` makes it close the connection without an answer.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delay_s: float = 0.0
    dropped: bool = False


class ArmError(Exception):
    """A request is refused before anything happens. `asr` marks Site Recovery's own, which nest the useful code."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        asr: bool = False,
        action: str = "",
        allow: str | None = None,
        target: str | None = None,
    ) -> None:
        self.status, self.code, self.message, self.asr = status, code, message, asr
        self.action, self.allow, self.target = action, allow, target
        super().__init__(message)


def bad_request(message: str, action: str = "", code: str = "InvalidParameter", target: str | None = None) -> ArmError:
    """A 400 of Site Recovery; `target` is the field that is wrong."""
    return ArmError(400, code, message, asr=True, action=action, target=target)


def not_found(what: str) -> ArmError:
    """A 404 for something that is not there."""
    return ArmError(404, "ResourceNotFound", f"{what} was not found.")


def reply(value: Json, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """A JSON answer."""
    return Response(status, (_JSON, *headers), json.dumps(value, separators=(",", ":")).encode())


def error_reply(error: ArmError, client_request_id: str | None = None, activity_id: str | None = None) -> Response:
    """ARM's error body. Recorded: Site Recovery's own code sits in details[0], under a general one, with both ids."""
    body: dict[str, Json] = {"code": error.code, "message": error.message}
    if error.asr:
        body["code"] = "BadRequest" if error.status == 400 else error.code
        body["details"] = [_detail(error, client_request_id, activity_id)]
    if error.target is not None:
        body["target"] = error.target
    headers = (("Allow", error.allow),) if error.allow else ()
    return reply({"error": body}, error.status, headers)


def _detail(error: ArmError, client_request_id: str | None, activity_id: str | None) -> Mapping[str, Json]:
    return {
        "code": error.code,
        "message": error.message,
        "possibleCauses": "",
        "recommendedAction": error.action,
        "clientRequestId": client_request_id,
        "activityId": activity_id,
    }


def resource(id_: str, kind: str, properties: Mapping[str, Json]) -> dict[str, Json]:
    """An ARM resource of a vault; `kind` is its type below the vault."""
    name = id_.rpartition("/")[2]
    return {"id": id_, "name": name, "type": f"Microsoft.RecoveryServices/vaults/{kind}", "properties": properties}
