"""A vault and a vCenter that write down what comes, and the environment of a person who has named them."""

import sys
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from failback.adapters import DATACENTER, SoapProxy
from failback.adapters.vsphere_rim import READS
from failback.scenarios.cli import run
from failback.simulator.arm import ArmMock, Response, Served

STORY: Final = "snapshot_is_deleted_by_failback"
LIVE_NAME: Final = "live.example"
"""A name of this computer's own address that the program does not know."""


@dataclass
class Site:
    """A vault and a vCenter that write down what arrives. `says`: whether the vault says that it is a mock."""

    proxy: SoapProxy
    served: Served
    mock: ArmMock
    says: bool = True
    asked: list[tuple[str, str]] = field(default_factory=list)

    def changes(self) -> list[str]:
        """What arrived and was no read, at either."""
        vault = [f"{method} {url}" for method, url in self.asked if method not in ("GET", "HEAD")]
        return vault + sorted(set(self.proxy.methods) - READS)

    def vcenter(self, host: str = "127.0.0.1") -> str:
        """Its address as FAILBACK_VCSIM takes it."""
        at = self.proxy.settings
        return f"https://{at.user}:{at.password}@{host}:{at.port}/sdk"


def listen(site: Site) -> None:
    handle = site.mock.handle

    def heard(method: str, url: str, headers: Any, body: bytes) -> Response:
        site.asked.append((method, url))
        answer = handle(method, url, headers, body)
        kept = [each for each in answer.headers if site.says or each[0] != "x-failback-mock"]
        return replace(answer, headers=tuple(kept))

    site.mock.handle = heard  # type: ignore[method-assign]  # the door calls it by its name


def environment(site: Site) -> dict[str, str]:
    at = site.proxy.settings
    azure = {"SUBSCRIPTION": site.mock.subscription, "RESOURCE_GROUP": site.mock.resource_group}
    azure |= {"VAULT": site.mock.vault_name, "CREDENTIAL": "token", "TOKEN": "t", "READS_PER_S": "1000"}
    azure |= {"BASE_URL": site.served.base_url, "CA_FILE": str(site.served.ca_file)}
    vsphere = {"HOST": at.host, "PORT": str(at.port), "USER": at.user, "PASSWORD": at.password, "WITHIN": DATACENTER}
    vsphere |= {"CA_FILE": str(at.ca_file)}
    clock = {"POLL_S": "0.05", "FACTOR": "2000"}
    sections = {"AZURE": azure, "VSPHERE": vsphere, "CLOCK": clock}
    return {f"FAILBACK_{name}_{key}": value for name, keys in sections.items() for key, value in keys.items()}


def failback(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """The exit code of this command, typed in this process."""
    monkeypatch.setattr(sys, "argv", ["failback", *arguments])
    return run()
