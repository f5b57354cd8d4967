"""Who asks: signed tokens for made-up people and programs, and what Azure's activity log would say of their bearer.

The mock lets anybody in. Its log tells callers apart by the tokens that it has signed itself; any other is nobody's.
The key follows from the seed, so that the same seed gives the same tokens: they prove nothing outside this mock.
"""

from collections.abc import Mapping
from typing import Final

from .context import Context

PROGRAM: Final = "app:"
"""How the caller begins that is a program (a service principal) and no person."""
_ALGORITHM: Final = "HS256"
_IDENTITY: Final = "http://schemas.microsoft.com/identity/claims/"


def token_of(context: Context, caller: str) -> str:
    """An access token as Microsoft's sign-in gives one; it does not expire."""
    import jwt

    ids = {"oid": context.names.guid("caller", caller), "tid": context.names.guid("tenant")}
    kind = {"idtyp": "app"} if caller.startswith(PROGRAM) else {"idtyp": "user", "scp": "user_impersonation"}
    return jwt.encode({"sub": caller, **ids, **kind}, _key(context), _ALGORITHM)


def caller_of(context: Context, authorization: str | None) -> str:
    """Whose token this header has; nobody's where the mock did not sign it."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or token.count(".") != 2:
        return ""
    import jwt

    try:
        return str(jwt.decode(token, _key(context), [_ALGORITHM])["sub"])
    except jwt.PyJWTError:
        return ""


def claims_of(context: Context, caller: str) -> Mapping[str, str]:
    """The claims of a caller, by the names that an entry of the activity log has for them."""
    if not caller:
        return {}
    names = {"objectidentifier": context.names.guid("caller", caller), "tenantid": context.names.guid("tenant")}
    person = {} if caller.startswith(PROGRAM) else {"scope": "user_impersonation"}
    kind = "app" if caller.startswith(PROGRAM) else "user"
    return {f"{_IDENTITY}{name}": value for name, value in (names | person).items()} | {"idtyp": kind}


def _key(context: Context) -> str:
    return context.names.guid("signing", 1) + context.names.guid("signing", 2)
