"""What `failback mock` prints for people: where it is, and how each client comes to it, ready to paste."""

from collections.abc import Mapping
from typing import Any, Final

_HEAD: Final = (
    "failback mock: simulated vault '{vault}' at {base_url} (clock {clock}, {trust}). To stop it, press Ctrl-C.\n"
    "Requests to it change nothing in Azure. {base_url}/ shows its state, and {base_url}/failback/ how to control it.\n"
)
_PYTHON_TLS: Final = """
Python (pip install azure-mgmt-recoveryservicessiterecovery):
    client = SiteRecoveryManagementClient(credential, "{subscription}", "{base_url}", connection_verify=r"{ca_file}")
    items = list(client.replication_protected_items.list("{resource_group}", "{vault}"))
  where credential is any object whose get_token(*scopes, **kw) returns AccessToken("any", 2**33)
"""
_PYTHON: Final = """
Python (pip install azure-mgmt-recoveryservicessiterecovery); plain HTTP needs your own authentication policy:
    class NoToken(SansIOHTTPPolicy): ...  # azure.core.pipeline.policies
    client = SiteRecoveryManagementClient(None, "{subscription}", "{base_url}", authentication_policy=NoToken())
"""
_JAVASCRIPT: Final = """
JavaScript (npm install @azure/arm-recoveryservices-siterecovery):
    const credential = {{ getToken: async () => ({{ token: "any", expiresOnTimestamp: 8e12 }}) }};
    const client = new SiteRecoveryManagementClient(credential, "{subscription}", {options});
    const items = client.replicationProtectedItems.list("{vault}", "{resource_group}");
    for await (const item of items) console.log(item.name);
"""
_BASH: Final = """
bash:
{bash_env}    az rest --skip-authorization-header --url "{base_url}{path}?api-version=2025-08-01"
    curl {curl}"{base_url}/failback/clock"

PowerShell:
{powershell_env}    az rest --skip-authorization-header --url "{base_url}{path}?api-version=2025-08-01"
    Invoke-RestMethod {skip}"{base_url}/failback/clock"
"""
_HTTP_NOTE: Final = (
    "\nJavaScript over plain HTTP also needs "
    'client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" }).\n'
)
PATH: Final = (
    "/subscriptions/{subscription}/resourceGroups/{resource_group}"
    "/providers/Microsoft.RecoveryServices/vaults/{vault}/replicationProtectedItems"
)


def announcement(facts: Mapping[str, Any]) -> str:
    """The whole text."""
    tls = facts["ca_file"] is not None
    insecure = f'{{ endpoint: "{facts["base_url"]}", allowInsecureConnection: true }}'
    more = {
        "path": PATH.format(**facts),
        "trust": f"CA file {facts['ca_file']}" if tls else "without TLS",
        "options": f'{{ endpoint: "{facts["base_url"]}" }}' if tls else insecure,
        "bash_env": _env('    export {name}="{value}"\n', facts) if tls else "",
        "powershell_env": _env('    $env:{name} = "{value}"\n', facts) if tls else "",
        "curl": f'--cacert "{facts["ca_file"]}" ' if tls else "",
        "skip": "-SkipCertificateCheck " if tls else "",
    }
    text = _HEAD + (_PYTHON_TLS if tls else _PYTHON) + _JAVASCRIPT + _BASH
    return text.format(**{**facts, **more}) + ("" if tls else _HTTP_NOTE)


def _env(line: str, facts: Mapping[str, Any]) -> str:
    """Node and the Azure CLI are told of the authority by these two."""
    names = ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE")
    return "".join(line.format(name=name, value=facts["ca_file"]) for name in names)
