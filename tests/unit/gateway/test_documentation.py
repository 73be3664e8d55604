"""Software is written from the description: what it says must be so, and reading it must call nobody else."""

import re

import httpx
import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from tests.support.api_description import gateway_without_servers


@pytest.fixture
def gateway() -> FastAPI:
    return gateway_without_servers()


async def asked(gateway: FastAPI, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(gateway)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
        return await http.get(path)


async def test_the_page_loads_nothing_from_another_host(gateway: FastAPI) -> None:
    """A script from elsewhere on this origin could do all that the signed-in reader may do."""
    page = await asked(gateway, "/api/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(addresses) == 4
    assert all(address.startswith("/static/") for address in addresses)
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    for address in addresses:
        assert (await asked(gateway, address)).status_code == 200


async def test_only_the_api_is_described_and_with_its_own_problems(gateway: FastAPI) -> None:
    """The machine room is nobody's business, and a 422 is never answered."""
    described = (await asked(gateway, "/api/v1/openapi.json")).json()
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    operations = [one for item in described["paths"].values() for one in item.values()]
    assert len(operations) > 25
    assert all("422" not in one["responses"] and "400" in one["responses"] for one in operations)
    open_to_anyone = {
        path for path, item in described["paths"].items() if any(not o["security"] for o in item.values())
    }
    assert open_to_anyone == {"/api/v1/arrangements", "/api/v1/schemas/{name}", "/api/v1/refData/{name}"}
    assert "HTTPValidationError" not in described["components"]["schemas"]


async def test_the_description_is_valid_and_every_answer_has_a_named_shape(gateway: FastAPI) -> None:
    """Lost: every generator and every validator, at one reference that leads nowhere or one answer that is `{}`."""
    described = (await asked(gateway, "/api/v1/openapi.json")).json()
    validate(described)
    for path, item in described["paths"].items():
        for method, operation in item.items():
            assert operation["tags"] and operation["description"], (method, path)
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            shapes = [content["schema"] for body in bodies for content in body.get("content", {}).values()]
            assert all("$ref" in shape or shape.get("type") == "string" for shape in shapes), (method, path)
            successes = [body for status, body in operation["responses"].items() if status < "300"]
            assert successes and all("BelGov-Trace-Id" in body["headers"] for body in successes), (method, path)
    names = [one["operationId"] for item in described["paths"].values() for one in item.values()]
    assert len(set(names)) == len(names)
    assert not [name for name in described["components"]["schemas"] if "__" in name or "-" in name]


async def test_what_an_address_tells_need_not_be_sent_and_a_reason_must(gateway: FastAPI) -> None:
    """Lost: a cancellation that cannot be written from the description, a correction that asks too much."""
    schemas = (await asked(gateway, "/api/v1/openapi.json")).json()["components"]["schemas"]
    assert schemas["TrainingCancellation"]["required"] == ["reason"]
    assert {"ssin", "enterpriseNumber", "reference"}.isdisjoint(schemas["TrainingCorrection"]["required"])
    assert {"ssin", "enterpriseNumber"} <= set(schemas["TrainingRegistration"]["required"])
