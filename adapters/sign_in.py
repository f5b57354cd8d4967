"""What gives the tokens: whatever is wrong with those that are stored, there is none, and the reason says so."""

from typing import Any

from azure.core.credentials import AccessToken, TokenCredential
from azure.core.exceptions import ClientAuthenticationError

from .foreign import ODD


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
