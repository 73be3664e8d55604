"""Tell a page that its figures changed."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.gateway.web.kit.access import ReadAccess
from services.gateway.web.kit.live_changes import stream_changes

router = APIRouter(prefix="/enterprises/{number}", include_in_schema=False)


@router.get("/changes")
async def changes(request: Request, enterprise: ReadAccess) -> Response:
    """Stream server-sent events: `changed` whenever something of this enterprise arrived."""
    return await stream_changes(request, enterprise.visitor, enterprise=enterprise.number)
