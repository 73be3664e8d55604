"""The rule that keeps a server without passwords harmless: it is reachable from this machine only."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this very machine. A name other than `localhost` never does."""
    bare = host.strip("[]").lower()
    if bare == "localhost":
        return True
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Tell whether an absolute http(s) URL points at this very machine."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and parts.hostname is not None and is_loopback(parts.hostname)


def host_of_header(value: str) -> str:
    """Read the host in a `Host` header: `127.0.0.1:8090` -> `127.0.0.1`, `[::1]:8090` -> `::1`."""
    return urlsplit(f"//{value}").hostname or ""


class LoopbackOnly:
    """The middleware that refuses requests from elsewhere, or that name another host (a proxy, a rebound DNS name)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_local(scope):
            refusal = PlainTextResponse("The demo identity provider answers on this machine only.\n", status_code=421)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    @staticmethod
    def _is_local(scope: Scope) -> bool:
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        client = scope.get("client")
        names_loopback = len(hosts) == 1 and is_loopback(host_of_header(hosts[0]))
        forwarded = any(name in {b"forwarded", b"x-forwarded-for"} for name, _ in scope["headers"])
        return names_loopback and not forwarded and client is not None and is_loopback(client[0])
