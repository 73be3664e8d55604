"""Names and attributes of cookies: over https bound to this host alone, which a subdomain cannot forge (`__Host-`)."""

from fastapi import Request
from fastapi.responses import Response

from services.gateway.wiring import gateway_of


def _over_https(request: Request) -> bool:
    return gateway_of(request).settings.address.startswith("https:")


def _name(request: Request, name: str) -> str:
    return f"__Host-{name}" if _over_https(request) else name


def cookie(request: Request, name: str) -> str | None:
    """Get a cookie that we set; None where there is none."""
    return request.cookies.get(_name(request, name))


def set_cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    """Set a cookie for so long; scripts do not see it, and other sites' forms do not send it."""
    response.set_cookie(
        _name(request, name), value, max_age=seconds, httponly=True, samesite="lax", secure=_over_https(request)
    )


def delete_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(_name(request, name), httponly=True, samesite="lax", secure=_over_https(request))
