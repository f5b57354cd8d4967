"""Codes that no page of Microsoft explains as Site Recovery's: our own, and those of Azure Resource Manager."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class OwnCode(NamedTuple):
    """What it means, and what helps."""

    meaning: str
    action: str


_OURS: Final = "assigned by failback; Microsoft has published none"
_REASON: Final = "a reason of failback for which a machine stops"
_REST: Final = "an error code of Azure's REST interface, as failback's mock uses it"
_LOOK: Final = "correct the request as the message says, then send it again"
_BUSY: Final = "remove or end what uses it, then send the request again"
_GONE: Final = "look up the name, for instance in the portal or with `failback check`, and correct it"
# One line a code.
# fmt: off
OWN_CODES: Final[Mapping[str, OwnCode]] = {
    "FB-INJECTED": OwnCode("a fault of the scenario, or a fault rule of the mock, made this job fail on purpose", "none is needed: it is part of the rehearsal; give the fault a `code` to show another error"),
    "FB-VSPHERE": OwnCode("vSphere refused what the job had to do there", "read vSphere's own task (vSphere client > Monitor > Tasks), fix the cause, then run the operation again"),
    "FB-PLAN": OwnCode("the plan cannot be run, so `failback run` refuses it", "change the plan or the recovery plan as the finding PLAN of `failback check` says"),
    "FB-FULL": OwnCode("a name that earlier versions used: the datastore has no free space; today FB-B16", "see `failback explain B16`"),
    "PLAN": OwnCode("the finding of `failback check` for a plan that cannot be run", "change the waves under `plan`, or the recovery plan, as the finding says"),
    "gave_up": OwnCode("the machine was not home when the limit of the plan (`give_up_after_s`) was reached", "see its job and its health in the vault; `failback check` names the rules that are broken"),
    "drift": OwnCode("somebody changed the machine's state outside the run", "find out who did what, then decide how the machine continues, by hand or in another run"),
    "not_in_vault": OwnCode("the item was there when the run began and is not in the vault any more; after ten minutes, the run sends no more requests for its machine", "find out in the vault who disabled its replication and where the machine runs; protect it again, or bring it home by hand"),
    "no_way": OwnCode("no operation leads from the machine's state to the goal of the plan", "compare its state in the vault with the lifecycle (docs/lifecycle.md)"),
    "cancelled": OwnCode("somebody cancelled the job, or the job was cancelled in the vault", "ask who cancelled it and why, then start the operation again"),
    "wave_closed": OwnCode("the time window of the machine's wave ended before it was home", "bring it home in a later wave or in another run"),
    "skipped": OwnCode("a person told the run to skip the machine", "bring it home separately, in another run or by hand"),
    "abandoned": OwnCode("a person abandoned the run; no job was cancelled", "look in the vault which jobs still run, and decide about each machine"),
    "AlreadyDiscovered": OwnCode("the server has discovered this already", "none is needed"),
    "AlreadyProtected": OwnCode("the machine is protected already", "none is needed"),
    "BadRequest": OwnCode("the request cannot be read or contradicts itself", _LOOK),
    "ContainerAlreadyExists": OwnCode("a protection container of this name exists", "choose another name, or use the existing one"),
    "ContainerInUse": OwnCode("the protection container still has protected items", _BUSY),
    "CrossOriginRequest": OwnCode("a web page of another origin sent the request, and the mock refuses that", "open the mock's own page, or send the request without a browser"),
    "DiskAlreadyProtected": OwnCode("the disk is protected already", "none is needed"),
    "FabricAlreadyExists": OwnCode("a fabric of this name exists", "choose another name, or use the existing one"),
    "FabricInUse": OwnCode("the fabric still has containers or servers", _BUSY),
    "InvalidApiVersionParameter": OwnCode("the version of the interface (`api-version`) is not one that is served", "use a version that the message lists"),
    "InvalidFilter": OwnCode("the query parameter `$filter` cannot be read", _LOOK),
    "InvalidHostName": OwnCode("the request went to a host name that the mock does not serve", "use the address that `failback mock` prints"),
    "InvalidParameter": OwnCode("a field of the request has a value that is not possible", _LOOK),
    "InvalidRequestContent": OwnCode("the body of the request is not the JSON that is expected", _LOOK),
    "InvalidResourceName": OwnCode("the name has characters or a length that is not allowed", "choose a name as the message says"),
    "InvalidResourceReference": OwnCode("the request refers to a resource that does not exist or has another type", _GONE),
    "InvalidResourceType": OwnCode("the address names a type of resource that is not served", _LOOK),
    "InvalidSkipToken": OwnCode("the token for the next page is not one that the service gave", "read the list again from its first page"),
    "InvalidTemplate": OwnCode("the mock takes only deployments without resources", "use the mock for Site Recovery, not for deployments"),
    "JobNotCancellable": OwnCode("the job cannot be cancelled in its state", "wait until it ends"),
    "JobNotRestartable": OwnCode("the job cannot be restarted in its state", "start the operation again instead"),
    "JobNotResumable": OwnCode("the job does not wait for anybody", "none is needed"),
    "LinkedInvalidPropertyId": OwnCode("a field holds an id that is not one of Azure Resource Manager", _LOOK),
    "MethodNotAllowed": OwnCode("the resource exists, but does not take this method", _LOOK),
    "MissingApiVersionParameter": OwnCode("the request has no `api-version`", "add `?api-version=2025-08-01`"),
    "NoScenarios": OwnCode("this mock was started without scenarios to load", "start it with `failback mock SCENARIO`"),
    "NotFound": OwnCode("nothing is served at this address", _GONE),
    "NotImplemented": OwnCode("the mock does not serve this operation", "docs/coverage-arm.md lists what it serves"),
    "NotResettable": OwnCode("this mock cannot be set back to its start", "start it again"),
    "OperationInProgress": OwnCode("another operation on the same object runs", "wait until its job ends, then send the request again"),
    "OperationNotAllowed": OwnCode("the state of the object does not allow this operation", "see its state and its allowed operations (docs/lifecycle.md), and do what leads there first"),
    "OperationNotSupported": OwnCode("the operation does not exist for this kind of object or architecture", _LOOK),
    "PolicyAlreadyExists": OwnCode("a replication policy of this name exists", "choose another name, or use the existing one"),
    "PolicyInUse": OwnCode("the replication policy is still in use", _BUSY),
    "PolicyMismatch": OwnCode("the replication policy is for another architecture or direction", "choose a policy for this one"),
    "ProviderInUse": OwnCode("the server still has protected items", _BUSY),
    "RequestEntityTooLarge": OwnCode("the body of the request is larger than the mock takes", "send less at once"),
    "ResourceNotFound": OwnCode("the object does not exist, or not in this vault", _GONE),
    "UnsupportedMediaType": OwnCode("the body of the request is not sent as JSON", "set Content-Type to application/json"),
    "VCenterInUse": OwnCode("the vCenter still has protected machines", _BUSY),
    "InvalidAuthenticationToken": OwnCode("the token is not valid or has expired", "sign in again"),
    "AuthenticationFailed": OwnCode("the request has no token", "sign in, and send the header Authorization with the token"),
    "AuthenticationFailedInvalidHeader": OwnCode("the header Authorization holds no bearer token", "send Authorization: Bearer, and the token behind it"),
    "AuthorizationFailed": OwnCode("the account may not do this", "give it the role that `failback import --role azure` prints, or the one for changes"),
    "Conflict": OwnCode("another request changes the same object", "send the request again after a while"),
    "PreconditionFailed": OwnCode("the object was changed since it was read", "read it again, then send the request again"),
    "TooManyRequests": OwnCode("the service limits how many requests it takes", "wait for the time in the header Retry-After, then send the request again"),
    "SubscriptionRequestsThrottled": OwnCode("the account has read too much in a short time", "wait for the time in the header Retry-After, then send the request again"),
    "ServerTimeout": OwnCode("the service did not answer in time", "send the request again; a change may have been made, so read the object first"),
}
# fmt: on


def source_of(code: str) -> str:
    """Who gave the code its name."""
    if code.startswith("FB-") or code == "PLAN":
        return _OURS
    return _REASON if code.islower() else _REST
