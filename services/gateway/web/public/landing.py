"""The landing page: `/`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.web.kit.page import page, see_other
from services.gateway.web.kit.visitor import Reading
from services.gateway.web.public.general_rule import SizeBand, general_rule

router = APIRouter(include_in_schema=False)
SCHEMA = "/api/v1/schemas/fla-batch-1.xsd"


@dataclass(frozen=True)
class LandingView:
    """`/`: what this is and how to begin. Someone who is signed in is led on by the route, not by this page.

    `general_rule` is empty while the service that knows it is away.
    """

    template: ClassVar[str] = "public/landing.html"

    general_rule: Sequence[SizeBand] = ()


@router.get("/", response_class=HTMLResponse)
async def landing(request: Request, reader: Reading) -> Response:
    """What this is; who is signed in already is led on."""
    if reader.session is not None:
        return see_other("/start")
    try:
        rule = await general_rule(request)
    except UnavailableError:
        rule = ()
    return page(request, reader.frame(request), LandingView(rule))
