"""A file from its upload to the last training visible on the dashboard, as a ratio to the raw limit in the same run.

100,000 trainings of 20,000 people at 400 employers, sent by their social secretariat through the product's own channel
to a stack of its own. Visible: in the dashboard's database, committed, with the balance it changed; done: every outcome
counted too. Run: python -m tests.benchmarks.pipeline [--records N]; exit code 1 below the target.
"""

import argparse
import shutil
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import psutil

from deploy.local.stack import Stack
from tests.benchmarks.raw_limit import raw_limit
from tests.conftest import free_offset, local_settings
from tests.support.batch_files import write_batch
from tests.support.payroll import Payroll
from tests.support.running_stack import RunningStack

TARGET = 0.2
PEOPLE = 20_000
ENTERPRISES = 400

COUNTED = """
select count(*), coalesce(sum(minutes), 0)::int8 from training where starts_with(reference, $1) and status = 'completed'
"""
CHARGED = "select coalesce(sum(charged), 0) from balance where year = $1"
LEDGER = """
select count(distinct training), coalesce(-sum(amount), 0) from ledger_line where kind = 'charge' and year = $1
"""


def peak_megabytes(pid: int) -> float:
    """The most memory a process and its children ever held (VmHWM), in megabytes."""
    total = 0.0
    for process in [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]:
        try:
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))
    return total


def run(stack: RunningStack, records: int, people: int, enterprises: int) -> float:
    """The ratio. Raises AssertionError when a figure is not exactly what it must be."""
    payroll = Payroll.set_up(stack, people=people, enterprises=enterprises)
    year = date.today().year
    database = Stack.of(stack.settings).administrator_url
    charged_trainings = payroll.query("entitlements", LEDGER, year)[0][0]
    charged_before = Decimal(payroll.query("dashboard", CHARGED, year)[0][0])
    series = f"BENCH{int(time.time())}"
    with tempfile.TemporaryDirectory() as folder:
        written = write_batch(Path(folder) / "trainings.xml", payroll.plan(records, series, year))
        size = written.path.stat().st_size
        limits = [raw_limit(stack.bootstrap, database, records)]
        token = payroll.token()
        started = time.monotonic()
        batch = payroll.upload(written.path, token)
        payroll.wait(lambda: payroll.query("dashboard", COUNTED, series)[0][0] == records)
        visible = time.monotonic() - started
        payroll.wait(lambda: is_complete(payroll, batch, year, charged_trainings + records))
        done = time.monotonic() - started
        limits.append(raw_limit(stack.bootstrap, database, records))
    check(payroll, batch, series, year, records, charged_before)
    limit = sum(limits) / len(limits)
    ratio = records / done / limit
    print(f"file: {records} trainings, {size / 1e6:.1f} MB, {people} people, {enterprises} employers")
    print(f"raw limit before and after: {limits[0]:.0f} and {limits[1]:.0f} records a second")
    print(f"last training visible after {visible:.1f} s; balances and outcomes complete after {done:.1f} s")
    print(f"{records / done:.0f} trainings a second, ratio {ratio:.2f} (target {TARGET})")
    for name, process in sorted(stack.processes().items()):
        print(f"peak memory {name:<20} {peak_megabytes(process.pid):7.0f} MB")
    return ratio


def is_complete(payroll: Payroll, batch: str, year: int, trainings: int) -> bool:
    """Every training is charged, the dashboard shows every charge, and every outcome is counted."""
    [(completed_at,)] = payroll.query("gateway", "select completed_at from submission where id = $1::uuid", batch)
    [(charged_trainings, charged)] = payroll.query("entitlements", LEDGER, year)
    [(shown,)] = payroll.query("dashboard", CHARGED, year)
    return completed_at is not None and charged_trainings == trainings and shown == charged


def check(payroll: Payroll, batch: str, series: str, year: int, records: int, charged_before: Decimal) -> None:
    """Everything is there once: in registration, the ledger, the balances, the dashboard and the outcomes."""
    [(trainings, minutes)] = payroll.query("dashboard", COUNTED, series)
    [(versions,)] = payroll.query(
        "registration", "select count(*) from training_version where starts_with(reference, $1)", series
    )
    [(_, charged)] = payroll.query("entitlements", LEDGER, year)
    [(shown,)] = payroll.query("dashboard", CHARGED, year)
    [outcome] = payroll.query(
        "gateway", "select declared, accepted + warned, unchanged, refused from submission where id = $1::uuid", batch
    )
    assert trainings == versions == records, (trainings, versions)
    assert outcome == (records, records, 0, 0), outcome
    assert shown == charged, (shown, charged)
    # 7 h 36 a day; each line is rounded to six decimals.
    expected = Decimal(minutes) / 456
    assert abs(Decimal(shown) - charged_before - expected) < Decimal(records) / 1_000_000, (shown, expected)


def main() -> int:
    """Measure on a stack of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--enterprises", type=int, default=ENTERPRISES)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fla-bench-"))
    folder.chmod(0o711)
    stack = RunningStack(local_settings(folder / "stack", free_offset()))
    try:
        stack.fla("up")
        return 0 if run(stack, given.records, given.people, given.enterprises) >= TARGET else 1
    finally:
        stack.fla("down", check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
