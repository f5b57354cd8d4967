"""What the line carries, and whose data waits for it: told from what each machine sent between two looks."""

from failback.reprotect import Phase
from failback.scenarios.watching.record import Machine, Point, Record
from failback.scenarios.watching.sending import is_full, keeps_up, most, windows

HOME = Phase.RESYNCING_TO_ON_PREMISES


def sent(name: str, *seen: tuple[float, int]) -> Machine:
    machine = Machine(name)
    machine.points += [Point(at_s, HOME, total * 2, total, None) for at_s, total in seen]
    return machine


def record_of(*machines: Machine) -> Record:
    record = Record(())
    record.machines = {machine.item: machine for machine in machines}
    return record


def test_what_all_send_together_is_known_between_any_two_looks() -> None:
    seen = windows(record_of(sent("a", (0, 0), (10, 100), (20, 300)), sent("b", (5, 0), (15, 50))))
    assert seen == ({"a": 10.0}, {"a": 10.0, "b": 5.0}, {"a": 20.0, "b": 5.0}, {"a": 20.0})
    assert most(seen) == 25.0


def test_a_line_that_carries_as_much_as_ever_when_one_has_made_room_for_another_is_full() -> None:
    assert is_full([{"a": 10.0, "b": 10.0}, {"a": 20.0}])
    assert not is_full([{"a": 10.0, "b": 10.0}, {"a": 10.0}]), "it carries less: nobody took what became free"
    assert not is_full([{"a": 10.0}, {"a": 10.0}])
    assert not is_full([])


def test_who_sends_while_the_line_has_room_keeps_up() -> None:
    seen = [{"a": 10.0, "b": 10.0}, {"a": 10.0}]
    assert keeps_up("a", seen, {"a": 1, "b": 1})
    assert not keeps_up("b", seen, {"a": 1, "b": 1}), "when it was seen last, the line carried as much as ever"


def test_who_sends_less_than_his_share_of_a_full_line_keeps_up() -> None:
    seen = [{"small": 2.0, "large": 18.0, "two disks": 36.0}]
    disks = {"small": 1, "large": 1, "two disks": 2}
    assert keeps_up("small", seen, disks)
    assert not keeps_up("large", seen, disks)
    assert not keeps_up("two disks", seen, disks)
