"""Where a vCenter is and how to log in to it."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from .liveness import Endpoint, is_loopback
from .redaction import CONTROL, remember_secret

MALFORMED: Final = (
    "FAILBACK_VCSIM is not of the form https://user:password@host:port/sdk. In user and password, characters such as / "
    "and @ are written as %2F and %40. Correct it, or unset it."
)


@dataclass(frozen=True, slots=True)
class VsphereSettings:
    """Address, login and patience. Raises `ValueError` when verification is switched off for anything but loopback."""

    host: str
    """Name or address of the vCenter."""
    user: str
    """Login name."""
    password: str = field(repr=False)
    """Password; never shown."""
    port: int = 443
    """TCP port."""
    ca_file: str | None = None
    """PEM file of the authority that signed the certificate; the system's authorities when None."""
    verify: bool = True
    """Whether the certificate is verified; False is legal on loopback only."""
    tunnel: bool = False
    """Whether an address of this computer leads to a live vCenter elsewhere; then nothing is changed there."""
    within: str | None = None
    """Inventory path of the datacenter or folder looked into (`DC1`, `DC1/vm/Prod`); everything when None."""
    site_recovery_account: str | None = None
    """Name of the account that the configuration server or appliance has stored; its privileges are judged (R10)."""
    connect_timeout_s: float = 10.0
    """Seconds to wait for the first answer."""
    read_timeout_s: float = 120.0
    """Seconds to wait for any later answer."""

    def __post_init__(self) -> None:
        remember_secret(self.password)
        if CONTROL.search(self.password):
            raise ValueError(
                "The password contains a control character, such as a line end. Set it again without this character."
            )
        if not self.verify and not is_loopback(self.host):
            raise ValueError(
                f"The settings switch certificate verification off for {self.host}, which is not on this computer. "
                "Name the file of the authority that signed its certificate (ca_file) instead."
            )

    @property
    def address(self) -> str:
        """Host and port, for messages."""
        return f"{self.host}:{self.port}"

    @property
    def where(self) -> Endpoint:
        """The endpoint, for the judgement whether it is live."""
        return Endpoint("vCenter", self.address, self.host, self.tunnel)


def settings_from_url(url: str, within: str | None = None) -> VsphereSettings:
    """Settings of `https://user:password@host:port/sdk`, as vcsim prints it; not verified on loopback.

    Raises `ValueError` when it is not such an address. The message never holds the password.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 443
    except ValueError:  # its text quotes what it takes for the port: of a password with a / in it, the password
        raise ValueError(MALFORMED) from None
    if parts.scheme != "https" or not host:
        raise ValueError(MALFORMED)
    return VsphereSettings(
        host=host,
        user=unquote(parts.username or "user"),
        password=unquote(parts.password or "pass"),
        port=port,
        verify=not is_loopback(host),
        within=within,
    )
