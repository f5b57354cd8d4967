"""The pace of reads follows what the service says is left: fast while that is plenty, and never into a refusal."""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition, Thread

import pytest

from failback.adapters import Pace
from failback.adapters.pace import BACK_PER_S, CALM, PLENTY, RESERVE, UNTOLD_S, WAIT_S

LEFT = "x-ms-ratelimit-remaining-subscription-reads"
SIZE = 250


@dataclass(slots=True)
class Watch:
    """A clock that only sleeping moves, or an answer that takes its time."""

    now_s: float = 0.0
    slept: list[float] = field(default_factory=list)

    def wall(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


def pace_of(watch: Watch, reads_per_s: float | None = None) -> Pace:
    return Pace(reads_per_s, watch.wall, watch.sleep)


def gap_s(watch: Watch, pace: Pace) -> float:
    """Seconds between two reads now."""
    pace.wait()
    began_s = watch.now_s
    pace.wait()
    return watch.now_s - began_s


@pytest.mark.parametrize("header", ["subscription-reads", "subscription-global-reads"])
@pytest.mark.parametrize(
    ("left", "wanted_s"),
    [(SIZE - 1, 0.0), (PLENTY, 0.0), (PLENTY - 1, UNTOLD_S), (RESERVE, UNTOLD_S), (RESERVE - 1, WAIT_S), (0, WAIT_S)],
)
def test_the_less_is_left_the_slower(left: int, wanted_s: float, header: str) -> None:
    watch = Watch()
    pace = pace_of(watch)
    pace.note(200, {f"x-ms-ratelimit-remaining-{header}": str(left)})
    assert gap_s(watch, pace) == pytest.approx(wanted_s)


def test_the_least_of_both_budgets_counts() -> None:
    watch = Watch()
    pace = pace_of(watch)
    pace.note(200, {LEFT: "249", "x-ms-ratelimit-remaining-subscription-global-reads": "3"})
    assert gap_s(watch, pace) == pytest.approx(WAIT_S)


def test_a_budget_that_has_filled_ends_the_wait() -> None:
    watch = Watch()
    pace = pace_of(watch)
    for left, wanted_s in ((0, WAIT_S), (SIZE - 1, 0.0)):
        pace.note(200, {LEFT: str(left)})
        assert gap_s(watch, pace) == pytest.approx(wanted_s)


def test_whoever_says_nothing_of_a_budget_is_read_slowly() -> None:
    watch = Watch()
    pace = pace_of(watch)
    pace.note(200, {})
    assert gap_s(watch, pace) == pytest.approx(UNTOLD_S)
    assert UNTOLD_S > 1 / BACK_PER_S


def test_reads_keep_to_the_rate_of_the_settings_however_many_are_left() -> None:
    watch = Watch()
    pace = pace_of(watch, 4.0)
    for _ in range(9):
        pace.wait()
        pace.note(200, {LEFT: "249"})
    assert watch.now_s == pytest.approx(2.0)


@dataclass(slots=True)
class Bucket:
    """A budget as it is documented."""

    watch: Watch
    left: float = SIZE
    counted_at_s: float = 0.0
    least: float = SIZE

    def take(self) -> int:
        self.left = min(SIZE, self.left + (self.watch.now_s - self.counted_at_s) * BACK_PER_S) - 1
        self.counted_at_s, self.least = self.watch.now_s, min(self.least, self.left)
        return int(self.left)


@pytest.mark.parametrize("answer_s", [0.002, 0.02, 0.05])
def test_five_thousand_reads_take_what_comes_back_and_leave_half_of_the_budget_to_others(answer_s: float) -> None:
    watch = Watch()
    pace, bucket = pace_of(watch), Bucket(watch)
    for _ in range(5000):
        pace.wait()
        watch.now_s += answer_s
        pace.note(200, {LEFT: str(bucket.take())})
    assert bucket.least >= PLENTY - 1
    assert watch.now_s < max(5000 / BACK_PER_S, 5000 * answer_s) + 5


def test_after_a_refusal_nobody_reads_for_as_long_as_the_service_asks_and_then_slower() -> None:
    watch = Watch()
    pace = pace_of(watch)
    pace.note(200, {LEFT: "249"})
    pace.wait()
    pace.note(429, {LEFT: "249", "Retry-After": "17"})
    pace.wait()
    assert watch.now_s == pytest.approx(17.0)
    assert gap_s(watch, pace) == pytest.approx(UNTOLD_S)


def test_each_refusal_halves_the_pace_and_calm_brings_it_back() -> None:
    watch = Watch()
    pace = pace_of(watch)
    gaps = list[float]()
    for _ in range(5):
        for _ in range(8):  # those under way met the same limit
            pace.note(429, {LEFT: "249", "Retry-After": "1"})
        watch.now_s += 1.0
        gaps.append(gap_s(watch, pace))
    assert gaps == pytest.approx([UNTOLD_S, 2 * UNTOLD_S, 4 * UNTOLD_S, 8 * UNTOLD_S, WAIT_S])
    for wanted_s in (WAIT_S / 2, WAIT_S / 4, WAIT_S / 8, WAIT_S / 16, 0.0):
        for _ in range(CALM):
            pace.note(200, {LEFT: "249"})
        assert gap_s(watch, pace) == pytest.approx(wanted_s)


class Threads:
    """A clock of several threads: time passes once all of them sleep, until the first has slept enough."""

    def __init__(self, of: int) -> None:
        self.now_s, self._of, self._awake = 0.0, of, of
        self._until, self._passed = list[float](), Condition()

    def wall(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        with self._passed:
            until_s = self.now_s + seconds
            self._until.append(until_s)
            self._one_less()
            while self.now_s < until_s:
                assert self._passed.wait(10)

    def run(self, work: Callable[[], None]) -> None:
        """In each of the threads, to the end."""

        def one() -> None:
            work()
            with self._passed:
                self._one_less()

        threads = [Thread(target=one, daemon=True) for _ in range(self._of)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

    def _one_less(self) -> None:
        self._awake -= 1
        if not self._awake and self._until:
            self.now_s = min(self._until)
            self._awake = sum(until_s <= self.now_s for until_s in self._until)
            self._until = [until_s for until_s in self._until if until_s > self.now_s]
            self._passed.notify_all()


REFUSED = (429, {"Retry-After": "17"})
ANSWER_S = UNTOLD_S / 2


@pytest.mark.parametrize(
    ("answers", "wanted_s"),
    [
        ([REFUSED], [0, *(17 + ANSWER_S + n * UNTOLD_S for n in range(7))]),
        ([REFUSED, REFUSED], [0, 17 + ANSWER_S, *(34 + 2 * ANSWER_S + n * 2 * UNTOLD_S for n in range(6))]),
        ([(200, {LEFT: "0"})], [n * WAIT_S for n in range(8)]),
    ],
    ids=["refused", "refused again", "nothing left"],
)
def test_those_that_wait_for_their_turn_hear_each_answer_and_go_one_after_the_other(
    answers: list[tuple[int, dict[str, str]]], wanted_s: list[float]
) -> None:
    clock, went_s = Threads(8), list[float]()
    pace = Pace(None, clock.wall, clock.sleep)

    def read() -> None:
        pace.wait()
        went_s.append(clock.now_s)
        answer = answers[len(went_s) - 1 : len(went_s)]
        clock.sleep(ANSWER_S)
        for status, headers in answer:
            pace.note(status, headers)

    clock.run(read)
    assert went_s == pytest.approx(wanted_s)


def test_a_refusal_that_names_no_wait_is_one_of_a_second() -> None:
    watch = Watch()
    pace = pace_of(watch)
    pace.note(429, {})
    pace.wait()
    assert watch.now_s == pytest.approx(WAIT_S)
