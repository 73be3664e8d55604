"""The discovery document and the public keys (OpenID Connect Discovery 1.0, RFC 8414, RFC 7517)."""

from typing import Any

from fastapi import APIRouter, Response

from deploy.identity_provider.authorization import SCOPES
from deploy.identity_provider.keys import ALGORITHM, public_jwk
from deploy.identity_provider.people import SignInMeans
from deploy.identity_provider.provider import DemoIdentityProvider
from deploy.identity_provider.texts import LANGUAGES


def routes(provider: DemoIdentityProvider) -> APIRouter:
    router = APIRouter()
    document = _document(provider.issuer)
    keys = {"keys": [public_jwk(provider.key)]}

    @router.get("/.well-known/openid-configuration")
    async def configuration() -> dict[str, Any]:
        return document

    @router.get("/jwks")
    async def jwks(response: Response) -> dict[str, Any]:
        response.headers["Cache-Control"] = "public, max-age=300"
        return keys

    return router


def _document(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "userinfo_endpoint": f"{issuer}/userinfo",
        "end_session_endpoint": f"{issuer}/end_session",
        "jwks_uri": f"{issuer}/jwks",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["none", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": [ALGORITHM],
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": [means.acr for means in SignInMeans],
        "claims_supported": [
            *("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash"),
            *("name", "given_name", "family_name", "egovNRN", "locale"),
        ],
        "ui_locales_supported": list(LANGUAGES),
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
