"""The plan of a drill: goals, waves, gates, choices and patience. Data only; the drill decides by it."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, unique
from typing import Any, ClassVar, Final

from .choices import Choices
from .item import Operation, Phase
from .phases import WHOLE_WAY

_STRICT: Final[dict[str, Any]] = {"extra": "forbid", "use_attribute_docstrings": True}


@unique
class RemedyPolicy(Enum):
    """What happens when a rule with a remedy stops an item."""

    ASK = "ask"
    APPLY = "apply"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Wave:
    """Machines that come home together; the next wave fails back when this one is committed or stopped.

    Without `seed_opens_s` a wave also waits for that with its reprotect. With it, the wave *seeds*: it replicates home
    from then on, however far the waves before are, once each of their machines has its disk slots; it still fails back
    only when it opens.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    items: tuple[str, ...]
    opens_s: float = 0.0
    """Virtual second before which this wave does not start or, if it seeds, does not fail back."""
    closes_s: float | None = None
    """Virtual second after which no machine of this wave starts."""
    seed_opens_s: float | None = None
    """Virtual second from which its machines may be reprotected ahead of their failback; None: they do not seed."""
    seed_closes_s: float | None = None
    """Virtual second after which no machine is reprotected ahead; default: when the wave closes."""

    def later(self, by_s: float) -> "Wave":
        """The wave with all of its times that much later; negative: earlier, but never before the start."""
        return replace(
            self,
            opens_s=max(0.0, self.opens_s + by_s),
            closes_s=_later(self.closes_s, by_s),
            seed_opens_s=_later(self.seed_opens_s, by_s),
            seed_closes_s=_later(self.seed_closes_s, by_s),
        )


def _later(at_s: float | None, by_s: float) -> float | None:
    return None if at_s is None else max(0.0, at_s + by_s)


@dataclass(frozen=True, slots=True)
class Freeze:
    """A window in which no requests are sent, such as a change freeze. Running jobs continue."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name, for instance month-end."""
    from_s: float
    """Virtual second at which it begins."""
    until_s: float
    """Virtual second at which requests may be sent again."""

    def later(self, by_s: float) -> "Freeze":
        """The window with both of its times that much later; negative: earlier, but never before the start."""
        return replace(self, from_s=max(0.0, self.from_s + by_s), until_s=max(0.0, self.until_s + by_s))


@unique
class OnFailure(Enum):
    """Effect of the failure of one machine on others outside its replication group."""

    GO_ON = "go_on"
    STOP_WAVE = "stop_wave"
    STOP_ALL = "stop_all"


@dataclass(frozen=True, slots=True)
class Gate:
    """A point before an operation at which the run waits for a person."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name of the gate, for instance verified or approved."""
    before: Operation
    """Operation that waits for the answer."""
    question: str = ""
    """The question to the person."""
    items: tuple[str, ...] = ()
    """Items to which it applies; all when left out."""


@dataclass(frozen=True, slots=True)
class Together:
    """Machines of one wave that fail back together, such as those of an application. One that stops holds up no other.

    No failback begins before the data of all of them is home, and no commit before all of them are on site and their
    gates are passed.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    name: str
    """Name, for instance that of the application."""
    order: tuple[tuple[str, ...], ...]
    """Lists of machines. Each list fails back at the same time, as soon as those in the earlier lists are on site."""

    @property
    def items(self) -> tuple[str, ...]:
        """All of them, in order."""
        return tuple(name for names in self.order for name in names)

    def keeping(self, kept: Container[str]) -> "Together":
        """With these machines alone."""
        left = (tuple(name for name in names if name in kept) for names in self.order)
        return replace(self, order=tuple(names for names in left if names))


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a run."""

    __pydantic_config__: ClassVar[dict[str, Any]] = _STRICT

    goals: tuple[Phase, ...] = WHOLE_WAY
    """The phases that the machines are to reach, in order."""
    recovery_plans: tuple[str, ...] = ()
    """Recovery plans of the estate through which failover, failback and commit are requested (one request each)."""
    waves: tuple[Wave, ...] = ()
    """Waves in order; default: one wave of all machines. They apply from the reprotect to on-premises onwards."""
    together: tuple[Together, ...] = ()
    """Machines that fail back together and in order, each by a request of its own."""
    gates: tuple[Gate, ...] = ()
    """Points at which the run waits for a person."""
    freezes: tuple[Freeze, ...] = ()
    """Windows in which no requests are sent."""
    on_failure: OnFailure = OnFailure.GO_ON
    """When a machine fails: go_on (others are not affected), stop_wave (the others of its wave begin no reprotect and
    no failback any more) or stop_all (no machine does). What has begun is finished. A decision (a gate that nobody
    opens, a machine that is skipped) is no failure."""
    choices: Choices = Choices()
    """Values for all items; the run chooses those that are left out, by the rules (R06, R07, M03)."""
    item_choices: Mapping[str, Choices] = field(default_factory=dict)
    """Values for single items, which override `choices`."""
    remedies: Mapping[str, RemedyPolicy] = field(default_factory=dict)
    """Per rule id: ask (default), apply (failback does it itself, then tries again) or never (the item stops)."""
    wait_for_agent: bool = True
    """Wait until the agent is registered before reprotect (R23); false asks at once and accepts the refusal."""
    attempts_max: int = 3
    """Number of attempts at one operation that fails for a reason that does not resolve itself."""
    retry_delay_s: float = 300.0
    """Virtual seconds between two attempts."""
    recheck_s: float = 60.0
    """Virtual seconds between two attempts while a problem resolves itself (R23)."""
    give_up_after_s: float = 30 * 86400.0
    """Virtual seconds after which every item that is not home is stopped."""

    def later(self, by_s: float) -> "Plan":
        """The plan with the times of its waves and freezes that much later; negative: earlier."""
        return replace(
            self,
            waves=tuple(wave.later(by_s) for wave in self.waves),
            freezes=tuple(freeze.later(by_s) for freeze in self.freezes if freeze.until_s + by_s > 0),
        )
