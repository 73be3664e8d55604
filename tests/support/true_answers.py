"""Holds every answer of the API that any test gets against what the API says of itself.

`hold` replaces the sending of httpx's clients for the whole test run (see `tests/conftest.py`), so that no test can
forget it. Answers of a scripted transport are the test's own words and stay unread.
"""

from collections.abc import Callable
from typing import Any

import httpx

API = "/api/v1/"
NOT_DESCRIBED = "/api/v1/openapi.json"


def _check(response: httpx.Response, data: bytes | None) -> None:
    # Read late: a run that asks the API nothing need not build it.
    from tests.support.api_description import description

    description().check(response, data)


def _body(client: httpx.Client | httpx.AsyncClient, response: httpx.Response, stream: bool) -> bytes | None:
    """The body to look at; None for a stream, and for good answers that hold what a played service made up."""
    transport = client._transport_for_url(response.request.url)
    app = getattr(transport, "app", None)
    played = getattr(getattr(app, "state", None), "behind_is_played", False)
    return None if stream or response.request.method == "HEAD" or (played and response.is_success) else response.content


def _is_told(client: httpx.Client | httpx.AsyncClient, response: httpx.Response) -> bool:
    url = response.request.url
    if not url.path.startswith(API) or url.path == NOT_DESCRIBED:
        return False
    return not isinstance(client._transport_for_url(url), httpx.MockTransport)


def hold() -> Callable[[], None]:
    """From now on every answer is held against the description; gives what undoes it."""
    plain, plain_async = httpx.Client.send, httpx.AsyncClient.send

    def send(self: httpx.Client, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:
        response = plain(self, request, stream=stream, **options)
        if _is_told(self, response):
            _check(response, _body(self, response, stream))
        return response

    async def send_async(
        self: httpx.AsyncClient, request: httpx.Request, *, stream: bool = False, **options: Any
    ) -> httpx.Response:
        response = await plain_async(self, request, stream=stream, **options)
        if _is_told(self, response):
            _check(response, _body(self, response, stream))
        return response

    httpx.Client.send, httpx.AsyncClient.send = send, send_async  # type: ignore[method-assign]

    def undo() -> None:
        httpx.Client.send, httpx.AsyncClient.send = plain, plain_async  # type: ignore[method-assign]

    return undo
