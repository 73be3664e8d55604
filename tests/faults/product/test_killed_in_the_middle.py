"""kill -9 in the middle of a file: the rest arrives, and everything is counted exactly once, everywhere.

Whoever registers trainings of hundreds of employers must never have to ask whether some were lost or charged twice.
The size of the file is FLA_FAULT_RECORDS (20,000; the full proof is 100,000).
"""

import time
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import asyncpg
import pytest

from deploy.setup.service_names import SERVICES
from tests.faults.product.conftest import RECORDS, Mistreated
from tests.support.batch_files import minutes_of, reference_of, workers, write_batch
from tests.support.payroll import Payroll
from tests.support.steady_sender import MINUTES, SteadySender

PATIENCE_SECONDS = 300 + RECORDS / 200
pytestmark = pytest.mark.timeout(PATIENCE_SECONDS + 300)

VICTIMS = (*SERVICES, "kafka", "postgres")
KILLED_AT = (0.15, 0.5)
"""How much of the file registration has stored when the victim is killed."""

REGISTERED = "select count(*) from training_version where starts_with(reference, $1)"
TRAININGS = "select count(*) from training where enterprise = any($1)"
LEDGER = "select -sum(amount) from ledger_line where figure = 'charged' and enterprise = any($1)"
CHARGED = "select sum(charged) from balance where enterprise = any($1)"
COMPLETED = "select state from batch where submission = $1::uuid"
OUTBOX = "select count(*) from outbox"
UNDECIDED = "select count(*) from submission where completed_at is null"


@pytest.mark.parametrize("victim", VICTIMS)
def test_a_file_survives_the_death_of(victim: str, mistreated: Mistreated, tmp_path: Path) -> None:
    def kill() -> None:
        mistreated.stack.kill(victim)

    send_and_disturb(mistreated, f"KILL-{victim.upper()}", tmp_path, kill)


def test_a_file_survives_the_death_of_all_services_at_once(mistreated: Mistreated, tmp_path: Path) -> None:
    def kill() -> None:
        for service in SERVICES:
            mistreated.stack.kill(service)

    send_and_disturb(mistreated, "KILL-SERVICES", tmp_path, kill)


def test_a_file_survives_a_restart_of_everything(mistreated: Mistreated, tmp_path: Path) -> None:
    def restart() -> None:
        mistreated.stack.fla("down")
        mistreated.stack.fla("up")

    send_and_disturb(mistreated, "RESTART", tmp_path, restart)


def send_and_disturb(mistreated: Mistreated, series: str, folder: Path, disturb: Callable[[], None]) -> None:
    """Send a file and single trainings, disturb twice on the way, `fla up`, wait for the end and check the books."""
    payroll, books = mistreated.payroll, mistreated.books
    plan = mistreated.plan(series)
    written = write_batch(folder / "trainings.xml", plan)
    with SteadySender(payroll, workers(plan), date(plan.year, 1, 4), series) as singles:
        batch = payroll.upload(written.path, payroll.token())
        for part in KILLED_AT:
            eventually(lambda at=part: registered(payroll, f"{series}-T") >= at * RECORDS)  # type: ignore[misc]
            disturb()
        disturbed = registered_or_none(payroll, f"{series}-T")
        mistreated.stack.fla("up")
        eventually(lambda: payroll.query("gateway", COMPLETED, batch) == [("completed",)])
    assert disturbed is None or disturbed < RECORDS, "the file was through before the last disturbance"
    books.sent |= {reference_of(plan, rank): minutes_of(rank) for rank in range(RECORDS)}
    books.sent |= dict.fromkeys(singles.acknowledged, MINUTES)
    books.unanswered |= dict.fromkeys(singles.unanswered, MINUTES)
    books.submissions |= {batch: RECORDS} | dict.fromkeys(singles.acknowledged.values(), 1)
    assert singles.acknowledged, "no single training was acknowledged at all"
    eventually(lambda: at_rest(payroll))
    books.check(payroll)


def registered(payroll: Payroll, series: str) -> int:
    return int(payroll.query("registration", REGISTERED, series)[0][0])


def registered_or_none(payroll: Payroll, series: str) -> int | None:
    try:
        return registered(payroll, series)
    except (OSError, asyncpg.PostgresError):
        return None


def at_rest(payroll: Payroll) -> bool:
    """What registration has, the others have too, and nothing is on its way: then the books can be checked."""
    own = list(payroll.enterprises)
    [(stored,)] = payroll.query(
        "registration", REGISTERED.replace("starts_with(reference, $1)", "enterprise = any($1)"), own
    )
    counts = [payroll.query(service, TRAININGS, own)[0][0] for service in ("entitlements", "dashboard")]
    charged = {payroll.query("entitlements", LEDGER, own)[0][0], payroll.query("dashboard", CHARGED, own)[0][0]}
    undecided = payroll.query("gateway", UNDECIDED)[0][0]
    return counts == [stored, stored] and len(charged) == 1 and not undecided and not any(outbox_rows(payroll))


def outbox_rows(payroll: Payroll) -> Iterable[int]:
    return (payroll.query(service, OUTBOX)[0][0] for service in SERVICES)


def eventually(is_so: Callable[[], bool]) -> None:
    """Waits until it is so; while PostgreSQL is away, asking fails and is tried again."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            if is_so():
                return
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            pass
        assert time.monotonic() < deadline, f"not so within {PATIENCE_SECONDS:.0f} seconds"
        time.sleep(0.1)
