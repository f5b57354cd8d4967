"""What gives the tokens: whatever is wrong with those that are stored, there is none, and the reason says so."""

import time
from threading import Lock
from typing import Any, Final

from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import ClientAuthenticationError

from .foreign import ODD

GOOD_FOR_S: Final = 300.0
"""Seconds that a token must still be good for: the SDK asks for another one then."""


class SignIn:
    """A credential of which each failure is one of signing in; a damaged file of tokens raises anything."""

    def __init__(self, credential: TokenCredential) -> None:
        self._credential = credential

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token that is good now. Raises `ClientAuthenticationError`."""
        try:
            return self._credential.get_token(*scopes, **options)
        except (OSError, *ODD) as damaged:
            words = f"the stored tokens cannot be read ({type(damaged).__name__}: {damaged})"
            raise ClientAuthenticationError(words, error=damaged) from damaged


class SharedSignIn(SignIn):
    """The same for clients that work together: some credentials start a program for each token (az)."""

    def __init__(self, credential: TokenCredential) -> None:
        super().__init__(credential)
        self._lock = Lock()
        self._given: dict[str, AccessToken] = {}

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """A token that is good now; the one that another client was given, if it is. Raises as `SignIn` does."""
        asked = repr((scopes, sorted(options.items())))
        with self._lock:
            given = self._given.get(asked)
            if given is None or given.expires_on - time.time() < GOOD_FOR_S:
                given = self._given[asked] = super().get_token(*scopes, **options)
            return given
