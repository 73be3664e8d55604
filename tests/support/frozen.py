"""`python -m tests.support.frozen URL TOPIC PARTITION STATEMENT…`: a process that freezes inside a transaction.

It holds the watermark of one partition, as a replica does that handles a batch, runs the statements there, says so, and
stops itself (SIGSTOP): it neither goes on nor lets go.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.database.engine import create_engine, driver, transaction
from shared.messaging import watermarks


async def hold(url: str, topic: str, partition: int, statements: list[str]) -> None:
    """Lock the watermark, run the statements, and freeze."""
    engine = create_engine(url, 1)
    async with transaction(engine) as connection:
        await watermarks.create(driver(connection), [(topic, partition)])
    async with transaction(engine) as connection:
        raw = driver(connection)
        await watermarks.lock(raw, [(topic, partition)])
        for statement in statements:
            await raw.execute(statement)
        sys.stdout.write("frozen\n")
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGSTOP)
        # Woken again by the test: what it has held is not its own any more.
        await raw.execute("select 1")
    sys.stdout.write("committed\n")


@asynccontextmanager
async def frozen(url: str, topic: str, partition: int, *statements: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The process, frozen; it is ended with the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, url, topic, str(partition), *statements,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"frozen\n"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


if __name__ == "__main__":
    asyncio.run(hold(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]))
