"""The notice that an answer lets the browser bring to its next page."""

import hashlib
from typing import Any

import httpx
import orjson
from joserfc import jwe
from joserfc.jwk import OctKey


def notice_of(answer: httpx.Response, internal_key: str = "") -> tuple[str | None, dict[str, Any]]:
    """Its name and its parameters; None where there is none. The address itself says nothing of it."""
    assert "notice" not in answer.headers.get("location", "")
    sealed = next((value for name, value in answer.cookies.items() if name.endswith("fla_notice")), None)
    if sealed is None:
        return None, {}
    key = OctKey.import_key(hashlib.sha256(f"fla_notice {internal_key}".encode()).digest())
    content = orjson.loads(jwe.decrypt_compact(sealed, key).plaintext or b"")
    return content["notice"], content["parameters"]
