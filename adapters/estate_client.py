"""Reads of Azure Resource Manager at the pace that it allows: GET and nothing else.

A subscription has a budget of reads that all its users share. A check of hundreds of items reads each one by itself, so
it keeps to `reads_per_s`, and slows down when the service says that little of the budget is left.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from azure.core.rest import HttpRequest

from .answer_headers import date_of, whole_number
from .settings import AzureSettings
from .site_recovery_client import API_VERSION, SiteRecoveryClient
from .translation import Json, parts, text

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
REMAINING: Final = ("x-ms-ratelimit-remaining-subscription-reads", "x-ms-ratelimit-remaining-subscription-global-reads")
RESERVE: Final = 50
"""Reads of the budget that are left to others: below, we wait between two reads."""
WAIT_S: Final = 1.0
"""Seconds between two reads while others need the rest."""
PAGES_MAX: Final = 1000


class Pace:
    """Lets a read go when it may. `wall` and `sleep` are the clock's."""

    def __init__(
        self,
        reads_per_s: float,
        wall: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._gap_s, self._wall, self._sleep = 1.0 / reads_per_s, wall, sleep
        self._next_s, self._low = 0.0, False

    def wait(self) -> None:
        """Wait until the next read may go."""
        now_s = self._wall()
        if self._next_s > now_s:
            self._sleep(self._next_s - now_s)
        self._next_s = max(now_s, self._next_s) + (WAIT_S if self._low else self._gap_s)

    def note_limits(self, headers: Any) -> None:
        """Learn from an answer how much of the budget is left."""
        left = [left for name in REMAINING if (left := whole_number(headers.get(name))) is not None]
        if left:
            self._low = min(left) < RESERVE


class EstateClient(SiteRecoveryClient):
    """The same client, paced, with reads of resources by their ids.

    `retries`: how often a read is sent again by the SDK; as often as it likes when left out.
    """

    def __init__(self, settings: AzureSettings, pace: Pace | None = None, retries: int | None = None) -> None:
        super().__init__(settings)
        self._how: dict[str, Any] = {} if retries is None else {"retry_total": retries}
        self._pace = pace or Pace(settings.reads_per_s)
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
        self._pace.wait()
        response = self._sdk.send_request(HttpRequest("GET", path, params=params), **self._how)
        self._pace.note_limits(response.headers)
        response.raise_for_status()
        self.server_time = date_of(response.headers) or self.server_time
        body = response.json()
        if not isinstance(body, dict):
            raise ValueError(f"{type(body).__name__} where an object belongs")
        return body
