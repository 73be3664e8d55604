"""The demo identity provider in this process, with a clock that tests set and a browser that stays on the machine."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from joserfc.util import urlsafe_b64encode

from deploy.identity_provider.app import create_app
from deploy.identity_provider.provider import DemoIdentityProvider
from deploy.identity_provider.settings import IdentityProviderSettings

ISSUER = "http://127.0.0.1:8090"
CALLBACK = "http://127.0.0.1:8080/sign-in/callback"
VERIFIER = "a-verifier-that-is-long-enough-for-the-standard-0123456789"
CHALLENGE = urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()


@dataclass
class SettableClock:
    """Seconds since 1970, moved by the test."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Demo:
    """The running provider, as tests see it."""

    settings: IdentityProviderSettings
    provider: DemoIdentityProvider
    clock: SettableClock
    browser: httpx.AsyncClient
    authorization: dict[str, str] = field(
        default_factory=lambda: {
            "response_type": "code",
            "client_id": "fla-web",
            "redirect_uri": CALLBACK,
            "scope": "openid profile egovnrn",
            "state": "the-state",
            "nonce": "the-nonce",
            "code_challenge": CHALLENGE,
            "code_challenge_method": "S256",
        }
    )

    async def signed_in(self, person: str = "sofie", means: str = "eid", **changes: str) -> httpx.URL:
        """Where the browser is sent after someone was chosen."""
        response = await self.browser.post(
            "/authorize", params=self.authorization | changes, data={"person": person, "means": means}
        )
        assert response.status_code == 303, response.text
        return httpx.URL(response.headers["location"])

    async def exchanged(self, code: str, **changes: str) -> httpx.Response:
        """The token endpoint's answer to a code."""
        form = {
            "grant_type": "authorization_code",
            "client_id": "fla-web",
            "redirect_uri": CALLBACK,
            "code": code,
            "code_verifier": VERIFIER,
        }
        return await self.browser.post("/token", data=form | changes)


def settings_in(state: Path, **changes: Any) -> IdentityProviderSettings:
    """Settings that depend on nothing in this machine's environment."""
    return IdentityProviderSettings(_env_file=None, state_dir=state, **changes)


@asynccontextmanager
async def running_demo(state: Path) -> AsyncIterator[Demo]:
    """The provider with its state in this folder."""
    settings, clock = settings_in(state), SettableClock()
    provider = DemoIdentityProvider.from_settings(settings, clock)
    transport = httpx.ASGITransport(app=create_app(provider, home="http://127.0.0.1:8080/"))
    async with httpx.AsyncClient(transport=transport, base_url=ISSUER) as browser:
        yield Demo(settings, provider, clock, browser)
