"""What the line carries, and whose data waits for it: told from what each machine sent between two looks."""

from failback.reprotect import Architecture, ItemSeen, Phase
from failback.scenarios.watching.measured import measured
from failback.scenarios.watching.record import Machine, Point, Record
from failback.scenarios.watching.sending import is_full, keeps_up, most, windows

from .hidden_night import as_filed

GIB = 2**30
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
    record = record_of(sent("a", (0, 0), (10, 100), (20, 300)), sent("b", (5, 0), (15, 50)))
    seen = ({"a": 10.0}, {"a": 10.0, "b": 5.0}, {"a": 20.0, "b": 5.0}, {"a": 20.0})
    assert windows(record) == seen
    assert windows(record, whole=True) == seen[:3], "what b sent after 15 s nobody saw"
    assert most(seen) == 25.0


def test_the_time_in_which_somebody_began_to_send_or_was_through_tells_no_rate() -> None:
    all_the_time = sent("a", (0, 0), (10, 100), (20, 200), (30, 300), (40, 350))
    seen = windows(record_of(all_the_time, sent("b", (20, 30), (30, 90))), whole=True)
    assert seen == ({"a": 10.0}, {"a": 10.0, "b": 6.0}), "b had sent 30 by 20 s; what it sent after 30 s nobody saw"


def test_among_many_machines_one_that_begins_leaves_the_rates_of_all_known() -> None:
    many = [sent(f"m{n}", (0, 0), (10, 100), (20, 200)) for n in range(20)]
    late = sent("late", (20, 30), (30, 130))
    assert len(windows(record_of(*many, late), whole=True)) == 2
    assert len(windows(record_of(*many[:5], late), whole=True)) == 1


def test_the_times_around_a_standstill_tell_no_rate() -> None:
    down = [(0, 0), (10, 100), (20, 150), (30, 150), (40, 190), (50, 290)]
    assert windows(record_of(sent("a", *down))) == ({"a": 10.0}, {"a": 10.0})


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


def resync(name: str, *seen: tuple[float, float, float], through: bool = False) -> Machine:
    """GiB compared and sent at each of these seconds."""
    phase = Phase.REPLICATING_TO_ON_PREMISES if through else HOME
    machine = Machine(name, ItemSeen(name, Architecture.CLASSIC, phase, True))
    machine.points += [Point(at_s, HOME, int(all_ * GIB), int(sent_ * GIB), None) for at_s, all_, sent_ in seen]
    return machine


def at(now_s: float, *machines: Machine) -> Record:
    record = record_of(*machines)
    record.now_s = now_s
    return record


def test_a_line_that_was_seen_to_be_full_is_not_forgotten_once_its_resync_is_through() -> None:
    filed = as_filed(Architecture.CLASSIC)
    waits = [(0.0, 100.0, 10.0), (60.0, 200.0, 20.0), (120.0, 200.0, 30.0)]
    assert measured(at(120.0, resync("db", *waits)), filed).line_full
    assert measured(at(180.0, resync("db", *waits, through=True)), filed).line_full
    assert not measured(at(60.0, resync("db", *waits[:2])), filed).line_full, "its last blocks may be on their way"


def test_nothing_moves_where_two_looks_see_no_resync_do_anything() -> None:
    filed = as_filed(Architecture.CLASSIC)
    stands, moves = (0.0, 20.0, 2.0), (240.0, 30.0, 3.0)
    still = [resync(name, stands, (240.0, 20.0, 2.0)) for name in ("db", "web-1")]
    assert measured(at(600.0, *still), filed).stalled_s == 600.0
    assert measured(at(600.0, still[0], resync("web-1", stands, moves)), filed).stalled_s is None
    assert measured(at(600.0, still[0], resync("web-1", stands, moves, through=True)), filed).stalled_s == 600.0
    assert measured(at(600.0), filed).stalled_s is None
