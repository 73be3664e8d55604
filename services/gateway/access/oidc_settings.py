"""Settings of sign-in and access tokens: which identity provider is trusted, and how it names things.

The defaults fit the demo identity provider and the federal one (CSAM), which share their claim names; a Keycloak in
their place needs the names of its own mappers (`deploy/keycloak/README.md`).
"""

from pathlib import Path
from typing import ClassVar, Final, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.gateway.access.identity import ClaimNames, Means

SIGN_IN_CALLBACK: Final = "/sign-in/callback"
SIGNED_OUT: Final = "/"
_MEANS: Final = {
    "eid": Means.EID,
    "itsme": Means.ITSME,
    "urn:be:fedict:iam:fas:Level500": Means.EID,
    "urn:be:fedict:iam:fas:Level450": Means.ITSME,
}


class OidcSettings(BaseSettings):
    """The identity provider in use. Plain http is accepted on loopback only."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="FLA_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    port_offset: int = Field(0, description="Added to every default port, so that several stacks fit one machine.")
    oidc_issuer: str = Field("", description="Issuer of the identity provider; empty: the demo identity provider.")
    public_url: str = Field("", description="Address under which people reach the gateway; empty: this machine.")
    oidc_client_id: str = Field("fla-web", description="Client under which the gateway's pages sign people in.")
    oidc_client_key_file: Path | None = Field(
        None, description="Private key (JWK) the gateway proves itself with; none: a public client with PKCE."
    )
    oidc_scopes: str = Field("openid profile egovnrn", description="Scopes asked for at sign-in.")
    oidc_algorithms: frozenset[str] = Field(
        frozenset({"ES256", "PS256", "RS256"}), description="Signature algorithms accepted on the provider's tokens."
    )
    oidc_claims: ClaimNames = Field(ClaimNames(), description="Names of the identity's claims, as a JSON object.")
    oidc_means: dict[str, Means] = Field(
        _MEANS, description="Value of acr or amr -> eid, itsme or other: the digital key that was used."
    )
    oidc_required_acr: frozenset[str] = Field(
        frozenset(), description="Levels of assurance accepted at sign-in, as a JSON list; empty: all."
    )
    api_audience: str = Field("fla-api", description="Audience that an access token for the API must name.")
    api_token_types: frozenset[str] = Field(
        frozenset({"at+jwt", "application/at+jwt"}), description="Types (typ) accepted on access tokens."
    )
    api_client_claim: str = Field("client_id", description="Claim of an access token that names the client.")

    @field_validator("oidc_issuer", "public_url")
    @classmethod
    def _without_final_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @model_validator(mode="after")
    def _encrypted_or_loopback(self) -> Self:
        for name, url in (("FLA_OIDC_ISSUER", self.issuer), ("FLA_PUBLIC_URL", self.address)):
            if not is_secure(url):
                raise ValueError(f"{name} must begin with https:// unless it is on this machine: {url}")
        return self

    @property
    def issuer(self) -> str:
        """The trusted issuer, without a final slash."""
        return self.oidc_issuer or f"http://127.0.0.1:{8090 + self.port_offset}"

    @property
    def address(self) -> str:
        return self.public_url or f"http://127.0.0.1:{8080 + self.port_offset}"

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends the browser back to; registered there character by character."""
        return f"{self.address}{SIGN_IN_CALLBACK}"

    @property
    def post_logout_redirect_uri(self) -> str:
        return f"{self.address}{SIGNED_OUT}"


def is_secure(url: str) -> bool:
    """Check that what is sent to an address stays secret on its way: https, or http that does not leave the machine."""
    parts = urlsplit(url)
    on_this_machine = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return on_this_machine or (parts.scheme == "https" and parts.hostname is not None)
