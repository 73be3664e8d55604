"""Files that are refused whole, cancelled or rehearsed: nothing of them is registered."""

import gzip
from pathlib import Path

import pytest

from services.gateway.batch.receive.store_upload import FileTooLargeError, InvalidCompressionError
from services.gateway.batch.state import BatchState, Mode
from services.gateway.intake.idempotency import KeyReusedError
from tests.support.batch_files import Fault, Plan, workers, write_batch
from tests.support.batch_gateway import MANDATED, OTHER, SENDER, BatchGateway
from tests.support.batch_xml import batch, training

GOOD = batch(training())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "emptyFile"),
        (b"not xml", "notXml"),
        (GOOD[:-9], "truncated"),
        (b"<!DOCTYPE batch>" + GOOD, "doctypeNotAllowed"),
        (GOOD.replace(b"?>", b"?><!DOCTYPE batch [<!ENTITY a 'b'>]>", 1), "doctypeNotAllowed"),
        (batch(training(status="done")), "schemaInvalid"),
        (batch(training(), header=f"<header><sender>{OTHER}</sender></header>"), "senderDiffers"),
    ],
)
async def test_a_bad_file_is_refused_and_says_why(gateway: BatchGateway, content: bytes, code: str) -> None:
    """Lost: half a file registered, with nobody knowing which half."""
    async with gateway.running():
        sent, _ = await gateway.sends(content)
        rejected = await gateway.until(sent, lambda b: b.state.is_final)
        again, is_new = await gateway.sends(content)
    assert rejected.state is BatchState.REJECTED
    assert rejected.rejection is not None
    assert rejected.rejection["code"] == code
    assert (again.id, is_new) == (sent.id, False)
    assert gateway.kafka.sent == []
    assert await gateway.count("select count(*) from submission where completed_at is null") == 0


async def test_an_organisation_that_may_act_for_nobody_is_refused(gateway: BatchGateway) -> None:
    content = batch(training(), header=f"<header><sender>{OTHER}</sender></header>")
    async with gateway.running():
        sent, _ = await gateway.sends(content, sender=OTHER)
        rejected = await gateway.until(sent, lambda b: b.state.is_final)
        assert rejected.rejection == {"code": "senderNotAllowed", "field": "header.sender"}
        _, is_new = await gateway.sends(content, sender=OTHER)
        assert is_new, "what was refused for the sender's rights is looked at again"
        await gateway.until(sent, lambda b: b.state.is_final)


@pytest.mark.parametrize("file_is_gone", [False, True])
async def test_a_file_refused_for_a_reason_that_passed_is_checked_anew(
    gateway: BatchGateway, file_is_gone: bool
) -> None:
    """Lost: a file that came a day before its sender's mandate, and that is refused for ever because it was once."""
    content = batch(training(), header=f"<header><sender>{OTHER}</sender></header>")
    async with gateway.running():
        sent, _ = await gateway.sends(content, sender=OTHER)
        await gateway.until(sent, lambda b: b.state.is_final)
        await gateway.has_enterprises(OTHER)
        await gateway.has_mandates(OTHER, OTHER)
        if file_is_gone:
            gateway.channel.folders.remove(sent.id)
        again, is_new = await gateway.sends(content, sender=OTHER)
        assert (again.id, is_new, again.rejection) == (sent.id, True, None)
        await gateway.until(sent, lambda b: b.checkpoint == 1)
        assert not (await gateway.sends(content, sender=OTHER))[1]
    assert [path.name for path in (gateway.folder / "batches").iterdir()] == [sent.id]
    assert await gateway.count("select count(*) from submission where completed_at is null or declared = 1") == 1


@pytest.mark.parametrize(
    ("header", "fault", "language"),
    [
        ("<language>fr</language>", "<foo/>", "fr"),
        ("<language>de</language>", "<!--", "de"),
        ("<language>xx</language>", "", "en"),
        ("", "<foo/>", "en"),
    ],
)
async def test_a_refused_file_is_answered_in_the_language_it_asks_for(
    gateway: BatchGateway, header: str, fault: str, language: str
) -> None:
    """Lost: a sender by exchange folder, where no request says its language, who gets a reason it cannot read."""
    content = batch(training(extra=fault), header=f"<header><sender>{SENDER}</sender>{header}</header>")
    async with gateway.running():
        sent, _ = await gateway.sends(content)
        rejected = await gateway.until(sent, lambda b: b.state.is_final)
    assert (rejected.state, rejected.language) == (BatchState.REJECTED, language)


async def test_a_file_over_the_limit_leaves_nothing_behind(gateway: BatchGateway, tmp_path: Path) -> None:
    """Lost: the disk, to uploads that are refused."""
    gateway.settings["most_bytes"] = 1000
    gateway.channel = gateway.new_channel()
    for content in (b"<a>" * 400, gzip.compress(b"<a>" * 400)):
        with pytest.raises(FileTooLargeError):
            await gateway.sends(content)
    with pytest.raises(InvalidCompressionError):
        await gateway.sends(gzip.compress(b"x" * 500)[:-4])
    assert list((tmp_path / "batches").iterdir()) == []
    assert await gateway.count("select count(*) from submission") == 0


async def test_packed_or_plain_it_is_the_same_file(gateway: BatchGateway) -> None:
    plain, _ = await gateway.sends(GOOD)
    packed, is_new = await gateway.sends(gzip.compress(GOOD))
    assert (packed.id, is_new) == (plain.id, False)


async def test_an_idempotency_key_is_for_one_file(gateway: BatchGateway) -> None:
    first, _ = await gateway.sends(GOOD, key="k1")
    again, is_new = await gateway.sends(GOOD, key="k1")
    assert (again.id, is_new) == (first.id, False)
    with pytest.raises(KeyReusedError):
        await gateway.sends(batch(training("other")), key="k1")
    assert await gateway.count("select count(*) from batch") == 1
    await gateway.sends(batch(training("other")))
    with pytest.raises(KeyReusedError):
        await gateway.sends(batch(training("other")), key="k1")


async def test_the_same_content_of_two_senders_is_two_batches(gateway: BatchGateway) -> None:
    mine, _ = await gateway.sends(GOOD)
    theirs, is_new = await gateway.sends(GOOD, sender=OTHER)
    assert is_new
    assert await gateway.channel.find(mine.id, OTHER) is None
    listed, total = await gateway.channel.of_sender(SENDER, 10, 0)
    assert ([one.id for one in listed], total) == ([mine.id], 1)
    assert theirs.sender == OTHER


async def test_a_waiting_batch_can_be_cancelled_and_sent_again(gateway: BatchGateway) -> None:
    """Lost: a file sent by mistake that cannot be stopped - or one that can never be sent again."""
    sent, _ = await gateway.sends(GOOD)
    assert await gateway.channel.cancel(sent)
    assert not await gateway.channel.cancel(sent)
    again, is_new = await gateway.sends(GOOD)
    assert is_new
    async with gateway.running():
        await gateway.until(again, lambda b: b.checkpoint == 1)
        assert not await gateway.channel.cancel(again)
    assert (await gateway.state(sent)).state is BatchState.CANCELLED


async def test_a_simulation_says_what_would_happen_and_registers_nothing(gateway: BatchGateway, tmp_path: Path) -> None:
    """Lost: a rehearsal that registers, or one that finds other faults than the performance."""
    plan = Plan(SENDER, (SENDER, MANDATED), trainings=200, people=40, faults=8, employments=True, year=2025)
    file = write_batch(tmp_path / "sent.xml", plan)
    persons = await gateway.count("select count(*) from person")
    async with gateway.running():
        rehearsal, _ = await gateway.sends(file.path, Mode.SIMULATION)
        done = await gateway.until(rehearsal, lambda b: b.state is BatchState.COMPLETED)
        real, is_new = await gateway.sends(file.path)
        assert is_new, "a rehearsal must not stand in the way of the real thing"
        await gateway.until(real, lambda b: b.checkpoint == plan.declared)
    seen_at_intake = [line for line, fault in file.faults.items() if fault is not Fault.REUSED_REFERENCE]
    assert (done.accepted, done.refused) == (plan.declared - len(seen_at_intake), len(seen_at_intake))
    items = "select count(*) from submission_item where submission = $1"
    assert await gateway.count(items, rehearsal.id) == await gateway.count(items, real.id) == len(seen_at_intake)
    assert len(gateway.kafka.events) == plan.declared - len(seen_at_intake)
    assert all(event["submissionid"] == real.id for event in gateway.kafka.events)
    assert await gateway.count("select count(*) from person") == persons + len(workers(plan))


async def test_a_simulation_goes_on_where_it_was_interrupted(gateway: BatchGateway, tmp_path: Path) -> None:
    """The employments further up in the file are known again after a restart."""
    plan = Plan(SENDER, (SENDER,), trainings=300, people=60, employments=True, year=2025)
    file = write_batch(tmp_path / "sent.xml", plan)
    async with gateway.running():
        sent, _ = await gateway.sends(file.path, Mode.SIMULATION)
        await gateway.until(sent, lambda b: b.checkpoint >= 60)
    await gateway.execute("update batch set lease_until = now() - interval '1 second'")
    async with gateway.running():
        done = await gateway.until(sent, lambda b: b.state is BatchState.COMPLETED)
    assert (done.accepted, done.refused) == (360, 0)
    assert await gateway.count("select count(*) from person") == 0


async def test_small_files_pass_a_large_one(gateway: BatchGateway, tmp_path: Path) -> None:
    """Lost: a morning, for everyone behind a social secretariat's yearly file."""
    plan = Plan(SENDER, (SENDER,), trainings=30_000, people=50, year=2025)
    await gateway.has_workers(workers(plan))
    large = write_batch(tmp_path / "large.xml", plan)
    gateway.kafka.pause = 0.02
    async with gateway.running():
        big, _ = await gateway.sends(large.path)
        await gateway.until(big, lambda b: b.checkpoint > 0)
        small, _ = await gateway.sends(batch(training()))
        await gateway.until(small, lambda b: b.checkpoint == 1)
        assert (await gateway.state(big)).checkpoint < 30_000
