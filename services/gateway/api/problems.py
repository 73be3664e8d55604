"""Problems as the Belgif REST guide has them (RFC 9457): one shape for every error a client meets."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from services.gateway.intake.validation import Bounds, explained
from services.gateway.limits import LONGEST_REPEATED_VALUE
from services.gateway.questions import QuestionRefusedError, UnavailableError
from services.gateway.rate_limits import TooManyRequestsError
from shared.anomalies import sentence
from shared.anomaly_texts import CATALOGUE
from shared.contracts.vocabulary import Anomaly
from shared.http import away
from shared.i18n import Language, negotiate

_URN = "urn:problem-type:belgif:"
# Eleven digits, with or without punctuation: whether or not they are a number's, nobody needs them back.
_NATIONAL_NUMBER = re.compile(r"(?:\d[\W_]{0,3}){11}")


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
    """Make a 404: there is no such thing, or it is not yours to know."""
    return ProblemError(404, "resourceNotFound", f"{what} not found")


def bad_request(issues: Sequence[dict[str, Any]], detail: str = "The input message is incorrect") -> ProblemError:
    """Make a 400 with every issue."""
    return ProblemError(400, "badRequest", detail, issues=list(issues))


def issue(
    found: Anomaly, language: Language, *, where: str = "body", fields: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Write an anomaly as a Belgif issue in the reader's language.

    `fields`: what was sent, where it is at hand; then the value is repeated, unless it is long or a national number.
    """
    entry = CATALOGUE[found["code"]]
    made: dict[str, Any] = {
        "type": f"{_URN}input-validation:{entry.issue}",
        "in": where,
        "code": found["code"],
        "severity": entry.severity.value,
        "detail": sentence(found, language),
    }
    if "field" in found:
        made["name"] = found["field"]
        value = None if found["code"] == "unknownInput" else _value(fields, found["field"])
        if value is not None:
            made["value"] = value
    return made


def _value(fields: Any, path: str) -> Any:
    """Find the plain value at a path like `terms[0].workingTime`; None where there is none to repeat."""
    names = [name for name in re.split(r"[.\[\]]+", path) if name]
    if not names or names[-1] == "ssin":
        return None
    for name in names:
        if isinstance(fields, Mapping):
            fields = fields.get(name)
        elif isinstance(fields, list) and name.isdigit():
            fields = fields[int(name)] if int(name) < len(fields) else None
        else:
            return None
    if isinstance(fields, bool | int | float):
        return None if _NATIONAL_NUMBER.search(str(fields)) else fields
    is_short_text = isinstance(fields, str) and len(fields) <= LONGEST_REPEATED_VALUE
    return fields if is_short_text and not _NATIONAL_NUMBER.search(fields) else None


def language_of(request: Request) -> Language:
    """Negotiate the reader's language by `Accept-Language`; English where nothing fits, as is usual for software."""
    return negotiate(None, None, request.headers.get("accept-language") or Language.ENGLISH)


def respond(request: Request, problem: ProblemError) -> JSONResponse:
    """Answer with a problem."""
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
    """Answer a problem that a route raised."""
    assert isinstance(error, ProblemError)
    return respond(request, error)


async def on_validation(request: Request, error: Exception) -> JSONResponse:
    """Answer a parameter that FastAPI refused."""
    assert isinstance(error, RequestValidationError)
    language = language_of(request)
    bounds = {
        name: (str(least), str(most))
        for name, field in query_parameters(request).items()
        for least, most in [(_limit(field, "ge"), _limit(field, "le"))]
    }
    issues = [_parameter(one, language, bounds) for one in error.errors()]
    return respond(request, bad_request(issues))


def query_parameters(request: Request) -> dict[str, Any]:
    """List the query parameters of the route that was asked: dict[name, pydantic's FieldInfo]."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return {}
    return _query_parameters(route.dependant)


def _query_parameters(dependant: Dependant) -> dict[str, Any]:
    found = {parameter.alias: parameter.field_info for parameter in dependant.query_params}
    for one in dependant.dependencies:
        found |= _query_parameters(one)
    return found


def _limit(field: Any, name: str) -> Any:
    return next((getattr(one, name) for one in field.metadata if hasattr(one, name)), "…")


def _parameter(detail: Any, language: Language, bounds: Bounds) -> dict[str, Any]:
    """Write what is wrong with a parameter as what is wrong with a field is."""
    where, *location = detail["loc"] or ("body",)
    found = explained(detail | {"loc": tuple(location)}, bounds)
    name = found.get("field", "")
    fields = {name: detail["input"]} if isinstance(detail.get("input"), str) else None
    return issue(found, language, where=str(where), fields=fields)


async def on_http(request: Request, error: Exception) -> JSONResponse:
    """Answer an error of the framework: unknown address, wrong method."""
    assert isinstance(error, HTTPException)
    type_ = _HTTP_TYPES.get(error.status_code, "badRequest" if error.status_code < 500 else "internalServerError")
    problem = ProblemError(error.status_code, type_, str(error.detail))
    problem.headers.update(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers["Allow"] = ", ".join(_methods(request))
    return respond(request, problem)


_METHODS = ("GET", "POST", "PUT", "DELETE")


def _methods(request: Request) -> list[str]:
    """List the methods of an address, whichever of its routes it is.

    `/trainings/bulk` is no training's: what a route with an id in its place can do is not told of it.
    """
    own = request.app.openapi()["paths"].get(request.url.path, {})
    if own:
        return [method for method in _METHODS if method.lower() in own]
    routes = request.app.router.routes
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


async def on_refused_question(request: Request, _: Exception) -> JSONResponse:
    """Answer a value that went on unchecked and was refused there: still the sender's to mend."""
    return respond(request, bad_request([]))


async def on_unavailable(request: Request, _: Exception) -> JSONResponse:
    """Answer that a service behind the gateway is away for a moment."""
    problem = ProblemError(503, "serviceUnavailable", "A part of the FLA does not answer; try again in a moment")
    problem.headers["Retry-After"] = "2"
    return respond(request, problem)


async def on_database_away(request: Request, error: Exception) -> JSONResponse:
    """Answer that nothing can be stored or read now; the same request, with its key, can be sent again."""
    away.told(request, error)
    problem = ProblemError(503, "serviceUnavailable", away.DETAIL)
    problem.headers["Retry-After"] = str(away.RETRY_AFTER_SECONDS)
    return respond(request, problem)


async def on_failure(request: Request, _: Exception) -> JSONResponse:
    """Answer a failure of our own: the trace id finds it in the logs."""
    return respond(request, ProblemError(500, "internalServerError", "Something went wrong on our side"))


async def on_too_many(request: Request, error: Exception) -> JSONResponse:
    """Answer a request too many, with when the next one is possible."""
    assert isinstance(error, TooManyRequestsError)
    quota = error.quota
    problem = ProblemError(429, "tooManyRequests", f"At most {quota.limit} requests a minute; try again later")
    problem.headers = {"Retry-After": str(quota.seconds), **quota.headers()}
    return respond(request, problem)


RESPONDERS: dict[type[Exception], Callable[[Request, Exception], Awaitable[Response]]] = {
    ProblemError: on_problem,
    RequestValidationError: on_validation,
    HTTPException: on_http,
    QuestionRefusedError: on_refused_question,
    UnavailableError: on_unavailable,
    TooManyRequestsError: on_too_many,
    **dict.fromkeys(away.AWAY_ERRORS, on_database_away),
    Exception: on_failure,
}
"""How the API answers each kind of error."""
