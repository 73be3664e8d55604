"""The client of the gateway's API: its address, the token of who asks, and problems as sentences."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import httpx
from pydantic import Field, ValidationError

from cli.output import wrong_setting
from cli.token import TokenRefusedError, TokenSettings, access_token

DEFAULT_CLIENT: Final = "noordzee-hr"
_TIMEOUT: Final = httpx.Timeout(60.0, connect=10.0, write=None)


class ClientSettings(TokenSettings):
    """Settings of the client: the gateway's address and the client in whose name it is called."""

    public_url: str = Field("", description="Address of the gateway; empty: the one on this machine.")
    client: str = Field(DEFAULT_CLIENT, description="Client whose key is used when none is named.")

    @property
    def api(self) -> str:
        """Build the API's address, without a slash at the end."""
        address = self.public_url.rstrip("/") or f"http://127.0.0.1:{8080 + self.port_offset}"
        return f"{address}/api/v1"


class TechnicalError(Exception):
    """The error when the gateway cannot be reached or refuses the call: one sentence for a person at a terminal."""


class ProblemAnswer(TechnicalError):  # noqa: N818 - it is the gateway's answer
    """The error when the gateway answers with a problem (RFC 9457); `status` is the HTTP status."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        details = [one.get("detail", "") for one in problem.get("issues", ())] or [problem.get("detail", "")]
        super().__init__(" ".join(filter(None, details)) or f"The gateway answered with status {status}.")
        self.status = status


class GatewayClient:
    """The API's client; every call carries a token that is valid for another minute.

    Making one and calling raise TechnicalError (ProblemAnswer for an answer that is a problem).
    """

    def __init__(self, client: str | None, language: str = "en") -> None:
        try:
            self._settings = ClientSettings()
        except ValidationError as errors:
            name, reason = wrong_setting(errors)
            raise TechnicalError(f"The setting {name} is not right: {reason}.") from errors
        self._client = client or self._settings.client
        self._http = httpx.Client(base_url=self._settings.api, timeout=_TIMEOUT)
        self._language = language

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send a request and read the whole answer."""
        with self.stream(method, path, **options) as response:
            response.read()
            return response

    @contextmanager
    def stream(self, method: str, path: str, **options: Any) -> Iterator[httpx.Response]:
        """Send a request; the caller reads the answer's body as it comes."""
        headers = {**options.pop("headers", {}), **self._headers()}
        try:
            with self._http.stream(method, path, headers=headers, **options) as response:
                if response.is_error:
                    raise _problem(response)
                yield response
        except httpx.HTTPError as error:
            raise TechnicalError(
                f"The gateway at {self._settings.api} does not answer as it should ({type(error).__name__})."
                " Is the stack running (make status)?"
            ) from error

    def _headers(self) -> dict[str, str]:
        try:
            token = access_token(self._client, settings=self._settings)
        except TokenRefusedError as refusal:
            raise TechnicalError(str(refusal)) from refusal
        return {"Authorization": f"Bearer {token}", "Accept-Language": self._language}


def _problem(response: httpx.Response) -> ProblemAnswer:
    response.read()
    try:
        problem = response.json()
    except json.JSONDecodeError:
        problem = {}
    return ProblemAnswer(response.status_code, problem if isinstance(problem, dict) else {})
