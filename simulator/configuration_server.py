"""The classic configuration server: the agents register with it, and ASR reaches the site through it (R02)."""

from failback.reprotect import Estate, configuration_server


def answers(estate: Estate, item: str) -> bool:
    """Whether that of this machine is there and not known to be down or cut off; what is unknown stops no agent."""
    server = configuration_server(estate, item)
    return server is not None and server.up is not False and server.connected is not False
