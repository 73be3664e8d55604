"""The `Idempotency-Key` of a request: a text like any other."""

from typing import Annotated, Final

from fastapi import Request
from pydantic import TypeAdapter, ValidationError

from services.gateway.api.problems import bad_request, issue, language_of
from services.gateway.intake.validation import explained
from services.gateway.limits import LONGEST_IDEMPOTENCY_KEY
from shared.text_types import OneLine

_NAME: Final = "Idempotency-Key"
_KEY: Final = TypeAdapter(Annotated[str, OneLine(LONGEST_IDEMPOTENCY_KEY, unique=True)])


def idempotency_key(request: Request) -> str | None:
    """Read the key as it is stored; None where none was sent. Raises the problem with what is wrong with it."""
    given = request.headers.get(_NAME)
    if given is None:
        return None
    try:
        return _KEY.validate_python(given)
    except ValidationError as error:
        [detail] = error.errors(include_url=False, include_input=False)
        detail["loc"] = (_NAME,)
        found = issue(explained(detail), language_of(request), where="header")
        raise bad_request(
            [found], f"{_NAME} must have 1 to {LONGEST_IDEMPOTENCY_KEY} characters and no national number"
        ) from None
