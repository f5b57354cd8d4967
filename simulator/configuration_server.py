"""The classic configuration server: the agents register with it, and ASR reaches the site through it (R02)."""

from failback.reprotect import Estate, configuration_server


def answers(estate: Estate, item: str) -> bool:
    """Whether that of this machine is known to be up and connected."""
    server = configuration_server(estate, item)
    return server is not None and server.up is True and server.connected is True
