"""A disk that loses or changes what was stored: nothing wrong is registered, nothing is tried for ever."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from services.gateway.batch.answers.report import Format, report
from services.gateway.batch.folders import BY_PERSON, CONTENT, DECLARATIONS, OVERTAKEN
from services.gateway.batch.spool import REFERENCES
from services.gateway.batch.state import Batch, BatchState, Mode
from services.gateway.batch.work import batch_worker
from services.gateway.batch.work.simulate import Simulator
from services.gateway.intake.prepare import Intake
from services.gateway.limits import MOST_FAILURES
from shared.i18n import Language
from tests.support.batch_files import Plan, Written, workers, write_batch
from tests.support.batch_gateway import MANDATED, SENDER, BatchGateway, Kafka

TRAININGS, FAULTS = 600, 3  # the gateway sees two of them

Damage = Callable[[Path], object]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def one_digit_changed(path: Path) -> None:
    """What no JSON parser notices."""
    content = path.read_bytes()
    digit = content.rindex(b"2025-") + len("2025-1")
    path.write_bytes(content[:digit] + bytes([content[digit] ^ 1]) + content[digit + 1 :])


def a_line_break_lost(path: Path) -> None:
    content = path.read_bytes()
    at = content.rindex(b"\n", 0, len(content) - 1)
    path.write_bytes(content[:at] + b" " + content[at + 1 :])


DAMAGES = [Path.unlink, cut_short, one_digit_changed, a_line_break_lost]


@pytest.fixture
async def file(gateway: BatchGateway, tmp_path: Path) -> Written:
    plan = Plan(SENDER, (SENDER, MANDATED), trainings=TRAININGS, people=50, faults=FAULTS, year=2025)
    await gateway.has_workers(workers(plan))
    return write_batch(tmp_path / "sent.xml", plan)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_worker, "_AFTER_FAILURE", timedelta(milliseconds=10))
    monkeypatch.setattr(batch_worker, "POLL_SECONDS", 0.05)


async def half_way(gateway: BatchGateway, file: Written, mode: Mode = Mode.PRODUCTION) -> tuple[Batch, Path]:
    """A batch of which some chunks are registered, while nobody works on it; and its folder."""
    gateway.kafka.fails_at = {4}
    async with gateway.running():
        sent, _ = await gateway.sends(file.path, mode)
        at = await gateway.until(sent, lambda b: b.checkpoint > 0)
    await gateway.execute("update batch set lease_owner = null, lease_until = null, turn_at = now()")
    assert at.state is BatchState.PROCESSING
    return sent, gateway.channel.folders.folder(sent.id)


async def ends_right(gateway: BatchGateway, sent: Batch) -> None:
    async with gateway.running():
        await gateway.until(sent, lambda b: b.checkpoint == TRAININGS)
    lines = Counter(event["data"]["item"]["line"] for event in gateway.kafka.events)
    assert len(lines) == TRAININGS - 2
    assert set(lines.values()) == {1}, "registered under two identifiers"
    await gateway.others_decide()
    async with gateway.running():
        done = await gateway.until(sent, lambda b: b.state is BatchState.COMPLETED)
    assert (done.accepted, done.refused, done.decided) == (TRAININGS - 2, 2, TRAININGS)


def contents(gateway: BatchGateway) -> dict[int, Any]:
    return {event["data"]["item"]["line"]: event["data"]["content"] for event in gateway.kafka.events}


@pytest.mark.parametrize("damage", DAMAGES)
async def test_what_was_decoded_is_decoded_again(gateway: BatchGateway, file: Written, damage: Damage) -> None:
    """Lost: the batch, `processing` for good; or a digit of somebody's training."""
    sent, folder = await half_way(gateway, file)
    damage(folder / DECLARATIONS)
    await ends_right(gateway, sent)
    undamaged = BatchGateway(gateway.engine, gateway.folder / "other")
    await undamaged.empty()
    await undamaged.has_enterprises(SENDER, MANDATED)
    await undamaged.has_mandates(SENDER, MANDATED)
    await undamaged.has_workers(workers(file.plan))
    async with undamaged.running():
        same, _ = await undamaged.sends(file.path)
        await undamaged.until(same, lambda b: b.checkpoint == TRAININGS)
    assert contents(gateway) == contents(undamaged)


@pytest.mark.parametrize("name", [DECLARATIONS, BY_PERSON, OVERTAKEN])
@pytest.mark.parametrize("damage", [Path.unlink, cut_short])
async def test_a_simulation_is_planned_again(
    gateway: BatchGateway, file: Written, name: str, damage: Damage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost: the rehearsal, or people who are judged twice or never."""
    prepare = Simulator.prepare

    async def slowly(*arguments: Any) -> Any:
        await asyncio.sleep(0.1)
        return await prepare(*arguments)

    monkeypatch.setattr(Simulator, "prepare", slowly)
    sent, folder = await half_way(gateway, file, Mode.SIMULATION)
    if name == DECLARATIONS:
        # Nothing but the plan is read any more, so both are lost.
        (folder / BY_PERSON).unlink()
        (folder / OVERTAKEN).unlink()
    damage(folder / name)
    async with gateway.running():
        done = await gateway.until(sent, lambda b: b.state is BatchState.COMPLETED)
    assert (done.accepted, done.refused, done.decided) == (TRAININGS - 2, 2, TRAININGS)


@pytest.mark.parametrize("damage", [Path.unlink, one_digit_changed])
async def test_a_damaged_file_is_told_and_goes_on_when_it_is_sent_again(
    gateway: BatchGateway, file: Written, damage: Damage, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lost: a way out. A warning every three seconds, health UP, and nobody who knows which file."""
    sent, folder = await half_way(gateway, file)
    (folder / DECLARATIONS).unlink()
    damage(folder / CONTENT)
    async with gateway.running() as channel:
        stopped = await gateway.until(sent, lambda b: not b.state.is_at_work)
        assert (stopped.state, stopped.state.is_final) == (BatchState.INTERRUPTED, False)
        assert 0 < stopped.checkpoint < TRAININGS
        async with asyncio.timeout(10):
            while channel.notes["files"]() != "1 interrupted, until they are sent again":
                await asyncio.sleep(0.05)
    assert sent.id in next(line for line in capsys.readouterr().out.splitlines() if "batch interrupted" in line)
    async with gateway.running():
        again, goes_on = await gateway.sends(file.path)
        assert (again.id, goes_on) == (sent.id, True)
    await ends_right(gateway, sent)


async def test_what_fails_by_itself_does_so_a_bounded_number_of_times(
    gateway: BatchGateway, file: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours in one declaration. Lost: a processor that does nothing else, and a sender who waits."""
    tried = 0

    async def stumbles(*_: Any, **__: Any) -> None:
        nonlocal tried
        tried += 1
        raise KeyError("a fault of ours")

    monkeypatch.setattr(Intake, "prepare", stumbles)
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.state is BatchState.INTERRUPTED)
    assert tried == MOST_FAILURES
    monkeypatch.undo()
    async with gateway.running():
        await gateway.sends(file.path)
    await ends_right(gateway, sent)


async def test_what_is_away_is_waited_for(make_gateway: Callable[..., BatchGateway], file: Written) -> None:
    """Lost: a file, to an outage that outlasts the patience with faults."""
    gateway = make_gateway(Kafka(fails_at=range(1, 3 * MOST_FAILURES)))
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.checkpoint == TRAININGS)
    await ends_right(gateway, sent)


async def test_a_file_damaged_before_it_was_checked_is_no_fault_of_its_sender(
    gateway: BatchGateway, file: Written
) -> None:
    """Lost: a digit, where the file is still valid; or a sender who is told that a good file is malformed."""
    sent, _ = await gateway.sends(file.path)
    one_digit_changed(gateway.channel.folders.folder(sent.id) / CONTENT)
    await gateway.execute("update batch set attempts = 4")
    async with gateway.running():
        rejected = await gateway.until(sent, lambda b: b.state is BatchState.REJECTED, seconds=60)
        assert rejected.rejection is not None
        assert rejected.rejection["code"] == "unreadable"
        again, is_checked = await gateway.sends(file.path)
        assert (again.id, is_checked) == (sent.id, True)
    await ends_right(gateway, sent)


async def test_a_report_leaves_out_references_that_are_damaged(gateway: BatchGateway, file: Written) -> None:
    """Lost: the report, or references that moved to the line beside theirs."""
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.checkpoint == TRAININGS)
    await gateway.others_decide()
    async with gateway.running():
        await gateway.until(sent, lambda b: b.state is BatchState.COMPLETED)
    whole = await references(gateway, sent)
    assert len(whole) == TRAININGS
    path = gateway.channel.folders.folder(sent.id) / REFERENCES
    rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join((*rows[:10], rows[10].replace(b"T", b"S", 1), rows[11][:-1] + b" ", *rows[12:-20])))
    damaged = await references(gateway, sent)
    assert len(damaged) == TRAININGS
    lost = {11, 12, 13, *range(TRAININGS - 19, TRAININGS + 1)}
    assert {line for line in whole if damaged[line] != whole[line]} == lost
    assert {damaged[line] for line in lost} == {None}


async def references(gateway: BatchGateway, sent: Batch) -> dict[int, str | None]:
    """What the report says of each accepted line."""
    pieces = report(gateway.engine, gateway.channel.folders, await gateway.state(sent), Format.XML, Language.ENGLISH)
    document = etree.fromstring(b"".join([piece async for piece in pieces]))
    return {int(one.get("line")): one.get("reference") for one in document.iterfind("{*}declaration")}
