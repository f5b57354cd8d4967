"""Reads of Azure Resource Manager at the pace that it allows: GET and nothing else."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar

from azure.core.rest import HttpRequest

from .answer_headers import date_of
from .at_once import at_once
from .pace import Pace
from .settings import AzureSettings
from .sign_in import SharedSignIn, SignIn
from .site_recovery_client import API_VERSION, SiteRecoveryClient
from .translation import Json, parts, text
from .turns import Turns

COMPUTE_VERSION: Final = "2024-07-01"
DISKS_VERSION: Final = "2023-10-02"
NETWORK_VERSION: Final = "2024-05-01"
RESOURCES_VERSION: Final = "2021-04-01"
IN_GROUPS: Final = {
    "virtualmachines": ("Microsoft.Compute/virtualMachines", COMPUTE_VERSION),
    "disks": ("Microsoft.Compute/disks", DISKS_VERSION),
    "networkinterfaces": ("Microsoft.Network/networkInterfaces", NETWORK_VERSION),
    "publicipaddresses": ("Microsoft.Network/publicIPAddresses", NETWORK_VERSION),
}
"""What is listed by resource group: by the kind in lower case, its path and the version of its interface."""
PAGES_MAX: Final = 1000
AT_ONCE: Final = 8
"""Single reads under way at a time (ours): where one takes 0.3 s, they keep up with the 25 that come back each second.
"""

T = TypeVar("T")
R = TypeVar("R")


class EstateClient(SiteRecoveryClient):
    """The same client, paced, with reads of resources by their ids.

    `retries`: how often a read is sent again by the SDK; as often as it likes when left out. `sign_in`: what gives the
    tokens; by the settings when left out.
    """

    def __init__(
        self,
        settings: AzureSettings,
        pace: Pace | None = None,
        retries: int | None = None,
        sign_in: SignIn | None = None,
    ) -> None:
        self._pace = pace or Pace(settings.reads_per_s)
        self._turns = Turns(self._pace)
        super().__init__(settings, sign_in, self._turns)
        self._retries = retries
        self._how: dict[str, Any] = {} if retries is None else {"retry_total": retries}
        self.server_time: datetime | None = None
        """When it was at the vault, by the date of its newest answer."""

    def below_vault(self, kind: str) -> tuple[Json, ...]:
        """All resources of a kind of this vault, for instance replicationFabrics."""
        path = self._child(kind, "").rstrip("/")
        return self._of_vault(f"the {kind}", lambda: self._pages(path, {"api-version": API_VERSION}))

    def vault_resource(self, kind: str) -> Json:
        """The one resource of a kind that a vault has, for instance replicationVaultHealth. Raises `ResourceAbsent`."""
        return self.resource(self._child(kind, "").rstrip("/"))

    def below(self, arm_id: str, kind: str) -> tuple[Json, ...]:
        """All resources of a kind below another."""
        return self._read(f"the {kind}", lambda: tuple(self._pages(f"{arm_id}/{kind}", {"api-version": API_VERSION})))

    def resource(self, arm_id: str) -> Json:
        """One resource of the vault by its id. Raises `ResourceAbsent`."""
        return self._read(arm_id, lambda: self._one(arm_id, {"api-version": API_VERSION}))

    def machine(self, arm_id: str) -> Json:
        """One Azure virtual machine with its instance view. Raises `ResourceAbsent`."""
        params = {"api-version": COMPUTE_VERSION, "$expand": "instanceView"}
        return self._read(f"the virtual machine {arm_id}", lambda: self._one(arm_id, params))

    def interfaces(self, group: str) -> tuple[Json, ...]:
        """All network interfaces of a resource group, by the group's id. Raises `ResourceAbsent`."""
        return self.in_group(group, "networkinterfaces")

    def in_group(self, group: str, kind: str) -> tuple[Json, ...]:
        """All resources of a kind in a resource group, by the group's id. Raises `ResourceAbsent`."""
        provider, version = IN_GROUPS[kind]
        path, params = f"{group}/providers/{provider}", {"api-version": version}
        return self._read(f"the {kind} of {group}", lambda: tuple(self._pages(path, params)))

    def machines_named(self, name: str) -> tuple[Json, ...]:
        """Virtual machines of this name anywhere in the subscription."""
        quoted = name.replace("'", "''")
        asked = f"resourceType eq 'Microsoft.Compute/virtualMachines' and name eq '{quoted}'"
        params = {"api-version": RESOURCES_VERSION, "$filter": asked}
        path = f"/subscriptions/{self._settings.subscription}/resources"
        return self._read(f"the virtual machines named {name}", lambda: tuple(self._pages(path, params)))

    def at_once(self, read: Callable[["EstateClient", T], R], of: Sequence[T]) -> list[R]:
        """What `read` gives for each, in this order, with several under way. Raises the first failure that comes.

        Each thread has a client of its own: the SDK's transport is not made to be shared (azure-core says so).
        """
        if len(of) <= 1:
            return [read(self, one) for one in of]
        sign_in = SharedSignIn(self._sign_in)
        clients = [EstateClient(self._settings, self._pace, self._retries, sign_in) for _ in of[:AT_ONCE]]
        try:
            return at_once(read, of, clients)
        finally:
            told = (each.server_time for each in (self, *clients))
            self.server_time = max(filter(None, told), default=None)
            for each in clients:
                each.close()

    def close(self) -> None:
        """Give the connections back. A read of another thread that has not been sent is not sent any more."""
        self._turns.end()
        super().close()

    def _pages(self, path: str, params: dict[str, str]) -> Iterator[Json]:
        for _ in range(PAGES_MAX):
            page = self._one(path, params)
            if not isinstance(page.get("value"), list):
                raise ValueError("a page of a list has no value")  # else its machines would be lost in silence
            yield from parts(page, "value")
            path, params = text(page.get("nextLink")), {}
            if not path:
                return
        raise ValueError(f"the list has more than {PAGES_MAX} pages")

    def _one(self, path: str, params: dict[str, str]) -> Json:
        response = self._sdk.send_request(HttpRequest("GET", path, params=params), **self._how)
        response.raise_for_status()
        self.server_time = date_of(response.headers) or self.server_time
        body = response.json()
        if not isinstance(body, dict):
            raise ValueError(f"{type(body).__name__} where an object belongs")
        return body
