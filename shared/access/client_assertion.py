"""How software proves who it is to an identity provider: a signed JWT of its own (RFC 7523, `private_key_jwt`)."""

import json
import secrets
from pathlib import Path
from typing import Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME_SECONDS: Final = 60
_ALGORITHMS: Final = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}

PrivateKey = ECKey | RSAKey | OKPKey


def private_key_from_file(path: Path) -> PrivateKey:
    """Get the private key (JWK) in a file. Raises FileNotFoundError, or ValueError where it is none."""
    try:
        key = import_key(json.loads(path.read_text(encoding="utf-8")))
    except (JoseError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} holds no JSON Web Key") from error
    if not isinstance(key, PrivateKey) or not key.is_private:
        raise ValueError(f"{path} holds no private key")
    return key


def client_assertion(client_id: str, audience: str, key: PrivateKey, now: float) -> str:
    """Make a fresh assertion for one request. `audience`: the token endpoint. Each carries an identifier of its own."""
    claims = {
        "iss": client_id,
        "sub": client_id,
        "aud": audience,
        "iat": int(now),
        "exp": int(now) + LIFETIME_SECONDS,
        "jti": secrets.token_urlsafe(24),
    }
    header = {"alg": _algorithm(key), "typ": "JWT", "kid": key.kid or key.thumbprint()}
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def assertion_fields(client_id: str, audience: str, key: PrivateKey, now: float) -> dict[str, str]:
    """Get the form fields that carry an assertion to the token endpoint."""
    return {
        "client_id": client_id,
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": client_assertion(client_id, audience, key, now),
    }


def _algorithm(key: PrivateKey) -> str:
    """Get the key's own statement, else what fits its kind."""
    if key.alg:
        return key.alg
    match key:
        case ECKey():
            return _ALGORITHMS[key.curve_name]
        case RSAKey():
            return "PS256"
        case OKPKey():
            return "Ed25519"
