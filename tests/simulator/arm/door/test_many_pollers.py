"""Two hundred clients poll one server while others ask for things: no error, and no update is lost."""

import threading
from typing import Any

import requests

from failback.simulator.arm import serve

POLLERS = 200
LOOKS = 5


def test_two_hundred_pollers_see_every_update(
    make_call: Any, make_world: Any, make_estate: Any, failover_body: Any
) -> None:
    call = make_call(make_world(make_estate(classic=40, modernised=0)))
    paths = [call.item_path(f"sql{n}") for n in range(40)]
    codes: list[int] = []
    lock = threading.Lock()

    def work(base_url: str, number: int) -> None:
        path = paths[number % len(paths)]
        with requests.Session() as session:
            seen = []
            if number < len(paths):
                url = f"{base_url}{path}/unplannedFailover?api-version=2025-08-01"
                seen.append(session.post(url, json=failover_body, timeout=30).status_code)
            for _ in range(LOOKS):
                seen.append(session.get(f"{base_url}{path}?api-version=2025-08-01", timeout=30).status_code)
        with lock:
            codes.extend(seen)

    with serve(call.arm, tls=False) as served:
        threads = [threading.Thread(target=work, args=(served.base_url, number)) for number in range(POLLERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert codes.count(200) == POLLERS * LOOKS
    assert codes.count(202) == len(paths)
    assert len(codes) == POLLERS * LOOKS + len(paths)
    failed_over = [job for job in call.arm.world.vault.jobs.values() if job.operation is not None]
    assert len(failed_over) == len(paths)
