"""The Azure SDK, and nothing else: raw answers of single calls, failures as values or as one plain paragraph.

Every GET keeps the SDK's retries. Every call that changes something is sent once (`retry_total=0`): the SDK would send
a POST again after a 500 that came too late, and then report the second answer, a conflict, while the job runs.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar, cast
from urllib.parse import quote

from azure.core import AzureClouds
from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import SansIOHTTPPolicy
from azure.core.pipeline.transport import RequestsTransport
from azure.core.rest import HttpRequest
from azure.mgmt.recoveryservicessiterecovery import SiteRecoveryManagementClient

from failback.reprotect import Unreachable

from .answer_headers import wait_asked_s
from .arm_rim import Rim
from .foreign import ODD, odd_words
from .liveness import MOCK_HEADER, Guard
from .patience import LastingFailure
from .redaction import redacted
from .settings import AzureSettings
from .settings_file import BadSettings
from .sign_in import SignIn
from .translation import Json, last_segment, part, parts, text

CLOUDS: Final = {
    "public": AzureClouds.AZURE_PUBLIC_CLOUD,
    "us_government": AzureClouds.AZURE_US_GOVERNMENT,
    "china": AzureClouds.AZURE_CHINA_CLOUD,
}
LOOPBACK_TOKEN: Final = "loopback"
"""Sent to a local server where nobody gave a token: a real credential goes there only through a declared tunnel."""
FOR_EVER: Final = 253402300799
"""Expiry of a static token: whoever gave it knows better."""
PASSING: Final = frozenset({408, 429})
"""Answers besides 5xx that say nothing about the request itself."""
DENIED: Final = 403
_SIGN_IN: Final = (
    "Nothing was sent. Sign in again with az login; if the stored tokens are damaged, az account clear deletes them "
    "first. Where a program signs in, check its AZURE_ variables."
)
FORBIDDEN: Final = frozenset({401, DENIED})
NOT_FOUND: Final = 404
API_VERSION: Final = "2025-08-01"

T = TypeVar("T")


class ResourceAbsent(LastingFailure):
    """The vault has no such resource, so that it cannot be read."""


class AccessDenied(LastingFailure):
    """Whoever is signed in may not do this (403)."""


class OddAnswer(Unreachable):
    """What was answered cannot be understood."""


@dataclass(frozen=True, slots=True)
class RequestAccepted:
    """A request was accepted and runs as this job."""

    job_id: str


@dataclass(frozen=True, slots=True)
class RequestDeclined:
    """A request was answered with no."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class RequestUnclear:
    """Nobody knows yet whether a request was taken."""

    message: str


Sent: TypeAlias = RequestAccepted | RequestDeclined | RequestUnclear


@dataclass(frozen=True, slots=True)
class ItemPath:
    """Where an item is in its vault; `id` is its ARM id as the vault writes it."""

    id: str
    fabric: str
    container: str
    name: str

    @property
    def container_id(self) -> str:
        """ARM id of its protection container."""
        return self.id.rsplit("/", 2)[0]


def item_path(arm_id: str) -> ItemPath:
    """The path in an item's ARM id; letter case of its fixed words differs from answer to answer."""
    words = arm_id.split("/")
    lowered = [word.casefold() for word in words]
    kinds = ("replicationfabrics", "replicationprotectioncontainers", "replicationprotecteditems")
    fabric, container, name = (words[lowered.index(kind) + 1] for kind in kinds)
    return ItemPath(arm_id, fabric, container, name)


class SiteRecoveryClient:
    """One vault over one SDK client with one HTTP session. `policies` see each sending, after the rim."""

    def __init__(
        self, settings: AzureSettings, sign_in: SignIn | None = None, *policies: SansIOHTTPPolicy[Any, Any]
    ) -> None:
        self._settings = settings
        self._sign_in = sign_in or SignIn(credential_of(settings))
        self._where = (settings.resource_group, settings.vault)
        self.guard = Guard(settings.where, self._says_mock)
        self._sdk = _sdk_client(settings, self._sign_in, Rim(settings.endpoint, self.guard), *policies)
        self.retry_after_s: float | None = None

    # Reads

    def items(self) -> tuple[Json, ...]:
        """All items, as the list shows them: with half of the fields blank."""
        return self._of_vault("the protected items", lambda: self._sdk.replication_protected_items.list(*self._where))

    def item(self, path: ItemPath) -> Json:
        """One item in full. Raises `ResourceAbsent`."""
        return self._get(f"item {path.name}", path.id)

    def points(self, path: ItemPath) -> tuple[Json, ...]:
        """Recovery points of an item."""
        points = self._sdk.recovery_points.list_by_replication_protected_items
        call = partial(points, *self._where, path.fabric, path.container, path.name)
        return self._list(f"the recovery points of item {path.name}", call)

    def job(self, job_id: str) -> Json:
        """One job in full. Raises `ResourceAbsent`."""
        return self._get(f"job {job_id}", self._child("replicationJobs", job_id))

    def jobs(self) -> tuple[Json, ...]:
        """All jobs that the vault still shows, without their tasks."""
        return self._of_vault("the jobs", lambda: self._sdk.replication_jobs.list(*self._where))

    def plan(self, name: str) -> Json:
        """One recovery plan. Raises `ResourceAbsent`."""
        return self._get(f"recovery plan {name}", self._child("replicationRecoveryPlans", name))

    def fabric(self, name: str) -> Json:
        """One fabric. Raises `ResourceAbsent`."""
        return self._get(f"fabric {name}", self._child("replicationFabrics", name))

    def mappings(self, path: ItemPath) -> tuple[Json, ...]:
        """Policies mapped to the container of an item."""
        mappings = self._sdk.replication_protection_container_mappings.list_by_replication_protection_containers
        call = partial(mappings, *self._where, path.fabric, path.container)
        return self._list(f"the mappings of container {path.container}", call)

    def appliances(self) -> tuple[Json, ...]:
        """The replication appliances of the vault."""
        return self._list("the appliances", lambda: self._sdk.replication_appliances.list(*self._where))

    # What changes something

    def ask_item(self, path: ItemPath, verb: str, body: Json | None) -> Sent:
        """Send one request for an item, once."""
        operations = self._sdk.replication_protected_items
        return self._send(operations, verb, (path.fabric, path.container, path.name), body)

    def ask_plan(self, name: str, verb: str, body: Json | None) -> Sent:
        """Send one request for a recovery plan, once."""
        return self._send(self._sdk.replication_recovery_plans, verb, (name,), body)

    def close(self) -> None:
        """Give the connections back."""
        self._sdk.close()

    def _says_mock(self) -> bool:
        """Whether an answer, whatever its status, says that it is the mock's."""
        request = HttpRequest("GET", self._child("replicationVaultSettings", ""), params={"api-version": API_VERSION})
        return self._read("what it says of itself", lambda: MOCK_HEADER in self._sdk.send_request(request).headers)

    def _child(self, kind: str, name: str) -> str:
        group, vault = self._where
        root = f"/subscriptions/{self._settings.subscription}/resourceGroups/{group}/providers"
        return f"{root}/Microsoft.RecoveryServices/vaults/{vault}/{kind}/{quote(name, safe='')}"

    def _get(self, what: str, path: str) -> Json:
        return cast(Json, self._read(what, lambda: self._fetch(path)))

    def _fetch(self, path: str) -> object:
        """One GET through the SDK's pipeline, past its models: they cost as much as the call and refuse odd values."""
        response = self._sdk.send_request(HttpRequest("GET", path, params={"api-version": API_VERSION}))
        self.retry_after_s = wait_asked_s(response.headers) or None
        response.raise_for_status()
        return response.json()

    def _list(self, what: str, call: Callable[[], Iterable[object]]) -> tuple[Json, ...]:
        return self._read(what, lambda: cast(tuple[Json, ...], tuple(call())))

    def _of_vault(self, what: str, call: Callable[[], Iterable[object]]) -> tuple[Json, ...]:
        """What every vault has, be it an empty list: where it is absent, so is the vault. Raises `BadSettings`."""
        try:
            return self._list(what, call)
        except ResourceAbsent as absent:
            raise BadSettings(
                f"There is no vault {self._settings.vault} in resource group {self._settings.resource_group} of "
                f"subscription {self._settings.subscription} at {self._settings.endpoint}: {absent} Correct vault, "
                "resource_group or subscription in the settings."
            ) from absent

    def _read(self, what: str, call: Callable[[], T]) -> T:
        try:
            return call()
        except AzureError as broken:
            if isinstance(broken, HttpResponseError) and broken.status_code == NOT_FOUND:
                raise ResourceAbsent(code_and_message(broken)[1]) from broken
            raise self._unreachable(f"reading {what}", broken) from broken
        except ODD as odd:
            place = f"The vault {self._settings.vault} at {self._settings.endpoint}"
            raise OddAnswer(odd_words(f"{place}, asked for {what},", odd)) from odd

    def _send(self, operations: object, verb: str, where: tuple[str, ...], body: Json | None) -> Sent:
        answers: list[PipelineResponse[Any, Any]] = []
        begin = getattr(operations, f"begin_{verb}")
        arguments = where if body is None else (*where, body)
        try:
            begin(*self._where, *arguments, polling=False, retry_total=0, raw_response_hook=answers.append)
        except HttpResponseError as answered:
            return self._answered(verb, answered)
        except AzureError as lost:
            return RequestUnclear(
                f"{verb} was sent to {self._settings.endpoint} and no answer came back: {_short(lost)}."
            )
        except ODD as odd:  # it has arrived, and may have been taken
            return RequestUnclear(odd_words(f"{verb} was sent, and {self._settings.endpoint}", odd))
        return _taken(verb, answers)

    def _answered(self, verb: str, answered: HttpResponseError) -> Sent:
        status = answered.status_code or 0
        if status in FORBIDDEN or isinstance(answered, ClientAuthenticationError):
            raise self._unreachable(f"asking for {verb}", answered) from answered
        code, message = code_and_message(answered)
        if status >= 500 or status in PASSING:
            return RequestUnclear(f"{verb} was answered with {status} {code}: {message}")
        return RequestDeclined(code, message)

    def _unreachable(self, doing: str, broken: AzureError) -> Unreachable:
        place = f"vault {self._settings.vault} at {self._settings.endpoint}"
        status = broken.status_code if isinstance(broken, HttpResponseError) else None
        if status is None and isinstance(broken, ClientAuthenticationError):
            return Unreachable(f"There is no access token for the {place} while {doing}: {_short(broken)}. {_SIGN_IN}")
        if status in FORBIDDEN or isinstance(broken, ClientAuthenticationError):
            why = f"{status}: {_short(broken)}"
            kind = AccessDenied if status == DENIED else Unreachable
            return kind(
                f"The {place} denies access while {doing} ({why}). Check who is signed in (az account show), the "
                f"subscription {self._settings.subscription}, and the role on the vault: reading needs Site Recovery "
                "Reader, asking needs Site Recovery Operator."
            )
        proxy = "" if self._settings.is_loopback else ", the proxy (HTTPS_PROXY)"
        hint = f"Check the address, the network{proxy} and the certificate settings, and run again."
        if status is not None:
            hint = "Wait and run again; a status of 500 or more is an error of the service, and 429 is throttling."
        return Unreachable(f"The {place} could not be read while {doing}: {_short(broken)}. {hint}")


def _taken(verb: str, answers: list[PipelineResponse[Any, Any]]) -> Sent:
    headers = answers[-1].http_response.headers if answers else {}
    names = (headers.get(key) or "" for key in ("Location", "Azure-AsyncOperation", "x-ms-request-id"))
    job_id = next((last_segment(name) for name in names if "/" in name), None)  # else the id is of the request alone
    return RequestAccepted(job_id) if job_id else RequestUnclear(f"{verb} was accepted, and the answer named no job.")


def code_and_message(answered: HttpResponseError) -> tuple[str, str]:
    """(code, message) of an ARM error; the useful pair stands in its first detail."""
    error = _error_body(answered)
    detail = next(iter(parts(error, "details")), error)
    code = text(detail.get("code")) or text(error.get("code")) or str(answered.status_code)
    return code, redacted(text(detail.get("message")) or text(error.get("message"))) or _short(answered)


def _error_body(answered: HttpResponseError) -> Json:
    response: Any = answered.response
    try:
        body = response.json() if response is not None else {}
    except (*ODD, AzureError):
        return {}
    if not isinstance(body, dict):
        return {}
    return part(body, "error") or body


def _short(broken: Exception) -> str:
    return " ".join(redacted(str(broken)).split())[:300].rstrip(".")


# The client


class _StaticToken:
    """A token that somebody gave."""

    def __init__(self, token: str) -> None:
        self._token = AccessToken(token, FOR_EVER)

    def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        return self._token


class _PlainHttpToken(SansIOHTTPPolicy[Any, Any]):
    """The SDK sends no bearer token over plain http; loopback, where it is legal, needs this."""

    def __init__(self, credential: TokenCredential) -> None:
        super().__init__()
        self._credential = credential

    def on_request(self, request: PipelineRequest[Any]) -> None:
        request.http_request.headers["Authorization"] = f"Bearer {self._credential.get_token().token}"


def _sdk_client(
    settings: AzureSettings, credential: SignIn, rim: Rim, *policies: SansIOHTTPPolicy[Any, Any]
) -> SiteRecoveryManagementClient:
    plain = {"authentication_policy": _PlainHttpToken(credential)} if settings.endpoint.startswith("http://") else {}
    return SiteRecoveryManagementClient(
        credential,
        settings.subscription,
        settings.endpoint,
        cloud_setting=CLOUDS[settings.cloud],
        api_version=API_VERSION,
        transport=_transport(settings),
        per_retry_policies=[rim, *policies],
        **plain,
    )


def _transport(settings: AzureSettings) -> RequestsTransport:
    """One session. Loopback is reached past any proxy of the environment."""
    return RequestsTransport(
        connection_timeout=settings.connect_timeout_s,
        read_timeout=settings.read_timeout_s,
        connection_verify=settings.ca_file or settings.verify,
        use_env_settings=not settings.is_loopback,
    )


def credential_of(settings: AzureSettings) -> TokenCredential:
    """What the settings sign in with."""
    if settings.token or (settings.is_loopback and not settings.tunnel):
        return _StaticToken(settings.token or LOOPBACK_TOKEN)
    from azure.identity import DefaultAzureCredential

    logging.getLogger("azure.identity").addHandler(logging.NullHandler())  # what fails is said once, and by us
    return DefaultAzureCredential(authority=_authority(settings))


def _authority(settings: AzureSettings) -> str:
    from azure.identity import AzureAuthorityHosts

    hosts = AzureAuthorityHosts
    named = {"us_government": hosts.AZURE_GOVERNMENT, "china": hosts.AZURE_CHINA}
    return named.get(settings.cloud, hosts.AZURE_PUBLIC_CLOUD)
