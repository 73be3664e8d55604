"""`/api/docs` and `/api/v1/openapi.json`: the API as it describes itself.

The page loads nothing from elsewhere: it stands on the origin of the signed-in pages, so a script of another host there
could do whatever the reader may do; and it must work where no other host can be reached.
"""

from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from services.gateway.web.rendering import static_url
from services.gateway.web.security_headers import security_headers

ADDRESS: Final = "/api/docs"
DESCRIPTION: Final = "/api/v1/openapi.json"
VERSION: Final = "1"
_OPEN_TO_ANYONE: Final = ("/api/v1/arrangements", "/api/v1/schemas/", "/api/v1/refData/")
_PROBLEM: Final = {
    "type": "object",
    "description": "A problem as in the Belgif REST guide (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "example": "urn:problem-type:belgif:badRequest"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri", "description": "Holds the trace id of the answer."},
        "issues": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "in", "detail"],
                "properties": {
                    "type": {"type": "string", "example": "urn:problem-type:belgif:input-validation:invalidPeriod"},
                    "in": {"type": "string", "enum": ["body", "query", "path", "header"]},
                    "name": {"type": "string", "example": "endDate"},
                    "value": {"description": "What was sent; never a national number."},
                    "code": {"type": "string", "description": "One of `/refData/anomalies`."},
                    "severity": {"type": "string", "enum": ["error", "warning"]},
                    "detail": {"type": "string", "description": "In the language of `Accept-Language`."},
                },
            },
        },
    },
}

router = APIRouter(include_in_schema=False)


@router.get(ADDRESS, response_class=HTMLResponse)
async def documentation() -> HTMLResponse:
    """The description to read and to try out."""
    headers = security_headers()
    # Its styles hold small pictures, and its elements styles of their own; scripts are ours alone all the same.
    headers["Content-Security-Policy"] += "; img-src 'self' data:; style-src 'self' 'unsafe-inline'"
    return HTMLResponse(_PAGE, headers=headers)


_PAGE: Final = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API – Federal Learning Account</title>
<link rel="icon" href="{static_url("mark.svg")}">
<link rel="stylesheet" href="{static_url("vendor/swagger-ui.css")}">
</head>
<body>
<div id="swagger-ui" data-description="{DESCRIPTION}"></div>
<script src="{static_url("vendor/swagger-ui-bundle.js")}"></script>
<script src="{static_url("js/api-docs.js")}"></script>
</body>
</html>
"""


def describe(app: FastAPI) -> None:
    """Let the app describe what it really does: its problems, its tokens, and nothing that is not for the outside."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(get_openapi(title=app.title, version=VERSION, routes=app.routes))
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]
    app.include_router(router)


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    schema["paths"] = {path: item for path, item in schema["paths"].items() if path.startswith("/api/")}
    schema["components"] = {
        "schemas": {"Problem": _PROBLEM},
        "securitySchemes": {"accessToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
    }
    problem = {"$ref": "#/components/schemas/Problem"}
    answer = {"description": "A problem", "content": {"application/problem+json": {"schema": problem}}}
    for path, item in schema["paths"].items():
        for operation in item.values():
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = answer
            if not path.startswith(_OPEN_TO_ANYONE):
                operation["security"] = [{"accessToken": []}]
    return schema
