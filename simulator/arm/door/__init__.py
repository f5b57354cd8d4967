"""Where a request comes in: from a socket or from within this process, and what it meets first."""
