"""Tell a page that its figures changed."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.gateway.web.dashboard.dashboard import Number
from services.gateway.web.kit.live_changes import stream_changes
from services.gateway.web.kit.visitor import Reading

router = APIRouter(prefix="/enterprises/{number}", include_in_schema=False)


@router.get("/changes")
async def changes(request: Request, reader: Reading, number: Number) -> Response:
    """Server-sent events: `changed` whenever something of this enterprise arrived."""
    return stream_changes(request, reader, enterprise=number)
