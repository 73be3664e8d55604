"""A file from its upload to the dashboard, as a ratio to the raw limit in the same run.

100,000 trainings of 20,000 people at 400 employers, sent by their social secretariat through the product's own channel
to a stack of its own; then two such files more. Visible: the last training is in the dashboard's database, committed.
Complete: every balance it changed is there too, and every outcome counted. The raw limit is measured twice before,
between and after them, on the same Kafka and PostgreSQL: a machine changes its speed within seconds, so medians of both
are compared.

Run: python -m tests.benchmarks.pipeline [--records N]; exit code 1 below the target.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import psutil

from deploy.local.stack import Stack
from tests.benchmarks.figures import Figure, tell
from tests.benchmarks.own_stack import own_stack
from tests.benchmarks.raw_limit import raw_limit
from tests.support.batch_files import Plan, Wording, Written, minutes_of, reference_of, write_batch
from tests.support.counted_once import CountedOnce, days
from tests.support.payroll import STAFF_TRAININGS, Payroll
from tests.support.running_stack import RunningStack

TARGET = 0.2
PEOPLE = 20_000
ENTERPRISES = 400
SERIES = ("BENCH-A", "BENCH-B", "BENCH-C")

OUTCOMES = "select completed_at is not null from submission where id = $1::uuid"
CHARGED = "select coalesce(sum(charged), 0) from balance where year = $1"
LAST_TRAINING = "select extract(epoch from max(projected_at))::float8 from training where starts_with(reference, $1)"


def run(stack: RunningStack, records: int, people: int, enterprises: int) -> bool:
    """Whether the target is met. Raises AssertionError when a figure is not exactly what it must be."""
    payroll = Payroll.set_up(stack, people=people, enterprises=enterprises)
    books = CountedOnce(sent=dict(STAFF_TRAININGS))
    limits, seconds = measured_limits(stack, records), []
    for series in SERIES:
        # As much as a record of the raw limit says.
        plan = replace(payroll.plan(records, series, payroll.year), wording=Wording.TERSE)
        with tempfile.TemporaryDirectory() as folder:
            written = write_batch(Path(folder) / "trainings.xml", plan)
            size = written.path.stat().st_size / records
            seconds.append(measure(payroll, written, books, last=series == SERIES[-1]))
        limits += measured_limits(stack, records)
    limit = statistics.median(limits)
    visible, done = (statistics.median(times) for times in zip(*seconds, strict=True))
    tell(Figure(f"raw limit, least of {len(limits)} runs around the product's", min(limits), "/s"))
    tell(Figure("raw limit, median", limit, "/s"))
    tell(Figure("raw limit, most", max(limits), "/s"))
    tell(Figure(f"{records:,} trainings of {people:,} people, {size:.0f} bytes each, visible", records / visible, "/s"))
    tell(Figure("upload to the last training on the dashboard, fastest of three", min(seconds)[0], "s"))
    tell(Figure("upload to the last training on the dashboard, median", visible, "s"))
    tell(Figure("upload to the last training on the dashboard, slowest", max(seconds)[0], "s"))
    tell(Figure("upload to everything charged, shown and counted, median", done, "s"))
    tell(Figure("everything charged, shown and counted, as a ratio to the raw limit", records / done / limit))
    return tell(
        Figure("last training visible, as a ratio to the raw limit", records / visible / limit, at_least=TARGET)
    )


def measured_limits(stack: RunningStack, records: int) -> list[float]:
    """Two runs."""
    return [raw_limit(stack.bootstrap, Stack.of(stack.settings).administrator_url, records) for _ in range(2)]


def measure(payroll: Payroll, written: Written, books: CountedOnce, *, last: bool) -> tuple[float, float]:
    """Seconds until the last training is on the dashboard, and until all is done; enters the file in the books and
    checks them. Of the `last` file the processor time and the memory that was ever taken are told."""
    plan = written.plan
    trainings = sent(plan)
    charged = payroll.query("dashboard", CHARGED, plan.year)[0][0] + sum(map(days, trainings.values()))
    token = payroll.token()
    with cpu_seconds(payroll.stack) if last else nullcontext():
        started, started_at = time.monotonic(), time.time()
        batch = payroll.upload(written.path, token)
        # A look at one row until the outcomes are there: what looks more closely takes time from what it looks at.
        payroll.wait(lambda: payroll.query("gateway", OUTCOMES, batch) == [(True,)], pause=0.2)
        payroll.wait(lambda: payroll.query("dashboard", CHARGED, plan.year) == [(charged,)], pause=0.1)
        done = time.monotonic() - started
    if last:
        tell_memory(payroll.stack)
    visible: float = payroll.query("dashboard", LAST_TRAINING, plan.series)[0][0]
    books.sent |= trainings
    books.submissions[batch] = plan.trainings
    books.check(payroll)
    return visible - started_at, done


def sent(plan: Plan) -> dict[str, int]:
    """The minutes of each training of the file, by its reference."""
    return {reference_of(plan, rank): minutes_of(rank) for rank in range(plan.trainings)}


@contextmanager
def cpu_seconds(stack: RunningStack) -> Iterator[None]:
    """Tell the processor time that each process of the stack, with its children, takes during the block.

    And what was left unused or went to others: a machine that is busy otherwise makes every figure worse.
    """
    pids = {name: process.pid for name, process in stack.processes().items()}
    before, own = {name: _cpu(pid) for name, pid in pids.items()}, time.process_time()
    started, idle = time.monotonic(), psutil.cpu_times().idle
    yield
    available = (time.monotonic() - started) * (psutil.cpu_count() or 1)
    unused = psutil.cpu_times().idle - idle
    taken = {name: _cpu(pid) - before[name] for name, pid in sorted(pids.items())}
    for name, seconds in taken.items():
        if seconds >= 0.05:
            tell(Figure(f"processor time of {name}", seconds, "s"))
    tell(Figure("processor time unused", unused, "s"))
    others = available - unused - sum(taken.values()) - (time.process_time() - own)
    tell(Figure("processor time of whatever else ran", max(0.0, others), "s"))


def _cpu(pid: int) -> float:
    """Seconds of a process, of its living children and of those it has waited for."""
    family = psutil.Process(pid).cpu_times()
    seconds = family.user + family.system + family.children_user + family.children_system
    for child in psutil.Process(pid).children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        seconds += times.user + times.system
    return float(seconds)


def tell_memory(stack: RunningStack) -> None:
    """The most memory that each process ever held (VmHWM). Of PostgreSQL: its largest process and what all share."""
    for name, process in sorted(stack.processes().items()):
        family = [process.pid, *(child.pid for child in psutil.Process(process.pid).children(recursive=True))]
        peaks = [peak for pid in family if (peak := _peak_megabytes(pid))]
        tell(Figure(f"peak memory of {name}", max(peaks), "MB"))


def _peak_megabytes(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main() -> int:
    """Measure on a stack of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--enterprises", type=int, default=ENTERPRISES)
    given = parser.parse_args()
    with own_stack() as stack:
        return 0 if run(stack, given.records, given.people, given.enterprises) else 1


if __name__ == "__main__":
    sys.exit(main())
