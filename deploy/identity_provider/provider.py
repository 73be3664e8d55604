"""The identity provider's parts, made once from the settings."""

import time
from dataclasses import dataclass
from typing import Self

from joserfc.jwk import ECKey

from deploy.identity_provider.assertions import Assertions
from deploy.identity_provider.clients import Clients, WebClient
from deploy.identity_provider.keys import load_or_create
from deploy.identity_provider.memory import Clock, Codes
from deploy.identity_provider.people import People
from deploy.identity_provider.settings import IdentityProviderSettings
from deploy.identity_provider.tokens import Tokens


@dataclass(frozen=True, slots=True)
class DemoIdentityProvider:
    """The parts that the routes use. `issuer` has no trailing slash; every address below it is a fixed path."""

    issuer: str
    key: ECKey
    people: People
    clients: Clients
    codes: Codes
    assertions: Assertions
    tokens: Tokens
    clock: Clock

    @property
    def token_endpoint(self) -> str:
        return f"{self.issuer}/token"

    @classmethod
    def from_settings(cls, settings: IdentityProviderSettings, clock: Clock = time.time) -> Self:
        """Load the demo people and clients; make the keys that are not there yet."""
        issuer = settings.issuer
        key = load_or_create(settings.state_dir / "identity_provider" / "signing_key.jwk")
        web = WebClient(settings.oidc_client_id, settings.redirect_uris, settings.post_logout_redirect_uris)
        clients = Clients.from_files(web, settings.demo_dir / "access.json", settings.state_dir / "clients")
        return cls(
            issuer=issuer,
            key=key,
            people=People.from_file(settings.demo_dir / "sign_in.json"),
            clients=clients,
            codes=Codes(clock),
            assertions=Assertions(clients, f"{issuer}/token", clock),
            tokens=Tokens(issuer, key, clock),
            clock=clock,
        )
