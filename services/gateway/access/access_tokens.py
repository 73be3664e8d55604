"""Access tokens of software (RFC 9068): verified once, then remembered until they expire."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import ExpiredTokenError as JoseExpiredError
from joserfc.errors import JoseError

from services.gateway.access.identity_provider import IdentityProvider, UnknownKeyError
from services.gateway.access.oidc_settings import OidcSettings
from services.gateway.limits import LONGEST_ACCESS_TOKEN
from shared.access.expiring_cache import ExpiringCache

_CACHED_TOKENS: Final = 10_000
_REMEMBERED_SECONDS: Final = 600
_LEEWAY_SECONDS: Final = 5


class TokenError(Exception):
    """A request's access token is not accepted."""


class NoTokenError(TokenError):
    """The request has no access token (Belgif problem `noAccessToken`)."""


class InvalidTokenError(TokenError):
    """The token is not our provider's, not for us, or not signed as it should be (`invalidAccessToken`)."""


class ExpiredTokenError(TokenError):
    """The token has expired (`expiredAccessToken`)."""


@dataclass(frozen=True, slots=True)
class ClientToken:
    """The client that calls, what it may do, and until when (seconds since 1970)."""

    client_id: str
    scopes: frozenset[str]
    expires: int


class AccessTokens:
    """Verifies bearer tokens against the identity provider's keys.

    A verified token is remembered by its SHA-256, never as such, for ten minutes at most: a client that sends thousands
    of requests with one token costs one signature check, and what a withdrawn key signed, whatever expiry it claims,
    opens nothing twenty minutes later.
    """

    def __init__(
        self, provider: IdentityProvider, settings: OidcSettings, clock: Callable[[], float] = time.time
    ) -> None:
        self._provider = provider
        self._settings = settings
        self._clock = clock
        self._verified: ExpiringCache[bytes, ClientToken] = ExpiringCache(_CACHED_TOKENS)
        self._claims = jwt.JWTClaimsRegistry(
            now=lambda: int(clock()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": settings.api_audience},
            exp={"essential": True},
        )

    async def verify_header(self, authorization: str | None) -> ClientToken:
        """Verify the token in an `Authorization` header. Raises TokenError or ProviderUnavailableError."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NoTokenError("no bearer token")
        return await self.verify(token.strip())

    async def verify(self, token: str) -> ClientToken:
        """Verify a token.

        Raises InvalidTokenError, ExpiredTokenError, or ProviderUnavailableError while no keys are known.
        """
        digest = hashlib.sha256(token.encode()).digest()
        now = self._clock()
        known = self._verified.get(digest, now)
        if known is None:
            known = await self._verify_new(token)
            self._verified.put(digest, known, min(known.expires, now + _REMEMBERED_SECONDS))
        return known

    async def _verify_new(self, token: str) -> ClientToken:
        if len(token) > LONGEST_ACCESS_TOKEN:
            raise InvalidTokenError("longer than any access token")
        try:
            key = await self._provider.key_of(token)
            decoded = jwt.decode(token, key, algorithms=list(self._settings.oidc_algorithms))
            if str(decoded.header.get("typ", "")).lower() not in self._settings.api_token_types:
                raise InvalidTokenError("not an access token (typ)")
            self._claims.validate(decoded.claims)
        except JoseExpiredError as error:
            raise ExpiredTokenError("the access token has expired") from error
        except (UnknownKeyError, JoseError, ValueError) as error:
            raise InvalidTokenError(f"not a valid access token: {error}") from error
        return self._client_token(decoded.claims)

    def _client_token(self, claims: dict[str, Any]) -> ClientToken:
        scope = claims.get("scope", "")
        client_id = claims.get(self._settings.api_client_claim)
        if not isinstance(scope, str) or not isinstance(client_id, str) or not client_id:
            raise InvalidTokenError("no client, or scopes that are no text")
        return ClientToken(client_id, frozenset(scope.split()), int(claims["exp"]))
