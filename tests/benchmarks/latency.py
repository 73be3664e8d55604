"""From the answer that says "accepted" to the training on the dashboard, at 50 and 500 single registrations a second.

Open loop: a registration leaves when its moment has come, however long earlier ones take. Accepted: the client has the
whole answer. Visible: committed in the dashboard's database, by PostgreSQL's own commit timestamps; first the training,
then the balance that it charged. The yardstick is a single message through bare Kafka into bare PostgreSQL.

Run: python -m tests.benchmarks.latency [--seconds 20]; exit code 1 when the slowest hundredth at 500 takes a second.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import asyncpg
import orjson

from deploy.local.stack import Stack
from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.lean_http import LeanClient
from tests.benchmarks.own_stack import own_stack
from tests.benchmarks.raw_latency import raw_latency
from tests.support.batch_files import Worker, workers
from tests.support.payroll import Payroll
from tests.support.running_stack import RunningStack

RATES = (50, 500)
P99_LIMIT_SECONDS = 1.0
WARM_UP_SECONDS = 3

VISIBLE = """
select t.reference, extract(epoch from pg_xact_commit_timestamp(t.xmin))::float8,
       (select extract(epoch from max(pg_xact_commit_timestamp(b.xmin)))::float8 from balance b
        where b.person = t.person and b.enterprise = t.enterprise and b.year = $2 and b.charged > 0)
from training t where starts_with(t.reference, $1)
"""


@dataclass(frozen=True)
class Accepted:
    """When the client had the answer, and how many seconds it waited for it."""

    at: float
    waited: float


async def send(
    stack: RunningStack, token: str, people: Sequence[Worker], series: str, rate: int
) -> dict[str, Accepted]:
    """One registration for each of these people, `rate` a second."""
    client = LeanClient(stack.settings.ports.gateway, "/api/v1/trainings", token)
    day = date.today().replace(month=1, day=1).isoformat()
    bodies = {
        f"{series}-{number:06d}": orjson.dumps(
            {
                "reference": f"{series}-{number:06d}",
                "ssin": worker.ssin,
                "enterpriseNumber": worker.enterprise,
                "title": "Veilig werken op hoogte",
                "startDate": day,
                "endDate": day,
                "duration": "PT3H48M",
                "status": "completed",
            }
        )
        for number, worker in enumerate(people)
    }
    accepted: dict[str, Accepted] = {}

    async def one(reference: str, body: bytes) -> None:
        began = time.time()
        answer = await client.post(body)
        assert answer.status in (201, 202), answer
        accepted[reference] = Accepted(answer.at, answer.at - began)

    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        for number, (reference, body) in enumerate(bodies.items()):
            due = began + number / rate - time.monotonic()
            if due > 0:
                await asyncio.sleep(due)
            group.create_task(one(reference, body))
    client.close()
    return accepted


def measure(payroll: Payroll, people: Sequence[Worker], rate: int) -> bool:
    """Send, wait until all is visible and charged, and tell the figures of this rate."""
    series = f"RATE{rate}"
    accepted = asyncio.run(send(payroll.stack, payroll.token(), people, series, rate))
    rows: list[tuple[str, float, float | None]] = []

    def all_visible() -> bool:
        rows[:] = payroll.query("dashboard", VISIBLE, series, date.today().year)  # type: ignore[assignment]
        return len(rows) == len(accepted) and all(charged is not None for _, _, charged in rows)

    payroll.wait(all_visible, seconds=120)
    warm = [(accepted[reference], *times) for reference, *times in rows if not _is_warm_up(reference, rate)]
    limit = P99_LIMIT_SECONDS if rate == max(RATES) else None
    shown = [max(0.0, trained - answer.at) for answer, trained, _ in warm]
    met = tell_all(f"{rate}/s, accepted to visible on the dashboard", shown, limit)
    tell_all(f"{rate}/s, accepted to the balance charged", [max(0.0, c - a.at) for a, _, c in warm if c], None)
    tell_all(f"{rate}/s, request to accepted", [answer.waited for answer, _, _ in warm], None)
    return met


def _is_warm_up(reference: str, rate: int) -> bool:
    """The first seconds fill caches and prepare statements."""
    return int(reference.rpartition("-")[2]) < WARM_UP_SECONDS * rate


def tell_all(what: str, seconds: Sequence[float], p99_limit: float | None) -> bool:
    """Median, slowest hundredth and slowest, in milliseconds."""
    ordered = sorted(seconds)
    tell(Figure(f"{what}: p50", ordered[len(ordered) // 2] * 1000, "ms"))
    at_most = p99_limit * 1000 if p99_limit else None
    met = tell(Figure(f"{what}: p99", ordered[int(len(ordered) * 0.99)] * 1000, "ms", at_most=at_most))
    tell(Figure(f"{what}: slowest", ordered[-1] * 1000, "ms"))
    return met


async def note_commits(administrator_url: str) -> None:
    """Have PostgreSQL note when each transaction was committed, from its next start on."""
    connection = await asyncpg.connect(administrator_url)
    await connection.execute("alter system set track_commit_timestamp = on")
    await connection.close()


def run(stack: RunningStack, seconds: int) -> bool:
    asyncio.run(note_commits(Stack.of(stack.settings).administrator_url))
    stack.fla("down")
    stack.fla("up")
    per_rate = {rate: rate * (seconds + WARM_UP_SECONDS) for rate in RATES}
    people = sum(per_rate.values())
    payroll = Payroll.set_up(stack, people=people, enterprises=max(1, people // 50))
    bare = asyncio.run(raw_latency(stack.bootstrap, Stack.of(stack.settings).administrator_url))
    tell_all("yardstick: one message through bare Kafka and PostgreSQL", bare, None)
    staff = workers(payroll.plan(1, "-", date.today().year))
    met = True
    for rate, count in per_rate.items():
        # Everybody is registered for once: each balance tells of one training.
        now, staff = staff[:count], staff[count:]
        met = measure(payroll, now, rate) and met
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20, help="how long at each rate, after a warm-up")
    given = parser.parse_args()
    with own_stack() as stack:
        return 0 if run(stack, given.seconds) else 1


if __name__ == "__main__":
    sys.exit(main())
