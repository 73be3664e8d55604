"""The web side of the gateway: its routes, static files and error pages."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from services.gateway.questions import UnavailableError
from services.gateway.web import links
from services.gateway.web.pages import page, see_other
from services.gateway.web.reader import ForbiddenError, SignInNeededError, _reader
from services.gateway.web.rendering import STATIC_DIRECTORY, STATIC_PREFIX
from services.gateway.web.routes import dashboard, employees, entitlements, home, me, operator, signing_in, trainings
from services.gateway.web.views.public import ErrorView

ROUTERS: tuple[APIRouter, ...] = (
    home.router,
    signing_in.router,
    dashboard.router,
    employees.router,
    entitlements.router,
    trainings.router,
    me.router,
    operator.router,
)

_STATUS: dict[type[Exception], int] = {ForbiddenError: 403, UnavailableError: 503}
Respond = Callable[[Request, Exception], Awaitable[Response]]


class CachedStaticFiles(StaticFiles):
    """Static files whose address carries a digest of their content may be kept for ever."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """The file, with its lifetime."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def install(app: FastAPI, api_errors: dict[type[Exception], Respond]) -> None:
    """Add the pages, and make errors outside `/api` pages too. `api_errors`: how the API answers each error."""
    app.mount(STATIC_PREFIX, CachedStaticFiles(directory=STATIC_DIRECTORY), name="static")
    for router in ROUTERS:
        app.include_router(router)
    for kind in (ForbiddenError, UnavailableError, HTTPException, Exception):
        app.add_exception_handler(kind, _responder(api_errors.get(kind)))

    async def on_sign_in_needed(request: Request, _: Exception) -> Response:
        return see_other(links.SIGN_IN)

    app.add_exception_handler(SignInNeededError, on_sign_in_needed)


def _responder(api: Respond | None) -> Respond:
    async def respond(request: Request, error: Exception) -> Response:
        if request.url.path.startswith(("/api/", "/internal/")) and api is not None:
            return await api(request, error)
        status = error.status_code if isinstance(error, HTTPException) else _STATUS.get(type(error), 500)
        reader = await _reader(request)
        view = ErrorView(status if status in (403, 404, 419) else 500, getattr(request.state, "trace_id", None))
        return page(request, reader.frame(request), view, status)

    return respond
