"""Key pairs (ES256): the provider's own, and those of the demo clients."""

import json
from pathlib import Path
from typing import Any, Final

from joserfc.jwk import ECKey

from deploy.identity_provider.files import write_secret

ALGORITHM: Final = "ES256"
_CURVE: Final = "P-256"


def load_or_create(path: Path) -> ECKey:
    """Read the private key in this file; the first caller creates it. Raises ValueError for another kind of file."""
    if not path.exists():
        fresh = ECKey.generate_key(_CURVE, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
        write_secret(path, dict(fresh.as_dict(private=True)))
    return read_private(path)


def read_private(path: Path) -> ECKey:
    """Read the private key in this file. Raises ValueError for another kind of key."""
    key = ECKey.import_key(json.loads(path.read_text(encoding="utf-8")))
    if not key.is_private or key.curve_name != _CURVE:
        raise ValueError(f"{path} holds no private {_CURVE} key")
    return key


def public_jwk(key: ECKey) -> dict[str, Any]:
    """Build the public JWK, as it is published."""
    return dict(key.as_dict(private=False)) | {"kid": key.kid, "use": "sig", "alg": ALGORITHM}
