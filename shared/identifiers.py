"""Identifiers: who decides them, and how they look.

A new identifier that nobody can derive is a UUIDv7 (`new_id`). Everything that a sender's key or an event decides is
*derived* (`derived_id`), so that every retry anywhere ends in the same row.
"""

import hashlib
from functools import lru_cache

import uuid_utils
from stdnum.be import ssn, vat

# RFC 9562: the two highest bits of this digit are the variant, 10.
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def new_id() -> str:
    """Make a fresh UUIDv7 as lower-case text. It grows with time, so that indexes stay narrow at their right edge."""
    return str(uuid_utils.uuid7())


def derived_id(*parts: object) -> str:
    """Get the UUIDv8 (RFC 9562) that these parts always give, as lower-case text.

    The parts are joined by a unit separator, which no part may contain, so that ("a", "bc") and ("ab", "c") differ.
    """
    # Cut from the hexadecimal digest: a `UUID` in between would double the cost of what every event needs.
    h = hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()
    return f"{h[:8]}-{h[8:12]}-8{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:]}"


@lru_cache(maxsize=32_768)
def is_valid_ssin(digits: str) -> bool:
    """Check whether 11 digits are a national or BIS number with a right checksum.

    Cached: a batch file names the same person many times, and one check costs 20 microseconds.
    """
    return len(digits) == 11 and digits.isdigit() and bool(ssn.is_valid(digits))


@lru_cache(maxsize=8_192)
def is_valid_enterprise_number(digits: str) -> bool:
    """Check whether 10 digits are an enterprise number (KBO/BCE) with a right checksum."""
    return len(digits) == 10 and digits.isdigit() and digits[0] in "01" and bool(vat.is_valid(digits))
