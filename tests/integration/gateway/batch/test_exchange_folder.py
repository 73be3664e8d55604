"""The exchange folder: what a sender puts in is taken once, and answered with whole files."""

import asyncio
import gzip
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from services.gateway.batch.exchange_folder import taken_files
from services.gateway.batch.exchange_folder.file_names import ExchangeName
from services.gateway.batch.exchange_folder.outbox import Outbox
from services.gateway.batch.state import Batch
from services.gateway.batch.work import leases
from shared.database.engine import driver, transaction
from tests.support.batch_files import Plan, workers, write_batch
from tests.support.batch_gateway import MANDATED, OTHER, SENDER, BatchGateway
from tests.support.batch_xml import batch, training

COMMON = f"{SENDER}.20260302.A001.R.1.1"
PLAN = Plan(SENDER, (SENDER, MANDATED), trainings=100, people=20, faults=2, year=2025)


class Folder:
    """A sender's end of the exchange folder."""

    def __init__(self, root: Path) -> None:
        self.into, self.out = root / SENDER / "in", root / SENDER / "out"
        self.into.mkdir(parents=True)

    def put(self, prefix: str, content: bytes = b"", common: str = COMMON) -> Path:
        path = self.into / f"{prefix}.FLAT.{common}"
        path.write_bytes(content)
        return path

    def starts(self, content: bytes, common: str = COMMON) -> None:
        self.put("FI", content, common)
        self.put("GO", b"", common)

    async def answer(self, name: str) -> etree._Element:
        async with asyncio.timeout(30):
            while not (self.out / name).exists():
                await asyncio.sleep(0.05)
        content = (self.out / name).read_bytes()
        return etree.fromstring(gzip.decompress(content) if name.endswith(".gz") else content)


async def emptied(folder: Folder) -> None:
    async with asyncio.timeout(10):
        while list(folder.into.iterdir()):
            await asyncio.sleep(0.05)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "exchange")


@pytest.fixture
def gateway(make_gateway: Callable[..., BatchGateway], tmp_path: Path) -> BatchGateway:
    return make_gateway(exchange=tmp_path / "exchange", exchange_poll_seconds=0.05)


@asynccontextmanager
async def deciding(gateway: BatchGateway) -> AsyncIterator[None]:
    """The gateway at work, and the services behind it deciding all the time."""

    async def decide() -> None:
        counted = 0
        while True:
            await asyncio.sleep(0.1)
            events = len(gateway.kafka.events)
            if events == PLAN.trainings - PLAN.faults and events != counted:
                counted = events
                await gateway.others_decide()

    async with gateway.running():
        task = asyncio.create_task(decide())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_file_is_taken_and_answered_twice(gateway: BatchGateway, folder: Folder, tmp_path: Path) -> None:
    """Lost: the channel of everyone who works with SFTP."""
    await gateway.has_workers(workers(PLAN))
    file = write_batch(tmp_path / "sent.xml", PLAN)
    async with deciding(gateway):
        folder.put("FI", gzip.compress(file.path.read_bytes()))
        folder.put("FS", b"signature")
        await asyncio.sleep(0.5)
        assert await gateway.count("select count(*) from batch") == 0, "taken before it was started"
        folder.put("GO")
        acknowledgement = await folder.answer(f"FO.ACRF.{COMMON}")
        assert acknowledgement.findtext("{*}result") == "positive"
        assert acknowledgement.findtext("{*}declared") == "100"
        assert acknowledgement.findtext("{*}batch/{*}fileName") == f"FI.FLAT.{COMMON}"
        notification = await folder.answer(f"FO.NOTI.{COMMON}")
    refused = [one.get("line") for one in notification.findall("{*}declaration") if one.get("status") == "refused"]
    assert refused == [str(line) for line in sorted(file.faults)]
    assert len(notification.findall("{*}declaration")) == 100
    assert list(folder.into.iterdir()) == []
    assert sorted(path.name for path in folder.out.iterdir()) == [".drafts", f"FO.ACRF.{COMMON}", f"FO.NOTI.{COMMON}"]
    assert list((folder.out / ".drafts").iterdir()) == []
    assert (folder.out / f"FO.NOTI.{COMMON}").stat().st_mode & 0o777 == 0o644, "the sender's account must read it"


async def test_a_crash_after_storing_takes_the_file_once(
    gateway: BatchGateway, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The batch is stored, the row is not: taking it again finds the same batch by its content."""
    add, calls = taken_files.add, 0

    async def dies_first(*arguments: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise OSError("killed")
        await add(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(taken_files, "add", dies_first)
    folder.starts(batch(training()))
    async with gateway.running():
        await folder.answer(f"FO.ACRF.{COMMON}")
    assert calls == 2
    assert await gateway.count("select count(*) from batch") == 1
    assert list(folder.into.iterdir()) == []


@pytest.mark.parametrize("left", [batch(training()), gzip.compress(batch(training())), None])
async def test_files_left_behind_by_a_crash_are_not_taken_again(
    gateway: BatchGateway, folder: Folder, left: bytes | None
) -> None:
    async with gateway.running():
        folder.starts(batch(training()))
        await folder.answer(f"FO.ACRF.{COMMON}")
        if left is not None:
            folder.put("FI", left)
        folder.put("GO")
        await emptied(folder)
    assert await gateway.count("select count(*) from batch") == 1
    assert list(folder.out.glob("FO.NAME.*")) == []


async def test_another_file_under_a_used_name_is_told_and_left(gateway: BatchGateway, folder: Folder) -> None:
    """Lost: a file that vanishes without an answer, because the sender's numbering began anew."""
    async with gateway.running():
        for first in (batch(training()), b"\x1f\x8bno"):
            common = f"{SENDER}.20260302.U{len(first)}.R.1.1"
            folder.starts(first, common)
            await folder.answer(f"FO.ACRF.{common}")
            await emptied(folder)
            folder.starts(batch(training("another")), common)
            async with asyncio.timeout(10):
                while (folder.into / f"GO.FLAT.{common}").exists():
                    await asyncio.sleep(0.05)
            left = folder.into / f"FI.FLAT.{common}"
            assert left.read_bytes() == batch(training("another"))
            told = (folder.out / f"FO.NAME.FI.FLAT.{common}.txt").read_text()
            assert [part for part in ("gebruikt", "utilisé", "verwendet", "used before") if part not in told] == []
            left.rename(folder.into / f"FI.FLAT.{common}".replace(".U", ".V"))
            folder.put("GO", common=common.replace(".U", ".V"))
            assert (await folder.answer(f"FO.ACRF.{common}".replace(".U", ".V"))).findtext("{*}result") == "positive"


async def test_two_gateways_take_a_file_once(
    make_gateway: Callable[..., BatchGateway], folder: Folder, tmp_path: Path
) -> None:
    settings = {"exchange": tmp_path / "exchange", "exchange_poll_seconds": 0.02}
    first, second = make_gateway(**settings), make_gateway(**settings)
    names = [f"{SENDER}.20260302.B{n:03d}.R.1.1" for n in range(8)]
    async with first.running(), second.running():
        for name in names:
            folder.starts(batch(training(name)), name)
        for name in names:
            assert (await folder.answer(f"FO.ACRF.{name}")).findtext("{*}result") == "positive"
    assert await first.count("select count(*) from batch") == len(names)
    assert await first.count("select count(*) from exchange_file") == len(names)


async def test_the_same_file_under_two_names_is_answered_under_both(gateway: BatchGateway, folder: Folder) -> None:
    other = COMMON.replace("A001", "A002")
    async with gateway.running():
        folder.starts(batch(training()))
        folder.starts(batch(training()), other)
        first, second = await folder.answer(f"FO.ACRF.{COMMON}"), await folder.answer(f"FO.ACRF.{other}")
    assert first.findtext("{*}batch/{*}id") == second.findtext("{*}batch/{*}id")


@pytest.mark.parametrize(
    ("content", "code"), [(b"no xml", "notXml"), (b"x" * 2000, "fileTooLarge"), (b"\x1f\x8bno", "invalidCompression")]
)
async def test_a_bad_file_is_answered_with_no(gateway: BatchGateway, folder: Folder, content: bytes, code: str) -> None:
    gateway.settings["most_bytes"] = 1000
    async with gateway.running():
        folder.starts(content)
        answer = await folder.answer(f"FO.ACRF.{COMMON}")
        await asyncio.sleep(0.3)
    assert (answer.findtext("{*}result"), answer.findtext("{*}refusal/{*}code")) == ("negative", code)
    assert not (folder.out / f"FO.NOTI.{COMMON}").exists()
    assert await gateway.count("select count(*) from exchange_file where notified_at is null") == 0


async def test_a_cancelled_file_is_not_registered(gateway: BatchGateway, folder: Folder) -> None:
    """Cancelled before its start, by a file beside it."""
    folder.put("FI", batch(training()))
    folder.put("TD")
    async with gateway.running():
        answer = await folder.answer(f"FO.ACRF.{COMMON}")
    assert (answer.findtext("{*}result"), answer.find("{*}refusal")) == ("cancelled", None)
    assert await gateway.count("select count(*) from batch") == 0
    assert list(folder.into.iterdir()) == []
    assert not (folder.out / f"FO.NOTI.{COMMON}").exists()


async def test_a_file_that_the_previous_release_cancelled_is_called_cancelled(
    gateway: BatchGateway, folder: Folder
) -> None:
    """Lost: during an update, senders who are told that what they cancelled was rejected."""
    await gateway.execute(
        "insert into exchange_file (sender, name, refusal)"
        f" values ('{SENDER}', '{COMMON}', '{{\"code\": \"cancelledBySender\"}}')"
    )
    async with gateway.running():
        answer = await folder.answer(f"FO.ACRF.{COMMON}")
        async with asyncio.timeout(30):
            while await gateway.count("select count(*) from exchange_file where notified_at is null"):
                await asyncio.sleep(0.05)
    assert (answer.findtext("{*}result"), answer.find("{*}refusal")) == ("cancelled", None)


async def test_a_file_with_both_a_start_and_a_cancellation_is_not_started(
    gateway: BatchGateway, folder: Folder
) -> None:
    folder.starts(batch(training()))
    folder.put("TD")
    async with gateway.running():
        answer = await folder.answer(f"FO.ACRF.{COMMON}")
        await emptied(folder)
    assert (answer.findtext("{*}result"), answer.find("{*}refusal")) == ("cancelled", None)
    assert await gateway.count("select count(*) from batch") == 0


@pytest.mark.parametrize("order", [o for o in permutations(("FI", "GO", "TD")) if o.index("TD") < 2], ids="-".join)
async def test_a_file_that_is_cancelled_before_it_is_taken_is_cancelled_in_whatever_order_its_parts_come(
    gateway: BatchGateway, folder: Folder, order: tuple[str, ...]
) -> None:
    """Lost: a file that was taken, left lying or called refused although its sender had taken it back."""
    async with gateway.running():
        for part in order:
            folder.put(part, batch(training()) if part == "FI" else b"")
            await asyncio.sleep(0.3)  # several looks
        answer = await folder.answer(f"FO.ACRF.{COMMON}")
        await emptied(folder)
    assert (answer.findtext("{*}result"), answer.find("{*}refusal")) == ("cancelled", None)
    assert await gateway.count("select count(*) from batch") == 0
    assert [path.name for path in folder.out.iterdir() if path.is_file()] == [f"FO.ACRF.{COMMON}"]
    assert await gateway.count("select count(*) from exchange_file where notified_at is null") == 0


async def test_a_cancellation_that_comes_while_the_file_is_taken_is_heard(
    gateway: BatchGateway, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost: the cancellation, tidied away with the file that it should have stopped."""
    add = taken_files.add

    async def meanwhile(connection: Any, name: ExchangeName, taken: str, refusal: None) -> None:
        folder.put("TD")
        await add(connection, name, taken, refusal)

    async def checks_later(connection: Any, what: Any) -> None:
        return None

    monkeypatch.setattr(taken_files, "add", meanwhile)
    monkeypatch.setattr(leases, "claim", checks_later)
    folder.starts(batch(training()))
    async with gateway.running():
        answer = await folder.answer(f"FO.ACRF.{COMMON}")
        await emptied(folder)
    assert answer.findtext("{*}result") == "cancelled"


async def test_a_started_file_is_cancelled_while_it_waits(gateway: BatchGateway, folder: Folder) -> None:
    sent, _ = await gateway.sends(batch(training()))
    async with transaction(gateway.engine) as connection:
        name = ExchangeName.parse(f"FI.FLAT.{COMMON}")
        assert name is not None
        await taken_files.add(driver(connection), name, sent.id, None)
    await gateway.execute("update batch set turn_at = now() + interval '1 hour'")
    folder.put("TD")
    async with gateway.running():
        answer = await folder.answer(f"FO.ACRF.{COMMON}")
    assert answer.findtext("{*}result") == "cancelled"


async def test_strange_names_and_links_are_told_and_left_alone(
    gateway: BatchGateway, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost: whatever else lies in the folder, or on the machine behind a link."""
    secret = tmp_path / "secret.xml"
    secret.write_bytes(batch(training()))
    link = folder.into / f"FI.FLAT.{COMMON}"
    link.symlink_to(secret)
    folder.put("GO")
    strange = folder.into / "salaries of march.xlsx"
    strange.write_bytes(b"x")
    foreign = folder.into / f"FI.FLAT.{OTHER}.20260302.A1.R.1.1"
    foreign.write_bytes(b"x")
    personal = folder.into / f"FI.FLAT.{SENDER}.20260302.85073003328.R.1.1"
    personal.write_bytes(batch(training()))
    for path in (strange, foreign, personal):
        os.utime(path, (0, 0))
    async with gateway.running():
        async with asyncio.timeout(10):
            while len(list(folder.out.glob("FO.NAME.*")) if folder.out.exists() else []) < 3:
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.3)
    assert [path.name for path in folder.out.iterdir() if "85073003328" in path.name] == []
    assert strange.exists() and foreign.exists() and link.is_symlink()
    assert await gateway.count("select count(*) from batch") == 0


async def test_a_long_notification_comes_packed(gateway: BatchGateway, folder: Folder, tmp_path: Path) -> None:
    await gateway.has_workers(workers(PLAN))
    file = write_batch(tmp_path / "sent.xml", PLAN)
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.checkpoint == 100)
        await gateway.others_decide()
        done: Batch = await gateway.until(sent, lambda b: b.state.is_final)
    outbox = Outbox(gateway.engine, tmp_path / "exchange", gateway.channel.folders, compress_bytes=5000)
    async with transaction(gateway.engine) as connection:
        name = ExchangeName.parse(f"FI.FLAT.{COMMON}")
        assert name is not None
        await taken_files.add(driver(connection), name, done.id, None)
    await outbox.answer()
    assert len((await folder.answer(f"FO.NOTI.{COMMON}.gz")).findall("{*}declaration")) == 100
    assert not (folder.out / f"FO.NOTI.{COMMON}").exists()


async def test_two_replicas_write_the_same_answer_and_neither_spoils_it(
    gateway: BatchGateway, folder: Folder, tmp_path: Path
) -> None:
    """Lost: a whole answer, for half of one; in containers every replica is process 1."""
    outbox = Outbox(gateway.engine, tmp_path / "exchange", gateway.channel.folders)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield b"<whole>"
        begun.set()
        await go_on.wait()
        yield b"</whole>"

    async def fast() -> AsyncIterator[bytes]:
        yield b"<whole></whole>"

    first = asyncio.create_task(outbox._put(SENDER, "FO.X", slow()))
    await begun.wait()
    await outbox._put(SENDER, "FO.X", fast())
    assert (folder.out / "FO.X").read_bytes() == b"<whole></whole>"
    go_on.set()
    await first
    assert (folder.out / "FO.X").read_bytes() == b"<whole></whole>"
    assert list((folder.out / ".drafts").iterdir()) == []
