"""The token endpoint: a code for an identity token, or a signed assertion for an access token."""

import hashlib
import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from joserfc.util import urlsafe_b64encode
from starlette.datastructures import FormData

from deploy.identity_provider.errors import OAuthError
from deploy.identity_provider.memory import AuthorizationGrant
from deploy.identity_provider.provider import DemoIdentityProvider
from deploy.identity_provider.tokens import ACCESS_TOKEN_LIFETIME


def routes(provider: DemoIdentityProvider) -> APIRouter:
    router = APIRouter()

    @router.post("/token")
    async def token(request: Request) -> JSONResponse:
        try:
            answer = _answer(provider, _single_values(await request.form()))
        except OAuthError as error:
            body = {"error": error.error, "error_description": error.description}
            return JSONResponse(body, status_code=error.status, headers={"Cache-Control": "no-store"})
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return router


def _answer(provider: DemoIdentityProvider, form: dict[str, str]) -> dict[str, Any]:
    match form.get("grant_type"):
        case "authorization_code":
            return _exchange_code(provider, form)
        case "client_credentials":
            return _client_credentials(provider, form)
        case None:
            raise OAuthError("invalid_request", "grant_type is missing")
        case _:
            raise OAuthError("unsupported_grant_type", "authorization_code or client_credentials")


def _exchange_code(provider: DemoIdentityProvider, form: dict[str, str]) -> dict[str, Any]:
    client = provider.clients.web(form.get("client_id", ""))
    if client is None:
        raise OAuthError("invalid_client", "unknown client", status=401)
    grant = provider.codes.redeem(form.get("code", ""))
    if grant is None or grant.client_id != client.client_id or grant.redirect_uri != form.get("redirect_uri"):
        raise OAuthError("invalid_grant", "the code is unknown, used, too old or for another address")
    if not _proves(form.get("code_verifier", ""), grant):
        raise OAuthError("invalid_grant", "code_verifier does not fit the code_challenge")
    access_token = provider.tokens.for_userinfo(grant)
    return _bearer(access_token, grant.scopes) | {"id_token": provider.tokens.identity(grant, access_token)}


def _client_credentials(provider: DemoIdentityProvider, form: dict[str, str]) -> dict[str, Any]:
    client = provider.assertions.client(form.get("client_assertion_type", ""), form.get("client_assertion", ""))
    if form.get("client_id", client.client_id) != client.client_id:
        raise OAuthError("invalid_client", "client_id is not the one that signed", status=401)
    asked = form.get("scope", "").split() or sorted(client.scopes)
    refused = sorted(set(asked) - client.scopes)
    if refused:
        raise OAuthError("invalid_scope", f"not granted to this client: {' '.join(refused)}")
    scopes = tuple(dict.fromkeys(asked))
    return _bearer(provider.tokens.for_software(client, scopes), scopes)


def _proves(verifier: str, grant: AuthorizationGrant) -> bool:
    """Compare the code verifier with the challenge (PKCE, RFC 7636 section 4.6)."""
    challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode()
    return secrets.compare_digest(challenge, grant.challenge)


def _bearer(access_token: str, scopes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": ACCESS_TOKEN_LIFETIME,
        "scope": " ".join(scopes),
    }


def _single_values(form: FormData) -> dict[str, str]:
    """Read the form's fields. A field that comes twice is refused (RFC 6749 section 3.2). Raises OAuthError."""
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if len({name for name, _ in fields}) != len(fields):
        raise OAuthError("invalid_request", "a parameter was given twice")
    return dict(fields)
