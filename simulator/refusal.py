"""What the simulated vault answers where it takes no request."""


class Refusal(Exception):
    """The vault does not take a request; nothing was started. `status` is what ARM would answer."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(message)
