"""A change that breaks what was published loses events or breaks other people's software: it must not get through."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from shared.contracts.compatibility import incompatibilities
from shared.contracts.generate import broken_promises, published
from shared.contracts.schemas import schemas

Schema = dict[str, Any]
REGISTERED = "be.fla.training.registered.v1"


def test_the_present_contracts_keep_every_promise() -> None:
    assert broken_promises() == [], "give the changed event a new type name (….v2) and go on reading the old one"


def test_every_event_type_is_published() -> None:
    assert published().keys() == schemas().keys(), "`python -m shared.contracts.generate --publish` at the next release"


def content(schema: Schema) -> Schema:
    found: Schema = schema["$defs"]["TrainingContent"]
    return found


def state(schema: Schema) -> Schema:
    found: Schema = schema["$defs"]["TrainingState"]
    return found


def rename(schema: Schema) -> None:
    content(schema)["properties"]["name"] = content(schema)["properties"].pop("title")


BREAKING: dict[str, tuple[Callable[[Schema], Any], str]] = {
    "an optional field goes": (lambda s: content(s)["properties"].pop("location"), "content.location: was removed"),
    "a field gets another name": (rename, "content.title: was removed or renamed"),
    "an optional field becomes required": (
        lambda s: content(s)["required"].append("theme"), "content.theme: is required now",
    ),
    "a new field is required": (
        lambda s: (state(s)["properties"].update(scope={"type": "string"}), state(s)["required"].append("scope")),
        "data.scope: is required now",
    ),
    "a required field may be missing": (
        lambda s: state(s)["required"].remove("version"), "data.version: was always there and may be missing now",
    ),
    "a value goes": (
        lambda s: content(s)["properties"]["status"]["enum"].remove("notFollowed"), "notFollowed' is no longer allowed",
    ),
    "free text becomes a list of values": (
        lambda s: content(s)["properties"]["theme"].update(enum=["1022"]), "content.theme: only '1022' is allowed now",
    ),
    "a number becomes text": (
        lambda s: content(s)["properties"]["minutes"].update(type="string"), "its type was integer and is string",
    ),
    "a text gets shorter": (
        lambda s: content(s)["properties"]["title"].update(maxLength=50), "maxLength was None and is 50",
    ),
    "a number gets a lower limit": (
        lambda s: content(s)["properties"]["minutes"].update(minimum=30), "minimum was None and is 30",
    ),
    "a date becomes a moment": (
        lambda s: content(s)["properties"]["startDate"].update(format="date-time"), "format was date and is date-time",
    ),
    "a text gets a pattern": (
        lambda s: state(s)["properties"]["reference"].update(pattern="^[A-Z]+$"), "its pattern was None",
    ),
    "another event takes the name": (
        lambda s: s["properties"]["type"].update(const="be.fla.training.made.v1"), "is no longer allowed",
    ),
    "the name of the event is no longer said": (
        lambda s: s["properties"]["type"].pop("const"), "event.type: was always 'be.fla.training.registered.v1'",
    ),
    "unknown fields are refused": (
        lambda s: content(s).update(additionalProperties=False), "no longer allows fields that it does not know",
    ),
    "a part deep inside changes": (
        lambda s: s["$defs"]["Provider"]["properties"].pop("internal"), "provider.internal: was removed",
    ),
}  # fmt: skip

HARMLESS: dict[str, Callable[[Schema], Any]] = {
    "nothing": lambda s: None,
    "a new optional field": lambda s: content(s)["properties"].update(evaluation={"type": "string"}),
    "a new value": lambda s: content(s)["properties"]["status"]["enum"].append("postponed"),
    "another description": lambda s: content(s).update(description="Other words."),
    "a part that is named otherwise": lambda s: (
        s["$defs"].update(School=s["$defs"].pop("Provider")),
        content(s)["properties"].update(provider={"$ref": "#/$defs/School"}),
    ),
}


@pytest.mark.parametrize("change", BREAKING)
def test_a_change_that_breaks_a_reader_is_named(change: str) -> None:
    make, sentence = BREAKING[change]
    changed = deepcopy(published()[REGISTERED])
    make(changed)
    found = incompatibilities(published()[REGISTERED], changed)
    assert len(found) == 1
    assert sentence in found[0]


@pytest.mark.parametrize("change", HARMLESS)
def test_a_change_that_breaks_nobody_is_let_through(change: str) -> None:
    changed = deepcopy(published()[REGISTERED])
    HARMLESS[change](changed)
    assert incompatibilities(published()[REGISTERED], changed) == []


def test_alternatives_may_be_added_and_not_taken_away() -> None:
    text, number, nothing = {"type": "string"}, {"type": "integer"}, {"type": "null"}
    assert incompatibilities({"anyOf": [text, nothing]}, {"anyOf": [nothing, text, number]}) == []
    assert incompatibilities(text, {"anyOf": [text, number]}) == []
    assert len(incompatibilities({"anyOf": [text, nothing]}, text)) == 1


def test_what_a_list_or_a_map_holds_is_promised_too() -> None:
    text, number = {"type": "string"}, {"type": "integer"}
    for word in ("items", "additionalProperties"):
        assert incompatibilities({word: text}, {word: text}) == []
        for changed in ({word: number}, {word: True}, {}):
            assert len(incompatibilities({word: text}, changed)) == 1
            assert len(incompatibilities(changed, {word: text})) == 1


def test_an_event_type_that_vanishes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {type_: schema for type_, schema in schemas().items() if type_ != REGISTERED}
    monkeypatch.setattr("shared.contracts.generate.schemas", lambda: left)
    assert broken_promises() == [f"{REGISTERED}: is gone, and events of it exist"]
