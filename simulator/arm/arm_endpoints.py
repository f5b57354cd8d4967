"""What clients ask of ARM itself before they come to a vault: endpoints, tokens, the resource provider."""

# ruff: noqa: ARG001  (what a table calls has the signature of its column)

from .response import Response, reply
from .surroundings import Ask


def metadata(ask: Ask) -> Response:
    """GET /metadata/endpoints."""
    audience = f"{ask.origin}/"
    authentication = {"loginEndpoint": audience, "audiences": [audience], "tenant": "common", "identityProvider": "AAD"}
    cloud = {"name": "failback", "resourceManager": audience, "authentication": authentication, "suffixes": {}}
    return reply(cloud | {"portal": audience})


def token(ask: Ask) -> Response:
    """POST /{tenant}/oauth2/v2.0/token: anybody gets one, nobody checks it."""
    return reply(
        {"token_type": "Bearer", "expires_in": 86400, "ext_expires_in": 86400, "access_token": "failback-mock"}
    )


def register(ask: Ask) -> Response:
    """POST /subscriptions/{subscription}/providers/{provider}/register."""
    return reply(_provider(ask))


def provider(ask: Ask) -> Response:
    """GET /subscriptions/{subscription}/providers/{provider}."""
    return reply(_provider(ask))


def _provider(ask: Ask) -> dict[str, str]:
    name = ask.params["provider"]
    return {
        "id": f"/subscriptions/{ask.ids.subscription}/providers/{name}",
        "namespace": name,
        "registrationState": "Registered",
    }
