"""What clients ask of ARM itself before they come to a vault: endpoints, tokens, the resource provider."""

# ruff: noqa: ARG001  (what a table calls has the signature of its column)

from failback.simulator.arm.state.surroundings import Ask
from failback.simulator.arm.wire.response import Response, reply


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


def openid(ask: Ask) -> Response:
    """GET /{tenant}/v2.0/.well-known/openid-configuration, of whichever host signs in."""
    tenant = f"{ask.origin}/{ask.params['tenant']}"
    names = ("token_endpoint", "authorization_endpoint")
    ends = {name: f"{tenant}/oauth2/v2.0/{name.removesuffix('_endpoint')}" for name in names}
    return reply(ends | {"issuer": f"{tenant}/v2.0", "device_authorization_endpoint": f"{tenant}/devicecode"})


def instances(ask: Ask) -> Response:
    """GET /common/discovery/instance: MSAL asks whether it may trust the authority."""
    host = {"preferred_network": "login.microsoftonline.com", "preferred_cache": "login.windows.net"}
    tenant = f"{ask.origin}/common/v2.0/.well-known/openid-configuration"
    aliases = {"aliases": ["login.microsoftonline.com", "login.windows.net"]}
    return reply({"tenant_discovery_endpoint": tenant, "api-version": "1.1", "metadata": [host | aliases]})


def managed_identity(ask: Ask) -> Response:
    """GET /metadata/identity/oauth2/token: what a machine in Azure asks for a token of its own."""
    expires_on = str(2**33)
    said = {"access_token": "failback-mock", "refresh_token": "", "token_type": "Bearer"}
    return reply(said | {"expires_in": "86400", "expires_on": expires_on, "resource": ask.query.get("resource", "")})


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
