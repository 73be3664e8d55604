"""The outcome of every declaration of a file, a page at a time.

Only outcomes other than `accepted` are stored. The rest follows from the references that parsing left beside the file:
once the batch is complete, a line without a stored outcome was accepted.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.batch.folders import BatchFolders
from services.gateway.batch.spool import references
from services.gateway.batch.state import Batch
from shared.contracts.vocabulary import Anomaly
from shared.database.engine import driver, transaction

PAGE: Final = 5000
STORED: Final = """
select line, reference, status, anomalies from submission_item
where submission = $1::uuid and line between $2 and $3
"""


@dataclass(frozen=True, slots=True)
class DeclarationOutcome:
    """The outcome of one declaration. `line`: its position in the file, from 1; `xml_line`: where it begins."""

    line: int
    reference: str | None
    xml_line: int | None
    status: str
    anomalies: list[Anomaly]


async def outcomes(
    engine: AsyncEngine, folders: BatchFolders, batch: Batch, only: str | None = None
) -> AsyncIterator[list[DeclarationOutcome]]:
    """Get the decided declarations in the order of the file, PAGE at a time; `only`: those with this status."""
    known = _known(folders, batch)
    is_complete = batch.state.is_final
    while page := await asyncio.to_thread(lambda: list(islice(known, PAGE))):
        async with transaction(engine) as connection:
            rows = await driver(connection).fetch(STORED, batch.id, page[0][0], page[-1][0])
        stored = {row["line"]: row for row in rows}
        lines: list[DeclarationOutcome] = []
        for line, reference, xml_line in page:
            row = stored.get(line)
            if row is not None:
                found = json.loads(row["anomalies"]) if isinstance(row["anomalies"], str) else row["anomalies"]
                lines.append(DeclarationOutcome(line, reference or row["reference"], xml_line, row["status"], found))
            elif is_complete:
                lines.append(DeclarationOutcome(line, reference, xml_line, "accepted", []))
        chosen = lines if only is None else [line for line in lines if line.status == only]
        if chosen:
            yield chosen


def _known(folders: BatchFolders, batch: Batch) -> Iterator[tuple[int, str | None, int | None]]:
    """Get `(line, reference, XML line)` of each declaration; the last two unless they were removed or damaged."""
    if not batch.is_positive:
        return
    end = (batch.declared or 0) + 1
    told = 0
    for line, reference, xml_line in chain(references(folders.folder(batch.id)), ((end, "", 0),)):
        yield from ((unknown, None, None) for unknown in range(told + 1, line))
        if line < end:
            yield line, reference, xml_line
        told = line
