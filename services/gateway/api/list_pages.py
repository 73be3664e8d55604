"""A page of a list over the API, as the Belgif REST guide has it: `{self, items, page, pageSize, total, next?}`."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Query, Request
from msgspec import to_builtins
from msgspec.structs import replace

from services.gateway.limits import LARGEST_PAGE, LARGEST_PAGE_OF_ENTERPRISES, LAST_PAGE
from shared.contracts.answers.parts import Page

PAGE_SIZE: Final = 100
"""Items on a page where the client asks for no other number."""

PageNumber = Annotated[int, Query(ge=1, le=LAST_PAGE)]
"""A route parameter of this type is the page asked for, from 1."""
PageSize = Annotated[int, Query(alias="pageSize", ge=1, le=LARGEST_PAGE)]
"""A route parameter of this type is how many items a page has."""
EnterprisePageSize = Annotated[int, Query(alias="pageSize", ge=1, le=LARGEST_PAGE_OF_ENTERPRISES)]
"""The same, of a list of enterprises."""


def page_of_answer(request: Request, found: Page[Any], items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Make public JSON of a page that a service answered, with these items in the place of its own."""
    return page_of_list(request, to_builtins(replace(found, items=[])) | {"items": items})


def page_of_list(request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    """Give a page its own address and, where more items match, the next page's.

    `found`: `items`, `page`, `pageSize` and `total`; whatever else it has is kept.
    """
    address = request.url
    shown: dict[str, Any] = {"self": f"{address.path}?{address.query}" if address.query else address.path, **found}
    if request.method == "GET" and found["page"] * found["pageSize"] < found["total"]:
        further = address.include_query_params(page=found["page"] + 1)
        shown["next"] = f"{further.path}?{further.query}"
    return shown
