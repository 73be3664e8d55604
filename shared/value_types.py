"""Values of a fixed form as pydantic types: read as people type and paste them, and refused with the cause."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from shared.text import HYPHENS, INVISIBLE_SIGNS
from shared.text_types import refusal

REMEMBERED: Final = 32_768
"""Values a type remembers: a file names the same person, day and committee many times."""

_GAPS: Final = re.compile(rf"[\s{INVISIBLE_SIGNS}]+")
_DECIMALS: Final = re.compile(r"[+-]?\d+[.,]\d+")
_ANY_HYPHEN: Final = re.compile(f"[{HYPHENS}]")


def compact(text: str) -> str:
    """Take out blanks and invisible signs, and write every kind of hyphen as a plain one."""
    text = _GAPS.sub("", text)
    return text if text.isascii() else _ANY_HYPHEN.sub("-", text)


class Form:
    """A value of this form: `Annotated[str, Form("[0-9]{3}", "invalidX")]`; another one is refused with the code.

    `read` takes out what people put between the signs. `schema` is added to the description in the API.
    """

    def __init__(
        self, form: str, code: str, *, read: Callable[[str], str] = compact, schema: dict[str, Any] | None = None
    ) -> None:
        self.form, self.code, self.read, self.schema = form, code, read, schema or {}

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Give pydantic a remembered validator in the place of its own check of a pattern."""
        matches, read, code = re.compile(self.form, re.ASCII).fullmatch, self.read, self.code

        @lru_cache(maxsize=REMEMBERED)
        def check(text: str) -> str:
            if matches(text) is not None:
                return text
            value = read(text)
            if matches(value) is None:
                raise refusal(code if value else "emptyInput")
            return value

        # What is shortened is only what is read: the whole text is looked at.
        return core_schema.no_info_after_validator_function(check, core_schema.str_schema(strip_whitespace=False))

    def __get_pydantic_json_schema__(self, _: Any, handler: Any) -> dict[str, Any]:
        """Describe the value in the API as it is answered."""
        return {"type": "string", "pattern": f"^{self.form}$"} | self.schema


def typed_word(value: Any) -> Any:
    """Read a word of a list, or true and false, as it was pasted: without blanks and invisible signs."""
    return compact(value) if isinstance(value, str) else value


def typed_number(value: Any) -> Any:
    """Read a number as it was typed, before pydantic does: without blanks; true and false are no numbers."""
    if isinstance(value, bool):
        raise PydanticKnownError("decimal_type")
    if not isinstance(value, str):
        return value
    value = compact(value)
    if not value:
        raise refusal("emptyInput")
    return value


def typed_whole_number(value: Any) -> Any:
    """Read a whole number as it was typed; one with decimals is refused for these."""
    value = typed_number(value)
    if isinstance(value, str) and _DECIMALS.fullmatch(value):
        raise PydanticKnownError("int_from_float")
    return value
