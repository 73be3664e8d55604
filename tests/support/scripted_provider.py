"""An identity provider that does exactly what a test tells it to, also what no honest one would do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

ISSUER = "https://idp.example"
NOW = 1_800_000_000


@dataclass
class SettableClock:
    """Seconds, moved by the test."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


def new_key(name: str) -> ECKey:
    """A signing key that publishes itself under this name."""
    return ECKey.generate_key("P-256", {"kid": name, "use": "sig", "alg": "ES256"})


@dataclass
class ScriptedProvider:
    """Answers over an httpx transport. `keys` are published, `signing` signs; `away` makes every request fail."""

    keys: list[ECKey] = field(default_factory=lambda: [new_key("first")])
    away: bool = False
    document: dict[str, Any] = field(default_factory=dict)
    token_answer: Callable[[dict[str, str]], httpx.Response] | None = None
    userinfo_answer: httpx.Response | None = None
    requests: list[str] = field(default_factory=list)

    @property
    def signing(self) -> ECKey:
        return self.keys[-1]

    def client(self) -> httpx.AsyncClient:
        """An HTTP client whose every request ends here."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._answer))

    def signed(self, claims: dict[str, Any], *, typ: str = "JWT", key: ECKey | None = None) -> str:
        """A token with these claims; a claim that is None is left out."""
        signer = key or self.signing
        header = {"alg": "ES256", "typ": typ, "kid": signer.kid}
        return jwt.encode(header, {name: value for name, value in claims.items() if value is not None}, signer)

    def count(self, path: str) -> int:
        """How often this path was asked for."""
        return self.requests.count(path)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.requests.append(path)
        if self.away:
            raise httpx.ConnectError("away", request=request)
        match path:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self._discovery() | self.document)
            case "/keys":
                published = [key.as_dict(private=False) for key in self.keys]
                return httpx.Response(200, json={"keys": published})
            case "/token" if self.token_answer:
                form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
                return self.token_answer(form)
            case "/userinfo" if self.userinfo_answer:
                return self.userinfo_answer
            case _:
                return httpx.Response(404)

    @staticmethod
    def _discovery() -> dict[str, Any]:
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/authorize",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/keys",
            "userinfo_endpoint": f"{ISSUER}/userinfo",
            "end_session_endpoint": f"{ISSUER}/end_session",
        }
