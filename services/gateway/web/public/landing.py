"""The landing page: `/`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.web.arrangements.general_rule import SizeBand, general_rule
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.visitor import CurrentVisitor

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class LandingView:
    """`/`: what this is and how to begin. Someone who is signed in is led on by the route, not by this page.

    `general_rule` is empty while the service that knows it is away.
    """

    template: ClassVar[str] = "public/landing.html"

    general_rule: Sequence[SizeBand] = ()


@router.get("/", response_class=HTMLResponse)
async def landing(request: Request, visitor: CurrentVisitor) -> Response:
    """Show what this is; who is signed in already is led on."""
    if visitor.session is not None:
        return see_other(request, "/start")
    try:
        rule = await general_rule(request)
    except UnavailableError:
        rule = ()
    return page(request, visitor.frame(request), LandingView(rule))
