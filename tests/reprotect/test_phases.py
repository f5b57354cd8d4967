"""The table of phases, against the lifecycle and against what is known of single phases."""

import pytest

from failback.reprotect import (
    LEGS,
    LIFECYCLE,
    PHASES,
    RESYNCS,
    WHOLE_WAY,
    Architecture,
    Move,
    Operation,
    Phase,
    Replica,
    Side,
    end_of,
    phase_row,
)

RUNNING = {move.running for move in LIFECYCLE}


def where(**columns: object) -> set[str]:
    """The phases whose row has these values."""
    return {row.phase.value for row in PHASES if all(getattr(row, key) == value for key, value in columns.items())}


def test_each_phase_has_one_row() -> None:
    assert sorted(row.phase.value for row in PHASES) == sorted(phase.value for phase in Phase)


COLUMNS: dict[str, tuple[dict[str, object], str]] = {
    "the machine runs in Azure": (
        {"runs": Side.AZURE},
        "failed_over committing_failover failover_committed reprotecting_to_on_premises resyncing_to_on_premises "
        "replicating_to_on_premises",
    ),
    "the machine is being moved": ({"runs": Side.NEITHER}, "failing_over failing_back cancelling_failback"),
    "a replica exists": (
        {"replica": Replica.PRESENT},
        "failed_over committing_failover failover_committed reprotecting_to_on_premises resyncing_to_on_premises "
        "replicating_to_on_premises failed_back",
    ),
    "a job changes the replica": (
        {"replica": Replica.CHANGING},
        "failing_over failing_back cancelling_failback committing_failback",
    ),
    "the machine on site must stay off": ({"is_target": True}, "resyncing_to_on_premises replicating_to_on_premises"),
    "disks hold slots": (
        {"holds_slots": True},
        "reprotecting_to_on_premises resyncing_to_on_premises replicating_to_on_premises failing_back failed_back "
        "cancelling_failback committing_failback",
    ),
    "a failback or its cancel is under way": ({"fails_back": True}, "failing_back cancelling_failback"),
    "there is a recovery point objective": (
        {"replicates": True},
        "replicating_to_azure testing_failover failover_tested cleaning_up_test replicating_to_on_premises",
    ),
    "the move is committed": ({"is_committed": True}, "failover_committed failback_committed"),
    "the failover need not be looked at": ({"legs_behind": 1}, "failing_over failed_over committing_failover"),
    "the failover is committed": ({"legs_behind": 2}, "failover_committed reprotecting_to_on_premises"),
    "the way home has begun": (
        {"legs_behind": 3},
        "resyncing_to_on_premises replicating_to_on_premises failing_back cancelling_failback",
    ),
    "the machine is back": ({"legs_behind": 4}, "failed_back committing_failback"),
    "the failback is committed": ({"legs_behind": 5}, "failback_committed reprotecting_to_azure"),
}


@pytest.mark.parametrize(("columns", "phases"), COLUMNS.values(), ids=COLUMNS)
def test_a_column_says_what_is_known_of_each_phase(columns: dict[str, object], phases: str) -> None:
    assert where(**columns) == set(phases.split())


def test_a_leg_comes_to_rest_where_the_lifecycle_says() -> None:
    assert {(move.operation, move.settles) for move in LIFECYCLE if move.operation in LEGS} == {
        (leg, end_of(leg)) for leg in LEGS
    }


def test_a_resync_is_what_the_lifecycle_lets_go_on_after_a_job() -> None:
    assert {(move.settles, move.done) for move in LIFECYCLE if move.settles is not move.done} == set(RESYNCS.items())


def test_the_whole_way_is_six_legs_that_end_where_they_began() -> None:
    assert [goal.value for goal in WHOLE_WAY] == [
        "failed_over",
        "failover_committed",
        "replicating_to_on_premises",
        "failed_back",
        "failback_committed",
        "replicating_to_azure",
    ]


@pytest.mark.parametrize("architecture", Architecture)
def test_what_a_leg_moves_is_on_neither_side_while_its_job_runs(architecture: Architecture) -> None:
    for move in (move for move in LIFECYCLE if move.architecture is architecture):
        here, there = phase_row(move.phase).runs, phase_row(move.done).runs
        assert phase_row(move.running).runs is (here if here is there else Side.NEITHER), move


@pytest.mark.parametrize("move", [m for m in LIFECYCLE if m.operation in LEGS], ids=str)
def test_a_leg_that_is_done_lies_behind_until_the_round_is_over(move: Move) -> None:
    behind = 0 if move.operation is LEGS[-1] else LEGS.index(move.operation) + 1
    assert phase_row(move.settles).legs_behind == behind
    begun = move.operation is Operation.FAILOVER
    assert phase_row(move.running).legs_behind == LEGS.index(move.operation) + begun or not move.usual


@pytest.mark.parametrize("phase", Phase)
def test_what_is_a_target_holds_slots_and_runs_in_azure(phase: Phase) -> None:
    row = phase_row(phase)
    assert not row.is_target or (row.holds_slots and row.runs is Side.AZURE)
    assert row.runs is not Side.AZURE or row.replica is Replica.PRESENT
