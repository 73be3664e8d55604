"""A sender's own reference as it may be shown again."""

from typing import Any

from services.gateway.limits import LONGEST_REFERENCE
from shared.numbers import holds_national_number
from shared.text import TextRefusedError, one_line


def shown_reference(reference: Any) -> str | None:
    """Read a reference as it is stored; None for what is refused as one, which is never repeated."""
    if not isinstance(reference, str):
        return None
    try:
        read = one_line(reference)
    except TextRefusedError:
        return None
    return read if 0 < len(read) <= LONGEST_REFERENCE and not holds_national_number(read) else None
