"""What the API says of itself, and whether an answer is as it says."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.validation.response import V31ResponseHeadersValidator
from werkzeug.datastructures import Headers

from services.gateway.main import build
from services.gateway.settings import GatewaySettings

PROBLEM = "application/problem+json"


class UntrueAnswerError(AssertionError):
    """The API answered otherwise than it says it does."""


@cache
def gateway_without_servers() -> FastAPI:
    """The whole gateway with nothing behind it: for what is answered before anything else is asked."""
    settings = GatewaySettings(
        _env_file=None,
        gateway_database_url="postgresql://nobody@127.0.0.1:1/none",
        internal_key="k" * 32,
        vault_key=base64.b64encode(b"v" * 32).decode(),
    )
    return build(settings)


def described() -> dict[str, Any]:
    """What the API says of itself."""
    return gateway_without_servers().openapi()


def _method(request: httpx.Request) -> str:
    """The method as the description has it: HEAD is answered wherever GET is, without a body."""
    return {"HEAD": "get"}.get(request.method, request.method.lower())


class _Request:
    """A request as openapi-core reads it."""

    def __init__(self, request: httpx.Request) -> None:
        self.host_url = f"{request.url.scheme}://{request.url.netloc.decode()}"
        self.path = request.url.path
        self.method = _method(request)
        self.content_type = request.headers.get("content-type", "")
        self.body: bytes | None = None
        self.parameters: Any = None


class _Response:
    """An answer as openapi-core reads it."""

    def __init__(self, response: httpx.Response, data: bytes) -> None:
        self.status_code = response.status_code
        self.content_type = response.headers.get("content-type", "")
        self.headers = Headers(list(response.headers.multi_items()))
        self.data = data


def _as_text(data: bytes, **_: str) -> str:
    return data.decode("utf-8", "replace")


def _as_json(data: bytes, **_: str) -> Any:
    return json.loads(data)


class Description:
    """A description that answers are held against."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        # Clients must bear fields that are new to them; the tests do not: what is answered is described.
        strict = {"additional_properties_default_policy": "forbid"}
        read: Any = dict.fromkeys(("application/xml", "text/csv", "application/gzip"), _as_text) | {PROBLEM: _as_json}
        both: Any = {"spec_validator_cls": None, "extra_media_type_deserializers": read, **strict}
        self._whole = OpenAPI.from_dict(dict(description), config=Config(**both))
        heads = Config(**both, response_validator_cls=V31ResponseHeadersValidator)
        self._heads = OpenAPI.from_dict(dict(description), config=heads)
        self._headers = frozenset(description["components"]["headers"])
        self._paths = {
            re.compile(re.sub(r"{[^}]+}", "[^/]+", path)): item for path, item in description["paths"].items()
        }
        self._responses = description["components"]["responses"]

    def check(self, response: httpx.Response, data: bytes | None) -> None:
        """Raises UntrueAnswerError. `data` is None where the body is still to come: then it is not looked at."""
        wrong = list(self._wrong(response, data))
        if wrong:
            request = response.request
            body = "" if data is None else f"\n{data[:2000]!r}"
            raise UntrueAnswerError(
                f"{request.method} {request.url.path} -> {response.status_code} is not as the API describes it:\n"
                + "\n".join(f"- {one}" for one in wrong)
                + body
            )

    def _wrong(self, response: httpx.Response, data: bytes | None) -> Iterator[str]:
        request = response.request
        items = [item for path, item in self._paths.items() if path.fullmatch(request.url.path)]
        if not items or not any(_method(request) in item for item in items):
            # What no operation describes is told so, as the description says in its first lines.
            if response.status_code != (405 if items else 404):
                yield f"no operation is described, and the answer is {response.status_code}"
            if items and "allow" not in response.headers:
                yield "405 without Allow"
            if response.headers.get("content-type") != PROBLEM:
                yield "not a problem"
            return
        openapi = self._heads if data is None else self._whole
        try:
            openapi.validate_response(_Request(request), _Response(response, data or b""))
        except OpenAPIError as error:
            yield _told(error)
        described_ = self._named(response, items)
        for name in self._headers:
            if name in response.headers and name not in described_.get("headers", {}):
                yield f"the header {name} is not named"
        if data and "content" not in described_:
            yield "a body where none is described"

    def _named(self, response: httpx.Response, items: list[Any]) -> dict[str, Any]:
        """What is said of this status; nothing where it is not named."""
        method = _method(response.request)
        item = next(item for item in items if method in item)
        said: dict[str, Any] = item[method]["responses"].get(str(response.status_code), {})
        if "$ref" in said:
            said = self._responses[said["$ref"].rsplit("/", 1)[1]]
        return said


def _told(error: BaseException) -> str:
    """The error and what caused it, down to the field."""
    causes = [str(error)]
    while error.__cause__ is not None:
        error = error.__cause__
        causes.append(str(error))
    causes += [f"{one.json_path}: {one.message}" for one in getattr(error, "schema_errors", ())]
    return "; ".join(dict.fromkeys(causes))


@cache
def description() -> Description:
    """What the API of this checkout says of itself."""
    return Description(described())
