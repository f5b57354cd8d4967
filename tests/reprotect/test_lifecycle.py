"""Claims about the lifecycle table."""

import pytest

from failback.reprotect import (
    LEGS,
    LIFECYCLE,
    RESTING,
    WHOLE_WAY,
    Architecture,
    Move,
    NoRoute,
    NotAllowed,
    Operation,
    Phase,
    allowed,
    begin,
    end,
    on_the_way,
    route,
)


def _operations_along(architecture: Architecture, goals: tuple[Phase, ...]) -> tuple[Operation, ...]:
    here, way = Phase.REPLICATING_TO_AZURE, list[Operation]()
    for goal in goals:
        way += route(architecture, here, goal)
        here = goal
    return tuple(way)


@pytest.mark.parametrize("architecture", Architecture)
def test_the_waypoints_of_the_whole_way_lead_over_all_six_legs(architecture: Architecture) -> None:
    assert _operations_along(architecture, WHOLE_WAY) == LEGS


@pytest.mark.parametrize("architecture", Architecture)
def test_a_route_of_several_legs_takes_them_in_order(architecture: Architecture) -> None:
    assert route(architecture, Phase.FAILED_OVER, Phase.FAILBACK_COMMITTED) == LEGS[1:5]


@pytest.mark.parametrize("move", LIFECYCLE)
def test_every_row_is_reachable_and_leads_somewhere(move: Move) -> None:
    reached = {m.settles for m in LIFECYCLE if m.architecture is move.architecture}
    assert move.phase in reached
    assert move.settles in {m.phase for m in LIFECYCLE if m.architecture is move.architecture}


@pytest.mark.parametrize("move", LIFECYCLE)
def test_every_row_begins_and_ends_as_it_says(move: Move) -> None:
    assert begin(move.architecture, move.phase, move.operation) is move
    assert end(move, succeeded=True) is move.done
    assert end(move, succeeded=False) is move.phase
    assert all(on_the_way(move, seen) for seen in (move.running, move.done, move.settles))


@pytest.mark.parametrize("architecture", Architecture)
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("operation", Operation)
def test_what_has_no_row_is_refused(architecture: Architecture, phase: Phase, operation: Operation) -> None:
    if operation in allowed(architecture, phase):
        assert begin(architecture, phase, operation).operation is operation
    else:
        with pytest.raises(NotAllowed, match=operation.value):
            begin(architecture, phase, operation)


def test_only_a_modernised_failback_can_be_cancelled() -> None:
    assert Operation.CANCEL_FAILBACK in allowed(Architecture.MODERNISED, Phase.FAILED_BACK)
    assert Operation.CANCEL_FAILBACK not in allowed(Architecture.CLASSIC, Phase.FAILED_BACK)


@pytest.mark.parametrize("architecture", Architecture)
def test_a_failover_that_nobody_committed_may_be_reprotected_though_no_route_does_so(
    architecture: Architecture,
) -> None:
    """Recorded: SwitchProtection is allowed then, of a modernised item too."""
    assert Operation.REPROTECT_TO_ON_PREMISES in allowed(architecture, Phase.FAILED_OVER)
    assert route(architecture, Phase.FAILED_OVER, Phase.REPLICATING_TO_ON_PREMISES) == LEGS[1:3]


def test_no_test_failover_exists_towards_the_site() -> None:
    froms = {m.phase for m in LIFECYCLE if m.operation is Operation.TEST_FAILOVER}
    assert froms == {Phase.REPLICATING_TO_AZURE}


def test_nothing_begins_while_a_job_runs() -> None:
    assert not RESTING & {m.running for m in LIFECYCLE}


def test_no_usual_way_leads_into_a_running_phase() -> None:
    with pytest.raises(NoRoute, match="failing_back"):
        route(Architecture.CLASSIC, Phase.FAILED_OVER, Phase.FAILING_BACK)
