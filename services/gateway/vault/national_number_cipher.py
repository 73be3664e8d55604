"""Encryption of national numbers: a keyed hash to look them up, AES-GCM to keep them."""

import base64
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class Cipher:
    """Two keys, derived from the vault's one: whoever learns the hashes' key cannot read a number, nor the reverse.

    `key`: base64 of at least 32 bytes; ValueError otherwise.
    """

    def __init__(self, key: str) -> None:
        secret = base64.b64decode(key, validate=True)
        if len(secret) < 32:
            raise ValueError("FLA_VAULT_KEY needs at least 32 bytes, in base64")
        self._hash_key = _derive(secret, b"fla vault look-up")
        self._gcm = AESGCM(_derive(secret, b"fla vault encryption"))
        # A file names the same person many times.
        self.look_up = lru_cache(maxsize=65_536)(self._look_up)

    def _look_up(self, ssin: str) -> bytes:
        """Hash a number, keyed (HMAC-SHA-256): the 32 bytes under which it is found."""
        return hmac.digest(self._hash_key, ssin.encode(), "sha256")

    def encrypt(self, ssin: str, person: str) -> bytes:
        """Encrypt a number: nonce, ciphertext and tag. The person's id is bound in, so that rows cannot be swapped."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._gcm.encrypt(nonce, ssin.encode(), person.encode())

    def decrypt(self, hidden: bytes, person: str) -> str:
        """Decrypt a number. Raises cryptography's InvalidTag for another key, another person or a changed row."""
        return self._gcm.decrypt(hidden[:_NONCE_BYTES], hidden[_NONCE_BYTES:], person.encode()).decode()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=purpose).derive(secret)
