"""What the drill fixes by itself, in memory: the port `Remedies` of world `sim`.

Each act says whether what it brings about can be seen to be so already, and does it. As in the real worlds it is looked
at first, done once, and looked at again; a refresh cannot be seen, and is taken to have worked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from failback.reprotect import Act, ApplyRemedy, RemedyAnswer, RemedyApplied, RemedyFailed

from .fixes import discover, shown_process_server, start_replica, switch_process_server
from .world import World

Holds: TypeAlias = Callable[[World, ApplyRemedy], bool | None]
Do: TypeAlias = Callable[[World, ApplyRemedy], None]


@dataclass(frozen=True, slots=True)
class _RemedySteps:
    """`holds` None: nobody can see."""

    holds: Holds
    do: Do


class WorldRemedies:
    """Remedies on a world in this process."""

    def __init__(self, world: World) -> None:
        self._world = world

    def apply(self, command: ApplyRemedy) -> RemedyAnswer:
        """Look, do it where it is not so yet, look again."""
        steps = _STEPS[command.act]
        try:
            if steps.holds(self._world, command):
                return applied(command, already=True)
            steps.do(self._world, command)
        except LookupError as missing:
            return failed(command, str(missing.args[0]) if missing.args else "it is not there")
        return self.reconcile(command) if steps.holds(self._world, command) is False else applied(command)

    def reconcile(self, command: ApplyRemedy) -> RemedyAnswer:
        """Look only."""
        if _STEPS[command.act].holds(self._world, command):
            return applied(command, already=True)
        return failed(command, "it was sent, and its effect is not visible")


def applied(command: ApplyRemedy, *, already: bool = False) -> RemedyApplied:
    """The answer that it is so."""
    return RemedyApplied(command.item, command.rule, command.object, command.key, already)


def failed(command: ApplyRemedy, message: str) -> RemedyFailed:
    """The answer that it is not."""
    return RemedyFailed(command.item, command.rule, command.object, command.key, message)


def _nobody_sees(_world: World, _command: ApplyRemedy) -> bool | None:
    return None


def _no_snapshots(world: World, command: ApplyRemedy) -> bool:
    facts = world.site.hands.look([command.object])
    return command.object in facts and not facts[command.object].snapshots


def _delete_snapshots(world: World, command: ApplyRemedy) -> None:
    world.site.hands.remove_snapshots(command.object)


def _mounted(world: World, command: ApplyRemedy) -> bool:
    return command.object in world.site.hands.datastores_of(command.beside or "")


def _mount(world: World, command: ApplyRemedy) -> None:
    world.vsphere.mount(command.object, command.beside or "")


def _refresh(world: World, _command: ApplyRemedy) -> None:
    discover(world.site)


def _shows_that_server(world: World, command: ApplyRemedy) -> bool:
    return shown_process_server(world.vault, world.vault.items[command.item]) == command.object


def _switch(world: World, command: ApplyRemedy) -> None:
    switch_process_server(world.vault, (command.item,), command.beside, command.object)


def _runs(world: World, command: ApplyRemedy) -> bool:
    return world.site.vm(command.object).azure.running is True


def _start(world: World, command: ApplyRemedy) -> None:
    start_replica(world.vault, command.object)


# fmt: off
_STEPS: Final[dict[Act, _RemedySteps]] = {
    Act.DELETE_SNAPSHOTS:      _RemedySteps(_no_snapshots,      _delete_snapshots),
    Act.MOUNT_DATASTORE:       _RemedySteps(_mounted,           _mount),
    Act.REFRESH_PROVIDER:      _RemedySteps(_nobody_sees,       _refresh),
    Act.SWITCH_PROCESS_SERVER: _RemedySteps(_shows_that_server, _switch),
    Act.START_REPLICA:         _RemedySteps(_runs,              _start),
}
# fmt: on
