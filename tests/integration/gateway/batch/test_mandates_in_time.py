"""A file is registered by what its sender might on the day it came; what is withdrawn is closed at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.gateway.batch.state import Batch, BatchState
from services.gateway.batch.work import leases
from shared.clock import brussels_today
from tests.support.batch_files import Plan, workers
from tests.support.batch_gateway import MANDATED, OTHER, SENDER, BatchGateway
from tests.support.batch_xml import batch, training

PLAN = Plan(SENDER, (SENDER, MANDATED), trainings=1, people=2, faults=0, year=2025)
TODAY = brussels_today()
YESTERDAY = TODAY - timedelta(days=1)


async def _sent(gateway: BatchGateway, declarations: int = 2) -> Batch:
    """A file about the mandated enterprise, waiting: nobody works yet."""
    people = [worker for worker in workers(PLAN) if worker.enterprise == MANDATED]
    await gateway.has_workers(workers(PLAN))
    told = [training(f"T-{n}", ssin=people[0].ssin, enterpriseNumber=MANDATED) for n in range(declarations)]
    sent, _ = await gateway.sends(batch(*told))
    return sent


async def _registered(gateway: BatchGateway, sent: Batch) -> Batch:
    async with gateway.running():
        return await gateway.until(
            sent, lambda b: b.state.is_final or (b.declared is not None and b.checkpoint == b.declared)
        )


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (f"valid_until = '{YESTERDAY}'", True),
        (f"valid_until = '{YESTERDAY - timedelta(days=1)}'", False),
        (f"valid_from = '{YESTERDAY}'", True),
        (f"valid_from = '{TODAY}'", False),
        ("withdrawn_at = now()", False),
        ("confirmed_at = null", False),
    ],
    ids=["ended after", "ended before", "began before", "began after", "withdrawn", "not confirmed"],
)
async def test_by_the_day_the_file_came(gateway: BatchGateway, change: str, counts: bool) -> None:
    """It came yesterday and waited; meanwhile the mandate ended, or its end was another. Lost: a mandatary's work of
    its last day, or an enterprise's trainings to one that it sent away.
    """
    sent = await _sent(gateway)
    await gateway.execute("update submission set received_at = $1", datetime.now(UTC) - timedelta(days=1))
    await gateway.execute(f"update mandate set {change}")
    done = await _registered(gateway, sent)
    assert len(gateway.kafka.events) == (2 if counts else 0)
    assert done.refused == (0 if counts else 2)


async def test_a_sender_is_judged_by_the_day_its_file_came(gateway: BatchGateway) -> None:
    """Only its mandates let this organisation in: the last one ended last night, after the file came."""
    await gateway.has_mandates(OTHER, MANDATED)
    sent, _ = await gateway.sends(
        batch(training(enterpriseNumber=MANDATED), header=f"<header><sender>{OTHER}</sender></header>"), sender=OTHER
    )
    await gateway.execute("update submission set received_at = $1", datetime.now(UTC) - timedelta(days=1))
    await gateway.execute("update mandate set valid_until = $1 where mandatary = $2", YESTERDAY, OTHER)
    done = await _registered(gateway, sent)
    assert done.state is not BatchState.REJECTED


async def test_a_withdrawal_in_the_middle_decides_no_declaration_twice(
    make_gateway: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway dies after a chunk is published and before it knows; meanwhile the mandate is withdrawn. Lost: the
    counts of the file, in which declarations were registered and refused at once.
    """
    gateway = make_gateway(chunk_size=2)
    sent = await _sent(gateway, declarations=6)
    move, died = leases.move, False

    async def dies(*arguments: Any) -> None:
        nonlocal died
        if not died:
            died = True
            await gateway.execute("update mandate set withdrawn_at = now()")
            raise ConnectionError("the database is away")
        await move(*arguments)

    monkeypatch.setattr(leases, "move", dies)
    done = await _registered(gateway, sent)
    lines = [event["data"]["item"]["line"] for event in gateway.kafka.events]
    assert lines == [1, 2], "the chunk that was out stays what it was, and the rest is refused"
    assert done.refused == 4
    await gateway.others_decide()
    async with gateway.running():
        done = await gateway.until(sent, lambda b: b.state is BatchState.COMPLETED)
    assert (done.accepted, done.refused) == (2, 4)
