"""Names and attributes of cookies: over https bound to this host alone, which a subdomain cannot forge (`__Host-`).

What a browser keeps for us is encrypted: it tells whoever reads its cookies nothing, and nobody else can write it.
"""

import hashlib
from typing import Any, Final

import orjson
from fastapi import Request
from fastapi.responses import Response
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from services.gateway.wiring import gateway_of

_ENCRYPTION: Final = {"alg": "dir", "enc": "A256GCM"}


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


def keep(request: Request, response: Response, name: str, content: dict[str, Any], seconds: int) -> None:
    """Let the browser keep something for so long, encrypted."""
    sealed = jwe.encrypt_compact(_ENCRYPTION, orjson.dumps(content), _key(request, name))
    set_cookie(request, response, name, sealed, seconds)


def kept(request: Request, name: str) -> dict[str, Any] | None:
    """Get what the browser keeps under this name; None where that is nothing of ours."""
    sealed = cookie(request, name)
    if not sealed:
        return None
    try:
        content = orjson.loads(jwe.decrypt_compact(sealed, _key(request, name)).plaintext or b"")
    except (JoseError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def _key(request: Request, name: str) -> OctKey:
    """Make the key of this cookie: what one of them holds is none of another."""
    secret = f"{name} {gateway_of(request).settings.internal_key.get_secret_value()}"
    return OctKey.import_key(hashlib.sha256(secret.encode()).digest())


def delete_cookie(request: Request, response: Response, name: str) -> None:
    """Take a cookie back."""
    # Without `Expires`, which would be this second: answers that are to tell nothing are the same to the letter.
    set_cookie(request, response, name, "", 0)
