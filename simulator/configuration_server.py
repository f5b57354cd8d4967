"""The classic configuration server: the agents register with it, and ASR reaches the site through it (R02)."""

from failback.reprotect import Estate


def answers(estate: Estate) -> bool:
    """Whether one is known to be up and connected."""
    return any(server.up is True and server.connected is True for server in estate.configuration_servers.values())
