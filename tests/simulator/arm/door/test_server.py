import socket
import threading
from http.client import HTTPConnection
from typing import Any

import pytest
import requests

from failback.simulator.arm import ArmMock, serve


def test_nothing_is_left_when_the_server_ends(arm: ArmMock) -> None:
    before = set(threading.enumerate())
    with serve(arm) as served:
        assert served.ca_file is not None
        assert requests.get(f"{served.base_url}/failback/clock", verify=str(served.ca_file), timeout=5).ok
    assert set(threading.enumerate()) <= before
    assert not served.ca_file.exists()
    with socket.socket() as probe:
        assert probe.connect_ex((served.host, served.port)) != 0


def test_it_listens_to_this_machine_only_unless_told_otherwise(arm: ArmMock) -> None:
    with serve(arm) as served:
        assert served.host == "127.0.0.1"


def test_without_tls_there_is_no_authority(arm: ArmMock) -> None:
    with serve(arm, tls=False) as served:
        assert served.ca_file is None
        assert requests.get(f"{served.base_url}/failback/clock", timeout=5).json()["mode"] == "step"


def test_a_stranger_is_not_trusted(arm: ArmMock) -> None:
    with serve(arm) as served, pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{served.base_url}/failback/clock", timeout=5)


def test_one_connection_takes_many_requests(arm: ArmMock) -> None:
    with serve(arm, tls=False) as served:
        line = HTTPConnection(served.host, served.port, timeout=5)
        for _ in range(20):
            line.request("GET", "/failback/clock")
            port = line.sock.getsockname()[1]
            assert line.getresponse().read()
            assert line.sock is not None
            assert line.sock.getsockname()[1] == port
        line.close()


def test_a_chunked_body_is_read(call: Any, failover_body: Any) -> None:
    import json

    path = f"{call.item_path('sql0')}/unplannedFailover?api-version=2025-08-01"
    headers = {"Content-Type": "application/json"}
    with serve(call.arm, tls=False) as served:
        pieces = (json.dumps(failover_body).encode()[n : n + 10] for n in range(0, 200, 10))
        answer = requests.post(served.base_url + path, data=pieces, headers=headers, timeout=5)
    assert answer.status_code == 202


def test_a_body_that_is_too_large_is_answered_and_the_server_lives_on(arm: ArmMock) -> None:
    with serve(arm, tls=False) as served:
        url, headers = f"{served.base_url}/failback/reset", {"Content-Type": "application/json"}
        assert requests.post(url, data=b"x" * 10_000_000, headers=headers, timeout=10).status_code == 413
        assert requests.get(f"{served.base_url}/failback/clock", timeout=5).ok


def test_a_doubled_header_arrives_twice(call: Any, failover_body: Any) -> None:
    path = f"{call.item_path('sql0')}/unplannedFailover?api-version=2025-08-01"
    with serve(call.arm, tls=False) as served:
        answer = requests.post(served.base_url + path, json=failover_body, timeout=5)
        ids = answer.raw.headers.getlist("x-ms-request-id")
    assert len(ids) == 2
    assert answer.headers["Location"].startswith(served.base_url)


def test_operations_are_followed_at_another_name_of_this_machine(call: Any, failover_body: Any) -> None:
    path = f"{call.item_path('sql0')}/unplannedFailover?api-version=2025-08-01"
    with serve(call.arm, operations_host="localhost") as served:
        assert served.ca_file is not None
        answer = requests.post(served.base_url + path, json=failover_body, verify=str(served.ca_file), timeout=5)
        status = answer.headers["Azure-AsyncOperation"]
        assert status.startswith(f"https://localhost:{served.port}/Subscriptions/")
        assert answer.headers["Location"].startswith(f"https://localhost:{served.port}/Subscriptions/")
        assert requests.get(status, verify=str(served.ca_file), timeout=5).json()["status"] == "InProgress"
        requests.post(f"{served.base_url}/failback/reset", json={}, verify=str(served.ca_file), timeout=5)
        again = requests.post(served.base_url + path, json=failover_body, verify=str(served.ca_file), timeout=5)
    assert again.headers["Location"].startswith(f"https://localhost:{served.port}/")


def test_many_clients_at_once_see_one_world(call: Any) -> None:
    path, codes = call.item_path("sql0"), []

    def look(base_url: str) -> None:
        for _ in range(20):
            codes.append(requests.get(f"{base_url}{path}?api-version=2025-08-01", timeout=10).status_code)

    with serve(call.arm, tls=False) as served:
        threads = [threading.Thread(target=look, args=(served.base_url,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert codes == [200] * 120


def test_a_taken_port_is_an_error_and_leaves_nothing(arm: ArmMock) -> None:
    before = set(threading.enumerate())
    with serve(arm, tls=False) as served, pytest.raises(OSError, match="in use"), serve(arm, port=served.port):
        pass
    assert set(threading.enumerate()) <= before
