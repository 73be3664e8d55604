"""How fast an itemised report is written: `python -m tests.benchmarks.batch_report [--records 100000]`.

The figure of each format is the best of three, in lines a second of processor time; the database is left out. One line
in ten is refused with two anomalies. Memory does not grow with the length: the longest piece says what is held at once.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from services.gateway.batch.answers.outcomes import PAGE, DeclarationOutcome
from services.gateway.batch.answers.report import WRITERS, Format
from shared.anomalies import anomaly
from shared.i18n import Language
from tests.benchmarks.figures import Figure, tell
from tests.support.batch_answers import DONE


async def pages(records: int) -> AsyncIterator[Sequence[DeclarationOutcome]]:
    """Outcomes as the database gives them."""
    for start in range(1, records + 1, PAGE):
        yield [outcome(line) for line in range(start, min(start + PAGE, records + 1))]


def outcome(line: int) -> DeclarationOutcome:
    if line % 10:
        return DeclarationOutcome(line, f"REF-{line}", line * 12, "accepted", [])
    anomalies = [anomaly("referenceAlreadyUsed", reference=f"REF-{line}"), anomaly("invalidSsin", "ssin")]
    return DeclarationOutcome(line, f"REF-{line}", line * 12, "refused", anomalies)


async def written(records: int, written_as: Format) -> tuple[float, int, int]:
    """Processor seconds, bytes, and bytes of the longest piece."""
    start = time.process_time()
    batch = replace(DONE, declared=records)
    lengths = [len(piece) async for piece in WRITERS[written_as](batch, pages(records), Language.DUTCH)]
    return time.process_time() - start, sum(lengths), max(lengths)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    records = parser.parse_args().records
    for one in Format:
        took, size, longest = min(asyncio.run(written(records, one)) for _ in range(3))
        tell(
            Figure(
                f"report in {one.value}: {size / 1e6:.1f} MB, longest piece {longest / 1e6:.2f} MB",
                records / took,
                "/s",
            )
        )


if __name__ == "__main__":
    main()
