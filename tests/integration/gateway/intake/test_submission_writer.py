"""What a request leaves behind: stored once, answered when it is durable, and never failed by its neighbours."""

import asyncio
import base64
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.intake.declared import Declared, Sender
from services.gateway.intake.idempotency import KeyReusedError
from services.gateway.intake.prepare import Intake
from services.gateway.intake.submission_writer import SubmissionReceipt, SubmissionRequest, SubmissionWriter
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import Persons
from shared.database.engine import driver, transaction
from shared.messaging.outbox import unpack
from shared.messaging.records import Outgoing
from tests.support.intake_in_chunks import ENTERPRISE, TABLES, employment, people, training

A, B, *_ = people(8)


class Relay:
    """What is offered to be sent, once it is committed."""

    def __init__(self) -> None:
        self.offered: dict[int, Sequence[Outgoing]] = {}

    def offer(self, row: int, events: Sequence[Outgoing]) -> None:
        self.offered[row] = events


class Writing:
    """A writer at work, and what it stored."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.relay = Relay()
        self.intake = Intake(Persons(Cipher(base64.b64encode(b"k" * 32).decode())))
        self.writer = SubmissionWriter(engine, self.relay, self.intake)  # type: ignore[arg-type]

    async def submits(
        self, *declared: tuple[Any, dict[str, Any]], key: str | None = None, kind: Any = None, body: bytes = b"1"
    ) -> SubmissionReceipt:
        lines = [Declared(line, of, dict(fields)) for line, (of, fields) in enumerate(declared, 1)]
        sender = Sender(ENTERPRISE, "client:test", frozenset({ENTERPRISE}))
        how = kind or ("single" if len(lines) == 1 else "bulk")
        return await self.writer.submit(SubmissionRequest(sender, "api", how, lines, key, body if key else None))

    async def rows(self, query: str) -> list[Any]:
        async with transaction(self.engine) as connection:
            return list(await driver(connection).fetch(query))

    async def events(self) -> list[dict[str, Any]]:
        rows = await self.rows("select events from outbox order by id")
        return [orjson.loads(one.value)["data"] for row in rows for one in unpack(row["events"])]


@pytest.fixture
async def writing(engine: AsyncEngine) -> AsyncIterator[Writing]:
    async with transaction(engine) as connection:
        await driver(connection).execute(f"truncate {TABLES}, outbox cascade")
    made = Writing(engine)
    task = asyncio.create_task(made.writer.run())
    await made.submits(employment(A, "EA"))
    yield made
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_what_is_answered_is_stored_and_offered_once(writing: Writing) -> None:
    receipt = await writing.submits(training(A, "T"))
    assert receipt.submission is not None and not receipt.replayed
    [stored] = await writing.rows(f"select * from submission where id = '{receipt.submission}'")
    assert (stored["kind"], stored["channel"], stored["sender"], stored["actor"], stored["area"]) == (
        "single", "api", ENTERPRISE, "client:test", "trainings",
    )  # fmt: skip
    assert (stored["declared"], stored["refused"], stored["completed_at"]) == (1, 0, None)
    event = (await writing.events())[-1]
    assert event["item"]["submission"] == receipt.submission
    assert (str(stored["subject"]), receipt.subject) == (event["training"], event["training"])
    assert len(writing.relay.offered) == 2, "the employment's and the training's"


async def test_refused_on_the_spot_alone_nothing_stays_and_among_others_it_is_told(writing: Writing) -> None:
    alone = await writing.submits(training(B))
    assert (alone.submission, alone.subject) == (None, None)
    assert [one.anomalies[0]["code"] for one in alone.refused] == ["employmentNotFound"]
    assert len(await writing.rows("select from submission")) == 1
    many = await writing.submits(training(A), training(B), training(A))
    assert [one.line for one in many.refused] == [2]
    [stored] = await writing.rows(
        f"select declared, refused, completed_at from submission where id = '{many.submission}'"
    )
    assert tuple(stored) == (3, 1, None)
    [item] = await writing.rows(f"select line, status from submission_item where submission = '{many.submission}'")
    assert tuple(item) == (2, "refused")


async def test_all_of_many_refused_are_done_at_once(writing: Writing) -> None:
    many = await writing.submits(training(B), training(B))
    [stored] = await writing.rows(f"select refused, completed_at from submission where id = '{many.submission}'")
    assert stored["refused"] == 2 and stored["completed_at"] is not None


async def test_the_same_key_is_the_same_request_however_it_comes(writing: Writing) -> None:
    first = await writing.submits(training(A, "T"), key="k")
    again = await writing.submits(training(A, "T"), key="k")
    assert (again.submission, again.subject, again.replayed) == (first.submission, first.subject, True)
    together = await asyncio.gather(*(writing.submits(training(A, "U"), key="u") for _ in range(8)))
    assert len({one.submission for one in together}) == 1
    assert sorted(one.replayed for one in together) == [False] + [True] * 7
    with pytest.raises(KeyReusedError):
        await writing.submits(training(A, "V"), key="k", body=b"2")
    assert len([event for event in await writing.events() if "training" in event]) == 2


async def test_one_that_cannot_be_stored_fails_no_neighbour(writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lost: 255 requests, to one that meets a fault of ours."""
    prepare = writing.intake.prepare

    async def stumbles(self: Intake, raw: Any, sent: Any, *rest: Any, **options: Any) -> Any:
        if any(one.fields.get("title") == "poison" for _, declared in sent for one in declared):
            raise KeyError("a fault of ours")
        return await prepare(raw, sent, *rest, **options)

    monkeypatch.setattr(Intake, "prepare", stumbles)
    ends = await asyncio.gather(
        *(writing.submits(training(A, f"T{n}", title="poison" if n == 7 else "Brood")) for n in range(20)),
        return_exceptions=True,
    )
    assert [n for n, end in enumerate(ends) if isinstance(end, BaseException)] == [7]
    stored = await writing.rows("select subject from submission where area = 'trainings'")
    assert len(stored) == 19
    assert len({event["training"] for event in await writing.events() if "training" in event}) == 19


async def test_of_many_together_the_later_is_the_newer(writing: Writing) -> None:
    """Lost: of two corrections sent one after the other, the first one that wins."""
    await asyncio.gather(*(writing.submits(training(A, f"T{n}")) for n in range(30)))
    moments = [event["receivedAt"] for event in await writing.events() if "training" in event]
    assert moments == sorted(moments)
    assert len(set(moments)) == len(moments)
