"""Bugs that are planted into the driver, the resume and the adapters, each as somebody could have written it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import pytest

from failback.reprotect import (
    Accepted,
    ItemSeen,
    JobSeen,
    JobSucceeded,
    Operation,
    Phase,
    StartOperation,
    StartPlanOperation,
    Unanswered,
)
from failback.reprotect.driver import Driver, Replay
from failback.reprotect.driver.seen import Seen
from failback.scenarios.exploring import trial
from failback.scenarios.exploring.disturbed_vault import DisturbedVault
from failback.scenarios.exploring.memory_journal import read
from failback.scenarios.outputs.run_folders.journal import Journal
from failback.scenarios.run.player import drill_of
from failback.simulator import MemoryVsphere, WorldVault

Patch = pytest.MonkeyPatch


def start_twice(patch: Patch) -> None:
    """After a crash, what has no answer is asked again."""
    patch.setattr(Driver, "_reconcile", Driver._perform)


def skip_commit(patch: Patch) -> None:
    """The commit of a failback is taken for done when it is about to be asked."""
    perform = DisturbedVault.perform

    def skipping(vault: DisturbedVault, command: Any) -> Any:
        if command.operation is not Operation.COMMIT_FAILBACK:
            return perform(vault, command)
        jobs = [job for job in vault._world.vault.jobs.values() if job.subject == command.item]
        return Accepted(command.item, command.operation, command.key, jobs[-1].id)

    patch.setattr(DisturbedVault, "perform", skipping)


def lose_a_job_id(patch: Patch) -> None:
    """What the first life started is not followed by the second."""
    patch.setattr(WorldVault, "adopt", lambda *_: None)


def go_on_while_the_resync_runs(patch: Patch) -> None:
    """A reprotect is taken for settled when its job has ended."""
    on_event = Driver._on_event

    def settled_at_once(driver: Driver, event: Any) -> None:
        on_event(driver, event)
        if isinstance(event, JobSucceeded) and event.operation is Operation.REPROTECT_TO_ON_PREMISES:
            item = driver._drill.items[event.subject]
            driver._see(ItemSeen(item.item, item.architecture, Phase.REPLICATING_TO_ON_PREMISES, None))

    patch.setattr(Driver, "_on_event", settled_at_once)


def power_on_the_target(patch: Patch) -> None:
    """Whoever resumes switches on what is off on site."""
    resume = Driver.resume

    def resuming(driver: Driver, replay: Replay) -> None:
        if replay.begun:
            vsphere: Any = driver._ports.vsphere
            for name in vsphere.look(list(driver._order)):
                vsphere.power_on(name)
        resume(driver, replay)

    patch.setattr(Driver, "resume", resuming)


def forget_a_plan_member(patch: Patch) -> None:
    """The last machine of a recovery plan is left out of its request."""
    send = WorldVault.send

    def sending(vault: WorldVault, command: Any) -> Any:
        if isinstance(command, StartPlanOperation):
            return vault._vault.start_plan(command.plan, command.operation, command.choices, command.items[:-1])
        return send(vault, command)

    patch.setattr(WorldVault, "send", sending)


def resume_from_a_torn_line(patch: Patch) -> None:
    """What was cut stays in the file, and the next line is written behind it."""
    patch.setattr(trial, "read", lambda content: Journal(read(content).lines, len(content)))


def answer_an_old_gate(patch: Patch) -> None:
    """All questions that were ever put are put again, the answered ones too."""
    patch.setattr(Replay, "questions", property(lambda replay: tuple(replay._questions.values())))
    patch.setattr(Replay, "_close", lambda *_: None)


def forget_open_questions(patch: Patch) -> None:
    """Nobody is asked again what nobody has answered."""
    patch.setattr(Replay, "questions", property(lambda _: ()))


def send_before_it_is_written(patch: Patch) -> None:
    """The command is sent first, and nobody looks whether one was that is not in the history."""

    def doing(driver: Driver, orders: Any) -> None:
        answers = [driver._perform(order) for order in orders]
        driver._write_down(orders, driver._now_s)
        driver._hear(answers)

    patch.setattr(Driver, "_do", doing)
    patch.setattr(Driver, "_reconcile_or_perform", Driver._perform)


def forget_what_was_not_written(patch: Patch) -> None:
    """What the drill had asked for, and the history does not hold, is not asked for."""
    patch.setattr(Replay, "pending", property(lambda _: ()))


def forget_an_end_that_was_seen(patch: Patch) -> None:
    """A job that was seen to have ended is not looked at again, though nobody was told."""
    patch.setattr(Seen, "forget_ends_not_told", lambda _: None)


def take_an_old_job_for_the_latest(patch: Patch) -> None:
    """Jobs of a plan's machines are not followed, and ends are told as often as they are seen."""
    tell = Replay._tell
    patch.setattr(Replay, "_tell", lambda r, line, thing: isinstance(thing, JobSeen) or tell(r, line, thing))
    patch.setattr(Seen, "tell", lambda *_: None)


def look_twice_at_first(patch: Patch) -> None:
    """A run that died in its first look begins anew behind what it had written."""
    patch.setattr(trial, "replayed", lambda journal, scenario: (journal, Replay(drill_of(scenario), journal.lines)))


def take_a_lost_reply_for_a_no(patch: Patch) -> None:
    """A request without an answer was not taken: nobody looks."""

    def nothing(_: WorldVault, command: Any) -> Unanswered:
        subject = command.item if isinstance(command, StartOperation) else command.plan
        return Unanswered(subject, command.operation, command.key, "no answer")

    patch.setattr(WorldVault, "reconcile", nothing)


def orphan_a_disk(patch: Patch) -> None:
    """The last disk of a machine stays attached to the server that wrote it."""
    give = MemoryVsphere.return_disks

    def returning(hands: MemoryVsphere, vm: str, disk_host: str) -> None:
        give(hands, vm, disk_host)
        if own := hands._vms[vm].disks:
            hands._changing(disk_host).disks.append(own.pop())

    patch.setattr(MemoryVsphere, "return_disks", returning)


def act_on_the_wrong_of_two_names(patch: Patch) -> None:
    """An item is looked for by the beginning of its name, and the last that fits is taken."""
    send = WorldVault.send

    def sending(vault: WorldVault, command: Any) -> Any:
        if isinstance(command, StartOperation):
            command = replace(command, item=max(name for name in vault.items() if name.startswith(command.item)))
        return send(vault, command)

    patch.setattr(WorldVault, "send", sending)


def see_nothing_on_site(patch: Patch) -> None:
    """A failed reprotect is not asked for again: its answer is lost on the way to the drill."""
    on_event = Driver._on_event
    patch.setattr(
        Driver, "_on_event", lambda d, e: None if type(e).__name__ in ("JobFailed", "Unanswered") else on_event(d, e)
    )


@dataclass(frozen=True, slots=True)
class Planted:
    """A bug, the story in which it is looked for, and the checker that is to find it. `machines` None: all of them."""

    plant: Callable[[Patch], None]
    story: str
    checker: str
    machines: tuple[str, ...] | None = None


PLANTED: Final = (
    Planted(start_twice, "one_vm", "never_sent_twice"),
    Planted(skip_commit, "one_modernised_vm", "ends_the_same"),
    Planted(lose_a_job_id, "one_vm", "ends_the_same"),
    Planted(go_on_while_the_resync_runs, "one_vm", "ends_the_same"),
    Planted(power_on_the_target, "one_vm", "never_power_on_target"),
    Planted(forget_a_plan_member, "plan_of_three_groups", "ends_the_same"),
    Planted(resume_from_a_torn_line, "one_vm", "always_resumable"),
    Planted(answer_an_old_gate, "operator_gate", "always_resumable"),
    Planted(forget_open_questions, "operator_gate", "ends_the_same"),
    Planted(send_before_it_is_written, "one_vm", "never_sent_twice"),
    Planted(forget_what_was_not_written, "one_vm", "ends_the_same"),
    Planted(forget_an_end_that_was_seen, "one_vm", "ends_the_same"),
    Planted(take_an_old_job_for_the_latest, "plan_of_three_groups", "always_resumable"),
    Planted(look_twice_at_first, "one_vm", "always_resumable"),
    Planted(take_a_lost_reply_for_a_no, "one_vm", "never_sent_twice"),
    Planted(orphan_a_disk, "one_vm", "no_disk_left_behind"),
    Planted(act_on_the_wrong_of_two_names, "first_drill_modernised", "ends_the_same", ("web-01", "web-01-win")),
    Planted(see_nothing_on_site, "job_fails_once", "ends_the_same"),
)
