"""What the command line does not do."""


class UsageError(Exception):
    """The command line does not do what was asked; the message says why (exit 2)."""
