"""The world that is real. Nothing here, and nothing that it imports, simulates."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from failback.adapters.redaction import redacted
from failback.reprotect import History
from failback.reprotect.driver import Operator, Ports
from failback.scenarios.files.schema import Scenario

if TYPE_CHECKING:
    from failback.adapters import Patience, RemedyClient, Settings, SiteRemedies, VsphereSession


@contextmanager
def azure(
    scenario: Scenario, history: History, operator: Operator, settings: "Settings | None", began_s: float = 0.0
) -> Iterator[Ports]:
    """The same adapters with a person's settings, in real time. A live endpoint is read-only for now.

    `began_s`: what the run's clock says now, where the run goes on. `history` notes when an endpoint is away.
    """
    from failback.adapters import (
        PatientVault,
        PatientVsphere,
        RemedyClient,
        SiteRecoveryVault,
        VsphereInventory,
        VsphereSession,
        WallClock,
    )

    assert settings is not None
    what = f"the legs of {scenario.name}"
    with (
        closing(SiteRecoveryVault(settings.azure, tuple(scenario.estate.virtual_machines))) as vault,
        closing(RemedyClient(settings.azure)) as client,
    ):
        clock = WallClock(
            poll_s=settings.poll_s, factor=settings.clock_factor, pace=lambda: vault.retry_after_s, now_s=began_s
        )
        vault.guard.stand_beside(client.guard)
        patient = PatientVault(vault, _patience(settings, history))
        if settings.vsphere is None:
            vault.guard.refuse_live(what)
            yield Ports(clock, patient, None, operator, remedies_of(client, None))
            return
        with VsphereSession(settings.vsphere) as session:
            vault.guard.stand_beside(session.guard)
            vault.guard.refuse_live(what)
            vsphere = PatientVsphere(VsphereInventory(session), _patience(settings, history))
            yield Ports(clock, patient, vsphere, operator, remedies_of(client, session))


def _patience(settings: "Settings", history: History) -> "Patience":
    from failback.adapters import Patience

    def told(words: str) -> None:
        history.note(history.last_s, "Endpoint", {"message": redacted(words)}, transport=True)

    return Patience(settings.patience_s, told)


def remedies_of(client: "RemedyClient", session: "VsphereSession | None") -> "SiteRemedies":
    """What can be fixed through one vault and, where one is named, one vCenter."""
    from failback.adapters import SiteRemedies, vault_steps, vsphere_steps

    return SiteRemedies(vault_steps(client), vsphere_steps(session) if session else {})
