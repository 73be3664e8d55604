"""`python -m services.dashboard.verify`: recount from the topics, and compare with the read models row by row.

To whom an employer's access has ended is compared with the employments that it follows from.

Reads both sides at one moment: the database in one snapshot, the topics up to the watermarks of that snapshot.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated, Any

import asyncpg
import orjson
import typer
from aiokafka.errors import KafkaError

from services.dashboard.projections import HANDLERS, balances, employments, enterprises, trainings
from services.dashboard.settings import DashboardSettings
from services.dashboard.storage.read_models import ReadModel, Row
from shared.contracts import employments as employments_topic
from shared.contracts import entitlements as entitlements_topic
from shared.contracts import trainings as trainings_topic
from shared.database.ended_access import LAST_DAY, NAME, deviating
from shared.messaging.decoding import decode
from shared.messaging.replay import Replay, replaying
from shared.messaging.watermarks import ALL

_NAMED_AT_MOST = 100
_ENDED_OTHERWISE = deviating(LAST_DAY)
_ROWS_AT_ONCE = 5000
_NOT_PROJECTED = """
select topic, partition, "offset" from parked union all select topic, partition, "offset" from parked_dropped
"""

Key = tuple[Any, ...]


@dataclass
class Findings:
    """`rows` by table; what is wrong by kind (`missing`, `unexpected`, `different`) and the first of the keys."""

    rows: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, what: str, table: str, key: Key) -> None:
        """Add a row that is not as the topics say."""
        self.wrong[f"{what} {table}"] += 1
        if len(self.examples) < _NAMED_AT_MOST:
            self.examples.append(f"{what} {table} {' '.join(map(str, key))}")

    def as_dict(self) -> dict[str, Any]:
        """Convert to plain values for JSON."""
        return {"rows": dict(self.rows), "wrong": dict(self.wrong), "examples": self.examples}


async def verify(url: str, bootstrap: str) -> Findings:
    """Compare every row. Raises what Kafka or the database raise when they are away."""
    findings = Findings()
    connection = await asyncpg.connect(url)
    try:
        async with replaying(bootstrap) as replay, connection.transaction(isolation="repeatable_read", readonly=True):
            marks = {(row["topic"], row["partition"]): row["next_offset"] for row in await connection.fetch(ALL)}
            skipped = {tuple(row) for row in await connection.fetch(_NOT_PROJECTED)}
            for topic in _MODELS:
                await _verify_topic(connection, replay, topic, marks, skipped, findings)
            for row in await connection.fetch(_ENDED_OTHERWISE):
                findings.add("different", NAME, (row["enterprise"], row["person"]))
    finally:
        await connection.close()
    return findings


async def _verify_topic(
    connection: asyncpg.Connection,
    replay: Replay,
    topic: str,
    marks: dict[tuple[str, int], int],
    skipped: set[tuple[Any, ...]],
    findings: Findings,
) -> None:
    newest: dict[str, dict[Key, tuple[int, int]]] = {model.table: {} for model in _MODELS[topic]}
    extent = await replay.extent([topic])
    stretch = {place: (first, marks.get(place, first)) for place, (first, _) in extent.items()}
    async for records in replay.records(stretch):
        good, _ = decode(topic, [r for r in records if r[:3] not in skipped], HANDLERS[topic])
        for _, event in good:
            for model, row in _expected(topic, event):
                version, key = row[model.version_at], key_of(model, row)
                seen = newest[model.table].get(key)
                if seen is None or version > seen[0]:
                    newest[model.table][key] = version, fingerprint(model, row)
    for model in _MODELS[topic]:
        await _compare(connection, model, newest[model.table], findings)


async def _compare(
    connection: asyncpg.Connection, model: ReadModel, expected: dict[Key, tuple[int, int]], findings: Findings
) -> None:
    everything = f"select {', '.join(model.columns)} from {model.table}"  # noqa: S608 - our own names
    async for row in connection.cursor(everything, prefetch=_ROWS_AT_ONCE):
        findings.rows[model.table] += 1
        key = key_of(model, tuple(row))
        found = expected.pop(key, None)
        if found is None:
            findings.add("unexpected", model.table, key)
        elif found[1] != fingerprint(model, tuple(row)):
            findings.add("different", model.table, key)
    for key in expected:
        findings.add("missing", model.table, key)


_COMPARABLE: dict[str, Callable[[Any], Any]] = {
    "UUID": lambda value: str(value).lower(),
    "NUMERIC": lambda value: Decimal(value).normalize(),
    "JSONB": lambda value: orjson.dumps(orjson.loads(value), option=orjson.OPT_SORT_KEYS),
}


def key_of(model: ReadModel, row: Row) -> Key:
    """Get a row's key, whichever side it comes from."""
    return tuple(_comparable(model, row, model.columns.index(name)) for name in model.key)


def fingerprint(model: ReadModel, row: Row) -> int:
    """Hash a row, equal for equal rows of both sides; good within one process only."""
    return hash(tuple(_comparable(model, row, at) for at in range(len(row))))


def _comparable(model: ReadModel, row: Row, at: int) -> Any:
    """Convert what the two sides spell differently into one form: ids, decimals and JSON."""
    convert = _COMPARABLE.get(model.types[at])
    return row[at] if convert is None or row[at] is None else convert(row[at])


def _of_employments(event: employments_topic.Event) -> tuple[ReadModel, Row]:
    if event["type"] == enterprises.ENTERPRISE_REGISTERED:
        return enterprises.MODEL, enterprises.enterprise_row(event["data"])
    return employments.MODEL, employments.employment_row(event["data"])


def _expected(topic: str, event: Any) -> Iterator[tuple[ReadModel, Row]]:
    """Get the rows that this event alone would make."""
    if topic == trainings_topic.TOPIC:
        yield trainings.MODEL, trainings.training_row(event.data)
    elif topic == employments_topic.TOPIC:
        yield _of_employments(event)
    else:
        for year in event.data.years:
            yield balances.MODEL, balances.balance_row(event.data, year)


_MODELS = {
    employments_topic.TOPIC: (enterprises.MODEL, employments.MODEL),
    trainings_topic.TOPIC: (trainings.MODEL,),
    entitlements_topic.TOPIC: (balances.MODEL,),
}


async def _run() -> Findings:
    settings = DashboardSettings()
    return await verify(settings.dashboard_database_url.get_secret_value(), settings.kafka_bootstrap)


def main(as_json: Annotated[bool, typer.Option("--json", help="The findings as JSON.")] = False) -> None:
    """Say what was compared and what is wrong; exit status 1 when anything is."""
    try:
        findings = asyncio.run(_run())
    except (LookupError, KafkaError, OSError, asyncpg.PostgresError) as error:
        typer.echo(f"not verified: {error}", err=True)
        raise typer.Exit(2) from error
    if as_json:
        typer.echo(orjson.dumps(findings.as_dict()).decode())
    else:
        typer.echo(", ".join(f"{count} rows of {table}" for table, count in sorted(findings.rows.items())) or "no rows")
        for what, count in sorted(findings.wrong.items()):
            typer.echo(f"{what}: {count}")
        for example in findings.examples:
            typer.echo(f"  {example}")
    raise typer.Exit(1 if findings.wrong else 0)


if __name__ == "__main__":
    typer.run(main)
