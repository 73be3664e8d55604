"""The gateway's pages without anything behind them: for what a page does before any service or database is asked.

Nothing here says who may see a page: sessions and rights are tried on a real database (`tests/support/access`).
"""

from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.rate_limits import RateLimits
from services.gateway.settings import GatewaySettings
from services.gateway.web import error_pages, site
from services.gateway.web.kit.sessions import Session
from services.gateway.web.kit.visitor import Visitor, counted_visitor
from shared.i18n import Language
from tests.support.answering import questions_to

ADDRESS = "http://fla"


class Answers:
    """Stands for the other services: the same answer to every question, and what was asked."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer
        self.asked: list[dict[str, Any]] = []

    async def ask(self, _service: str, _path: str, _scope: object, **query: Any) -> Any:
        self.asked.append(query)
        return self.answer


def gateway_stub(answers: Answers | None = None, **settings: Any) -> SimpleNamespace:
    """What pages need of a gateway that has no database."""
    secrets: dict[str, Any] = {"gateway_database_url": "postgresql://", "vault_key": "", "internal_key": ""}
    return SimpleNamespace(
        settings=GatewaySettings(_env_file=None, public_url=ADDRESS, **secrets, **settings),
        issuer="http://127.0.0.1:8090",
        rate_limits=RateLimits({}),
        questions=questions_to(answers or Answers()),
    )


def pages(
    monkeypatch: pytest.MonkeyPatch,
    session: Session | None = None,
    answers: Answers | None = None,
    reader: Visitor | None = None,
    **settings: Any,
) -> httpx.AsyncClient:
    """A browser, in Dutch, of whoever has the session, or of a reader with rights."""
    app = FastAPI()
    app.state.gateway = gateway_stub(answers, **settings)
    site.install(app, {})

    if reader or session:
        someone = reader or Visitor(Language.DUTCH, session)

        async def again(_: object) -> Visitor:
            return someone

        app.dependency_overrides[counted_visitor] = lambda: someone
        monkeypatch.setattr(error_pages, "visitor_of", again)
    dutch = {"accept-language": "nl"}
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ADDRESS, headers=dutch)
