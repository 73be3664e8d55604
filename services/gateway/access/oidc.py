"""Signing people in: OpenID Connect, authorization code with PKCE (OpenID Connect Core 3.1, RFC 7636, RFC 9207).

Independent of the pages: `begin` gives the address to send the browser to and a transaction to keep, `complete` takes
what the browser brings back.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final, Self
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64encode

from services.gateway.access.identity import Identity, Means, identity_of, is_complete
from services.gateway.access.identity_provider import IdentityProvider, ProviderUnavailableError, UnknownKeyError
from services.gateway.access.oidc_settings import OidcSettings
from shared.access.client_assertion import assertion_fields, private_key_from_file

TRANSACTION_SECONDS: Final = 600
_LEEWAY_SECONDS: Final = 5
_JWT_MEDIA_TYPE: Final = "application/jwt"
_DIGESTS: Final = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512}


class SignInError(Exception):
    """Sign-in did not succeed; the sentence is for the log, the person is asked to try again."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """A sign-in under way. It belongs to one browser: keep it in its session (or an encrypted cookie), use it once.

    `started`: seconds since 1970.
    """

    state: str
    nonce: str
    verifier: str
    locale: str
    started: int

    def as_json(self) -> dict[str, Any]:
        """Write it for a session store."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """Read what `as_json` wrote. Raises TypeError for anything else."""
        return cls(**stored)


class SignIn:
    """The gateway as a client of the identity provider."""

    def __init__(
        self,
        settings: OidcSettings,
        provider: IdentityProvider,
        http: httpx.AsyncClient,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._provider = provider
        self._http = http
        self._clock = clock
        key_file = settings.oidc_client_key_file
        self._client_key = private_key_from_file(key_file) if key_file else None

    async def begin(self, locale: str, means: Means | None = None) -> tuple[str, Transaction]:
        """Begin a sign-in: the address to send the browser to, and what to remember. `means`: the digital key chosen.

        Raises ProviderUnavailableError.
        """
        transaction = Transaction(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            locale=locale,
            started=int(self._clock()),
        )
        parameters = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._settings.redirect_uri,
            "scope": self._settings.oidc_scopes,
            "state": transaction.state,
            "nonce": transaction.nonce,
            "code_challenge": _challenge(transaction.verifier),
            "code_challenge_method": "S256",
            "ui_locales": locale,
        }
        levels = self._levels(means)
        if levels:
            parameters["acr_values"] = " ".join(levels)
        return _with_query((await self._provider.endpoints()).authorization, parameters), transaction

    async def complete(self, code: str, state: str, transaction: Transaction, issuer: str | None = None) -> Identity:
        """Complete a sign-in: who it is. `issuer`: the answer's `iss` parameter, where it has one.

        Raises SignInError (someone else's, too old or forged answer), IncompleteIdentityError (the provider does not
        tell enough) or ProviderUnavailableError.
        """
        endpoints = await self._provider.endpoints()
        if not secrets.compare_digest(state.encode(), transaction.state.encode()):
            raise SignInError("the state is not the one this browser left with")
        if self._clock() - transaction.started > TRANSACTION_SECONDS:
            raise SignInError("the sign-in took too long")
        if (issuer is not None or endpoints.names_issuer_in_answers) and issuer != self._provider.issuer:
            raise SignInError("the answer is another issuer's")
        answer = await self._exchange(code, transaction, endpoints.token)
        claims = await self._verified(answer, transaction)
        if not is_complete(claims, self._settings.oidc_claims) and endpoints.userinfo:
            claims |= await self._userinfo(endpoints.userinfo, str(answer.get("access_token", "")), claims)
        return identity_of(claims, self._settings.oidc_claims, self._settings.oidc_means, transaction.locale)

    async def end_session_url(self, locale: str) -> str | None:
        """Get the address at which the provider forgets the person too, or None if it has none.

        The client is named instead of showing the identity token as a hint: that token holds the national number, which
        has no place in an address.
        """
        endpoint = (await self._provider.endpoints()).end_session
        if endpoint is None:
            return None
        return _with_query(
            endpoint,
            {
                "client_id": self._settings.oidc_client_id,
                "post_logout_redirect_uri": self._settings.post_logout_redirect_uri,
                "ui_locales": locale,
            },
        )

    def _levels(self, means: Means | None) -> list[str]:
        """List the levels of assurance to ask for: those of the chosen key, else those that are required at all."""
        required = self._settings.oidc_required_acr
        chosen = {value for value, known in self._settings.oidc_means.items() if known is means and ":" in value}
        return sorted((chosen & required if required else chosen) or required)

    async def _exchange(self, code: str, transaction: Transaction, endpoint: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.redirect_uri,
            "client_id": self._settings.oidc_client_id,
            "code_verifier": transaction.verifier,
        }
        if self._client_key is not None:
            form |= assertion_fields(self._settings.oidc_client_id, endpoint, self._client_key, self._clock())
        try:
            response = await self._http.post(endpoint, data=form, headers={"Accept": "application/json"})
            answer = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderUnavailableError(f"{endpoint}: {type(error).__name__}") from error
        if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR or not isinstance(answer, dict):
            raise ProviderUnavailableError(f"{endpoint}: status {response.status_code}")
        if response.is_error:
            raise SignInError(f"the provider refused the code: {answer.get('error')}")
        return answer

    async def _verified(self, answer: dict[str, Any], transaction: Transaction) -> dict[str, Any]:
        """Verify the identity token by all of OpenID Connect Core 3.1.3.7, and return its claims."""
        client_id = self._settings.oidc_client_id
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            leeway=_LEEWAY_SECONDS,
            iss={"essential": True, "value": self._provider.issuer},
            aud={"essential": True, "value": client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": transaction.nonce},
            azp={"essential": False, "value": client_id},
        )
        header, claims = await self._signed(str(answer.get("id_token", "")), registry)
        at_hash = claims.get("at_hash")
        if at_hash is not None and at_hash != _at_hash(str(answer.get("access_token", "")), header["alg"]):
            raise SignInError("the access token is not the identity token's (at_hash)")
        required = self._settings.oidc_required_acr
        if required and claims.get("acr") not in required:
            raise SignInError("signed in with too low a level of assurance (acr)")
        return claims

    async def _userinfo(self, endpoint: str, access_token: str, identity: dict[str, Any]) -> dict[str, Any]:
        """Fetch the claims that are told on request only, as JSON or, by the federal provider, as a signed JWT."""
        try:
            response = await self._http.get(endpoint, headers={"Authorization": f"Bearer {access_token}"})
            response.raise_for_status()
            if response.headers.get("content-type", "").startswith(_JWT_MEDIA_TYPE):
                registry = jwt.JWTClaimsRegistry(iss={"essential": True, "value": self._provider.issuer})
                _, claims = await self._signed(response.text, registry)
            else:
                claims = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderUnavailableError(f"{endpoint}: {type(error).__name__}") from error
        if not isinstance(claims, dict) or claims.get("sub") != identity["sub"]:
            raise SignInError("the userinfo is someone else's")
        wanted = self._settings.oidc_claims.model_dump().values()
        return {name: claims[name] for name in wanted if name in claims}

    async def _signed(self, token: str, registry: jwt.JWTClaimsRegistry) -> tuple[dict[str, Any], dict[str, Any]]:
        try:
            key = await self._provider.key_of(token)
            decoded = jwt.decode(token, key, algorithms=list(self._settings.oidc_algorithms))
            registry.validate(decoded.claims)
        except (UnknownKeyError, JoseError, ValueError) as error:
            raise SignInError(f"the provider's token is not acceptable: {error}") from error
        return decoded.header, decoded.claims


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()


def _at_hash(access_token: str, algorithm: str) -> str:
    """Compute `at_hash`: the left half of the signature algorithm's hash (OpenID Connect Core 3.1.3.6)."""
    digest = _DIGESTS.get(algorithm[-3:], hashlib.sha512)(access_token.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).decode()


def _with_query(url: str, parameters: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(parameters)}"
