"""Texts as pydantic types: normalised first, then measured, and never with a national number in them."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final

from pydantic_core import CoreSchema, PydanticCustomError, PydanticKnownError, core_schema

from shared.numbers import holds_national_number
from shared.text import TextRefusedError, one_line, prose

NATIONAL_NUMBER: Final = "national_number_in_text"
REFUSED: Final = "text_refused"
"""Types of the errors that pydantic does not know itself."""


REMEMBERED: Final = 1024
"""Texts a type remembers: a file names the same title and provider many times."""


def checked_text(read: Callable[[str], str], least: int, most: int, text: str) -> str:
    """Check one text. Raises pydantic's errors, which never repeat it."""
    try:
        text = read(text)
    except TextRefusedError:
        raise PydanticCustomError(REFUSED, "has characters that are not allowed") from None
    if len(text) < least:
        raise PydanticKnownError("string_too_short", {"min_length": least})
    if len(text) > most:
        raise PydanticKnownError("string_too_long", {"max_length": most})
    if holds_national_number(text):
        raise PydanticCustomError(NATIONAL_NUMBER, "holds a national number")
    return text


class OneLine:
    """A text of one line with its bounds: `Annotated[str, OneLine(200)]`. `least` 0 allows an empty one.

    `unique`: hardly any two are alike, so that remembering those already seen would only cost.
    """

    _read: Callable[[str], str] = staticmethod(one_line)

    def __init__(self, most: int, *, least: int = 1, description: str | None = None, unique: bool = False) -> None:
        self.most, self.least, self._description, self._unique = most, least, description, unique

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Give pydantic the validator of this text."""
        check = partial(checked_text, type(self)._read, self.least, self.most)
        remembered = check if self._unique else lru_cache(maxsize=REMEMBERED)(check)
        # A model's own stripping would take away what is to be refused.
        return core_schema.no_info_after_validator_function(remembered, core_schema.str_schema(strip_whitespace=False))

    def __get_pydantic_json_schema__(self, _: Any, handler: Any) -> dict[str, Any]:
        """Describe the bounds in the API, as of any string."""
        shown: dict[str, Any] = {"type": "string", "minLength": self.least, "maxLength": self.most}
        return shown | ({"description": self._description} if self._description else {})


class Prose(OneLine):
    """A text of several lines with its bounds."""

    _read = staticmethod(prose)
