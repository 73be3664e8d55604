"""HTTP/1.1 as the services speak it: an offer to speak HTTP/2 is passed over, and the request answered."""

import re
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_REQUEST: Final = re.compile(rb"[A-Z]+ \S+ HTTP/1\.1\r\n")
_OFFER: Final = re.compile(rb"\r\nUpgrade:(?=[ \t]*h2c[ \t]*\r\n)", re.IGNORECASE)
_PASSED_OVER: Final = b"\r\nOffered:"
"""As long as what it stands for: nothing else of the request moves."""


class Protocol(HttpToolsProtocol):
    """uvicorn's own, but for one header, and the answer to what it cannot read.

    Java's HttpClient offers HTTP/2 on its first request over a plain connection (`Upgrade: h2c`). A server may ignore
    that (RFC 9110, section 7.8). The parser cannot: behind such a header it takes the body for another protocol's and
    drops it, so that every `POST` of such a client would arrive empty.
    """

    def data_received(self, data: bytes) -> None:
        """Read on; `data` begins a request where none is under way."""
        if b"h2c" in data and (self.cycle is None or self.cycle.response_complete):
            data = without_offer(data)
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, or one with an address or a header too long, with a problem as all others are."""
        body = (
            b'{"type":"urn:problem-type:belgif:badRequest","title":"Bad Request","status":400,'
            b'"detail":"This is no HTTP request, or its address or a header is too long"}'
        )
        head = (
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\n"
            b"x-content-type-options: nosniff\r\ncache-control: no-store\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n" % len(body)
        )
        self.transport.write(head + body)
        self.transport.close()


def without_offer(data: bytes) -> bytes:
    """Get the bytes of a request without the offer in its head; anything else as it is."""
    if not _REQUEST.match(data):
        return data
    head, end, rest = data.partition(b"\r\n\r\n")
    return _OFFER.sub(_PASSED_OVER, head + b"\r\n", count=1)[:-2] + end + rest
