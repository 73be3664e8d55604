"""Events stay in Kafka for ever: each that was ever written must still be read, with everything in it.

`golden/<type>/<n>.json` are events as releases wrote them. Files are added, never changed: a contract that grows gets
another example, one that can no longer read an old one is wrong.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from shared.anomaly_texts import CATALOGUE
from shared.contracts.envelope import encode
from shared.contracts.schemas import event_types, schemas
from shared.contracts.topics import TOPICS
from shared.messaging.decoding import decode
from shared.messaging.records import Record

GOLDEN = Path(__file__).parent / "golden"
EXAMPLES = sorted(GOLDEN.glob("*/*.json"))
TOPIC_OF = {type_: topic.name for topic in TOPICS.values() for type_ in event_types(topic)}


def example(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_event_of_any_release_is_read_with_everything_in_it(path: Path) -> None:
    event = example(path)
    topic = TOPIC_OF[event["type"]]
    assert path.parent.name == event["type"]
    good, bad = decode(topic, [Record(topic, 0, 0, b"k", encode(event), 0)])
    assert not bad
    assert good[0][1] == event, "a field of a published event is no longer read"
    jsonschema.validate(event, schemas()[event["type"]], jsonschema.Draft202012Validator)


@pytest.mark.parametrize("type_", sorted(TOPIC_OF))
def test_the_examples_of_a_type_show_all_its_fields_and_the_least_there_can_be(type_: str) -> None:
    """A new field needs a new example, or nothing would notice its loss."""
    examples = [example(path) for path in sorted((GOLDEN / type_).glob("*.json"))]
    allowed, needed = fields(schemas()[type_])
    shown = [set(paths(event)) for event in examples]
    assert allowed <= set().union(*shown)
    optional_shown_always = set.intersection(*shown) - needed
    assert not {path for path in optional_shown_always if path.count(".") <= 1}, "no example leaves these out"


def test_examples_use_codes_that_senders_can_be_told() -> None:
    for event in map(example, EXAMPLES):
        warnings = event["data"].get("warnings", ())
        codes = [warning if isinstance(warning, str) else warning["code"] for warning in warnings]
        codes += [found["code"] for other in event["data"].get("others", ()) for found in other["anomalies"]]
        assert set(codes) <= CATALOGUE.keys()


def paths(value: Any, at: str = "") -> list[str]:
    """Every field in an event, as `data.content.title`."""
    if isinstance(value, list):
        return [path for element in value for path in paths(element, at)]
    if not isinstance(value, dict):
        return []
    own = {name: f"{at}.{name}" if at else name for name in value}
    return [*own.values(), *(path for name, path in own.items() for path in paths(value[name], path))]


def fields(schema: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Every field that a schema names, and those that are always there. Free-form objects (`params`) end the way."""
    allowed: set[str] = set()
    needed: set[str] = set()

    def walk(part: dict[str, Any], at: str, certain: bool) -> None:
        while "$ref" in part:
            part = schema["$defs"][part["$ref"].removeprefix("#/$defs/")]
        if "items" in part:
            walk(part["items"], at, False)
        for name, inner in part.get("properties", {}).items():
            path = f"{at}.{name}" if at else name
            allowed.add(path)
            always = certain and name in part.get("required", ())
            if always:
                needed.add(path)
            walk(inner, path, always)

    walk(schema, "", True)
    return allowed, needed
