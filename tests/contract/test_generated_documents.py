"""The published event reference is what the code does, or somebody builds against what is not so."""

from typing import Any, cast

import jsonschema
import pytest
import yaml

from services.dashboard.projections import HANDLERS as DASHBOARD
from services.entitlements.handlers import handlers as entitlements_handlers
from services.gateway.handlers import HANDLERS as GATEWAY
from services.registration.handlers import HANDLERS as REGISTRATION
from shared.contracts import asyncapi
from shared.contracts.generate import DOCUMENTS, generated
from shared.contracts.schemas import schemas
from shared.contracts.topics import TOPICS


def test_the_committed_documents_are_those_that_the_contracts_generate() -> None:
    committed = {
        str(path.relative_to(DOCUMENTS)): path.read_text()
        for path in (*DOCUMENTS.glob("schemas/*.json"), DOCUMENTS / "asyncapi.yaml")
    }
    assert committed == generated(), "run `python -m shared.contracts.generate` and commit docs/events"


@pytest.mark.parametrize("type_", sorted(schemas()))
def test_every_schema_is_sound(type_: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[type_])


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    document = yaml.safe_load((DOCUMENTS / "asyncapi.yaml").read_text())
    found = list(references(document))
    assert found
    for reference in found:
        if reference.startswith("#/"):
            target: Any = document
            for step in reference[2:].split("/"):
                target = target[step]
        else:
            assert (DOCUMENTS / reference).is_file(), reference


def test_the_document_names_the_services_that_really_receive() -> None:
    entitlements = entitlements_handlers(cast("Any", "rules are of no matter here"))
    listening = {
        "gateway": GATEWAY, "registration": REGISTRATION, "dashboard": DASHBOARD, "entitlements": entitlements,
    }  # fmt: skip
    really = {topic: {name for name, handled in listening.items() if topic in handled} for topic in TOPICS}
    assert {topic: set(names) for topic, names in asyncapi.RECEIVERS.items()} == really
    assert asyncapi.SENDERS.keys() == TOPICS.keys()


def references(value: Any) -> list[str]:
    if isinstance(value, list):
        return [found for element in value for found in references(element)]
    if isinstance(value, dict):
        own = [value["$ref"]] if "$ref" in value else []
        return own + [found for element in value.values() for found in references(element)]
    return []
