"""The gateway's API from the command line: where it is, with whose token, and its problems as sentences."""

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
    """Where the gateway is and as whom this command line calls it."""

    public_url: str = Field("", description="Address of the gateway; empty: the one on this machine.")
    client: str = Field(DEFAULT_CLIENT, description="Client whose key is used when none is named.")

    @property
    def api(self) -> str:
        """The API's address, without a slash at the end."""
        address = self.public_url.rstrip("/") or f"http://127.0.0.1:{8080 + self.port_offset}"
        return f"{address}/api/v1"


class TechnicalError(Exception):
    """The gateway cannot be reached, or does not take the call. One sentence for a person at a terminal."""


class ProblemAnswer(TechnicalError):  # noqa: N818 - it is the gateway's answer
    """The gateway answered with a problem (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        details = [one.get("detail", "") for one in problem.get("issues", ())] or [problem.get("detail", "")]
        super().__init__(" ".join(filter(None, details)) or f"The gateway answered with status {status}.")
        self.status = status


class GatewayClient:
    """Calls the API; every call has a fresh enough token.

    Making one and calling raise TechnicalError (ProblemAnswer for an answer).
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
        """The answer, which is not an error."""
        with self.stream(method, path, **options) as response:
            response.read()
            return response

    @contextmanager
    def stream(self, method: str, path: str, **options: Any) -> Iterator[httpx.Response]:
        """The answer as it comes; its body is read by the caller."""
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
