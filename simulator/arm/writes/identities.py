"""Identities of applications in bodies: of a provider, and of the agents of a fabric."""

from typing import Final

from failback.simulator.arm.wire.body_fields import BodyFields
from failback.simulator.arm.wire.response import Json

IDENTITIES: Final = ("authenticationIdentity", "resourceAccessIdentity")
"""Those that a provider must have."""
DATA_PLANE: Final = "dataPlaneAuthenticationIdentityDetails"
"""The key of the one that it may have."""


def identity(given: BodyFields) -> Json:
    """One identity as it is shown, which is as it was sent; each field must be there."""
    return {name: given.text(name) for name in ("tenantId", "applicationId", "objectId", "audience", "aadAuthority")}
