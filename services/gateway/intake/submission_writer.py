"""Storing submissions: durable before the answer leaves, many in one transaction.

Requests that arrive while one transaction runs share the next (group commit): at 500 a second this saves nine
transactions of ten, and a lone request waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import asyncpg
import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.intake import submission_outcomes
from services.gateway.intake.declared import Declared, RefusedDeclaration, Sender, SubmissionEnvelope
from services.gateway.intake.idempotency import Key, KeyReusedError, earlier_submissions
from services.gateway.intake.prepare import Intake
from services.gateway.intake.prepared import Prepared
from services.gateway.intake.submission_outcomes import StoredOutcome
from shared.clock import brussels_day
from shared.contracts.vocabulary import Channel
from shared.database.engine import driver, transaction
from shared.identifiers import new_id
from shared.messaging import outbox
from shared.messaging.relay import Relay
from shared.observability import tracing

log = structlog.get_logger()

MOST_TOGETHER = 256
WRITERS = 2

ADD = """
insert into submission (id, kind, channel, sender, actor, received_at, declared, refused, completed_at, subject,
                        idempotency_key, body_hash, area)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::int[],
                     $8::int[], $9::timestamptz[], $10::uuid[], $11::text[], $12::bytea[], $13::text[])
"""

Kind = Literal["single", "bulk"]


@dataclass(frozen=True, slots=True)
class SubmissionRequest:
    """What one sender wants to submit at once. `body_hash` tells a repeated request from a key used twice."""

    sender: Sender
    channel: Channel
    kind: Kind
    declared: Sequence[Declared]
    idempotency_key: str | None = None
    body_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class SubmissionReceipt:
    """What became of a request.

    `submission` is None when a single declaration was refused on the spot: then nothing was stored. `replayed`: the
    same request came before, and this is its receipt.
    """

    submission: str | None
    subject: str | None
    refused: Sequence[RefusedDeclaration] = ()
    replayed: bool = False


Waiting = tuple[SubmissionRequest, asyncio.Future[SubmissionReceipt], str | None]
"""A request, what its sender waits for, and the traceparent of who sent it: it is written in another task."""


class SubmissionWriter:
    """Stores the requests of all channels but the file, and answers each when it is durable."""

    def __init__(self, engine: AsyncEngine, relay: Relay, intake: Intake) -> None:
        self._engine = engine
        self._relay = relay
        self._intake = intake
        self._waiting: deque[Waiting] = deque()
        self._arrived = asyncio.Event()

    async def submit(self, request: SubmissionRequest) -> SubmissionReceipt:
        """Submit a request: durable when this returns.

        Raises KeyReusedError, or what the database raised: then nothing was stored.
        """
        future: asyncio.Future[SubmissionReceipt] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future, tracing.current()))
        self._arrived.set()
        return await future

    async def knows(self, sender: str, key: str) -> bool:
        """Check whether this sender used this idempotency key before."""
        async with transaction(self._engine) as connection:
            return bool(await earlier_submissions(driver(connection), [(sender, key)]))

    async def run(self) -> None:
        """Write until cancelled; two transactions may overlap, so that one's fsync hides the other's work."""
        await asyncio.gather(*(self._write_on() for _ in range(WRITERS)))

    async def _write_on(self) -> None:
        while True:
            await self._arrived.wait()
            together = self._take()
            if not self._waiting:
                self._arrived.clear()
            if together:
                await self._write(together)

    def _take(self) -> list[Waiting]:
        """Take the requests of the next transaction; the second of two with the same key waits for the one after it."""
        together: list[Waiting] = []
        keys: set[Key] = set()
        while self._waiting and len(together) < MOST_TOGETHER:
            key = _key(self._waiting[0][0])
            if key[1] is not None and key in keys:
                break
            keys.add(key)
            together.append(self._waiting.popleft())
        return together

    async def _write(self, together: list[Waiting], *, again: bool = True) -> None:
        try:
            receipts = await self._store([(request, traceparent) for request, _, traceparent in together])
        except asyncpg.UniqueViolationError as error:
            # The other writer stored the same key a moment ago: look again, one by one.
            for one in together if again else ():
                await self._write([one], again=False)
            if not again:
                _answer(together[0][1], error)
            return
        except Exception as error:  # noqa: BLE001 - whatever it is, it must reach who waits
            if len(together) == 1:
                _answer(together[0][1], error)
            else:
                # One request must not fail its neighbours: each alone then.
                for one in together:
                    await self._write([one])
            return
        for (_, future, _), receipt in zip(together, receipts, strict=True):
            _answer(future, receipt)

    async def _store(
        self, traced: Sequence[tuple[SubmissionRequest, str | None]]
    ) -> list[SubmissionReceipt | KeyReusedError]:
        now = datetime.now(UTC)
        requests = [request for request, _ in traced]
        async with transaction(self._engine) as connection:
            raw = driver(connection)
            known = await earlier_submissions(raw, [_key(request) for request in requests])
            envelopes: dict[int, SubmissionEnvelope] = {}
            for index, (request, traceparent) in enumerate(traced):
                if _key(request) not in known:
                    # Of two that were waiting together, the later one is newer.
                    received = (now + timedelta(microseconds=index)).isoformat(timespec="microseconds")
                    envelopes[index] = SubmissionEnvelope(
                        new_id(), request.sender, request.channel, received, traceparent
                    )
            prepared = await self._intake.prepare(
                raw,
                [(envelope, requests[index].declared) for index, envelope in envelopes.items()],
                brussels_day(now),
            )
            stored = {index: e for index, e in envelopes.items() if _is_stored(requests[index], e, prepared)}
            await _add(raw, [(requests[index], envelope) for index, envelope in stored.items()], prepared, now)
            row = await outbox.write(raw, prepared.outgoing) if prepared.outgoing else None
        if row is not None:
            self._relay.offer(row, prepared.outgoing)
        return [
            _receipt(request, envelopes.get(index), prepared, known, index in stored)
            for index, request in enumerate(requests)
        ]


def _answer(future: asyncio.Future[SubmissionReceipt], result: SubmissionReceipt | Exception) -> None:
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)


def _key(request: SubmissionRequest) -> Key:
    return request.sender.organisation, request.idempotency_key


def _is_stored(request: SubmissionRequest, envelope: SubmissionEnvelope, prepared: Prepared) -> bool:
    """Check whether a request leaves a row: a single declaration refused on the spot is answered in full at once."""
    return request.kind != "single" or envelope.submission in prepared.accepted


async def _add(
    connection: asyncpg.Connection,
    stored: Sequence[tuple[SubmissionRequest, SubmissionEnvelope]],
    prepared: Prepared,
    now: datetime,
) -> None:
    rows = []
    for request, envelope in stored:
        refused = len(prepared.refused.get(envelope.submission, ()))
        done = now if refused == len(request.declared) else None
        rows.append(
            (
                envelope.submission, request.kind, request.channel, request.sender.organisation, request.sender.actor,
                now, len(request.declared), refused, done, prepared.subjects.get(envelope.submission),
                request.idempotency_key, request.body_hash, request.declared[0].kind.area,
            )
        )  # fmt: skip
    if rows:
        await connection.execute(ADD, *map(list, zip(*rows, strict=True)))
    items = [
        (envelope.submission, StoredOutcome(item.line, item.reference, "refused", item.anomalies))
        for _, envelope in stored
        for item in prepared.refused.get(envelope.submission, ())
    ]
    await submission_outcomes.add(connection, items)


def _receipt(
    request: SubmissionRequest,
    envelope: SubmissionEnvelope | None,
    prepared: Prepared,
    known: Mapping[Key, Any],
    stored: bool,
) -> SubmissionReceipt | KeyReusedError:
    if envelope is None:
        earlier = known[_key(request)]
        if request.body_hash is not None and earlier["body_hash"] != request.body_hash:
            return KeyReusedError(request.idempotency_key)
        return SubmissionReceipt(earlier["id"], earlier["subject"], replayed=True)
    return SubmissionReceipt(
        envelope.submission if stored else None,
        prepared.subjects.get(envelope.submission),
        prepared.refused.get(envelope.submission, ()),
    )
