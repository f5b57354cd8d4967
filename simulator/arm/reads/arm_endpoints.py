"""What clients ask of ARM itself before they come to a vault: endpoints, tokens, the resource provider."""

# ruff: noqa: ARG001  (what a table calls has the signature of its column)

from failback.simulator.arm.state.context import ParsedRequest
from failback.simulator.arm.wire.response import Response, reply


def metadata(request: ParsedRequest) -> Response:
    """GET /metadata/endpoints."""
    audience = f"{request.origin}/"
    authentication = {"loginEndpoint": audience, "audiences": [audience], "tenant": "common", "identityProvider": "AAD"}
    cloud = {"name": "failback", "resourceManager": audience, "authentication": authentication, "suffixes": {}}
    return reply(cloud | {"portal": audience})


def token(request: ParsedRequest) -> Response:
    """POST /{tenant}/oauth2/v2.0/token: anybody gets one, nobody checks it."""
    return reply(
        {"token_type": "Bearer", "expires_in": 86400, "ext_expires_in": 86400, "access_token": "failback-mock"}
    )


def openid(request: ParsedRequest) -> Response:
    """GET /{tenant}/v2.0/.well-known/openid-configuration, of whichever host signs in."""
    tenant = f"{request.origin}/{request.params['tenant']}"
    names = ("token_endpoint", "authorization_endpoint")
    ends = {name: f"{tenant}/oauth2/v2.0/{name.removesuffix('_endpoint')}" for name in names}
    return reply(ends | {"issuer": f"{tenant}/v2.0", "device_authorization_endpoint": f"{tenant}/devicecode"})


def instances(request: ParsedRequest) -> Response:
    """GET /common/discovery/instance: MSAL asks whether it may trust the authority."""
    host = {"preferred_network": "login.microsoftonline.com", "preferred_cache": "login.windows.net"}
    tenant = f"{request.origin}/common/v2.0/.well-known/openid-configuration"
    aliases = {"aliases": ["login.microsoftonline.com", "login.windows.net"]}
    return reply({"tenant_discovery_endpoint": tenant, "api-version": "1.1", "metadata": [host | aliases]})


def managed_identity(request: ParsedRequest) -> Response:
    """GET /metadata/identity/oauth2/token: what a machine in Azure asks for a token of its own."""
    expires_on = str(2**33)
    body = {"access_token": "failback-mock", "refresh_token": "", "token_type": "Bearer"}
    return reply(
        body | {"expires_in": "86400", "expires_on": expires_on, "resource": request.query.get("resource", "")}
    )


def register(request: ParsedRequest) -> Response:
    """POST /subscriptions/{subscription}/providers/{provider}/register."""
    return reply(_provider(request))


def provider(request: ParsedRequest) -> Response:
    """GET /subscriptions/{subscription}/providers/{provider}."""
    return reply(_provider(request))


def _provider(request: ParsedRequest) -> dict[str, str]:
    name = request.params["provider"]
    return {
        "id": f"/subscriptions/{request.ids.subscription}/providers/{name}",
        "namespace": name,
        "registrationState": "Registered",
    }
