"""A file from its arrival to its report: what a sender counts on."""

from pathlib import Path

from services.gateway.batch.outcomes import Line, outcomes
from services.gateway.batch.state import Batch, State
from shared.anomalies import anomaly
from tests.support.batch_files import Fault, Plan, Written, workers, write_batch
from tests.support.batch_gateway import MANDATED, SENDER, BatchGateway

ENTERPRISES = (SENDER, MANDATED)


def written(folder: Path, **plan: object) -> Written:
    return write_batch(folder / "sent.xml", Plan(SENDER, ENTERPRISES, **plan))  # type: ignore[arg-type]


def reused(event: dict[str, object], line: int) -> object:
    return [anomaly("referenceAlreadyUsed", "reference", reference="x")] if event == line else None


async def report_of(gateway: BatchGateway, batch: Batch) -> list[Line]:
    pages = outcomes(gateway.engine, gateway.channel.place, await gateway.state(batch))
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
        assert (published.state, published.declared, published.refused) == (State.PROCESSING, 1000, 7)
        await gateway.others_decide(
            lambda event: (
                [anomaly("referenceAlreadyUsed", "reference")] if event["data"]["item"]["line"] == reused_line else None
            )
        )
        done = await gateway.until(batch, lambda b: b.state is State.COMPLETED)

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
