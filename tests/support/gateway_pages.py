"""The gateway's public pages as a passer-by sees them: the real reader of a request without a session.

Who signed in is tested on a real database (`tests/support/access`): nobody's rights are made up here.
"""

from types import SimpleNamespace
from typing import Any

import httpx
from fastapi import FastAPI

from services.gateway.settings import GatewaySettings
from services.gateway.web import site

ADDRESS = "http://fla"


class Answers:
    """Stands for the other services: the same answer to every question, and what was asked."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    async def ask(self, _service: str, _path: str, _scope: object, **query: Any) -> Any:
        self.asked.append(query)
        return self.answer


def pages(answers: Answers | None = None, **settings: Any) -> httpx.AsyncClient:
    """A browser, in Dutch, of someone who is not signed in."""
    secrets: dict[str, Any] = {"gateway_database_url": "postgresql://", "vault_key": "", "internal_key": ""}
    app = FastAPI()
    app.state.gateway = SimpleNamespace(
        settings=GatewaySettings(_env_file=None, public_url=ADDRESS, **secrets, **settings),
        issuer="http://127.0.0.1:8090",
        questions=answers or Answers(),
    )
    site.install(app, {})
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers={"accept-language": "nl"})
