"""Shows every page with sample content, for whoever works on the templates: nothing of it is stored anywhere.

    python -m tests.pages      # then http://127.0.0.1:8085/preview

The addresses are the real ones, so links between pages work; `/preview/<name>` shows one state of a page.
"""

import argparse
from collections.abc import AsyncIterator
from html import escape
from typing import cast

import anyio
import uvicorn
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from services.gateway.web.kit.rendering import (
    STATIC_DIRECTORY,
    STATIC_PREFIX,
    FragmentView,
    render_fragment,
    render_page,
)
from services.gateway.web.kit.security_headers import security_headers
from shared.i18n import Language, negotiate
from tests.pages.catalogue import SAMPLES, Sample

_COOKIE = "fla_language"


def create_app(seconds_between_changes: float = 5.0) -> Starlette:
    """The preview as an ASGI application; its stream says every so many seconds that something changed."""

    async def changes(_request: Request) -> Response:
        async def events() -> AsyncIterator[dict[str, str]]:
            while True:
                await anyio.sleep(seconds_between_changes)
                yield {"event": "changed", "data": "{}"}

        return EventSourceResponse(events())

    return Starlette(
        routes=[
            Route("/preview", _index),
            Route("/preview/{name}", _named),
            Mount(STATIC_PREFIX, StaticFiles(directory=STATIC_DIRECTORY)),
            Route("/enterprises/{number}/changes", changes),
            Route("/me/changes", changes),
            Route("/{path:path}", _by_path, methods=["GET", "POST"]),
        ]
    )


def _language(request: Request) -> Language:
    asked = request.query_params.get("lang")
    return negotiate(asked, request.cookies.get(_COOKIE), request.headers.get("accept-language"))


def _show(request: Request, sample: Sample) -> Response:
    language = _language(request)
    frame, view = sample.frame(language), sample.view(language)
    wanted = "HX-Request" in request.headers and hasattr(view, "fragment")
    body = render_fragment(frame, cast("FragmentView", view)) if wanted else render_page(frame, view)
    response = HTMLResponse(body, headers=security_headers())
    response.set_cookie(_COOKIE, language.value, samesite="lax")
    return response


async def _named(request: Request) -> Response:
    wanted = request.path_params["name"]
    sample = next((sample for sample in SAMPLES if sample.name == wanted), None)
    return _show(request, sample) if sample else HTMLResponse("No such sample", status_code=404)


async def _by_path(request: Request) -> Response:
    wanted = f"/{request.path_params['path']}"
    sample = next((sample for sample in SAMPLES if sample.frame(Language.ENGLISH).path == wanted), None)
    return _show(request, sample) if sample else HTMLResponse("No sample has this address", status_code=404)


async def _index(request: Request) -> Response:
    entries = "".join(f'<li><a href="/preview/{escape(s.name)}">{escape(s.name)}</a></li>' for s in SAMPLES)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><title>Preview</title><h1>Samples</h1><ul>{entries}</ul></html>'
    )


def main() -> None:
    """Serves the preview on this machine only."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8085)
    uvicorn.run(create_app(), host="127.0.0.1", port=parser.parse_args().port, log_level="warning")


if __name__ == "__main__":
    main()
