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


BOTH, MODERNISED = tuple(Architecture), (Architecture.MODERNISED,)
PERMITTED = (
    # who, from, what, and the phases that it leads through
    (BOTH, "replicating_to_azure", "failover", "failing_over failed_over failed_over"),
    (BOTH, "replicating_to_azure", "test_failover", "testing_failover failover_tested failover_tested"),
    (BOTH, "failover_tested", "clean_up_test", "cleaning_up_test replicating_to_azure replicating_to_azure"),
    (BOTH, "failed_over", "commit_failover", "committing_failover failover_committed failover_committed"),
    (
        BOTH,
        "failed_over failover_committed",
        "reprotect_to_on_premises",
        "reprotecting_to_on_premises resyncing_to_on_premises replicating_to_on_premises",
    ),
    (BOTH, "replicating_to_on_premises", "failback", "failing_back failed_back failed_back"),
    (BOTH, "failed_back", "commit_failback", "committing_failback failback_committed failback_committed"),
    (
        MODERNISED,
        "failed_back",
        "cancel_failback",
        "cancelling_failback replicating_to_on_premises replicating_to_on_premises",
    ),
    (
        MODERNISED,
        "failed_back",
        "reprotect_to_azure",
        "reprotecting_to_azure resyncing_to_azure replicating_to_azure",
    ),
    (
        BOTH,
        "failback_committed",
        "reprotect_to_azure",
        "reprotecting_to_azure resyncing_to_azure replicating_to_azure",
    ),
)
"""What ASR permits, written down a second time and in another form than the table."""
WAYS = {
    (who, Phase(phase), Operation(operation)): tuple(map(Phase, way.split()))
    for whose, phases, operation, way in PERMITTED
    for who in whose
    for phase in phases.split()
}


@pytest.mark.parametrize("architecture", Architecture)
@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("operation", Operation)
def test_an_operation_leads_where_asr_leads_it_or_is_refused(
    architecture: Architecture, phase: Phase, operation: Operation
) -> None:
    way = WAYS.get((architecture, phase, operation))
    assert (operation in allowed(architecture, phase)) is (way is not None)
    if way is None:
        with pytest.raises(NotAllowed, match=operation.value):
            begin(architecture, phase, operation)
        return
    move = begin(architecture, phase, operation)
    assert (move.running, move.done, move.settles) == way
    assert (end(move, succeeded=True), end(move, succeeded=False)) == (way[1], phase)
    assert {seen for seen in Phase if on_the_way(move, seen)} == set(way)


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


def test_a_modernised_failback_that_nobody_committed_may_be_reprotected_though_no_route_does_so() -> None:
    """Recorded: the request was accepted while the commit was pending."""
    assert Operation.REPROTECT_TO_AZURE in allowed(Architecture.MODERNISED, Phase.FAILED_BACK)
    assert route(Architecture.MODERNISED, Phase.FAILED_BACK, Phase.REPLICATING_TO_AZURE) == LEGS[4:]


def test_no_test_failover_exists_towards_the_site() -> None:
    froms = {m.phase for m in LIFECYCLE if m.operation is Operation.TEST_FAILOVER}
    assert froms == {Phase.REPLICATING_TO_AZURE}


def test_nothing_begins_while_a_job_runs() -> None:
    assert not RESTING & {m.running for m in LIFECYCLE}


def test_no_usual_way_leads_into_a_running_phase() -> None:
    with pytest.raises(NoRoute, match="failing_back"):
        route(Architecture.CLASSIC, Phase.FAILED_OVER, Phase.FAILING_BACK)
