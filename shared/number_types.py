"""Numbers of persons and enterprises as pydantic types: their punctuation is taken out before they are looked at."""

import re
from functools import lru_cache
from typing import Any, Final

from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from shared.numbers import plain_number

REMEMBERED: Final = 32_768
"""Numbers a type remembers: a file names the same person many times."""


class PlainNumber:
    """A number of this form: `Annotated[str, PlainNumber("[0-9]{11}", "…")]`. Check digits are not looked at here."""

    def __init__(self, form: str, description: str) -> None:
        self.form, self.description = form, description

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Give pydantic a remembered validator in the place of its own check of a pattern."""
        matches = re.compile(self.form, re.ASCII).fullmatch

        @lru_cache(maxsize=REMEMBERED)
        def check(text: str) -> str:
            number = plain_number(text)
            if matches(number) is None:
                raise PydanticKnownError("string_pattern_mismatch", {"pattern": self.form})
            return number

        return core_schema.no_info_after_validator_function(check, core_schema.str_schema())

    def __get_pydantic_json_schema__(self, _: Any, handler: Any) -> dict[str, Any]:
        """Describe the number in the API as it is answered: without punctuation."""
        return {"type": "string", "pattern": f"^{self.form}$", "description": self.description}
