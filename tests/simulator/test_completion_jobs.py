"""The jobs that a vault shows of itself once a resync is through, as recorded."""

from failback.scenarios import load_scenario, play, resolve
from failback.simulator import World


def test_each_resync_that_is_through_is_followed_by_its_completion_jobs() -> None:
    worlds: list[World] = []
    play(load_scenario(resolve("process_server_falls_silent")), on_world=worlds.append)
    jobs = [job for job in worlds[0].vault.jobs.values() if job.subject == "app-01" and job.parent is None]
    assert [job.scenario_name for job in jobs] == [
        "UnplannedFailover",
        "CommitFailover",
        "SwitchReplicationGroupProtection",
        "IrCompletion",
        "VMNicUpdate",
        "UnplannedFailover",
        "CommitFailover",
        "SwitchReplicationGroupProtection",
        "PrimaryIrCompletion",
        "SecondaryIrCompletion",
    ]
    home, _ = (replicated.settled_s for replicated in worlds[0].replicated())
    assert {time_s for job in jobs[3:5] for time_s in (job.started_s, job.ended_s)} == {home}
