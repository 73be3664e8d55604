"""Rendering of the provider's pages."""

from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from deploy.identity_provider.introductions import group_title, purpose, role_title
from deploy.identity_provider.texts import LANGUAGES, Texts, chosen_language

_DIRECTORY: Final = Path(__file__).parent
STATIC: Final = _DIRECTORY / "static"
_TEMPLATES: Final = Jinja2Templates(
    env=Environment(
        loader=FileSystemLoader(_DIRECTORY / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
)
_SECURITY: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    # Not "no-referrer": browsers would send `Origin: null` with the form, as they do with a forged one.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def page(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a page in the reader's language, never stored by browsers and never framed."""
    language = chosen_language(request.query_params.get("ui_locales", ""), request.headers.get("accept-language", ""))
    texts = Texts(language)
    return _TEMPLATES.TemplateResponse(
        request,
        template,
        {
            "t": texts,
            "language": language,
            "languages": {code: (name, _in_language(request, code)) for code, name in LANGUAGES.items()},
            "group_title": group_title,
            "role_title": role_title,
            "purpose": purpose,
        }
        | context,
        status_code=status,
        headers=_SECURITY,
    )


def _in_language(request: Request, language: str) -> str:
    """Build the same address in another language."""
    url = request.url.include_query_params(ui_locales=language)
    return f"{url.path}?{url.query}"
