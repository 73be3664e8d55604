"""Tell a page that its figures changed."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.gateway.web.kit.access import SignedIn
from services.gateway.web.kit.live_changes import stream_changes

router = APIRouter(prefix="/me", include_in_schema=False)


@router.get("/changes")
async def changes(request: Request, visitor: SignedIn) -> Response:
    """Stream server-sent events: `changed` whenever something about the visitor arrived."""
    return await stream_changes(request, visitor, person=visitor.person)
