"""Search boxes. What is typed stands in the address, so a national number is not searched for but taken out of it."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from services.gateway.web.kit.answer_page import see_other
from services.gateway.web.kit.notices import with_notice
from shared.numbers import holds_national_number, plain_number
from shared.text import TextRefusedError, folded, one_line


class NationalNumberSearchedError(Exception):
    """What was typed in a search box holds a national number."""


def _searched(q: Annotated[str, Query()] = "") -> str:
    """Normalise what was typed; empty for what no text may have. Raises NationalNumberSearchedError."""
    try:
        text = one_line(q)
    except TextRefusedError:
        return ""
    if holds_national_number(text):
        raise NationalNumberSearchedError
    return text


Searched = Annotated[str, Depends(_searched)]
"""A route parameter of this type is the `q` of the address."""


async def without_search(request: Request, _: Exception) -> Response:
    """Redirect to the same address without what was typed, with a notice that says why."""
    query = urlencode([one for one in request.query_params.multi_items() if one[0] not in ("q", "page")])
    address = f"{request.url.path}?{query}" if query else request.url.path
    return see_other(request, with_notice(address, "numberNotSearched"))


def is_enterprise(search: str, name: str, number: str) -> bool:
    """Check whether an enterprise is found by what was typed: a part of its name or of its number."""
    digits = plain_number(search)
    return folded(search) in folded(name) or (digits.isdecimal() and digits in number)
