"""The authorization request at /authorize, checked (OpenID Connect Core 3.1.2.1, RFC 7636)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from deploy.identity_provider.clients import Clients
from deploy.identity_provider.errors import OAuthError, UntrustedRequestError

SCOPES: Final = ("openid", "profile", "egovnrn")
_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class ReturnAddress:
    """The address that the answer goes to, whether it is a code or a refusal."""

    client_id: str
    redirect_uri: str
    state: str | None
    issuer: str

    def url(self, **answer: str) -> str:
        """Build the address with the answer; `iss` guards the client against mix-ups (RFC 9207)."""
        parameters = answer | ({"state": self.state} if self.state is not None else {}) | {"iss": self.issuer}
        separator = "&" if "?" in self.redirect_uri else "?"
        return f"{self.redirect_uri}{separator}{urlencode(parameters)}"


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request that may be answered with a code."""

    address: ReturnAddress
    challenge: str
    nonce: str | None
    scopes: tuple[str, ...]


def return_address(parameters: Mapping[str, str], clients: Clients, issuer: str) -> ReturnAddress:
    """Find the address to answer to. Raises UntrustedRequestError: then only a page may be shown."""
    client = clients.web(parameters.get("client_id", ""))
    if client is None:
        raise UntrustedRequestError("client_id")
    redirect_uri = parameters.get("redirect_uri", "")
    if redirect_uri not in client.redirect_uris:
        raise UntrustedRequestError("redirect_uri")
    return ReturnAddress(client.client_id, redirect_uri, parameters.get("state"), issuer)


def checked_request(parameters: Mapping[str, str], address: ReturnAddress) -> AuthorizationRequest:
    """Check that the request may be answered with a code. Raises OAuthError, which is the client's answer."""
    if parameters.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "only response_type=code")
    if parameters.get("response_mode", "query") != "query":
        raise OAuthError("invalid_request", "only response_mode=query")
    if "request" in parameters or "request_uri" in parameters:
        raise OAuthError("request_not_supported", "request objects are not read")
    asked = parameters.get("scope", "").split()
    if "openid" not in asked:
        raise OAuthError("invalid_scope", "scope must contain openid")
    if parameters.get("code_challenge_method") != "S256":
        raise OAuthError("invalid_request", "PKCE is required: code_challenge_method=S256")
    challenge = parameters.get("code_challenge", "")
    if not _CHALLENGE.fullmatch(challenge):
        raise OAuthError("invalid_request", "code_challenge must be 43 base64url characters")
    if not parameters.get("state"):
        raise OAuthError("invalid_request", "state is required")
    if "none" in parameters.get("prompt", "").split():
        raise OAuthError("login_required", "there is no session to continue: every sign-in shows the page")
    granted = tuple(scope for scope in SCOPES if scope in asked)
    return AuthorizationRequest(address, challenge, parameters.get("nonce"), granted)
