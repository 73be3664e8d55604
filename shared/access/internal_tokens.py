"""Internal tokens: the gateway signs the scope of a request, the services behind it check the signature.

A JWT (HS256) signed with FLA_INTERNAL_KEY, valid for a minute, with the scope's claims. It never leaves the machine
room: it has its own issuer and audience, so that no access token of a client can pass for one, nor the reverse.
"""

import time
from collections.abc import Callable
from typing import Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey

from shared.access.expiring_cache import ExpiringCache
from shared.access.scope import Scope

ISSUER: Final = "fla-gateway"
AUDIENCE: Final = "fla-internal"
HEADER_NAME: Final = "Authorization"
_ALGORITHM: Final = "HS256"
_TYPE: Final = "fla-internal+jwt"
_SHORTEST_KEY: Final = 32
_CACHED_SCOPES: Final = 4096


class InternalTokenError(Exception):
    """The token is no valid internal token."""


class MissingInternalTokenError(InternalTokenError):
    """A question came without a token."""


class ExpiredInternalTokenError(InternalTokenError):
    """The token was valid once."""


class InternalTokens:
    """Signs and verifies scopes with one shared key; both directions cost a dictionary look-up when repeated.

    `key`: FLA_INTERNAL_KEY, at least 32 characters (ValueError otherwise).
    `lifetime`: seconds; a cached signed token is reused during the first half of its life.
    """

    def __init__(self, key: str, *, lifetime: int = 60, clock: Callable[[], float] = time.time) -> None:
        if len(key) < _SHORTEST_KEY:
            raise ValueError(f"FLA_INTERNAL_KEY needs at least {_SHORTEST_KEY} characters")
        self._key = OctKey.import_key(key)
        self._lifetime = lifetime
        self._clock = clock
        self._signed: ExpiringCache[Scope, str] = ExpiringCache(_CACHED_SCOPES)
        self._verified: ExpiringCache[str, Scope] = ExpiringCache(_CACHED_SCOPES)
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            iss={"essential": True, "value": ISSUER},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
        )

    def sign(self, scope: Scope) -> str:
        """Sign a scope: the compact token that carries it."""
        now = self._clock()
        token = self._signed.get(scope, now)
        if token is None:
            token = self._sign_new(scope, now)
            self._signed.put(scope, token, expires=now + self._lifetime / 2)
        return token

    def authorization(self, scope: Scope) -> dict[str, str]:
        """Get the HTTP header of an internal question asked in this scope."""
        return {HEADER_NAME: f"Bearer {self.sign(scope)}"}

    def verify(self, token: str) -> Scope:
        """Verify a token and get its scope. Raises ExpiredInternalTokenError or InternalTokenError."""
        now = self._clock()
        scope = self._verified.get(token, now)
        if scope is None:
            scope, expires = self._verify_new(token)
            self._verified.put(token, scope, expires)
        return scope

    def verify_header(self, authorization: str | None) -> Scope:
        """Get the scope in an `Authorization` header. Raises MissingInternalTokenError where there is none."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise MissingInternalTokenError("an internal question needs a bearer token")
        return self.verify(token.strip())

    def _sign_new(self, scope: Scope, now: float) -> str:
        claims = scope.as_claims() | {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": int(now),
            "exp": int(now) + self._lifetime,
        }
        return jwt.encode({"alg": _ALGORITHM, "typ": _TYPE}, claims, self._key, algorithms=[_ALGORITHM])

    def _verify_new(self, token: str) -> tuple[Scope, float]:
        try:
            decoded = jwt.decode(token, self._key, algorithms=[_ALGORITHM])
            if decoded.header.get("typ") != _TYPE:
                raise InternalTokenError("not an internal token")
            self._claims.validate(decoded.claims)
            return Scope.from_claims(decoded.claims), float(decoded.claims["exp"])
        except ExpiredTokenError as error:
            raise ExpiredInternalTokenError("the internal token has expired") from error
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise InternalTokenError(f"not an internal token: {type(error).__name__}") from error
