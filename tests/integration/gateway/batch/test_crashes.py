"""Whatever dies in the middle of a file: every declaration goes out, with the same identifiers, counted once."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from services.gateway.batch.channel import BatchChannel
from services.gateway.batch.folders import DECLARATIONS
from services.gateway.batch.state import Batch, BatchState
from services.gateway.batch.store import Arrival
from services.gateway.batch.work import leases
from services.gateway.batch.work.leases import LeaseLostError, NextBatch, Step
from services.gateway.batch.xml import parse_in_subprocess
from shared.database.engine import driver, transaction
from tests.support.batch_files import Plan, Written, workers, write_batch
from tests.support.batch_gateway import MANDATED, SENDER, BatchGateway, Kafka
from tests.support.batch_xml import batch, training

TRAININGS, FAULTS = 600, 3  # the first three kinds of fault, of which the gateway sees two


@pytest.fixture
async def file(gateway: BatchGateway, tmp_path: Path) -> Written:
    plan = Plan(SENDER, (SENDER, MANDATED), trainings=TRAININGS, people=50, faults=FAULTS, year=2025)
    await gateway.has_workers(workers(plan))
    return write_batch(tmp_path / "sent.xml", plan)


async def ends_right(gateway: BatchGateway, sent: Batch) -> None:
    """Everything was published, nothing under two identifiers, and the counters add up."""
    lines = Counter(event["data"]["item"]["line"] for event in gateway.kafka.events)
    assert set(lines.values()) == {1}
    assert len(lines) == TRAININGS - 2
    await gateway.others_decide()
    async with gateway.running():
        done = await gateway.until(sent, lambda b: b.state is BatchState.COMPLETED)
        async with asyncio.timeout(10):
            while (gateway.channel.folders.folder(sent.id) / DECLARATIONS).exists():
                await asyncio.sleep(0.1)
    assert (done.accepted, done.refused, done.decided) == (TRAININGS - 2, 2, TRAININGS)
    assert await gateway.count("select count(*) from submission_item") == 2


async def test_kafka_away(make_gateway: Callable[..., BatchGateway], file: Written) -> None:
    """Lost: the rest of a file that was under way when Kafka was restarted."""
    gateway = make_gateway(Kafka(fails_at=[1, 4, 5]))
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.checkpoint == TRAININGS)
    await ends_right(gateway, sent)


@pytest.mark.parametrize("pause", [0.01, 0.05, 0.2])
async def test_the_gateway_killed_again_and_again(gateway: BatchGateway, file: Written, pause: float) -> None:
    """Lost: declarations between two checkpoints, or the same ones twice."""
    gateway.kafka.pause = pause
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.checkpoint > 0)
    deaths = 0
    while (await gateway.state(sent)).checkpoint < TRAININGS:
        deaths += 1
        # A killed process gives nothing back: its lease runs out.
        await gateway.execute("update batch set lease_until = now() - interval '1 second'")
        async with gateway.running():
            await asyncio.sleep(0.3 + deaths * 0.1)
    assert deaths > 0
    await ends_right(gateway, sent)


async def test_death_between_publishing_and_checkpoint(
    gateway: BatchGateway, file: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst moment: Kafka has the chunk and nobody knows. It goes out again, as the very same events."""
    move, calls = leases.move, 0

    async def dies_at_times(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls in (2, 5):
            raise ConnectionError("the database is away")
        await move(*arguments)

    monkeypatch.setattr(leases, "move", dies_at_times)
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.checkpoint == TRAININGS)
    ids = Counter(orjson.loads(one.value)["id"] for one in gateway.kafka.sent)
    assert set(ids.values()) == {1, 2}
    values = {one.value for one in gateway.kafka.sent}
    assert len(values) == len(ids), "a repeated event differs from its first"
    await ends_right(gateway, sent)


@pytest.mark.parametrize("error", [ConnectionError("PostgreSQL is away"), asyncio.CancelledError()])
async def test_the_answer_to_the_commit_lost(
    gateway: BatchGateway, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """The batch is stored and nobody heard of it. Lost: its file, so that it is refused and cannot be sent again."""
    store, content = BatchChannel._store, batch(training())

    async def unheard(channel: BatchChannel, arrival: Arrival) -> tuple[Batch, bool]:
        await store(channel, arrival)
        raise error

    monkeypatch.setattr(BatchChannel, "_store", unheard)
    with pytest.raises(type(error)):
        await gateway.sends(content)
    monkeypatch.setattr(BatchChannel, "_store", store)
    async with gateway.running():
        again, is_new = await gateway.sends(content)
        assert not is_new
        await gateway.until(again, lambda b: b.checkpoint == 1)


async def test_killed_while_checking(gateway: BatchGateway, file: Written) -> None:
    """Lost: a file that stays `checking` for ever."""
    sent, _ = await gateway.sends(file.path)
    async with transaction(gateway.engine) as connection:
        assert await leases.claim(driver(connection), NextBatch.OLDEST_TO_CHECK) is not None
        assert await leases.claim(driver(connection), NextBatch.SMALLEST_TO_CHECK) is None
    await gateway.execute("update batch set lease_until = now() - interval '1 second'")
    async with gateway.running():
        await gateway.until(sent, lambda b: b.checkpoint == TRAININGS)
    await ends_right(gateway, sent)


async def test_a_zombie_moves_nothing(gateway: BatchGateway, file: Written) -> None:
    """A gateway that was away for minutes comes back and believes the batch is still its own."""
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.state is BatchState.PROCESSING)
    await gateway.execute("update batch set lease_owner = null, lease_until = null, checkpoint = 0, turn_at = now()")
    async with transaction(gateway.engine) as connection:
        zombie = await leases.claim(driver(connection), NextBatch.TO_REGISTER)
    assert zombie is not None
    await gateway.execute("update batch set lease_until = now() - interval '1 second'")
    async with transaction(gateway.engine) as connection:
        assert await leases.claim(driver(connection), NextBatch.TO_REGISTER) is not None
    before = await gateway.state(sent)
    with pytest.raises(LeaseLostError):
        async with transaction(gateway.engine) as connection:
            await leases.move(driver(connection), zombie, Step(0, 50, 1000, 10, 10))
    with pytest.raises(LeaseLostError):
        async with transaction(gateway.engine) as connection:
            await leases.beat(driver(connection), zombie, 1)
    assert await gateway.state(sent) == before


async def test_two_gateways_share_the_work(
    make_gateway: Callable[..., BatchGateway], file: Written, tmp_path: Path
) -> None:
    """Lost: with a second replica everything would be registered twice."""
    kafka = Kafka()
    kafka.pause = 0.01
    first, second = make_gateway(kafka), make_gateway(kafka)
    async with first.running(), second.running():
        sent, _ = await first.sends(file.path)
        more = [await second.sends(batch(*(training(f"{n}-{m}") for m in range(60)))) for n in range(6)]
        for one, _ in [(sent, True), *more]:
            declared = (await first.until(one, lambda b: b.declared is not None)).declared
            await first.until(one, lambda b, declared=declared: b.checkpoint == declared)  # type: ignore[misc]
    ids = Counter(orjson.loads(one.value)["id"] for one in kafka.sent)
    assert set(ids.values()) == {1}


async def test_a_file_that_ends_the_reader_is_refused_in_the_end(
    gateway: BatchGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost: the whole channel, to one file that crashes its reader for ever."""

    async def crashes(*_: Any) -> None:
        raise parse_in_subprocess.ParsingFailedError("exit code -11")

    monkeypatch.setattr("services.gateway.batch.work.decode_file.parse_in_subprocess", crashes)
    monkeypatch.setattr("services.gateway.batch.work.check_file._AGAIN", timedelta())
    async with gateway.running():
        sent, _ = await gateway.sends(batch(training()))
        rejected = await gateway.until(sent, lambda b: b.state is BatchState.REJECTED)
    assert rejected.rejection == {"code": "unreadable"}


async def test_a_reader_that_dies_is_an_answer(tmp_path: Path) -> None:
    """The gateway lives on, whatever happens to the reading process; here it finds no file."""
    with pytest.raises(parse_in_subprocess.ParsingFailedError, match="exit code 1: FileNotFoundError"):
        await parse_in_subprocess.parse_in_subprocess(tmp_path, lambda _: None)
