"""A file from its arrival to its report: what a sender counts on."""

import asyncio
import base64
from pathlib import Path

from services.gateway.batch.answers.outcomes import DeclarationOutcome, outcomes
from services.gateway.batch.state import Batch, BatchState
from services.gateway.vault.national_number_cipher import Cipher
from services.gateway.vault.persons import NewPerson, Persons
from shared.anomalies import anomaly
from shared.database.engine import driver, transaction
from tests.support.batch_files import Fault, Plan, Written, workers, write_batch
from tests.support.batch_gateway import MANDATED, SENDER, BatchGateway

ENTERPRISES = (SENDER, MANDATED)
KEY = base64.b64encode(b"k" * 32).decode()


def written(folder: Path, **plan: object) -> Written:
    return write_batch(folder / "sent.xml", Plan(SENDER, ENTERPRISES, **plan))  # type: ignore[arg-type]


async def report_of(gateway: BatchGateway, batch: Batch) -> list[DeclarationOutcome]:
    pages = outcomes(gateway.engine, gateway.channel.folders, await gateway.state(batch))
    return [line async for page in pages for line in page]


async def test_every_declaration_gets_its_outcome(gateway: BatchGateway, tmp_path: Path) -> None:
    """Lost: a sender who cannot trust that good ones are in, and that each bad one is named with its fault."""
    file = written(tmp_path, trainings=1000, people=200, faults=8, year=2025)
    await gateway.has_workers(workers(file.plan))
    reused_line = next(line for line, fault in file.faults.items() if fault is Fault.REUSED_REFERENCE)

    async with gateway.running():
        batch, is_new = await gateway.sends(file.path)
        assert is_new
        published = await gateway.until(batch, lambda b: b.checkpoint == 1000)
        assert (published.state, published.declared, published.refused) == (BatchState.PROCESSING, 1000, 7)
        await gateway.others_decide(
            lambda event: (
                [anomaly("referenceAlreadyUsed", "reference")] if event["data"]["item"]["line"] == reused_line else None
            )
        )
        done = await gateway.until(batch, lambda b: b.state is BatchState.COMPLETED)

    assert (done.accepted, done.refused, done.warned, done.unchanged) == (992, 8, 0, 0)
    assert len(gateway.kafka.events) == len(gateway.kafka.sent) == 993
    lines = await report_of(gateway, batch)
    assert [line.line for line in lines] == list(range(1, 1001))
    refused = {line.line: line.anomalies[0]["code"] for line in lines if line.status == "refused"}
    assert refused == {line: fault.value for line, fault in file.faults.items()}
    assert all(line.reference and line.reference.startswith("A-T") for line in lines)
    xml = file.path.read_text().splitlines()
    assert all("<trainingRegistration>" in xml[(line.xml_line or 0) - 1] for line in lines)


async def test_the_same_file_again_changes_nothing(gateway: BatchGateway, tmp_path: Path) -> None:
    """Lost: a payroll run that is sent twice after a timeout would count every training twice."""
    file = written(tmp_path, trainings=60, people=20)
    await gateway.has_workers(workers(file.plan))
    async with gateway.running():
        first, _ = await gateway.sends(file.path)
        await gateway.until(first, lambda b: b.checkpoint == 60)
        second, is_new = await gateway.sends(file.path)
    assert (second.id, is_new) == (first.id, False)
    assert len(gateway.kafka.sent) == 60
    assert await gateway.count("select count(*) from batch") == 1
    assert [folder.name for folder in (tmp_path / "batches").iterdir()] == [first.id]


async def test_two_files_that_hire_the_same_people_wait_for_each_other(gateway: BatchGateway, tmp_path: Path) -> None:
    """Lost: half of both files, to a deadlock between two senders who hire the same people at once."""
    people = [NewPerson(worker.ssin) for worker in workers(Plan(SENDER, ENTERPRISES, people=20_000))]

    async def hired(one_way: list[NewPerson]) -> dict[str, str]:
        async with transaction(gateway.engine) as connection:
            return await Persons(Cipher(KEY)).ensure(driver(connection), one_way)

    first, second = await asyncio.gather(hired(people), hired(people[::-1]))
    assert first == second
    assert await gateway.count("select count(*) from person") == 20_000


async def test_a_file_cancelled_while_it_is_checked_goes_no_further(gateway: BatchGateway, tmp_path: Path) -> None:
    """Lost: the last moment at which a wrong file can be stopped."""
    file = written(tmp_path, trainings=60_000, people=20)
    async with gateway.running():
        sent, _ = await gateway.sends(file.path)
        await gateway.until(sent, lambda b: b.state is BatchState.CHECKING)
        assert await gateway.channel.cancel(sent)
        small, _ = await gateway.sends(written(tmp_path, trainings=5, people=5, series="B").path)
        await gateway.until(small, lambda b: b.checkpoint == 5)
        await asyncio.sleep(3)
    found = await gateway.state(sent)
    assert (found.state, found.checkpoint, found.declared) == (BatchState.CANCELLED, 0, 0)
    assert {event["submissionid"] for event in gateway.kafka.events} <= {small.id}


async def test_the_published_example_goes_through_intake(gateway: BatchGateway) -> None:
    """The example is not only valid to the schema: its declarations are right."""
    example = Path("services/gateway/batch/xml/schemas/example.xml").read_bytes()
    async with gateway.running():
        sent, _ = await gateway.sends(example)
        done = await gateway.until(sent, lambda b: b.checkpoint == 11)
    assert [line for line in await report_of(gateway, done) if line.status == "refused"] == []
