"""A vcsim that also says what it cannot hold: through a proxy before it, put up where an estate or a fault needs one.

The proxy asks nobody: what it says is pushed when it is put up, and again whenever the world changes such a fact. It
ends with the context that put it up. In world azure there is none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from failback.reprotect import Estate, known
from failback.scenarios.files.schema import Scenario
from failback.simulator import FaultKind

if TYPE_CHECKING:
    from failback.adapters import VsphereSession

Say = Callable[[Estate], None]
SECTIONS: Final = ("hosts", "datastores", "configuration_servers")
"""Sections of an estate with facts that come through the proxy."""


@dataclass(frozen=True, slots=True)
class VcsimOverrides:
    """A session on the vcsim as the estate has it, and what to tell when the estate has changed."""

    session: "VsphereSession"
    say: Say


def is_needed(scenario: Scenario) -> bool:
    """Whether the estate says, or a fault will say, what a vcsim cannot hold."""
    from failback.adapters import PROXIED, needs_proxy

    facts = {fact for _, fact in PROXIED}
    changed = (fault.facts for fault in scenario.faults if fault.kind is FaultKind.CHANGE_FACTS)
    return needs_proxy(scenario.estate) or any(facts & each.keys() for each in changed)


@contextmanager
def overrides_of(scenario: Scenario, session: "VsphereSession") -> Iterator[VcsimOverrides]:
    """The vcsim behind this session, through a proxy only where one is needed."""
    from failback.adapters import VsphereSession, open_proxy, overrides_for

    if not is_needed(scenario):
        yield VcsimOverrides(session, lambda _: None)
        return
    with open_proxy(session.settings) as proxy:
        proxy.push(overrides_for(session, scenario.estate))
        account = replace(proxy.settings, site_recovery_account=_stored(scenario.estate))
        with VsphereSession(account) as through:
            yield VcsimOverrides(through, lambda estate: proxy.push(overrides_for(session, estate)))


def of_concern(estate: Estate, name: str) -> bool:
    """Whether the part of this name has facts that come through the proxy."""
    return any(name in getattr(estate, section) for section in SECTIONS)


def _stored(estate: Estate) -> str | None:
    """The stored account, where the estate says what it may do."""
    has_privileges = any(known(server.privileges) for server in estate.configuration_servers.values())
    return "stored-account" if has_privileges else None
