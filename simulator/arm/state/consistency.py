"""How soon a read shows what happened: at once (strong), or so many virtual seconds later (eventual:SECONDS).

Azure Resource Manager promises no read of one's own writes on lists and single reads. Here a copy of the mock hears of
everything `lag_s` later and answers the reads, so that the same requests see the same past. What a client asks of its
own long-running operation is answered from the present, as are the control API and the page for people (ours).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from math import isfinite
from re import Match
from typing import Final, Protocol

from failback.simulator import Refusal, World
from failback.simulator.arm.wire.dates import SECONDS_MAX
from failback.simulator.arm.wire.response import ArmError, Response

from .clock_mode import Mode
from .context import Context, ParsedRequest
from .inputs import Input

_BEATS: Final = re.compile(rb'("(?:lastHeart[bB]eat(?:Utc)?|psStatsRefreshTime|lastDiscoveryInUtc)": ?")([^"]*)')
Serve = Callable[[ParsedRequest], Response]
LAG_S: Final = 30.0
"""How late reads are when `eventual` says no number (ours)."""


def lag_of(text: str) -> float:
    """Virtual seconds for `strong`, `eventual` or `eventual:SECONDS`. Raises ValueError for anything else."""
    word, _, number = text.partition(":")
    lag_s = _number(number) if number else LAG_S
    if word not in ("strong", "eventual") or (number and word == "strong") or lag_s is None:
        raise ValueError(f"consistency is strong or eventual:SECONDS with a positive number, not '{text}'")
    return 0.0 if word == "strong" else lag_s


def _number(text: str) -> float | None:
    try:
        lag_s = float(text)
    except ValueError:
        return None
    return lag_s if isfinite(lag_s) and 0 < lag_s <= SECONDS_MAX else None


def is_late(operation: str, verb: str) -> bool:
    """Whether this operation is a read of the vault, which may show the past."""
    return verb == "GET" and ": " not in operation


class Copy(Protocol):
    """A mock of its own, in which the same things happen later."""

    @property
    def context(self) -> Context:
        """What its answers are made from."""
        ...

    @property
    def world(self) -> World:
        """Its world."""
        ...

    def apply_input(self, entry: Input) -> None:
        """Let this happen there."""
        ...


class DelayedCopy:
    """The copy that is `lag_s` behind. It is moved on when somebody reads, never back."""

    def __init__(self, copy: Copy, lag_s: float) -> None:
        self._copy, self._lag_s, self._applied = copy, lag_s, 0

    def read(self, serve: Serve, inputs: Sequence[Input], request: ParsedRequest) -> Response:
        """What this read shows. In mode poll a look at the past lets the lag go by, so that looking again helps."""
        fresh = _outcome(serve, request)
        self._follow(inputs, request.world.env.now)
        context = self._copy.context
        past = replace(request, context=context, ids=replace(request.ids, names=context.names), beats=set())
        seen = _outcome(serve, past)
        if request.context.clock.mode is Mode.POLL and _outcome_bytes(seen, past) != _outcome_bytes(fresh, request):
            request.context.jumped = True
            request.world.catch_up(min(request.world.env.now + self._lag_s, SECONDS_MAX))
        if isinstance(seen, Response):
            return seen
        raise seen

    def _follow(self, inputs: Sequence[Input], now_s: float) -> None:
        while self._applied < len(inputs) and inputs[self._applied].at_s + self._lag_s <= now_s:
            if not inputs[self._applied].is_about_time:
                self._apply_input(inputs[self._applied])
            self._applied += 1
        self._copy.world.catch_up(now_s - self._lag_s)

    def _apply_input(self, entry: Input) -> None:
        self._copy.world.catch_up(entry.at_s)
        self._copy.apply_input(entry)


def _outcome(serve: Serve, request: ParsedRequest) -> Response | ArmError | Refusal:
    try:
        return serve(request)
    except (ArmError, Refusal) as refused:
        return refused


def _outcome_bytes(outcome: Response | ArmError | Refusal, request: ParsedRequest) -> bytes:
    """What was answered, with the present date taken out, and the last beats of what goes on beating."""
    body = outcome.body if isinstance(outcome, Response) else repr(outcome).encode()
    return _BEATS.sub(partial(_beat, request.beats), body).replace(request.now.encode(), b"now")


def _beat(beats: set[str], shown: Match[bytes]) -> bytes:
    return shown[1] + (b"now" if shown[2].decode() in beats else shown[2])
