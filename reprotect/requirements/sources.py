"""Where the short name of a source leads: the vendor's page, and of when the version was that we read.

A source says `name, name; a remark`. Names are looked up here; a remark names a reading or says what is inferred or ours.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

_LEARN: Final = "https://learn.microsoft.com/azure/site-recovery/"
_REPOSITORY: Final = "https://github.com/MicrosoftDocs/azure-docs/tree/main/articles/site-recovery/"


class Source(NamedTuple):
    """One source: its address ("" where there is no page), and the version that we read or what it is."""

    address: str
    read: str


def _page(name: str, read: str) -> Source:
    return Source(_LEARN + name, read)


# One line a source.
# fmt: off
SOURCES: Final[Mapping[str, Source]] = {
    "reprotect": _page("vmware-azure-reprotect", "2018-12 and 2021-05"),
    "reprotect 2018": _page("vmware-azure-reprotect", "only in the version of 2018-12"),
    "reprotect 2021": _page("vmware-azure-reprotect", "only in the version of 2021-05"),
    "failback preparation": _page("vmware-azure-prepare-failback", "2019-12"),
    "failback": _page("vmware-azure-failback", "2018-03 and 2019-01"),
    "types of failback": _page("concepts-types-of-failback", "2019-05"),
    "failover overview": _page("failover-failback-overview", "2021-06"),
    "classic tutorial": _page("vmware-azure-tutorial-failover-failback", "2019-04"),
    "classic architecture": _page("vmware-azure-architecture", "2024-09"),
    "support matrix": _page("vmware-physical-azure-support-matrix", "2019-10 and 2023"),
    "support matrix 2023": _page("vmware-physical-azure-support-matrix", "only in the version of 2023"),
    "common questions": _page("vmware-azure-common-questions", "about 2022"),
    "exclude disks": _page("vmware-azure-exclude-disk", "2019-12"),
    "prepare on-premises": _page("vmware-azure-tutorial-prepare-on-premises", "2018-12"),
    "multi-tenant": _page("vmware-azure-multi-tenant-overview", "2018-11"),
    "capacity planning": _page("site-recovery-plan-capacity-vmware", "2017-02 and 2021-08"),
    "deployment planner": _page("site-recovery-vmware-deployment-planner-analyze-report", "date not known"),
    "ExpressRoute": _page("concepts-expressroute-with-site-recovery", "2019-10"),
    "Linux master target": _page("vmware-azure-install-linux-master-target", "2018-11 and 2019-03"),
    "process server in Azure": _page("vmware-azure-set-up-process-server-azure", "2021-05"),
    "process server scale": _page("vmware-azure-set-up-process-server-scale", "2018-07"),
    "process server management": _page("vmware-azure-manage-process-server", "2018-10"),
    "process server monitoring": _page("vmware-physical-azure-monitor-process-server", "2019-09"),
    "process server prerequisites": Source(_REPOSITORY, "a text that several pages include: site-recovery-vmware-azure-process-server-prereq.md"),
    "reprotect troubleshooting": _page("vmware-azure-troubleshoot-failback-reprotect", "2018-03 and 2018-11"),
    "replication troubleshooting": _page("vmware-azure-troubleshoot-replication", "2019-08; for error 78253 (see `failback explain 78253`): 2023-04"),
    "failover troubleshooting": _page("site-recovery-failover-to-azure-troubleshoot", "2023-08"),
    "process server troubleshooting": _page("vmware-physical-azure-troubleshoot-process-server", "2019-09"),
    "configuration server troubleshooting": _page("vmware-azure-troubleshoot-configuration-server", "2018-12"),
    "vCenter discovery troubleshooting": _page("vmware-azure-troubleshoot-vcenter-discovery-failures", "2019-10"),
    "agent installation troubleshooting": _page("vmware-azure-troubleshoot-push-install", "2019-09"),
    "modernised overview": _page("failover-failback-overview-modernized", "2023-10"),
    "modernised tutorial": _page("vmware-azure-tutorial-failover-failback-modernized", "2021-08"),
    "modernised architecture": _page("vmware-azure-architecture-modernized", "2022-08"),
    "moving to modernised": _page("move-from-classic-to-modernized-vmware-disaster-recovery", "2023-08"),
    "appliance matrix": _page("replication-appliance-support-matrix", "2026-04"),
    "appliance deployment": _page("deploy-vmware-azure-replication-appliance-modernized", "2026"),
    "appliance deletion": _page("delete-appliance", "2026"),
    "SDK": Source("https://pypi.org/project/azure-mgmt-recoveryservicessiterecovery/2.0.0/", "version 2.0.0: names and types of its models"),
    "recorded": Source("https://github.com/Azure/azure-powershell", "recorded sessions of Microsoft's own tests (AsrV2ATests and others), 2021 to 2023"),
    "not documented": Source("", "no page says it; the rule is inferred"),
}
# fmt: on


def sources_of(text: str) -> Iterator[tuple[str, Source]]:
    """The sources that this text names. Raises `KeyError` for a name that nobody has explained."""
    for name in text.partition(";")[0].split(", "):
        yield name, SOURCES[name]
