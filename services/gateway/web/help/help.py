"""The help page: `/help`."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.web.kit.addresses import SCHEMA
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.visitor import CurrentVisitor
from services.gateway.wiring import gateway_of

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class HelpView:
    """`/help`: instructions and frequent questions. `schema_href` is where the XML schema is published,
    `days_after_end` for how long after an employment its employer has access.
    """

    template: ClassVar[str] = "help/help.html"

    schema_href: str
    days_after_end: int = 30


@router.get("/help", response_class=HTMLResponse)
async def help_page(request: Request, visitor: CurrentVisitor) -> Response:
    """Show instructions and questions asked often."""
    return page(request, visitor.frame(request), HelpView(SCHEMA, gateway_of(request).settings.access_days_after_end))
