"""Texts as pydantic types: normalised first, then measured, and never with a national number in them."""

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, Final

from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.numbers import holds_national_number
from shared.text import TextRefusedError, one_line, prose

ANOMALY: Final = "anomaly"
"""Type of the errors that name their own cause: `ctx` has the anomaly's `code`, and its parameters."""


REMEMBERED: Final = 1024
"""Texts a type remembers: a file names the same title and provider many times."""


def refusal(code: str, **params: int) -> PydanticCustomError:
    """Make the error of a value that is refused with this code of the catalogue. It never repeats the value."""
    return PydanticCustomError(ANOMALY, "is refused", {"code": code, **params})


def checked_text(read: Callable[[str], str], least: int, most: int, text: str) -> str:
    """Check one text. Raises pydantic's errors, which never repeat it."""
    try:
        text = read(text)
    except TextRefusedError:
        raise refusal("invalidText") from None
    if not text and least:
        raise refusal("emptyInput")
    if len(text) < least:
        raise refusal("tooShort", minimum=least)
    if len(text) > most:
        raise refusal("tooLong", maximum=most)
    if holds_national_number(text):
        raise refusal("nationalNumberInText")
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
