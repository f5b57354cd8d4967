"""What consent asks of Azure, all of it reads: who is signed in, what time it is there, who wrote which deployment."""

from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from azure.core.exceptions import AzureError
from azure.core.rest import HttpRequest

from failback.reprotect import Unreachable

from .answer_headers import date_of
from .estate_client import EstateClient
from .settings import ENDPOINTS, AzureSettings
from .sign_in import SignIn
from .site_recovery_client import API_VERSION, AccessDenied, credential_of
from .translation import Json, instant, part, text

LOG_VERSION: Final = "2015-04-01"
_CLAIM: Final = "http://schemas.microsoft.com/identity/claims/"
_WRITE: Final = "microsoft.resources/deployments/write"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One identity by its object id and tenant. `is_person`: a user signed in, and no program with a secret."""

    oid: str
    tenant: str
    is_person: bool


@dataclass(frozen=True, slots=True)
class LoggedWrite:
    """An entry of the activity log about a deployment that was written. Azure took `by` from the writer's token."""

    resource_id: str
    at: datetime
    by: SignedIn


class ConsentClient(EstateClient):
    """The reads. They are not repeated: whoever waits for the answer can repeat the command."""

    def __init__(self, settings: AzureSettings) -> None:
        super().__init__(settings, retries=0)

    def signed_in(self) -> SignedIn:
        """Who is signed in here, by an access token that the vault has just taken. Raises `Unreachable`.

        What gives the tokens may be any program, such as an `az` of one's own, and could say that it is somebody else.
        """
        import jwt

        try:
            token = SignIn(credential_of(self._settings)).get_token(f"{ENDPOINTS[self._settings.cloud]}/.default").token
            claims = jwt.decode(token, options={"verify_signature": False})
        except AzureError as broken:
            raise self._unreachable("signing in", broken) from broken
        except jwt.PyJWTError as odd:
            raise Unreachable("The access token cannot be read, so it is unknown who is signed in.") from odd
        self._prove(token)
        return _identity(
            {key: text(claims.get(short)) for key, short in _SHORT.items()} | {"idtyp": text(claims.get("idtyp"))}
        )

    def _prove(self, token: str) -> None:
        """Read with this very token: Azure refuses one that it has not signed, and says no more to it than that."""
        own = replace(self._settings, credential="token", token=token)
        with closing(ConsentClient(own)) as client, suppress(AccessDenied):
            client.below_vault("replicationFabrics")

    def now(self) -> datetime:
        """What time it is at the vault: this computer's clock may be wrong, or set. Raises `Unreachable`."""
        request = HttpRequest("GET", self._child("replicationVaultSettings", ""), params={"api-version": API_VERSION})
        answer = self._read("the time", lambda: self._sdk.send_request(request, **self._how))
        found = date_of(answer.headers)
        if found is None:
            raise Unreachable(
                f"The answer of {self._settings.endpoint} has no date, so it is unknown what has expired."
            )
        return found

    def deployments_since(self, earliest: datetime, latest: datetime) -> tuple[LoggedWrite, ...]:
        """Deployments that were written in the vault's resource group, as Azure's activity log says."""
        group = self._settings.resource_group.replace("'", "''")
        between = f"eventTimestamp ge '{_iso(earliest)}' and eventTimestamp le '{_iso(latest)}'"
        path = f"/subscriptions/{self._settings.subscription}/providers/Microsoft.Insights/eventtypes/management/values"
        params = {"api-version": LOG_VERSION, "$filter": f"{between} and resourceGroupName eq '{group}'"}
        entries = self._read("the activity log", lambda: tuple(self._pages(path, params)))
        return tuple(found for entry in entries if (found := _written(entry)) is not None)


_SHORT: Final = {f"{_CLAIM}objectidentifier": "oid", f"{_CLAIM}tenantid": "tid", f"{_CLAIM}scope": "scp"}
"""Names of claims in the activity log, and in a token."""


def _identity(claims: Mapping[str, Any]) -> SignedIn:
    """A person's token has a scope (documented); that of a program has none. Programs may say so by `idtyp`."""
    oid, tenant, scope = (text(claims.get(key)) for key in _SHORT)
    return SignedIn(oid.casefold(), tenant.casefold(), bool(scope) and text(claims.get("idtyp")) != "app")


def _written(entry: Json) -> LoggedWrite | None:
    """A deployment that was written and succeeded; None for any other entry, and for one that names no writer."""
    at, by = instant(entry.get("eventTimestamp")), _identity(part(entry, "claims"))
    fits = _value(entry, "operationName") == _WRITE and _value(entry, "status") == "succeeded"
    if not fits or at is None or not by.oid:
        return None
    return LoggedWrite(text(entry.get("resourceId")), at, by)


def _value(entry: Json, key: str) -> str:
    return text(part(entry, key).get("value")).casefold()


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
