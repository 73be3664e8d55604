"""A secret in a page, written differently each time: compressed pages that repeat what was asked cannot be compared to
guess it (BREACH)."""

import secrets

from joserfc.util import urlsafe_b64decode, urlsafe_b64encode


def masked(secret: str) -> str:
    """Write a secret under a random mask of its length, the mask in front."""
    plain = secret.encode()
    mask = secrets.token_bytes(len(plain))
    return urlsafe_b64encode(mask + _mixed(plain, mask)).decode()


def unmasked(text: str) -> bytes:
    """Read what `masked` wrote; of anything else no secret comes."""
    try:
        whole = urlsafe_b64decode(text.encode())
    except ValueError:
        return b""
    half = len(whole) // 2
    return _mixed(whole[half:], whole[:half])


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=False))
