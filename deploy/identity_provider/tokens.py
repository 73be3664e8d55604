"""The tokens that the provider makes."""

import hashlib
import secrets
import time
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.util import to_bytes, urlsafe_b64encode

from deploy.identity_provider.clients import MachineClient
from deploy.identity_provider.keys import ALGORITHM
from deploy.identity_provider.memory import AuthorizationGrant, Clock

API_AUDIENCE: Final = "fla-api"
ACCESS_TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - the media type of RFC 9068
ID_TOKEN_LIFETIME: Final = 300
ACCESS_TOKEN_LIFETIME: Final = 600


class Tokens:
    """The maker of identity and access tokens, signed with the provider's key; it also reads its userinfo tokens."""

    def __init__(self, issuer: str, key: ECKey, clock: Clock = time.time) -> None:
        self._issuer = issuer
        self._key = key
        self._clock = clock

    def for_software(self, client: MachineClient, scopes: tuple[str, ...]) -> str:
        """Make an access token for the API (RFC 9068): the software acts for itself."""
        return self._access_token(client.client_id, client.client_id, API_AUDIENCE, scopes)

    def for_userinfo(self, grant: AuthorizationGrant) -> str:
        """Make an access token that opens /userinfo and nothing else."""
        return self._access_token(grant.person.subject, grant.client_id, self._userinfo_audience, grant.scopes)

    def identity(self, grant: AuthorizationGrant, access_token: str) -> str:
        """Make the identity token: who signed in, when, and with which digital key."""
        now = int(self._clock())
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "aud": grant.client_id,
            "iat": now,
            "exp": now + ID_TOKEN_LIFETIME,
            "auth_time": grant.signed_in_at,
            "acr": grant.means.acr,
            "amr": [grant.means.value],
            "at_hash": _at_hash(access_token),
        } | shown_claims(grant.person.claims, grant.scopes)
        if grant.nonce is not None:
            claims["nonce"] = grant.nonce
        return jwt.encode({"alg": ALGORITHM, "typ": "JWT", "kid": self._key.kid}, claims, self._key)

    def userinfo_subject(self, token: str) -> tuple[str, tuple[str, ...]] | None:
        """Read subject and scopes of a userinfo token; None where it is not one or no longer valid."""
        registry = jwt.JWTClaimsRegistry(
            now=lambda: int(self._clock()),
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._userinfo_audience},
            exp={"essential": True},
        )
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            registry.validate(claims)
        except (JoseError, ValueError):
            return None
        return str(claims["sub"]), tuple(str(claims["scope"]).split())

    @property
    def _userinfo_audience(self) -> str:
        return f"{self._issuer}/userinfo"

    def _access_token(self, subject: str, client_id: str, audience: str, scopes: tuple[str, ...]) -> str:
        now = int(self._clock())
        claims = {
            "iss": self._issuer,
            "sub": subject,
            "aud": audience,
            "client_id": client_id,
            "scope": " ".join(scopes),
            "iat": now,
            "exp": now + ACCESS_TOKEN_LIFETIME,
            "jti": secrets.token_urlsafe(16),
        }
        return jwt.encode({"alg": ALGORITHM, "typ": ACCESS_TOKEN_TYPE, "kid": self._key.kid}, claims, self._key)


def shown_claims(claims: dict[str, str], scopes: tuple[str, ...]) -> dict[str, str]:
    """Select the claims that these scopes open: `profile` the name and language, `egovnrn` the national number."""
    by_scope = {
        "openid": ("sub",),
        "profile": ("name", "given_name", "family_name", "locale"),
        "egovnrn": ("egovNRN",),
    }
    return {name: claims[name] for scope in scopes for name in by_scope.get(scope, ())}


def _at_hash(access_token: str) -> str:
    """Compute the left half of the token's SHA-256 (OpenID Connect Core 3.1.3.6)."""
    return urlsafe_b64encode(hashlib.sha256(to_bytes(access_token)).digest()[:16]).decode()
