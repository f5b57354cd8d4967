"""A vCenter that other tools have filled, saved and served again, and a vault that protects two of its machines."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from failback.adapters import AzureSettings, Settings, SoapProxy, find_vcsim, open_proxy, start_vcsim
from failback.scenarios.estates.command import ImportRequest, imported
from failback.scenarios.files.loader import load_default_durations, load_estate
from failback.scenarios.files.schema import Scenario
from failback.scenarios.servers.mock_server import mock_of
from failback.simulator.arm import ArmMock, Response, Served, serve

SAVED = Path(__file__).parents[2] / "adapters" / "importing" / "saved" / "vcsim-site.zip"
ESTATE = """\
link: {bandwidth_mbit_per_s: 500}
virtual_machines:
  - {name: DC0_C0_RP0_VM0, os: linux, architecture: modernised, host: esx, datastore: gold,
     disks: [{size_gib: 10}, {size_gib: 30}]}
  - {name: web, os: linux, architecture: modernised, host: esx, datastore: gold, at: failover_committed,
     disks: [{size_gib: 16}]}
hosts: [{name: esx, datastores: [gold]}]
datastores: [{name: gold, capacity_gib: 4096}]
appliances: [{name: box, host: esx, datastore: gold}]
"""
OTHERS = ("HyperVReplicaAzure", "A2A")
Answer = Callable[[str, Response], Response]


def _as_it_is(_: str, response: Response) -> Response:
    return response


@dataclass
class Site:
    """Both endpoints. `answer` may change what the mock answers; `asked` are the methods and paths of requests."""

    mock: ArmMock
    served: Served
    proxy: SoapProxy
    folder: Path
    answer: Answer = _as_it_is
    asked: list[tuple[str, str]] = field(default_factory=list)
    page_size: int = 0

    @property
    def settings(self) -> Settings:
        mock = self.mock
        where = mock.subscription, mock.resource_group, mock.vault_name, self.served.base_url
        azure = AzureSettings(*where, credential="token", token="t", ca_file=str(self.served.ca_file), reads_per_s=1000)
        return Settings(azure, self.proxy.settings)

    def forget(self) -> None:
        """What was asked, and what was to be answered."""
        self.answer, self.mock.state.context.page_size = _as_it_is, self.page_size
        self.asked.clear()
        self.proxy.methods.clear()

    def imported(self, *paths: Path, settings: Settings | None = None) -> dict[str, Any]:
        request = ImportRequest(paths, Path("e.yaml"), 500, world="azure", settings=settings or self.settings)
        return imported(request)


@contextmanager
def live_site(folder: Path) -> Iterator[Site]:
    saved = folder / "vcsim-127.0.0.1"
    with ZipFile(SAVED) as archive:
        archive.extractall(saved)
    source = find_vcsim()
    assert source.binary is not None
    mock = vault_of(folder)
    with (
        start_vcsim(source.binary, arguments=("-load", str(saved))) as running,
        open_proxy(running.settings()) as proxy,
        serve(mock) as served,
    ):
        site = Site(mock, served, proxy, saved, page_size=mock.state.context.page_size)
        listen(site)
        yield site


def vault_of(folder: Path) -> ArmMock:
    file = folder / "vault-estate.yaml"
    file.write_text(ESTATE, encoding="utf-8")
    return mock_of(Scenario("site", load_estate(file), load_default_durations()), "step")


def listen(site: Site) -> None:
    handle = site.mock.handle

    def heard(method: str, url: str, headers: Any, body: bytes) -> Response:
        site.asked.append((method, url.partition("?")[0]))
        return site.answer(url, handle(method, url, headers, body))

    site.mock.handle = heard  # type: ignore[method-assign]  # the door calls it by its name


def with_others(url: str, response: Response) -> Response:
    """A vault that Hyper-V and Azure-to-Azure share."""
    path = url.partition("?")[0]
    if not path.endswith("/replicationProtectedItems"):
        return response
    body = json.loads(response.body)
    for number, provider in enumerate(OTHERS):
        details = {"friendlyName": f"other-{number}", "providerSpecificDetails": {"instanceType": provider}}
        body["value"].append({"id": f"{path}/o{number}", "properties": details})
    return replace(response, body=json.dumps(body).encode())


def forbidden(*endings: str) -> Answer:
    """403 for paths that end so."""
    error = {"error": {"code": "AuthorizationFailed", "message": "The client does not have authorization."}}

    def answer(url: str, response: Response) -> Response:
        if url.partition("?")[0].endswith(endings):
            return Response(403, (("Content-Type", "application/json"),), json.dumps(error).encode())
        return response

    return answer
