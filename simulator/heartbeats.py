"""Heartbeats: worked out when somebody asks for one or when a heart stops, never simulated one by one.

A heart is a fact of a part: a process server that is up, an agent that is registered. Each beats on a grid of its own:
one period for the whole site, a phase from its own stream of chance. What starts beats at once. So the last beat of
what is up is the last point of the grid until now, and that of what went down the last one before that instant.
"""

from collections.abc import Callable, Mapping
from functools import partial
from math import floor
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from failback.reprotect import Appliance, ConfigurationServer, MasterTarget, ProcessServer, Unknown, VirtualMachine

if TYPE_CHECKING:  # production reads SILENT_S, and has no SimPy
    from .site import Site

Heart: TypeAlias = tuple[str, str]
"""A part's name and the fact that says whether this heart of it beats."""
SILENT_S: Final = 900.0
"""Without a beat for so long a process server has an error [documented, 806], a master target too [inferred, 78022]."""
LONG_AGO_S: Final = 3600.0
"""What is down from the start was last heard so long before it, at most a period more (ours)."""
_ROUNDING_S: Final = 1e-6
"""A timer may ring this much early, by rounding."""
HEARTS: Final[Mapping[type, tuple[str, ...]]] = {
    VirtualMachine: ("agent_registered",),
    ProcessServer: ("up",),
    MasterTarget: ("up",),
    Appliance: ("healthy",),
    ConfigurationServer: ("up", "connected", "vcenter_connected"),
}
"""The hearts of each kind of part, its own first; then its provider and its vCenter."""
WATCHED: Final = (ProcessServer, MasterTarget)
"""Parts of which nobody knows but by their beats that they are down."""
CARRIERS: Final = (*WATCHED, Appliance)
"""Parts that data passes: where one goes down or comes back, items' health may change."""


class Heartbeats:
    """When each heart beat last, and a timer for each watched part that falls silent.

    `hear`: called when the vault may know something new of a part that data passes.
    """

    def __init__(self, site: "Site", hear: Callable[[], object]) -> None:
        self._site, self._hear = site, hear
        self._seen = {name: part for mapping in self._mappings() for name, part in mapping.items()}
        self._began_s: dict[Heart, float] = {}
        self._stopped: dict[Heart, tuple[float, float]] = {}
        self._phases_s: dict[Heart, float] = {}
        site.on_change(self._on_change)

    # What is seen

    def last_s(self, name: str, fact: str | None = None) -> float | None:
        """The virtual second of a heart's last beat; None where nobody knows whether it beats. `fact`: its own heart.

        A name of the service itself, given with a fact, beats for ever. Raises KeyError for it without one.
        """
        beats, heart = self.beats(name, fact), (name, fact or self._own_fact(name))
        if not isinstance(beats, bool):
            return None
        if beats:
            return max(self._point_s(heart, self._site.env.now), self._began_s.get(heart, -LONG_AGO_S))
        return self._last_before_s(heart) if heart in self._stopped else self._point_s(heart, -LONG_AGO_S)

    def before_s(self, name: str, instant_s: float) -> float:
        """The last point of its own heart's grid before this instant, whether it beat then or not."""
        point_s = self._point_s((name, self._own_fact(name)), instant_s)
        return point_s if point_s < instant_s else point_s - self._site.parameters.heartbeat_period_s

    def beats(self, name: str, fact: str | None = None) -> bool | Unknown | None:
        """Whether this heart goes on beating, as far as somebody knows."""
        beats: bool | Unknown | None = getattr(self._part(name), fact or self._own_fact(name), True)
        return beats

    def _own_fact(self, name: str) -> str:
        return HEARTS[type(self._part(name))][0]

    def is_silent(self, name: str) -> bool:
        """Whether this part is down and has not been heard for 15 minutes, so that the vault knows that it is down."""
        last_s = self.last_s(name) if self.beats(name) is False else None
        return last_s is not None and self._site.env.now - last_s > SILENT_S - _ROUNDING_S

    def is_missed(self, name: str) -> bool:
        """Whether this part is down and the vault does not know yet."""
        part = self._part(name)
        return isinstance(part, WATCHED) and part.up is False and not self.is_silent(name)

    # Grids

    def _last_before_s(self, heart: Heart) -> float:
        """The last beat before it stopped; where it began in that very instant, a period earlier."""
        began_s, stopped_s = self._stopped[heart]
        last_s = max(self._point_s(heart, stopped_s), began_s)
        return last_s if last_s < stopped_s else stopped_s - self._site.parameters.heartbeat_period_s

    def _point_s(self, heart: Heart, until_s: float) -> float:
        """The last point of its grid until this instant."""
        period_s, phase_s = self._site.parameters.heartbeat_period_s, self._phase_s(heart)
        return min(until_s, phase_s + floor((until_s - phase_s) / period_s) * period_s)

    def _phase_s(self, heart: Heart) -> float:
        if heart not in self._phases_s:
            share = self._site.chance.stream("heartbeat", *heart).random()
            self._phases_s[heart] = share * self._site.parameters.heartbeat_period_s
        return self._phases_s[heart]

    # What starts and stops

    def _mappings(self) -> tuple[Mapping[str, Any], ...]:
        estate = self._site.estate
        servers = estate.process_servers, estate.master_targets, estate.appliances, estate.configuration_servers
        return estate.virtual_machines, *servers

    def _part(self, name: str) -> Any:
        return next((mapping[name] for mapping in self._mappings() if name in mapping), None)

    def _on_change(self, name: str) -> None:
        part = self._part(name)
        before = self._seen.get(name, part)
        if part is not None:
            self._seen[name] = part
        for fact in HEARTS.get(type(part), ()):
            now_beats, beat = getattr(part, fact), getattr(before, fact)
            if now_beats is True and beat is not True:
                self._begin((name, fact))
            elif beat is True and now_beats is not True:
                self._stop((name, fact))
        if isinstance(part, CARRIERS) and self._is_down(part) is not self._is_down(before):
            self._hear()

    def _is_down(self, part: Any) -> bool:
        return getattr(part, HEARTS[type(part)][0]) is False

    def _begin(self, heart: Heart) -> None:
        self._began_s[heart] = self._site.env.now
        self._stopped.pop(heart, None)

    def _stop(self, heart: Heart) -> None:
        """Only the instants are noted: its last beat is worked out when somebody asks, or where silence is an error."""
        self._stopped[heart] = self._began_s.get(heart, -LONG_AGO_S), self._site.env.now
        if isinstance(self._part(heart[0]), WATCHED):
            self._await_silence(heart, self._last_before_s(heart) + SILENT_S)

    def _await_silence(self, heart: Heart, silent_s: float) -> None:
        env = self._site.env
        timer = env.timeout(max(0.0, silent_s - env.now))
        assert timer.callbacks is not None
        timer.callbacks.append(partial(self._fall_silent, heart, silent_s))

    def _fall_silent(self, heart: Heart, silent_s: float, _: object) -> None:
        """Unless it came back meanwhile: then it beat last at another instant, or beats."""
        if heart in self._stopped and self._last_before_s(heart) + SILENT_S == silent_s:
            self._hear()
