"""What is wrong with a drill that was disturbed: the checkers of its history, and what the vault itself was asked."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from failback.reprotect import Checkers, Line, Plan, Side, by_id, phase_row
from failback.simulator import Progress, RequestSeen, World

SENT_TWICE: Final = "never_sent_twice"
"""Nothing is asked of the vault while the same runs for the same item or plan, nor after it has succeeded."""
LEFT_BEHIND: Final = "no_disk_left_behind"
"""No master target and no appliance holds a disk of a machine that runs on site (B08)."""
RESUMABLE: Final = "always_resumable"
"""Whatever a crash leaves can be resumed, and what was resumed goes on to its end."""
ENDS_THE_SAME: Final = "ends_the_same"
"""Every machine ends where it ends without the disturbance, or is stopped by a rule, which says who must act.

Members of a replication group, for instance, are asked at one instant: where one of the requests is lost, the vault
refuses the others (R07).
"""

Ends = Mapping[str, str]
"""Where each machine ended, and what stopped it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found, by checker, and how the machines ended."""

    violations: Mapping[str, tuple[str, ...]]
    ends: Ends
    steps: int = 0
    requests: int = 0
    ended_s: float = 0.0
    delayed: bool = False
    """Whether something was stopped, or later than without the disturbance."""

    reads: int = 0
    expected: frozenset[str] = frozenset()
    """Checkers that find something in this scenario whatever the program does, because its people break the rule."""

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the checkers that found something, but for those that the scenario expects to."""
        return tuple(name for name in self.broken if name not in self.expected)

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of all checkers that found something."""
        return tuple(name for name, found in self.violations.items() if found)


def of_history(lines: Collection[Line], plan: Plan) -> dict[str, tuple[str, ...]]:
    """What the project's own checkers find."""
    checkers = Checkers(plan)
    for line in lines:
        checkers.on_line(line)
    return checkers.violations()


def sent_twice(world: World, copies: Collection[int]) -> Iterator[str]:
    """Requests that should not have been sent, counted where they arrive. `copies`: those that the line has made."""
    last: dict[str, RequestSeen] = {}
    for at, request in enumerate(world.vault.record.requests):
        before = last.get(request.subject)
        if (
            at not in copies
            and before is not None
            and before.operation is request.operation
            and _holds(before, request)
        ):
            what = f"{request.operation.value} of {request.subject}"
            yield f"{request.t_s:g} s: {what} was asked again; it had begun at {before.t_s:g} s"
        if request.job is not None:
            last[request.subject] = request


def _holds(before: RequestSeen, request: RequestSeen) -> bool:
    job = before.job
    if job is None:
        return False
    has_ended = job.ended_s is not None and job.ended_s <= request.t_s
    return not has_ended or job.state is Progress.SUCCEEDED


def left_behind(world: World) -> Iterator[str]:
    """Disks of machines that run on site, where they were for the resync. A job that runs may still move them."""
    estate = world.site.estate
    for host, facts in world.vsphere.look([*estate.master_targets, *estate.appliances]).items():
        for path in facts.disks:
            item = world.vault.items.get(path.partition("] ")[2].partition("/")[0])
            if item is not None and item.job is None and phase_row(item.phase).runs is Side.SITE:
                yield f"{host} holds {path} of {item.name}, which is {item.phase.value}"


def compared(ends: Ends, undisturbed: Ends) -> tuple[str, ...]:
    """Machines that ended otherwise, and not by a rule."""
    differ = (name for name, end in undisturbed.items() if ends.get(name) != end)
    lost = (name for name in differ if by_id(ends.get(name, "").rpartition(" by ")[2]) is None)
    return tuple(f"{name} ended {ends.get(name, 'nowhere')}, and {undisturbed[name]} undisturbed" for name in lost)
