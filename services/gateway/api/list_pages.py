"""Collections as the Belgif REST guide has them: `{self, items, page, pageSize, total, next?}`."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request


def collection(request: Request, found: Mapping[str, Any]) -> dict[str, Any]:
    """A page with its own address and, where there are more items, the next one's. `found`: items, page and total."""
    address = request.url
    shown: dict[str, Any] = {"self": f"{address.path}?{address.query}" if address.query else address.path, **found}
    if request.method == "GET" and found["page"] * found["pageSize"] < found["total"]:
        further = address.include_query_params(page=found["page"] + 1)
        shown["next"] = f"{further.path}?{further.query}"
    return shown
