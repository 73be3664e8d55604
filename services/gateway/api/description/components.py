"""The parts of the description that many operations share: headers, header parameters and problems."""

from typing import Any, Final

from services.gateway.limits import LONGEST_IDEMPOTENCY_KEY, LONGEST_WAIT_SECONDS

Json = dict[str, Any]


def _header(description: str, *, required: bool = False, **schema: Any) -> Json:
    return {"description": description, "required": required, "schema": {"type": "string", **schema}}


TRACE: Final = "BelGov-Trace-Id"
RATE_LIMIT: Final = ("RateLimit-Policy", "RateLimit")

HEADERS: Final[dict[str, Json]] = {
    TRACE: _header("The id under which this request can be found in the logs.", required=True, format="uuid"),
    "Location": _header("Path of what was made, or of where to ask how far it is.", required=True),
    "ETag": _header("The version that was read, for `If-Match`.", required=True, examples=['"3"']),
    "RateLimit-Policy": _header('How many requests a minute has, by whose they are: `"client";q=60000;w=60`.'),
    "RateLimit": _header('What is left, and in how many seconds all is there again: `"client";r=59999;t=1`.'),
    "Retry-After": _header("Ask again after so many seconds.", pattern="^[0-9]+$"),
    "Preference-Applied": _header("What of `Prefer` was heeded.", examples=["wait=5"]),
    "WWW-Authenticate": _header("How to authenticate.", required=True, examples=["Bearer"]),
    "Content-Disposition": _header("The name under which to keep the document."),
}


def _parameter(name: str, description: str, **schema: Any) -> Json:
    shown = {"type": "string", **schema}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": shown}


PARAMETERS: Final[dict[str, Json]] = {
    "IdempotencyKey": _parameter(
        "Idempotency-Key",
        "A key of your own for this request: sent again with it, the request is answered as it was the first time and "
        "changes nothing. With another body: 409.",
        minLength=1,
        maxLength=LONGEST_IDEMPOTENCY_KEY,
        pattern="^[!-~]([ -~]*[!-~])?$",
    ),
    "Prefer": _parameter(
        "Prefer",
        f"`wait=5`: answer when it is decided, within so many seconds (at most {LONGEST_WAIT_SECONDS}); "
        "`respond-async`: do not wait longer than that. Anything else is refused.",
        examples=["wait=5"],
        pattern="^((wait=[0-9]{1,9}|respond-async)([,] ?|$))*$",
    ),
    "IfMatch": _parameter(
        "If-Match",
        "The `ETag` that was read: refused with 412 when somebody was first.",
        examples=['"3"'],
        pattern='^([*]|"?[0-9]{1,9}"?)$',
    ),
    "AcceptLanguage": _parameter(
        "Accept-Language", "The language of texts: nl, fr, de or en.", examples=["nl"], pattern="^[a-zA-Z0-9*,;=. -]+$"
    ),
    "FlaMode": _parameter(
        "Fla-Mode",
        "`simulation` only where it is named; every other header that begins with `Fla-` is refused.",
        enum=["production"],
    ),
    "FlaModeOrSimulation": _parameter(
        "Fla-Mode", "`simulation`: check everything and register nothing.", enum=["production", "simulation"]
    ),
}

PROBLEMS: Final[dict[int, tuple[str, str]]] = {
    400: ("BadRequest", "What was sent is not right; `issues` says what, each with its place."),
    401: ("Unauthorized", "No access token, or one that is not valid (any more)."),
    403: ("Forbidden", "The token lacks a scope, or the client is not registered here."),
    404: ("NotFound", "There is no such thing, or it is not yours to know."),
    409: ("Conflict", "It contradicts what was sent before: the reference, or the Idempotency-Key, is in use."),
    412: ("PreconditionFailed", "Somebody was first: it has another version than the one asked for."),
    413: ("PayloadTooLarge", "The body is larger than may be."),
    415: ("UnsupportedMediaType", "The body is of a kind that is not taken here."),
    429: ("TooManyRequests", "More requests than a minute has; `Retry-After` says when the next one is possible."),
    500: ("InternalServerError", "Our own fault; the trace id finds it in the logs."),
    503: ("ServiceUnavailable", "A part of the FLA does not answer for a moment; try again."),
}
"""Status -> name of the response and what it says."""

_ALSO: Final[dict[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def headers(*names: str) -> Json:
    """Refer to these headers and to those that every answer may have."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (TRACE, *RATE_LIMIT, *names)}


def responses() -> dict[str, Json]:
    """Describe a response for each kind of problem."""
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        name: {"description": description, "headers": headers(*_ALSO.get(status, ())), "content": problem}
        for status, (name, description) in PROBLEMS.items()
    }
