"""A body that cannot be read is refused as what it is, before anything of it is believed."""

import gzip

import pytest
from fastapi import Request

from services.gateway.api.problems import ProblemError
from services.gateway.api.submit import read_object


def _request(body: bytes, **headers: str) -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": sent}, receive)


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "br", "deflate, gzip"])
async def test_a_body_in_an_encoding_that_is_not_read_is_no_bad_json(encoding: str) -> None:
    with pytest.raises(ProblemError) as refused:
        await read_object(_request(gzip.compress(b"{}"), content_encoding=encoding))
    assert (refused.value.status, refused.value.type) == (415, "unsupportedMediaType")


async def test_a_body_as_it_is_may_say_so() -> None:
    assert await read_object(_request(b'{"a":1}', content_encoding="identity")) == ({"a": 1}, b'{"a":1}')
