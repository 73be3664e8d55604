"""Tell a page that its figures changed."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.gateway.web.kit.live_changes import stream_changes
from services.gateway.web.kit.visitor import Reading

router = APIRouter(prefix="/me", include_in_schema=False)


@router.get("/changes")
async def changes(request: Request, reader: Reading) -> Response:
    """Server-sent events: `changed` whenever something about the reader arrived."""
    return stream_changes(request, reader, person=reader.person)
