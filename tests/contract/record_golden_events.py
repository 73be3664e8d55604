"""Records golden events from real traffic: one of each type that a running stack has in Kafka.

    make up && .venv/bin/python -m tests.contract.record_golden_events

Adds a file beside the earlier ones of its type, which are never changed. What is chance in an event (ids, traces) is
replaced by fixed values that keep what belongs together; everything else stays as the services wrote it. Run it after a
contract has grown, look at what it wrote, and commit that.
"""

import argparse
import asyncio
import json
import re
from pathlib import Path
from typing import Any

import orjson
from aiokafka import AIOKafkaConsumer

from shared.contracts.topics import TOPICS
from shared.identifiers import derived_id

GOLDEN = Path(__file__).parent / "golden"
DEFAULT_KAFKA = "127.0.0.1:9092"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01")
_FIXED_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def richest(kafka: str) -> dict[str, dict[str, Any]]:
    """Find the event of each type that says most, and the least of those: dict[type, event]."""
    consumer = AIOKafkaConsumer(*TOPICS, bootstrap_servers=kafka, auto_offset_reset="earliest")
    found: dict[str, tuple[tuple[int, int], dict[str, Any]]] = {}
    await consumer.start()
    try:
        while polled := await consumer.getmany(timeout_ms=3000):
            for record in (record for records in polled.values() for record in records):
                event = orjson.loads(record.value)
                says = (len(_paths(event)), -len(record.value))
                if event["type"] not in found or says > found[event["type"]][0]:
                    found[event["type"]] = (says, event)
    finally:
        await consumer.stop()
    return {type_: event for type_, (_, event) in found.items()}


def _paths(value: Any, at: str = "") -> set[str]:
    if isinstance(value, list):
        return {path for element in value for path in _paths(element, at)}
    if not isinstance(value, dict):
        return set()
    return {f"{at}.{name}" for name in value} | {p for name in value for p in _paths(value[name], f"{at}.{name}")}


def without_chance(event: dict[str, Any]) -> dict[str, Any]:
    """Replace ids and traces by fixed ones, the same id by the same."""
    text = json.dumps(event, ensure_ascii=False)
    for number, found in enumerate(dict.fromkeys(_UUID.findall(text))):
        text = text.replace(found, derived_id("golden", event["type"], number))
    read: dict[str, Any] = json.loads(_TRACE.sub(_FIXED_TRACE, text))
    return read


def write(event: dict[str, Any]) -> Path | None:
    """Add the event to the golden ones of its type, unless it is there."""
    folder = GOLDEN / event["type"]
    folder.mkdir(exist_ok=True)
    earlier = sorted(folder.glob("*.json"), key=lambda path: int(path.stem))
    if any(json.loads(path.read_text(encoding="utf-8")) == event for path in earlier):
        return None
    path = folder / f"{int(earlier[-1].stem) + 1 if earlier else 1}.json"
    path.write_text(json.dumps(event, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def main() -> None:
    """Record one event of each type and say which files were added."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kafka", default=DEFAULT_KAFKA)
    for event in asyncio.run(richest(parser.parse_args().kafka)).values():
        if path := write(without_chance(event)):
            print(path.relative_to(Path.cwd()))  # noqa: T201


if __name__ == "__main__":
    main()
