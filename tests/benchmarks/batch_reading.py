"""How fast a batch file is read: `python -m tests.benchmarks.batch_reading [--records 100000]`.

Each figure is the best of three, in declarations a second of processor time, beside the yardstick of the same run:
lxml's `iterparse` with a schema check, as `raw_limit.py` does it, on the same file and schema.

`--contention` also measures why reading has a process of its own: how long an event loop waits for its turn while a
file is read in a thread, and in a process.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

from services.gateway.batch.folders import CONTENT
from services.gateway.batch.spool import read_chunk
from services.gateway.batch.xml.parse import QUALIFIED, SCHEMA_FILE
from services.gateway.batch.xml.parse_declarations import parse_declarations
from services.gateway.batch.xml.parse_in_subprocess import parse_in_subprocess
from tests.benchmarks.figures import Figure, tell
from tests.support.batch_files import Plan, enterprise_numbers, write_batch


def best(work: Callable[[], int], times: int = 3) -> float:
    """Declarations a second, by the processor's time."""
    rates = []
    for _ in range(times):
        start = time.process_time()
        declarations = work()
        rates.append(declarations / (time.process_time() - start))
    return max(rates)


def yardstick(content: Path) -> int:
    """The least that any streaming reader does: parse, check, look at each field once."""
    schema = etree.XMLSchema(etree.parse(SCHEMA_FILE))
    count = 0
    tag = QUALIFIED + "trainingRegistration"
    for _, element in etree.iterparse(content, tag=tag, schema=schema, no_network=True, load_dtd=False):
        _record = {child.tag: child.text for child in element}
        count += 1
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
    return count


def read_spool(folder: Path) -> int:
    """The second half: the decoded declarations, in chunks as they are registered."""
    count = offset = 0
    while True:
        chunk, offset = read_chunk(folder, offset, 2000)
        if not chunk:
            return count
        count += len(chunk)


async def contention(folder: Path) -> None:
    """The longest and the usual wait of an event loop that is half busy, and how long the reading takes."""
    for name in ("thread", "process"):
        waits: list[float] = []
        reading = asyncio.create_task(
            asyncio.to_thread(parse_declarations, folder, lambda _: None)
            if name == "thread"
            else parse_in_subprocess(folder, lambda _: None)
        )
        start = time.monotonic()
        while not reading.done():
            asked = time.monotonic()
            await asyncio.sleep(0.002)
            waits.append(time.monotonic() - asked - 0.002)
            busy = time.monotonic() + 0.002
            while time.monotonic() < busy:
                sum(range(100))
        took = time.monotonic() - start
        waits.sort()
        print(
            f"reading in a {name:7}: {took:5.1f} s; the loop waits {waits[len(waits) // 2] * 1000:.1f} ms (median),"
            f" {waits[int(len(waits) * 0.99)] * 1000:.1f} ms (99 %)"
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--contention", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        numbers = enterprise_numbers(400)
        plan = Plan(numbers[0], numbers, trainings=arguments.records, people=max(arguments.records // 5, 1))
        size = write_batch(folder / CONTENT, plan).path.stat().st_size
        print(f"{arguments.records} trainings, {size / 1e6:.0f} MB")
        limit = best(lambda: yardstick(folder / CONTENT))
        checked = best(lambda: parse_declarations(folder, lambda _: None).declared)
        chunks = best(lambda: read_spool(folder))
        both = 1 / (1 / checked + 1 / chunks)
        tell(Figure("yardstick, lxml with schema", limit, "/s"))
        tell(Figure("reading a file: check, count and decode", checked, "/s"))
        tell(Figure("reading a file: decoded declarations in chunks", chunks, "/s"))
        tell(Figure("reading a file: both, as a ratio to the yardstick", both / limit))
        if arguments.contention:
            asyncio.run(contention(folder))


if __name__ == "__main__":
    main()
