"""Why an operator gives something up: kept as evidence, so it is read like every other text."""

from typing import Annotated, Final

from pydantic_core import PydanticCustomError

from shared.text import prose
from shared.text_types import Prose, checked_text

SHORTEST_REASON: Final = 3
LONGEST_REASON: Final = 1000
Reason = Annotated[str, Prose(LONGEST_REASON, least=SHORTEST_REASON)]


class ReasonRefusedError(ValueError):
    """The reason is too short or too long, or holds what no text may."""


def checked_reason(text: str) -> str:
    """Check what was typed as a reason. Raises ReasonRefusedError."""
    try:
        return checked_text(prose, SHORTEST_REASON, LONGEST_REASON, text)
    except PydanticCustomError:
        raise ReasonRefusedError from None
