"""Heartbeats as the obvious model has them, to measure the real ones against: a process each, an event per beat."""

from collections.abc import Callable, Generator
from typing import Any

import simpy

from failback.simulator import SILENT_S, Site
from failback.simulator.heartbeats import HEARTS, WATCHED


class EagerHeartbeats:
    """Each heart notes when it beats; one of a watched server that finds itself silent for too long says so."""

    def __init__(self, site: Site, hear_silence: Callable[[], object]) -> None:
        self._site, self._hear_silence = site, hear_silence
        self._last_s: dict[tuple[str, str], float] = {}
        self._reported: set[str] = set()
        estate = site.estate
        servers = estate.process_servers, estate.master_targets, estate.appliances, estate.configuration_servers
        for mapping in (estate.virtual_machines, *servers):
            for name, part in mapping.items():
                for fact in HEARTS[type(part)]:
                    site.env.process(self._beat(mapping, name, fact))

    def _beat(self, mapping: Any, name: str, fact: str) -> Generator[simpy.Event, Any, None]:
        env, period_s = self._site.env, self._site.parameters.heartbeat_period_s
        yield env.timeout(self._site.chance.stream("heartbeat", name, fact).random() * period_s)
        while True:
            part = mapping[name]
            if getattr(part, fact) is True:
                self._last_s[name, fact] = env.now
                self._reported.discard(name)
            elif isinstance(part, WATCHED) and name not in self._reported and self._is_silent(name, fact):
                self._reported.add(name)
                self._hear_silence()
            yield env.timeout(period_s)

    def _is_silent(self, name: str, fact: str) -> bool:
        return self._site.env.now - self._last_s.get((name, fact), -SILENT_S) >= SILENT_S

    def is_missed(self, name: str) -> bool:
        """Whether this server is down and nobody knows yet."""
        part = self._site.part(name)
        return isinstance(part, WATCHED) and part.up is False and not self._is_silent(name, "up")


class NoHeartbeats:
    """None at all: what goes down is known at once."""

    def __init__(self, site: Site, hear_silence: Callable[[], object]) -> None:
        """Nothing beats."""

    def is_missed(self, name: str) -> bool:  # noqa: ARG002  (as the real ones are asked)
        """Nothing is."""
        return False
