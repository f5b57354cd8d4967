"""What Azure Resource Manager refuses before anything else: a request for a resource without a token."""

from typing import Final

from failback.simulator.arm.wire.response import ArmError

from .media_type import RESOURCES

_BEARER: Final = "bearer "


def check_token(path: str, authorization: str) -> None:
    """Raise a 401 for a resource that is asked for without a bearer token; any token is taken.

    Codes and messages as seen in issues of terraform-provider-azurerm (3612) and of the SDK for Python (4124).
    """
    if not path.lstrip("/").lower().startswith(RESOURCES):
        return
    if not authorization.strip():
        raise ArmError(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    if not authorization.lower().startswith(_BEARER) or not authorization[len(_BEARER) :].strip():
        why = "Authentication failed. The 'Authorization' header is provided in an invalid format."
        raise ArmError(401, "AuthenticationFailedInvalidHeader", why)
