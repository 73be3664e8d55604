"""Settings of the demo identity provider."""

from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from deploy.checkout import absolute
from deploy.loopback import is_loopback_url
from deploy.loopback_server import LoopbackServerSettings, require_loopback

_PORT: Final = 8090
_GATEWAY_PORT: Final = 8080


class IdentityProviderSettings(LoopbackServerSettings):
    """Settings: its address, its issuer and the gateway that it serves. Anything but loopback is refused.

    `demo_dir` holds access.json and sign_in.json.
    """

    identity_provider_host: str = Field(default="127.0.0.1", description="Loopback address to listen on.")
    state_dir: Path = Field(default=Path(".local"), description="Data, logs and secrets of this checkout.")
    oidc_issuer: str = Field(default="", description="Issuer of the tokens; empty: the demo identity provider.")
    oidc_client_id: str = Field(default="fla-web", description="Client under which the gateway's pages sign people in.")
    public_url: str = Field(default="", description="Address of the gateway; empty: this machine, port 8080.")

    @field_validator("state_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return absolute(path)

    @model_validator(mode="after")
    def _loopback_only(self) -> Self:
        require_loopback(self.identity_provider_host)
        for name, url in (("issuer", self.issuer), ("gateway", self.gateway)):
            if not is_loopback_url(url):
                raise ValueError(f"it never serves the {name} {url}: loopback only")
        if (urlsplit(self.issuer).port or _PORT) != self.port and self.oidc_issuer:
            raise ValueError(f"FLA_OIDC_ISSUER names {self.issuer}, but this provider listens on port {self.port}")
        return self

    @property
    def host(self) -> str:
        return self.identity_provider_host

    @property
    def port(self) -> int:
        return _PORT + self.port_offset

    @property
    def issuer(self) -> str:
        return self.oidc_issuer.rstrip("/") or f"http://127.0.0.1:{self.port}"

    @property
    def gateway(self) -> str:
        return self.public_url.rstrip("/") or f"http://127.0.0.1:{_GATEWAY_PORT + self.port_offset}"

    @property
    def redirect_uris(self) -> tuple[str, ...]:
        """List the addresses that a code may be sent to; they are compared character by character."""
        return (f"{self.gateway}/sign-in/callback",)

    @property
    def post_logout_redirect_uris(self) -> tuple[str, ...]:
        return (f"{self.gateway}/", f"{self.gateway}/signed-out")
