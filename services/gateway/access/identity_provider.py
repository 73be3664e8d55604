"""The trusted identity provider as the gateway knows it: its addresses and public keys, kept fresh."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self

import httpx
import structlog
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey, import_key

from services.gateway.access.oidc_settings import is_secure

_FRESH_SECONDS: Final = 600
_PATIENCE_SECONDS: Final = 10
_log = structlog.get_logger(__name__)


class ProviderUnavailableError(Exception):
    """The identity provider does not answer, or not as its own discovery document promises."""


class UnknownKeyError(Exception):
    """A token names a key that the provider does not publish."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses in the discovery document that the gateway uses."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    end_session: str | None
    names_issuer_in_answers: bool

    @classmethod
    def from_document(cls, document: dict[str, Any], issuer: str) -> Self:
        """Read a discovery document. Raises ProviderUnavailableError for another issuer's, or one with plain http."""
        if str(document.get("issuer", "")).rstrip("/") != issuer:
            raise ProviderUnavailableError(f"the discovery document of {issuer} names another issuer")
        try:
            endpoints = cls(
                authorization=document["authorization_endpoint"],
                token=document["token_endpoint"],
                keys=document["jwks_uri"],
                userinfo=document.get("userinfo_endpoint"),
                end_session=document.get("end_session_endpoint"),
                names_issuer_in_answers=document.get("authorization_response_iss_parameter_supported") is True,
            )
        except KeyError as error:
            raise ProviderUnavailableError(f"the discovery document lacks {error}") from error
        used = (endpoints.authorization, endpoints.token, endpoints.keys, endpoints.userinfo, endpoints.end_session)
        insecure = [url for url in used if url is not None and not is_secure(url)]
        if insecure:
            raise ProviderUnavailableError(f"the discovery document names insecure addresses: {insecure}")
        return endpoints


class IdentityProvider:
    """Discovery document and key set of one issuer.

    Both are fetched when first needed and again after ten minutes. A token signed with a key not seen yet (the provider
    rotated) makes the keys be fetched at once, though not more than once in ten seconds, so that invented key names
    cost the provider nothing. While the provider is away the keys it last showed keep working.
    """

    def __init__(self, issuer: str, http: httpx.AsyncClient, clock: Callable[[], float] = time.monotonic) -> None:
        self.issuer = issuer
        self._http = http
        self._clock = clock
        self._endpoints: tuple[float, Endpoints] | None = None
        self._keys: dict[str | None, Key] = {}
        self._keys_tried = float("-inf")
        self._keys_fetched = float("-inf")
        self._lock = asyncio.Lock()

    async def endpoints(self) -> Endpoints:
        """Get the provider's addresses, fetched again after ten minutes. Raises ProviderUnavailableError."""
        known = self._endpoints
        if known is None or self._clock() - known[0] > _FRESH_SECONDS:
            document = await self._get(f"{self.issuer}/.well-known/openid-configuration")
            known = self._endpoints = (self._clock(), Endpoints.from_document(document, self.issuer))
        return known[1]

    async def key_of(self, token: str) -> Key:
        """Find the public key that a token says it is signed with.

        Raises UnknownKeyError (also for text that is no token), or ProviderUnavailableError without any keys yet.
        """
        key_id = _key_id(token)
        key = self._keys.get(key_id)
        if key is None or self._clock() - self._keys_fetched > _FRESH_SECONDS:
            await self._refresh_keys(key_id)
            key = self._keys.get(key_id)
        if key is None:
            raise UnknownKeyError("the token names a key that the identity provider does not publish")
        return key

    async def _refresh_keys(self, wanted: str | None) -> None:
        async with self._lock:
            now = self._clock()
            fresh = now - self._keys_fetched <= _FRESH_SECONDS
            if (fresh and wanted in self._keys) or now - self._keys_tried < _PATIENCE_SECONDS:
                self._require_keys()
                return
            self._keys_tried = now
            try:
                self._keys = _usable_keys(await self._get((await self.endpoints()).keys))
                self._keys_fetched = now
            except ProviderUnavailableError as error:
                self._require_keys(error)
                _log.warning("identity provider away, its last known keys stay in use", issuer=self.issuer)

    def _require_keys(self, cause: Exception | None = None) -> None:
        if not self._keys:
            raise ProviderUnavailableError(f"no keys of {self.issuer} could be fetched") from cause

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            response = await self._http.get(url, headers={"Accept": "application/json"})
            response.raise_for_status()
            body = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderUnavailableError(f"{url}: {type(error).__name__}") from error
        if not isinstance(body, dict):
            raise ProviderUnavailableError(f"{url}: no JSON object")
        return body


def _key_id(token: str) -> str | None:
    try:
        key_id = jws.extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError, RecursionError) as error:
        raise UnknownKeyError("no signed token") from error
    if key_id is not None and not isinstance(key_id, str):
        raise UnknownKeyError("a key is named by a text")
    return key_id


def _usable_keys(key_set: dict[str, Any]) -> dict[str | None, Key]:
    """Read a key set: dict[key id, public key for signatures]. One key alone also answers tokens that name none."""
    keys: dict[str | None, Key] = {}
    for line in key_set.get("keys", []):
        if line.get("use", "sig") != "sig":
            continue
        try:
            key = import_key(line)
        except (JoseError, ValueError):
            continue  # a kind of key from after our time is no reason to refuse the others
        if isinstance(key, ECKey | RSAKey | OKPKey):
            keys[line.get("kid")] = key
    if len(keys) == 1:
        keys[None] = next(iter(keys.values()))
    return keys
