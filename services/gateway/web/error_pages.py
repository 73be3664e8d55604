"""Error pages: what a page answers when something is refused, missing, expired or away."""

import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from services.gateway.api.tracing import TRACE_HEADER
from services.gateway.questions import QuestionRefusedError, UnavailableError
from services.gateway.rate_limits import TooManyRequestsError
from services.gateway.web.kit import addresses, sessions
from services.gateway.web.kit.answer_page import page, see_other
from services.gateway.web.kit.away import away_view
from services.gateway.web.kit.cookies import cookie
from services.gateway.web.kit.error_page import ErrorView
from services.gateway.web.kit.form_expired import FormExpiredError, expired_view
from services.gateway.web.kit.search import NationalNumberSearchedError, without_search
from services.gateway.web.kit.visitor import ForbiddenError, SignInNeededError, Visitor, language_of, visitor_of
from shared.http.away import AWAY_ERRORS, RETRY_AFTER_SECONDS, on_away, told

log = structlog.get_logger()

_STATUS: dict[type[Exception], int] = {
    ForbiddenError: 403,
    UnavailableError: 503,
    RequestValidationError: 404,
    QuestionRefusedError: 404,
}
_PAGES = (403, 404)
API_PREFIX = "/api/"
_API = re.compile(r"/+(api|internal)(/|$)")
Respond = Callable[[Request, Exception], Awaitable[Response]]


def install(app: FastAPI, api_errors: Mapping[type[Exception], Respond]) -> None:
    """Answer errors: in the API as problems, elsewhere as pages."""
    for kind in {*api_errors, ForbiddenError} - {*AWAY_ERRORS, TooManyRequestsError, ClientDisconnect}:
        responder = _responder(api_errors.get(kind))
        app.add_exception_handler(kind, _traced(responder) if kind is Exception else responder)
    for kind in AWAY_ERRORS:
        app.add_exception_handler(kind, _away_responder(api_errors.get(kind)))
    for kind, its_responder in ((TooManyRequestsError, _too_many), (ClientDisconnect, _gone)):
        app.add_exception_handler(kind, its_responder(api_errors.get(kind)))
    app.add_exception_handler(SignInNeededError, _to_sign_in)
    app.add_exception_handler(FormExpiredError, _form_expired)
    app.add_exception_handler(NationalNumberSearchedError, without_search)


async def _to_sign_in(request: Request, error: Exception) -> Response:
    """Redirect to the sign-in; a part that refreshes by itself takes its whole page along."""
    if request.method == "POST":
        return await _form_expired(request, error)
    by_itself = request.headers.get("hx-request") == "true"
    expired = by_itself or cookie(request, sessions.COOKIE) is not None
    address = f"{addresses.SIGN_IN}?expired=true" if expired else addresses.SIGN_IN
    return Response(status_code=401, headers={"HX-Redirect": address}) if by_itself else see_other(request, address)


async def _form_expired(request: Request, _: Exception) -> Response:
    visitor = await visitor_of(request)
    view = await expired_view(request, signed_in=visitor.session is not None)
    response = page(request, visitor.frame(request), view, 419)
    # It holds what was typed, which may be about people, even where nobody is signed in.
    response.headers["Cache-Control"] = "no-store"
    return response


def _traced(respond: Respond) -> Respond:
    """Add the trace header, which `Tracing` adds elsewhere: a failure is answered outside of all middleware."""

    async def traced(request: Request, error: Exception) -> Response:
        response = await respond(request, error)
        response.headers[TRACE_HEADER] = getattr(request.state, "trace_id", "")
        return response

    return traced


def _responder(api: Respond | None) -> Respond:
    async def respond(request: Request, error: Exception) -> Response:
        if api is not None and _API.match(request.url.path):
            return await api(request, error)
        status = error.status_code if isinstance(error, HTTPException) else _STATUS.get(type(error), 500)
        shown = status if status in _PAGES else 500
        view = ErrorView(shown, getattr(request.state, "trace_id", None))
        try:
            visitor = await visitor_of(request)
        except AWAY_ERRORS as away:
            # The page must not need it. Without a frame it shows nobody's name; that is no sign-out.
            log.warning("an error page without its reader", error=type(away).__name__, path=request.url.path)
            visitor = Visitor(language_of(request))
        response = page(request, visitor.frame(request), view, status)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response

    return respond


def _too_many(api: Respond | None) -> Respond:
    async def respond(request: Request, error: Exception) -> Response:
        if api is not None and _API.match(request.url.path):
            return await api(request, error)
        assert isinstance(error, TooManyRequestsError)
        # Who it is was found already, at a cost, and is not asked again.
        frame = Visitor(language_of(request)).frame(request)
        response = page(request, frame, ErrorView(429, seconds=error.quota.seconds), HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"] = str(error.quota.seconds)
        response.headers.update(error.quota.headers())
        return response

    return respond


def _gone(_: Respond | None) -> Respond:
    async def respond(request: Request, _: Exception) -> Response:
        # Nobody reads it: the client hung up in the middle of its request.
        log.info("client hung up", path=request.url.path)
        return Response(status_code=HTTPStatus.BAD_REQUEST)

    return respond


def _away_responder(api: Respond | None) -> Respond:
    async def respond(request: Request, error: Exception) -> Response:
        if _API.match(request.url.path):
            return await (api if api is not None and request.url.path.startswith(API_PREFIX) else on_away)(
                request, error
            )
        told(request, error)
        # Whoever was signed in still is, and nobody can be asked who it was.
        view = await away_view(request, getattr(request.state, "trace_id", None))
        response = page(request, Visitor(language_of(request)).frame(request), view, HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        # It holds what was typed, which may be about people.
        response.headers["Cache-Control"] = "no-store"
        return response

    return respond
