"""Problems as the Belgif REST guide has them (RFC 9457): one shape for every error a client meets."""

from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from services.gateway.questions import UnavailableError
from shared.anomalies import CATALOGUE, sentence
from shared.contracts.vocabulary import Anomaly
from shared.i18n import Language, negotiate

_URN = "urn:problem-type:belgif:"


class ProblemError(Exception):
    """Answer the request with this problem."""

    def __init__(self, status: int, type_: str, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.type = type_
        self.detail = detail
        self.members = members
        self.headers: dict[str, str] = {}


def not_found(what: str) -> ProblemError:
    """404: there is no such thing, or it is not yours to know."""
    return ProblemError(404, "resourceNotFound", f"{what} not found")


def bad_request(issues: Sequence[dict[str, Any]], detail: str = "The input message is incorrect") -> ProblemError:
    """400 with every issue."""
    return ProblemError(400, "badRequest", detail, issues=list(issues))


def issue(found: Anomaly, language: Language, *, where: str = "body", prefix: str = "") -> dict[str, Any]:
    """An anomaly as a Belgif issue in the reader's language. Values are never repeated."""
    entry = CATALOGUE[found["code"]]
    made: dict[str, Any] = {
        "type": f"{_URN}input-validation:{entry.issue}",
        "in": where,
        "code": found["code"],
        "severity": entry.severity.value,
        "detail": sentence(found, language),
    }
    if "field" in found or prefix:
        made["name"] = f"{prefix}{found.get('field', '')}".removesuffix(".")
    return made


def language_of(request: Request) -> Language:
    """The reader's language by `Accept-Language`; English where nothing fits, as is usual for software."""
    return negotiate(None, None, request.headers.get("accept-language") or Language.ENGLISH)


def respond(request: Request, problem: ProblemError) -> JSONResponse:
    """The problem as its answer."""
    body = {
        "type": _URN + problem.type,
        "title": HTTPStatus(problem.status).phrase,
        "status": problem.status,
        "detail": problem.detail,
        "instance": f"urn:uuid:{request.state.trace_id}"
        if hasattr(request.state, "trace_id")
        else str(request.url.path),
        **problem.members,
    }
    return JSONResponse(body, problem.status, headers=problem.headers, media_type="application/problem+json")


_HTTP_TYPES = {
    401: "noAccessToken",
    403: "missingPermission",
    404: "resourceNotFound",
    405: "methodNotAllowed",
    413: "payloadTooLarge",
    415: "unsupportedMediaType",
    429: "tooManyRequests",
    503: "serviceUnavailable",
}


async def on_problem(request: Request, error: Exception) -> JSONResponse:
    """A problem a route raised."""
    assert isinstance(error, ProblemError)
    return respond(request, error)


async def on_validation(request: Request, error: Exception) -> JSONResponse:
    """A parameter that FastAPI refused."""
    assert isinstance(error, RequestValidationError)
    issues = [
        {
            "type": f"{_URN}input-validation:schemaViolation",
            "in": str(detail["loc"][0]) if detail["loc"] else "body",
            "name": ".".join(map(str, detail["loc"][1:])),
            "detail": detail["msg"],
        }
        for detail in error.errors()
    ]
    return respond(request, bad_request(issues))


async def on_http(request: Request, error: Exception) -> JSONResponse:
    """An error of the framework: unknown address, wrong method."""
    assert isinstance(error, HTTPException)
    type_ = _HTTP_TYPES.get(error.status_code, "badRequest" if error.status_code < 500 else "internalServerError")
    return respond(request, ProblemError(error.status_code, type_, str(error.detail)))


async def on_unavailable(request: Request, _: Exception) -> JSONResponse:
    """A service behind the gateway is away for a moment."""
    problem = ProblemError(503, "serviceUnavailable", "A part of the FLA does not answer; try again in a moment")
    problem.headers["Retry-After"] = "2"
    return respond(request, problem)


async def on_failure(request: Request, _: Exception) -> JSONResponse:
    """Our own fault: the trace id finds it in the logs."""
    return respond(request, ProblemError(500, "internalServerError", "Something went wrong on our side"))


RESPONDERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    ProblemError: on_problem,
    RequestValidationError: on_validation,
    HTTPException: on_http,
    UnavailableError: on_unavailable,
    Exception: on_failure,
}
"""How the API answers each kind of error."""
