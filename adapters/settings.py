"""Where the vault and the vCenter are: a file for what may be read, the environment for what may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import inf
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from failback.reprotect import beyond

from .liveness import Endpoint, is_loopback
from .redaction import remember_login, remember_secret, without_login
from .settings_file import SECTIONS, BadSettings, read_settings_file, reason_of
from .vsphere_settings import VsphereSettings

ENDPOINTS: Final[dict[str, str]] = {
    "public": "https://management.azure.com",
    "us_government": "https://management.usgovcloudapi.net",
    "china": "https://management.chinacloudapi.cn",
}
SECRETS: Final = frozenset({"token", "password", "client_secret", "secret", "key", "api_key", "sas"})
"""Names that a file may not give a value to."""


@dataclass(frozen=True, slots=True)
class AzureSettings:
    """One vault and how to reach it. Raises `ValueError` for plain http or unverified TLS to anything but loopback."""

    subscription: str
    """Subscription id."""
    resource_group: str
    """Resource group of the vault."""
    vault: str
    """Name of the Recovery Services vault."""
    base_url: str = ""
    """Address of Azure Resource Manager; that of the cloud when left out."""
    cloud: Literal["public", "us_government", "china"] = "public"
    """Which Azure cloud."""
    credential: Literal["default", "token"] = "default"
    """default (azure-identity) or token (FAILBACK_AZURE_TOKEN)."""
    token: str | None = field(default=None, repr=False)
    """A bearer token, from the environment only; never shown."""
    ca_file: str | None = None
    """PEM file of the authority that signed the certificate; the system's authorities when left out."""
    verify: bool = True
    """Whether the certificate is verified; false is legal on loopback only."""
    tunnel: bool = False
    """Whether an address of this computer leads to a live vault elsewhere; then nothing is changed there."""
    allow_changes: bool = False
    """Whether a live vault may be changed at all; that needs much more, see `failback docs consent`."""
    connect_timeout_s: float = 10.0
    """Seconds to wait for a connection."""
    read_timeout_s: float = 120.0
    """Seconds to wait for an answer."""
    reads_per_s: float | None = None
    """Reads per second at most. When left out, as many as the service says it allows, and a run polls at 10."""

    def __post_init__(self) -> None:
        remember_secret(self.token)
        remember_login(self.base_url)
        wrong = [why for why in (self._bad_address(), self._bad_tls(), self._bad_credential(), self._bad_pace()) if why]
        if wrong:
            raise ValueError(" ".join(wrong))

    @property
    def endpoint(self) -> str:
        """The address that requests go to."""
        return (self.base_url or ENDPOINTS[self.cloud]).rstrip("/")

    @property
    def is_loopback(self) -> bool:
        """Whether the address is on this computer."""
        return is_loopback(urlsplit(self.endpoint).hostname or "")

    @property
    def where(self) -> Endpoint:
        """The endpoint, for the judgement whether it is live."""
        return Endpoint("vault", self.endpoint, urlsplit(self.endpoint).hostname or "", self.tunnel)

    def _bad_address(self) -> str:
        shown = without_login(self.base_url)
        if shown != self.base_url:
            return f"base_url has a user or a password before {shown}. Leave it out: the credential is what counts."
        if _is_address(self.endpoint):
            return ""
        return f"base_url is '{shown}', which is not an http(s) address. Write it as {ENDPOINTS['public']}."

    def _bad_tls(self) -> str:
        if self._bad_address() or (self.verify and self.endpoint.startswith("https://")):
            return ""
        if self.is_loopback and (self.token or not self.tunnel):
            return ""
        place = "leads to a live vault" if self.is_loopback else "is not on this computer"
        what = "goes over plain http" if self.verify else "does not verify the certificate"
        return (
            f"base_url {self.endpoint} {place} and {what}, which would show the token to the network. "
            "Use https, and name the authority's file as ca_file where it is a private one."
        )

    def _bad_pace(self) -> str:
        given = self.reads_per_s
        return "" if given is None or 0 < given < inf else "reads_per_s must be a finite number above zero."

    def _bad_credential(self) -> str:
        if self.credential == "token" and not self.token:
            return "credential is token, but no token is set. Set FAILBACK_AZURE_TOKEN, or use credential default."
        if self.token and not (self.token.isascii() and self.token.isprintable()):
            return "the token contains an illegal character, such as a line end. Set FAILBACK_AZURE_TOKEN again."
        return ""


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Settings:
    """What a world outside this process needs. `vsphere` None: no vCenter was named."""

    azure: AzureSettings
    vsphere: VsphereSettings | None = None
    poll_s: float = 30.0
    """Wall seconds between two looks where the vault asks for no other pace."""
    clock_factor: float = 1.0
    """How much faster than the wall a local server's time runs (its clock `real:FACTOR`)."""
    patience_s: float = 900.0
    """Wall seconds for which reads are repeated while an endpoint that has answered before is away."""


@dataclass(frozen=True, slots=True)
class ClockSettings:
    """The section clock."""

    poll_s: float = 30.0
    factor: float = 1.0
    patience_s: float = 900.0

    def __post_init__(self) -> None:
        if not (0 < self.poll_s < inf and 0 < self.factor < inf):
            raise ValueError("poll_s and factor must be finite numbers above zero.")
        if not 0 <= self.patience_s < inf:
            raise ValueError("patience_s must be a finite number of at least zero.")


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """Read a YAML or TOML file, and FAILBACK_AZURE_*, FAILBACK_VSPHERE_*, FAILBACK_CLOCK_* over it.

    Raises `BadSettings` with all mistakes.
    """
    given, mistakes = read_settings_file(path) if path else ({}, [])
    origins = {name: _origin(name, path, env) for name in SECTIONS}
    azure = _section(AzureSettings, given.get("azure", {}), origins["azure"], mistakes)
    clock = _section(ClockSettings, given.get("clock", {}), origins["clock"], mistakes)
    vsphere = None
    if "vsphere" in given or origins["vsphere"].of_env:
        vsphere = _section(VsphereSettings, given.get("vsphere", {}), origins["vsphere"], mistakes)
    mistakes += [why for made in (azure, vsphere) if made is not None for why in _bad_ca_file(made.ca_file)]
    if mistakes:
        raise BadSettings(*mistakes)
    return Settings(azure, vsphere, clock.poll_s, clock.factor, clock.patience_s)


def _bad_ca_file(name: str | None) -> list[str]:
    """What is wrong with it. Libraries find out late, and say so as if the endpoint could not be reached."""
    if name is None:
        return []
    import ssl

    try:
        ssl.create_default_context(cafile=name)
    except (OSError, ValueError) as broken:
        why = "it has no certificate in PEM form" if isinstance(broken, ssl.SSLError) else reason_of(broken)
        return [f"ca_file is {name}, which cannot be used ({why}). Name the PEM file of the authority."]
    return []


def _origin(section: str, path: Path | None, env: Mapping[str, str]) -> "_Origin":
    prefix = f"FAILBACK_{section.upper()}_"
    of_env = {key.removeprefix(prefix).lower(): value.strip() for key, value in env.items() if key.startswith(prefix)}
    return _Origin(section, str(path) if path else "the environment", of_env)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a section's values come from, for messages."""

    section: str
    file: str
    of_env: Mapping[str, str]

    @property
    def prefix(self) -> str:
        return f"FAILBACK_{self.section.upper()}_"

    def place(self, key: str) -> str:
        if key in self.of_env:
            return f"the environment: {self.prefix}{key.upper()}"
        return f"{self.file}: {self.section}" + (f".{key} (or {self.prefix}{key.upper()})" if key else "")


def _section(kind: Any, written: Mapping[str, Any], origin: _Origin, mistakes: list[str]) -> Any:
    """One section as its settings object; what is wrong is added to `mistakes`, and then the value means nothing."""
    mistakes += [_secret(origin, key) for key in written if key.casefold() in SECRETS]
    values = {key: value for key, value in written.items() if key.casefold() not in SECRETS} | dict(origin.of_env)
    known = [f.name for f in fields(kind)]
    offered = ", ".join(name for name in known if name not in SECRETS)
    mistakes += [
        f"{origin.place(key)} is not known; the known keys are {offered}." for key in values if key not in known
    ]
    wrong, made = _validated(kind, {key: value for key, value in values.items() if key in known})
    wrong += [(str(path[0]), f"is out of bounds: {why}.") for path, why in beyond(made, origin.section)]
    mistakes += [f"{origin.place(key)} {why}" for key, why in wrong]
    return made


def _validated(kind: Any, values: Mapping[str, Any]) -> tuple[list[tuple[str, str]], Any]:
    from pydantic import TypeAdapter, ValidationError

    try:
        return [], TypeAdapter(kind).validate_python(dict(values))
    except ValidationError as wrong:
        # Nothing that was given is repeated: it may be a secret.
        return [(str(e["loc"][0]) if e["loc"] else "", _plainly(e)) for e in wrong.errors(include_input=False)], None


def _plainly(error: Any) -> str:
    if error["type"] in ("missing", "missing_argument"):
        return "is missing."
    return f"is wrong: {str(error['msg']).removeprefix('Value error, ').removesuffix('.')}."


def _secret(origin: _Origin, key: str) -> str:
    return (
        f"{origin.file}: {origin.section}.{key} is a secret, and a file is copied and kept. Remove it there, change it "
        f"if it was shared, and set {origin.prefix}{key.upper()} in the environment instead."
    )
