"""How long the arithmetic of shared links takes, plain and compiled, beside the obvious model. Prints a table.

python benchmarks/network.py

All in one run, best of some rounds, compiled figures after the first call. The obvious model moves chunks of 512 MB
through SimPy's resources, link after link, each link a queue of one chunk at a time.
"""

import time
from collections.abc import Callable, Generator, Sequence
from math import log
from random import Random
from typing import Any

import simpy
from drill import scenario_of

from failback.reprotect import Operation
from failback.scenarios.files.schema import Scenario
from failback.scenarios.run.player import play
from failback.simulator import World
from failback.simulator.network import Flow, finish_times

CHUNK_BYTES = 512e6
LINKS = {
    **{f"process_server_{n}": 40e6 for n in range(4)},
    "vpn": 125e6,
    **{f"master_target_{n}": 50e6 for n in range(4)},
    **{f"datastore_{n}": 20e6 for n in range(8)},
}
ROUTES = [
    (f"process_server_{p}", "vpn", f"master_target_{m}", f"datastore_{d}")
    for p in range(4)
    for m in range(4)
    for d in range(8)
]
"""128 classes: 4 process servers, one VPN, 4 master targets, 8 datastores."""


def flows_of(count: int) -> list[Flow]:
    """So many disks of 5 to 95 GB that come home over all routes; they begin within the time they need altogether."""
    random = Random(count)
    span_s = count * 50e9 / LINKS["vpn"]
    return [Flow(random.uniform(0, span_s), random.uniform(5e9, 95e9), ROUTES[n % len(ROUTES)]) for n in range(count)]


def chunked(flows: Sequence[Flow]) -> list[float]:
    """The obvious model: a process per flow, a resource per link, a chunk at a time on each."""
    env = simpy.Environment()
    links = {name: simpy.Resource(env) for name in LINKS}
    ends = [0.0] * len(flows)

    def cross(chunk_bytes: float, route: Sequence[str]) -> Generator[simpy.Event, Any, None]:
        for link in route:
            with links[link].request() as turn:
                yield turn
                yield env.timeout(chunk_bytes / LINKS[link])

    def run(n: int, flow: Flow) -> Generator[simpy.Event, Any, None]:
        yield env.timeout(flow.start_s)
        left = flow.size_bytes
        while left > 0:
            yield from cross(min(CHUNK_BYTES, left), flow.route)
            left -= CHUNK_BYTES
        ends[n] = env.now

    for n, flow in enumerate(flows):
        env.process(run(n, flow))
    env.run()
    return ends


def best_s(rounds: int, work: Callable[[], object]) -> float:
    """The best of some rounds, in seconds."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def line(what: str, measured: str, wanted: str) -> None:
    """One row of the table."""
    print(f"{what:64} {measured:>12}   wanted {wanted}")


def compare_with_chunks() -> None:
    """Plain and obvious at 1,000 flows."""
    flows = flows_of(1_000)
    plain_s, chunked_s = best_s(3, lambda: finish_times(LINKS, flows, False)), best_s(1, lambda: chunked(flows))
    line("1,000 flows, plain", f"{plain_s:.3f} s", "")
    line("1,000 flows, chunks of 512 MB through resources", f"{chunked_s:.3f} s", "")
    line("plain, times faster than chunks", f"{chunked_s / plain_s:.1f}", "at least 3")


def grow() -> None:
    """Compiled, from 1,000 to 100,000 flows, after the first call."""
    began = time.perf_counter()
    finish_times(LINKS, flows_of(10), True)
    line("the first compiled call", f"{time.perf_counter() - began:.1f} s", "")
    took_s = {}
    for count in (1_000, 10_000, 100_000):
        flows = flows_of(count)
        took_s[count] = best_s(5 if count < 100_000 else 2, lambda f=flows: finish_times(LINKS, f, True))  # type: ignore[misc]
        line(f"{count:,} flows in 128 classes, compiled", f"{took_s[count]:.4f} s", "0.1 s" if count == 10_000 else "")
    exponent = log(took_s[100_000] / took_s[1_000]) / log(100)
    line("exponent of the cost from 1,000 to 100,000 flows", f"{exponent:.2f}", "at most 1.15")


def replay_drill() -> None:
    """What a drill of 10,000 machines sent over its lines, once more by itself, plain and compiled."""
    links, flows = transfers_of(scenario_of(10_000))
    finish_times(links, flows[:10], True)
    plain_s, compiled_s = (best_s(1, lambda c=c: finish_times(links, flows, c)) for c in (False, True))  # type: ignore[misc]
    what = f"{len(flows):,} transfers of a 10,000-machine drill"
    line(f"{what}, plain", f"{plain_s:.2f} s", "")
    line(f"{what}, compiled", f"{compiled_s:.2f} s", "")
    line("compiled, times faster than plain", f"{plain_s / compiled_s:.0f}", "at least 10")


def transfers_of(scenario: Scenario) -> tuple[dict[str, float], list[Flow]]:
    """Its resyncs as flows: each over its line, by way of the datastore of its machine at 400 MB/s."""
    worlds: list[World] = []
    play(scenario, on_world=worlds.append)
    line_bytes_per_s = scenario.estate.link.bandwidth_mbit_per_s * 1e6 / 8
    links = {"link": line_bytes_per_s, "link_to_azure": line_bytes_per_s}
    links |= dict.fromkeys(scenario.estate.datastores, 400e6)
    lines = {Operation.REPROTECT_TO_ON_PREMISES: "link", Operation.REPROTECT_TO_AZURE: "link_to_azure"}
    machines = scenario.estate.virtual_machines
    done = worlds[0].replicated()
    return links, [Flow(r.began_s, r.line_bytes, (lines[r.operation], machines[r.item].datastore)) for r in done]


def main() -> None:
    """Measure and print."""
    compare_with_chunks()
    grow()
    replay_drill()


if __name__ == "__main__":
    main()
