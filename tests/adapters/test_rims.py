"""Nothing that changes anything passes a rim to a live endpoint: every call of both SDKs, found by introspection."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
import responses
from azure.core.exceptions import AzureError
from azure.core.rest import HttpRequest
from pyVmomi import VmomiSupport, vim

import failback.adapters
from failback.adapters import AzureSettings, EstateClient, Guard, Pace, ReadOnly, RemedyClient, VsphereSettings
from failback.adapters.site_recovery_client import SiteRecoveryClient, item_path
from failback.adapters.vsphere_rim import READS, GuardedStub
from failback.reprotect import Unreachable

ENDPOINT = "https://127.0.0.1:7443"
SETTINGS = AzureSettings("a0", "g", "v", base_url=ENDPOINT, token="t")
MOCK = {"x-failback-mock": "asr"}
ELSEWHERE = "https://elsewhere.example"

# Azure


class Net:
    """Answers every request with an empty list and the headers `headers`, and remembers the verbs that arrive."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers, self.verbs = headers, list[str]()

    def answer(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        self.verbs.append(str(request.method))
        return 200, {"Content-Type": "application/json", **self.headers}, '{"value": []}'

    @property
    def changes(self) -> list[str]:
        return [verb for verb in self.verbs if verb not in ("GET", "HEAD")]


@pytest.fixture
def net() -> Iterator[Net]:
    net = Net({})
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for verb in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"):
            mock.add_callback(verb, re.compile(f"{ENDPOINT}/.*"), net.answer, content_type=None)
        yield net


def sdk_calls(sdk: Any) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public method of every group of operations that the SDK has."""
    for name, group in vars(sdk).items():
        if not name.startswith("_"):
            for method, call in inspect.getmembers(group, callable):
                if not method.startswith("_") and method != "models":
                    yield f"{name}.{method}", call


def called(call: Callable[..., Any]) -> bool:
    """Call it with something for each argument, to the end of its pages. Whether it was refused."""
    needed = [p for p in inspect.signature(call).parameters.values() if p.default is p.empty and p.kind in (0, 1, 3)]
    values = {p.name: {} if p.name in _BODIES or "input" in p.name else "x" for p in needed}
    more = {"polling": False} if call.__name__.startswith("begin_") else {}
    with suppress(AzureError, TypeError):  # an answer of the wrong status, or one without pages
        try:
            list(call(**values, **more))
        except ReadOnly:
            return True
    return False


_BODIES = frozenset({"request", "body", "resource", "parameters"})


def changing(sdk: Any, net: Net) -> tuple[set[str], set[str]]:
    """Methods that were refused, and methods whose request arrived and was no read."""
    refused, arrived = set[str](), set[str]()
    for name, call in sdk_calls(sdk):
        net.verbs.clear()
        if called(call):
            refused.add(name)
        if net.changes:
            arrived.add(name)
    return refused, arrived


def test_every_call_of_the_azure_sdk_that_changes_something_is_refused_on_a_live_endpoint(net: Net) -> None:
    refused, arrived = changing(SiteRecoveryClient(SETTINGS)._sdk, net)
    assert not arrived
    net.headers = MOCK
    refused_here, changed_here = changing(SiteRecoveryClient(SETTINGS)._sdk, net)
    assert not refused_here
    assert refused == changed_here
    begun = {name for name, _ in sdk_calls(SiteRecoveryClient(SETTINGS)._sdk) if ".begin_" in name}
    assert begun <= refused
    assert len(begun) > 50


ARGUMENTS: Any = {
    "arm_id": "/subscriptions/s/x",
    "body": None,
    "group": "/subscriptions/s/resourceGroups/g",
    "job_id": "j",
    "kind": "replicationFabrics",
    "name": "n",
    "of": ("/subscriptions/s/x", "/subscriptions/s/y"),
    "path": item_path("/replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/i"),
    "read": lambda client, arm_id: client.resource(arm_id),
    "verb": "failover_commit",
    "version": "1",
    "what": "a change",
}
OWN_ARGUMENTS: Any = {"in_group": {"kind": "disks"}, "post": {"path": "/subscriptions/s"}}


def test_every_call_of_our_own_clients_that_changes_something_is_refused_on_a_live_endpoint(net: Net) -> None:
    client, refused = RemedyClient(SETTINGS, Pace(1000.0)), set[str]()
    for name, call in inspect.getmembers(client, callable):
        if name.startswith("_") or name in ("close", "guard"):
            continue
        needed = [p.name for p in inspect.signature(call).parameters.values() if p.default is p.empty]
        values = {each: ARGUMENTS[each] for each in needed} | OWN_ARGUMENTS.get(name, {})
        try:
            call(**values)
        except ReadOnly:
            refused.add(name)
    assert refused == {"ask_item", "ask_plan", "post"}
    assert not net.changes


@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "DELETE", "post", "MERGE"])
def test_whatever_is_no_read_is_refused_by_its_verb(net: Net, verb: str) -> None:
    with pytest.raises(ReadOnly, match="does not identify itself as a simulator"):
        SiteRecoveryClient(SETTINGS)._sdk.send_request(HttpRequest(verb, "/subscriptions/s"))
    assert not net.changes


def test_an_endpoint_is_asked_once_what_it_is_and_not_at_all_where_it_has_answered_before(net: Net) -> None:
    net.headers = MOCK
    client = RemedyClient(SETTINGS, Pace(1000.0))
    for _ in range(3):
        client.post("a change", "/subscriptions/s", "1")
    assert net.verbs == ["GET", "POST", "POST", "POST"]
    net.verbs.clear()
    other = RemedyClient(SETTINGS, Pace(1000.0))
    other.resource("/subscriptions/s")
    other.post("a change", "/subscriptions/s", "1")
    assert net.verbs == ["GET", "POST"]


def test_the_sdk_registers_no_provider_in_a_live_subscription_when_a_read_is_answered_so() -> None:
    message = "The subscription is not registered to use namespace 'Microsoft.RecoveryServices'."
    missing = {"error": {"code": "MissingSubscriptionRegistration", "message": message}}
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(re.compile(f"{ENDPOINT}/.*"), status=409, json=missing)
        mock.post(re.compile(f"{ENDPOINT}/.*"), json={"registrationState": "Registering"})
        with pytest.raises(ReadOnly, match="RecoveryServices/register"):
            SiteRecoveryClient(SETTINGS).items()
        assert {str(call.request.method) for call in mock.calls} == {"GET"}


# The token goes to one host


def heard(client: Callable[[EstateClient], Any], first: dict[str, Any], elsewhere: str) -> list[str]:
    """Hosts that were asked, until the client refused to go on."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.get(re.compile(f"{ENDPOINT}/.*"), **first)
        for verb in ("GET", "POST"):
            mock.add(verb, re.compile(f"{re.escape(elsewhere)}.*"), json={"value": []})
        with pytest.raises(Unreachable, match="the host in the settings"):
            client(EstateClient(SETTINGS, Pace(1000.0)))
        return [str(call.request.url).partition("/subscriptions")[0] for call in mock.calls]


OTHERS = (
    ELSEWHERE,
    "http://127.0.0.1:7443",
    "https://127.0.0.1:7444",
    "https://127.0.0.1",
    "https://localhost:7443",
    "https://127.0.0.1:7443@elsewhere.example",
    "https://elsewhere.example\\@127.0.0.1:7443",
    "https://127.0.0.1:7443.elsewhere.example",
    "ftp://127.0.0.1:7443",
)


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize(
    "pages",
    [lambda client: client.below_vault("replicationFabrics"), lambda client: client.items()],
    ids=["our paging", "the paging of the SDK"],
)
def test_a_next_page_on_another_host_is_refused(pages: Callable[[EstateClient], Any], other: str) -> None:
    page = {"value": [], "nextLink": f"{other}/subscriptions/next?api-version=2025-08-01"}
    assert heard(pages, {"json": page}, other) == [ENDPOINT]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_another_host_is_refused(status: int) -> None:
    away = {"status": status, "headers": {"Location": f"{ELSEWHERE}/subscriptions/s"}}
    assert heard(lambda client: client.items(), away, ELSEWHERE) == [ENDPOINT]


@pytest.mark.parametrize("next_host", [ENDPOINT, "HTTPS://127.0.0.1:7443"])
def test_a_next_page_on_the_same_host_is_read(next_host: str) -> None:
    pages = [{"value": [{"name": "1"}], "nextLink": f"{next_host}/subscriptions/next"}, {"value": [{"name": "2"}]}]
    with responses.RequestsMock() as mock:
        for page in pages:
            mock.get(re.compile(f"(?i){ENDPOINT}/.*"), json=page)
        read = EstateClient(SETTINGS, Pace(1000.0)).below_vault("replicationFabrics")
        assert [each["name"] for each in read] == ["1", "2"]
        assert {call.request.headers["Authorization"] for call in mock.calls} == {"Bearer t"}


def test_the_port_of_a_scheme_need_not_be_written() -> None:
    live = AzureSettings("s", "g", "v", token="t")
    pages = [{"value": [], "nextLink": "https://management.azure.com:443/next"}, {"value": []}]
    with responses.RequestsMock() as mock:
        for page in pages:
            mock.get(re.compile(r"https://management\.azure\.com(:443)?/.*"), json=page)
        assert EstateClient(live, Pace(1000.0)).below_vault("replicationFabrics") == ()


def test_an_operation_that_leads_elsewhere_gets_no_token() -> None:
    locations = dict.fromkeys(("Location", "Azure-AsyncOperation"), f"{ELSEWHERE}/operations/1")
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        mock.post(re.compile(f"{ENDPOINT}/.*"), status=202, headers=MOCK | locations)
        mock.get(re.compile(f"{ENDPOINT}/.*"), headers=MOCK, json={})
        mock.get(re.compile(f"{ELSEWHERE}/.*"), json={"status": "Succeeded"})
        client = SiteRecoveryClient(SETTINGS)
        poller = client._sdk.replication_protected_items.begin_failover_commit(
            "g", "v", "f", "c", "i", polling_interval=0
        )
        with pytest.raises(Unreachable, match="the host in the settings"):
            poller.result()
        assert {str(call.request.url).partition("/s")[0] for call in mock.calls} == {ENDPOINT}


# vSphere


def soap_methods() -> dict[str, Any]:
    """Every method that pyvmomi can send, by its name on the wire."""
    kinds = [VmomiSupport.GetVmodlType(name) for name in list(VmomiSupport._managedDefMap)]
    return {info.wsdlName: info for kind in kinds for info in kind._methodInfo.values()}


class Deaf(GuardedStub):
    """A connection that opens none, and remembers that it was about to."""

    opened = 0

    def GetConnection(self) -> Any:
        type(self).opened += 1
        raise ConnectionRefusedError


def stub(host: str, says: bool) -> Deaf:
    Deaf.opened = 0
    return Deaf(Guard(VsphereSettings(host, "u", "p").where, lambda: says), host=host, version="vim.version.version10")


@pytest.mark.parametrize(("host", "says"), [("vcenter.example", True), ("127.0.0.1", False)])
def test_every_soap_method_that_is_no_listed_read_is_refused_on_a_live_vcenter(host: str, says: bool) -> None:
    methods, to = soap_methods(), stub(host, says)
    assert len(methods) > 1000
    for name in methods.keys() - READS:
        with pytest.raises(ReadOnly, match=name):
            to.InvokeMethod(vim.VirtualMachine("vm-1", to), methods[name], ())
    assert Deaf.opened == 0


def test_a_change_that_is_called_as_a_read_is_refused_too() -> None:
    to = stub("127.0.0.1", False)
    machine: Any = vim.VirtualMachine("vm-1", to)
    for change in (machine.PowerOffVM_Task, machine.Destroy_Task, machine.RemoveAllSnapshots_Task):
        with pytest.raises(ReadOnly):
            change()
    with pytest.raises(ReadOnly):
        machine.Rename_Task(newName="x")
    assert Deaf.opened == 0


def test_the_listed_reads_exist_and_are_reads_by_this_second_list() -> None:
    assert soap_methods().keys() >= READS
    looking = re.compile(r"(Retrieve|ContinueRetrieve|Find|Query|Fetch)[A-Z]\w+$")
    of_the_session = {"Login", "Logout", "CreateContainerView", "DestroyView"}
    assert {name for name in READS if not looking.match(name)} == of_the_session


# No other way out

OPENS_CONNECTIONS = {
    "application_checks": "the plan's own checks of an application, without a token: a port, a GET, a name",
    "clock": "its own guard",
    "liveness": "looks up the address of localhost, and connects to nothing",
    "site_recovery_client": "arm_rim",
    "soap_proxy": "refuses what is elsewhere; on this computer the client behind it is guarded",
    "vcsim": "starts a program",
    "vcsim_build": "starts a program",
    "vsphere_rim": "is a rim",
    "vsphere_session": "one GET, of the versions; all else through vsphere_rim",
    "vsphere_errors": "names an exception",
}
DOORS = frozenset(
    {
        "HTTPSConnection",
        "HTTPException",
        "RequestsTransport",
        "SiteRecoveryManagementClient",
        "SmartConnect",
        "SoapStubAdapter",
        "aiohttp",
        "http.client",
        "httpx",
        "requests",
        "socket",
        "subprocess",
        "urllib.request",
        "urllib3",
    }
)


def imported(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(alias.name for alias in node.names)}
    return found


def test_only_modules_that_are_named_here_with_their_guard_can_open_a_connection() -> None:
    folder = Path(str(failback.adapters.__file__)).parent
    opening = {module.stem for module in folder.glob("*.py") if imported(module) & DOORS}
    assert opening == OPENS_CONNECTIONS.keys()
