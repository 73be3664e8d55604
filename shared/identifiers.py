"""Identifiers: who decides them, and how they look.

A new identifier that nobody can derive is a UUIDv7 (`new_id`). Everything that a sender's key or an event decides is
*derived* (`derived_id`), so that every retry anywhere ends in the same row.
"""

import hashlib
from functools import lru_cache
from uuid import UUID

import uuid_utils
from stdnum.be import ssn, vat

_VARIANT_MASK = ~(0xC000 << 48) & ~(0xF000 << 64)
_VARIANT_AND_VERSION_8 = (0x8000 << 48) | (8 << 76)


def new_id() -> str:
    """A fresh UUIDv7 as lower-case text: grows with time, so that indexes stay narrow at their right edge."""
    return str(uuid_utils.uuid7())


def derived_id(*parts: object) -> str:
    """The UUIDv8 (RFC 9562) that these parts always give, as lower-case text.

    The parts are joined by a unit separator, which no part may contain, so that ("a", "bc") and ("ab", "c") differ.
    """
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).digest()
    return str(UUID(int=int.from_bytes(digest) & _VARIANT_MASK | _VARIANT_AND_VERSION_8))


@lru_cache(maxsize=32_768)
def is_valid_ssin(digits: str) -> bool:
    """Whether 11 digits are a national or BIS number with a right checksum.

    Cached: a batch file names the same person many times, and one check costs 20 microseconds.
    """
    return len(digits) == 11 and digits.isdigit() and bool(ssn.is_valid(digits))


@lru_cache(maxsize=8_192)
def is_valid_enterprise_number(digits: str) -> bool:
    """Whether 10 digits are an enterprise number (KBO/BCE) with a right checksum."""
    return len(digits) == 10 and digits.isdigit() and digits[0] in "01" and bool(vat.is_valid(digits))
