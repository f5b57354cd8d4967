"""The world that is real. Nothing here, and nothing that it imports, simulates."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from failback.adapters.redaction import redacted
from failback.reprotect import (
    Estate,
    History,
    datastores_in_vsphere,
    identities,
    items_in_the_vault,
    names_in_requests,
    names_in_the_vault,
)
from failback.reprotect.driver import Operator, Ports
from failback.scenarios.files.schema import Scenario

from .consent import Consent, ConsentedRemedies, ConsentedVault
from .vault_clock import refuse_clocks_apart

if TYPE_CHECKING:
    from failback.adapters import (
        Guard,
        Patience,
        RemedyClient,
        Settings,
        SiteRecoveryVault,
        SiteRemedies,
        VsphereSession,
        WallClock,
    )

POLLS_PER_S: Final = 10.0
"""Reads per second of a run that nobody limits: less than half of what Azure gives back, since it lasts for hours."""
_FACTOR: Final = (
    "The settings say clock factor {:g}, which is for a mock whose time runs faster. An endpoint is live, where freeze "
    "windows and waits have to last as long as the plan says. Leave the factor out. This request changed nothing."
)


@contextmanager
def azure(
    scenario: Scenario,
    history: History,
    operator: Operator,
    settings: "Settings | None",
    began_s: float = 0.0,
    consent: Consent | None = None,
) -> Iterator[Ports]:
    """The same adapters with a person's settings, in real time. A live endpoint is read-only without `consent`.

    `began_s`: what the run's clock says now, where the run goes on. `history` notes when an endpoint is away.
    """
    from failback.adapters import (
        PatientVault,
        PatientVsphere,
        RemedyClient,
        VsphereInventory,
        VsphereSession,
    )

    assert settings is not None
    what = f"the legs of {scenario.name}"
    with (
        closing(_vault_of(settings, scenario.estate)) as vault,
        closing(RemedyClient(settings.azure)) as client,
    ):
        clock = _clock(settings, vault, len(scenario.estate.virtual_machines), began_s)
        vault.guard.stand_beside(client.guard)
        patient = PatientVault(vault, _patience(settings, history))
        if settings.vsphere is None:
            behind = _behind(consent, vault.guard, what, settings)
            yield behind(Ports(clock, patient, None, operator, remedies_of(client, None, scenario.estate)))
            return
        with VsphereSession(settings.vsphere) as session:
            vault.guard.stand_beside(session.guard)
            behind = _behind(consent, vault.guard, what, settings)
            estate = scenario.estate
            seen, remedies = VsphereInventory(session, identities(estate)), remedies_of(client, session, estate)
            vsphere = PatientVsphere(seen, _patience(settings, history))
            yield behind(Ports(clock, patient, vsphere, operator, remedies, seen.shared_uuids))


def _vault_of(settings: "Settings", estate: Estate) -> "SiteRecoveryVault":
    from failback.adapters import SiteRecoveryVault

    names = tuple(estate.virtual_machines)
    return SiteRecoveryVault(settings.azure, names, names_in_requests(estate), items_in_the_vault(estate))


def _clock(settings: "Settings", vault: "SiteRecoveryVault", items: int, now_s: float) -> "WallClock":
    from failback.adapters import WallClock

    poll_s, factor = poll_interval_s(settings, items), settings.clock_factor
    return WallClock(poll_s=poll_s, factor=factor, pace=lambda: vault.retry_after_s, now_s=now_s)


def poll_interval_s(settings: "Settings", items: int) -> float:
    """Seconds between two looks: a look reads each item, so many items take longer than `reads_per_s` allows for.

    A mock whose time runs faster than the wall has no budget of reads.
    """
    if settings.clock_factor != 1.0:
        return settings.poll_s
    return max(settings.poll_s, items / (settings.azure.reads_per_s or POLLS_PER_S))


def _behind(consent: Consent | None, guard: "Guard", what: str, settings: "Settings") -> Callable[[Ports], Ports]:
    """What puts the ports behind the door where an endpoint is live.

    Raises `ReadOnly` where consent is missing, and where the clocks here and there are apart.
    """
    from failback.adapters import ReadOnly

    why = guard.live_words(what)
    if consent is None or not (why or consent.is_given):
        guard.refuse_live(what)
        return lambda ports: ports
    consent.demand(why)
    if settings.clock_factor != 1.0:
        raise ReadOnly(f"Not sent: {what}. {_FACTOR.format(settings.clock_factor)}")
    refuse_clocks_apart(settings.azure)
    guard.let_through(lambda: consent.is_open)
    return partial(_behind_the_door, consent)


def _behind_the_door(consent: Consent, ports: Ports) -> Ports:
    remedies = ConsentedRemedies(ports.remedies, consent)
    return replace(ports, vault=ConsentedVault(ports.vault, consent), remedies=remedies)


def _patience(settings: "Settings", history: History) -> "Patience":
    from failback.adapters import Patience

    def told(words: str) -> None:
        history.note(history.last_s, "Endpoint", {"message": redacted(words)}, transport=True)

    return Patience(settings.patience_s, told)


def remedies_of(client: "RemedyClient", session: "VsphereSession | None", estate: Estate) -> "SiteRemedies":
    """What can be fixed through one vault and, where one is named, one vCenter."""
    from failback.adapters import SiteRemedies, vault_steps, vsphere_steps

    in_vault = vault_steps(client, servers=names_in_the_vault(estate), machines=items_in_the_vault(estate))
    if session is None:
        return SiteRemedies(in_vault)
    return SiteRemedies(in_vault, vsphere_steps(session, identities(estate), datastores_in_vsphere(estate)))
