"""Prints a table of how fast and how large the ASR mock is: `python benchmarks/mock.py`."""

import json
import resource
import socket
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Any

import requests
from rich.console import Console
from rich.table import Table

from failback.reprotect import Appliance, Architecture, Datastore, Disk, Estate, Host, Link, OsFamily, VirtualMachine
from failback.simulator import Duration, World, WorldSpec
from failback.simulator.arm import ArmMock, mock, serve

ITEMS, POLLERS, LOOKS, CALLS = 5000, 200, 20, 500
VAULT = "/subscriptions/s/resourceGroups/g/providers/Microsoft.RecoveryServices/vaults/v"
VERSION = "api-version=2025-08-01"


def mock_of(items: int, clock: str = "step") -> ArmMock:
    """A mock of so many modernised items."""
    names = [f"vm-{n:05}" for n in range(items)]
    machines = {n: _machine(n) for n in names}
    estate = Estate(
        virtual_machines=machines,
        link=Link(1000.0),
        hosts={"esx": Host("esx", ("ds",))},
        datastores={"ds": Datastore("ds")},
        appliances={"box": Appliance("box", "esx", "ds")},
    )
    durations = defaultdict[str, Duration](lambda: Duration(fixed_s=30.0))
    return ArmMock(World(WorldSpec(estate, durations)), epoch=datetime(2026, 1, 1, tzinfo=UTC), clock=clock)


def _machine(name: str) -> VirtualMachine:
    return VirtualMachine(name, OsFamily.LINUX, (Disk(30.0),), Architecture.MODERNISED, host="esx", datastore="ds")


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the wall, and the answer."""
    began_s = time.perf_counter()
    answer = what()
    return time.perf_counter() - began_s, answer


def both(what: Callable[[], Any]) -> tuple[str, Any]:
    """Seconds of the wall and of this process's CPU, which a busy machine does not lengthen much, and the answer."""
    began_s = time.process_time()
    wall_s, answer = timed(what)
    return f"{wall_s:.2f} s, of CPU {time.process_time() - began_s:.2f} s", answer


def median_ms(get: Callable[[], Any]) -> float:
    """Median of many calls."""
    return statistics.median(timed(get)[0] for _ in range(CALLS)) * 1000


def item_path(arm: ArmMock) -> str:
    """The path of the first item."""
    body = json.loads(arm.handle("GET", f"{VAULT}/replicationProtectedItems?{VERSION}", {}, b"").body)
    return str(body["value"][0]["id"])


def single_get() -> list[tuple[str, str, str]]:
    """One client, both doors."""
    arm = mock_of(10)
    path = f"{item_path(arm)}?{VERSION}"
    with mock(arm), requests.Session() as session:
        inside = median_ms(lambda: session.get(f"https://management.azure.com{path}", timeout=5))
    rows = [("single GET, in process", f"{inside:.2f} ms median", "1.5 ms")]
    for tls in (True, False):
        with serve(arm, tls=tls) as served, requests.Session() as session:
            session.trust_env = False
            session.verify = str(served.ca_file) if served.ca_file else True
            get = partial(session.get, f"{served.base_url}{path}", timeout=5)
            rows.append((f"single GET, server, {'TLS' if tls else 'http'}", f"{median_ms(get):.2f} ms median", "5 ms"))
    return rows


def crowded() -> list[tuple[str, str, str]]:
    """One client beside many that hold half of a request."""
    arm = mock_of(10)
    path = f"{item_path(arm)}?{VERSION}"
    with serve(arm, tls=False) as served, ExitStack() as crowd, requests.Session() as session:
        for _ in range(POLLERS):
            line = crowd.enter_context(socket.create_connection((served.host, served.port), timeout=5))
            line.sendall(b"GET / HTTP/1.1\r\n")
        first_s, _ = timed(lambda: session.get(f"{served.base_url}{path}", timeout=60))
        later = median_ms(lambda: session.get(f"{served.base_url}{path}", timeout=60))
    return [(f"GET beside {POLLERS} half-sent requests", f"first {first_s:.2f} s, then {later:.2f} ms median", "1 s")]


def pollers() -> list[tuple[str, str, str]]:
    """Many clients at once."""
    arm = mock_of(POLLERS, clock="poll")
    path, codes = f"{item_path(arm)}?{VERSION}", list[int]()

    def look(base_url: str) -> None:
        with requests.Session() as session:
            for _ in range(LOOKS):
                codes.append(session.get(f"{base_url}{path}", timeout=60).status_code)

    with serve(arm, tls=False) as served:
        threads = [threading.Thread(target=look, args=(served.base_url,)) for _ in range(POLLERS)]
        spent_s, _ = timed(lambda: ([t.start() for t in threads], [t.join() for t in threads]))
    wrong = POLLERS * LOOKS - codes.count(200)
    rate = f"{len(codes) / spent_s:.0f} GET/s, {wrong} errors"
    return [(f"{POLLERS} pollers, {LOOKS} looks each", rate, "0 errors")]


def large() -> list[tuple[str, str, str]]:
    """Many items."""
    made_s, arm = timed(lambda: mock_of(ITEMS))
    listed, count = both(lambda: all_pages(arm_get(arm)))
    kept_s, snapshot = timed(arm.snapshot)
    restored_s, _ = timed(lambda: ArmMock.restored(snapshot))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"{ITEMS} items made", f"{made_s:.2f} s", ""),
        (f"{count} items listed in pages, in process", listed, "2 s"),
        (f"{ITEMS} items listed in pages, by requests over TLS", over_tls(arm), "2 s"),
        (f"{ITEMS} items listed by the Python SDK, which makes objects of them", by_the_sdk(arm), ""),
        (f"snapshot of {ITEMS} items", f"{kept_s * 1000:.2f} ms", "1 s"),
        (f"the snapshot restored: a second mock of {ITEMS} items", f"{restored_s:.2f} s", ""),
        ("memory of this process, at most", f"{memory:.0f} MB", "300 MB"),
    ]


def all_pages(get: Callable[[str], Any], base_url: str = "https://management.azure.com") -> int:
    """How many items all pages have."""
    url, count = f"{base_url}{VAULT}/replicationProtectedItems?{VERSION}", 0
    while url:
        body = get(url)
        count, url = count + len(body["value"]), body["nextLink"]
    return count


def arm_get(arm: ArmMock) -> Callable[[str], Any]:
    """Reads behind no door."""
    return lambda url: json.loads(arm.handle("GET", url, {}, b"").body)


def over_tls(arm: ArmMock) -> str:
    """All pages by a plain client of the server."""
    with serve(arm) as served, requests.Session() as session:
        session.trust_env, session.verify = False, str(served.ca_file)
        took, _ = both(lambda: all_pages(lambda url: session.get(url, timeout=60).json(), served.base_url))
    return took


def by_the_sdk(arm: ArmMock) -> str:
    """All pages by Microsoft's client, in process."""
    from azure.core.credentials import AccessToken
    from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient

    class Anybody:
        def get_token(self, *_: str, **__: Any) -> AccessToken:
            return AccessToken("any", 2**33)

    with mock(arm):
        items = SiteRecoveryManagementClient(Anybody(), "s").replication_protected_items
        took, _ = both(lambda: sum(1 for _ in items.list("g", "v")))
    return took


def main() -> None:
    """Measure and print."""
    table = Table("what", "measured", "wanted", title="the ASR mock")
    for row in (*large(), *single_get(), *crowded(), *pollers()):
        table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main()
