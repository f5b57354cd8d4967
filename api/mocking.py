"""`failback.mock`: the ASR mock, served by this process."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from failback.scenarios.files.calls.typed_fields import typed_fields

from .accepts import maybe, served_estate
from .arguments import bad, checked

if TYPE_CHECKING:
    from failback.scenarios.files.schema import Scenario
    from failback.scenarios.servers.mock_options import MockOptions
    from failback.simulator.arm import ArmMock


def _late() -> dict[str, Any]:
    from failback.simulator.arm import ArmMock

    return {"ArmMock": ArmMock}


@typed_fields("failback.mock provides one", _late)
@dataclass(frozen=True, slots=True, repr=False)
class Mock:
    """A running mock.

    Attributes:
        base_url: The address that clients use instead of https://management.azure.com.
        ca_file: The certificate to trust. None if the mock runs without TLS or without a server.
        subscription: A subscription that the mock accepts.
        resource_group: A resource group that the mock accepts.
        vault: A vault that the mock accepts.
        clock: How virtual time passes: "poll", "step" or "real:FACTOR".
        arm: The mock as a Python object, to call without HTTP (`arm.handle`).
    """

    base_url: str
    ca_file: Path | None
    subscription: str
    resource_group: str
    vault: str
    clock: str
    arm: "ArmMock"

    @checked()
    def fault(
        self,
        kind: str,
        *,
        operation: str | None = None,
        object: str | None = None,
        nth: int | None = None,
        count: int | None = 1,
        from_s: float | None = None,
        until_s: float | None = None,
        probability: float | None = None,
        status: int | None = None,
        code: str | None = None,
        message: str | None = None,
        retry_after_s: int | None = None,
        delay_s: float | None = None,
        task: str | None = None,
        after_s: float | None = None,
        fault: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> str | None:
        """Cause a fault on site at once, or add a fault rule for later requests (kinds: `docs/mock.md`).

        Returns the id of the rule; None for a fault on site. As POST /failback/faults does. Arguments that are None
        are left out, except `count`: None means every time.

        Raises:
            BadInput: The mock has no such fault.
        """
        given = {name: value for name, value in locals().items() if name not in ("self", "count") and value is not None}
        try:
            return self.arm.fault(**given, **({} if count == 1 else {"count": count}))
        except (TypeError, ValueError) as wrong:
            raise bad("failback.Mock.fault", str(wrong)) from None

    def __repr__(self) -> str:
        return f"<Mock at {self.base_url}: vault {self.vault}, clock {self.clock}>"


@checked(scenario=maybe(served_estate))
def mock(
    scenario: "Scenario | str | Path | None" = None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    tls: bool = True,
    ca_file: str | Path | None = None,
    operations_host: str | None = None,
    clock: str = "poll",
    consistency: str = "strong",
    control: bool = True,
    retry_after: bool = False,
    limit_reads: bool = False,
    subscription: str | None = None,
    resource_group: str | None = None,
    vault: str | None = None,
    in_process: bool = False,
) -> AbstractContextManager[Mock]:
    """Serve the ASR mock while a `with` block runs: a simulated vault for any client of Azure Resource Manager.

    Args:
        scenario: A scenario or estate to serve. Default: the showcase vault, which has an item in each phase.
        host: Address to listen on. Default: this computer only.
        port: Port; 0 picks a free one.
        tls: False serves plain HTTP. SDKs refuse to send tokens over it.
        ca_file: The file for the certificate that clients must trust. Default: a temporary file.
        operations_host: Host name in the URLs of long-running operations. It must be a name of this computer.
        clock: "poll" (time jumps ahead when a client reads something unfinished), "step" (only the control API
            advances time) or "real:60" (60 times as fast as the wall clock).
        consistency: "strong", or "eventual:30" (reads show the state of 30 virtual seconds ago).
        control: False turns off the control API under /failback/.
        retry_after: True sends the header `Retry-After: 1` with the clock "poll".
        limit_reads: True limits reads as Azure does: 250 at once, and 25 more per second. Further reads get status 429.
        subscription: The only subscription to accept. Default: any.
        resource_group: The only resource group to accept. Default: any.
        vault: The only vault to accept. Default: any.
        in_process: True starts no server. Instead, the mock answers the requests of this process to Azure, if they are
            sent with the library `requests`. Requests to other hosts fail.

    Returns:
        A context manager that provides a `Mock`.

    Raises:
        BadInput: An argument or the file is wrong, or the mock cannot listen on that address.

    Example:
        >>> with failback.mock("one_modernised_vm", vault="any-vault") as served:
        ...     served.base_url.startswith("https://127.0.0.1:"), served.ca_file.exists(), served.vault
        (True, True, 'any-vault')
    """
    from failback.scenarios.servers.mock_options import MockOptions, check_options

    options = MockOptions(
        host=host,
        port=port,
        tls=tls,
        ca_file=None if ca_file is None else Path(ca_file),
        operations_host=operations_host,
        clock=clock,
        consistency=consistency,
        control=control,
        retry_after=retry_after,
        limit_reads=limit_reads,
        subscription=subscription,
        resource_group=resource_group,
        vault=vault,
    )
    check_options(options)
    return _answering(scenario, options) if in_process else _served(scenario, options)


@contextmanager
def _served(scenario: Any, options: "MockOptions") -> Iterator[Mock]:
    from failback.scenarios.servers.mock_server import listening
    from failback.scenarios.usage_error import UsageError

    arm = _arm(scenario, options)
    server = listening(arm, options)
    try:
        served = server.__enter__()
    except UsageError as refused:
        raise bad("failback.mock", str(refused).replace("--", "")) from refused
    try:
        yield _mock(arm, options, served.base_url, served.ca_file)
    finally:
        server.__exit__(None, None, None)


@contextmanager
def _answering(scenario: Any, options: "MockOptions") -> Iterator[Mock]:
    from failback.simulator.arm import mock as answering

    arm = _arm(scenario, options)
    with answering(arm, sign_in=True):
        yield _mock(arm, options, "https://management.azure.com", None)


def _arm(scenario: Any, options: "MockOptions") -> "ArmMock":
    from failback.scenarios.servers.mock_server import load_by_name, mock_of
    from failback.scenarios.servers.showcase import showcase

    if scenario is None:
        return showcase(clock=options.clock, load=load_by_name, **options.settings)
    return mock_of(scenario, options.clock, **options.settings)


def _mock(arm: "ArmMock", options: "MockOptions", base_url: str, ca_file: Path | None) -> Mock:
    return Mock(base_url, ca_file, arm.subscription, arm.resource_group, arm.vault_name, options.clock, arm)
