"""`/api/docs` and `/api/v1/openapi.json`: the API as it describes itself.

The page loads nothing from elsewhere: it stands on the origin of the signed-in pages, so a script of another host there
could do whatever the reader may do; and it must work where no other host can be reached.
"""

from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from services.gateway.api.description import components
from services.gateway.api.description.schemas import plain, schemas
from services.gateway.api.preferences import CHANGES, SIMULATES
from services.gateway.web.kit.rendering import static_url
from services.gateway.web.kit.security_headers import security_headers

ADDRESS: Final = "/api/docs"
DESCRIPTION: Final = "/api/v1/openapi.json"
VERSION: Final = "1"
_ABOUT: Final = """Employers register trainings and entitlements, themselves or through a mandatary. The conventions are
those of the Belgif REST guide: problems by RFC 9457, collections that lead from page to page, no nulls. An answer may
get fields that are not described here yet.

Every request can be answered 405 (with `Allow`) where the address knows no such method."""
_TAGS: Final = {
    "trainings": "Register, read, correct and cancel trainings.",
    "employments": "Who works where.",
    "entitlements": "The employer's own figures, and the ledger behind balances.",
    "enterprises": "Enterprises and how they stand.",
    "arrangements": "Which arrangement applies; open to anyone.",
    "batches": "XML files of declarations.",
    "submissions": "What became of what was sent.",
    "refData": "Code lists; open to anyone.",
}
_TOKEN: Final = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token by OAuth 2 client credentials, with a signed assertion (RFC 7523).",
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
    """Make the app describe its API: problems and tokens, and nothing that is not for the outside."""

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            tags = [{"name": name, "description": text} for name, text in _TAGS.items()]
            made = get_openapi(
                title="Federal Learning Account", version=VERSION, description=_ABOUT, routes=app.routes, tags=tags
            )
            app.openapi_schema = _described(made)
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign]
    app.include_router(router)


def _described(made: dict[str, Any]) -> dict[str, Any]:
    """Keep what FastAPI says of the API's routes, and add the parts that operations refer to."""
    made["paths"] = {path: item for path, item in made["paths"].items() if path.startswith("/api/")}
    for item in made["paths"].values():
        for operation in item.values():
            _true(operation)
    made["components"] = {
        "schemas": schemas(),
        "headers": components.HEADERS,
        "parameters": components.PARAMETERS,
        "responses": components.responses(),
        "securitySchemes": {"accessToken": _TOKEN},
    }
    return made


def _true(operation: dict[str, Any]) -> None:
    """Remove what FastAPI supposes of every route and no route does."""
    operation["responses"].pop("422", None)
    for answer in operation["responses"].values():
        said = {kind: content for kind, content in answer.get("content", {}).items() if content.get("schema")}
        answer.pop("content", None)
        if said:
            answer["content"] = said
    for parameter in operation["parameters"]:
        if "schema" in parameter:
            parameter["schema"] = plain(parameter["schema"])
    for name in (CHANGES, SIMULATES):
        operation.pop(name, None)
