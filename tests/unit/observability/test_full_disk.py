"""A full disk is named for what it is, for a minute after it was last seen."""

import errno
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from shared.messaging.consumer_state import ConsumerState
from shared.messaging.health import Readings, health_of
from shared.observability import full_disk
from shared.observability.full_disk import TOLD_SECONDS, FullDisks, disk_that_is_full, nearly_full


def _by_sqlalchemy(cause: Exception) -> DBAPIError:
    adapted = Exception("adapted")
    adapted.__cause__ = cause
    return DBAPIError("insert", {}, adapted)


FULL = asyncpg.DiskFullError("could not extend file")


@pytest.mark.parametrize(
    ("error", "where"),
    [
        (FULL, "PostgreSQL's disk"),
        (_by_sqlalchemy(FULL), "PostgreSQL's disk"),
        (OSError(errno.ENOSPC, "No space left on device"), "a disk"),
        (OSError(errno.EDQUOT, "Quota exceeded", "/data/batches/1/content.xml"), "the disk of /data/batches/1"),
        (OSError(errno.EACCES, "Permission denied", "/data/x"), None),
        (ConnectionRefusedError(), None),
        (asyncpg.DeadlockDetectedError("deadlock"), None),
        (KeyError("x"), None),
    ],
)
def test_what_is_full(error: Exception, where: str | None) -> None:
    assert disk_that_is_full(error) == where


def test_health_names_it_until_it_is_seen_no_more() -> None:
    now = [0.0]
    disks = FullDisks(lambda: now[0])
    assert disks.told() is None
    disks.notice(FULL)
    disks.notice(OSError(errno.ENOSPC, "full"))
    report = health_of(ConsumerState(stall_seconds=60), Readings(), connected=True, noted={"disk": disks.told()})
    assert report == {"status": "DEGRADED", "details": {"disk": "full: PostgreSQL's disk, a disk"}}
    now[0] = TOLD_SECONDS / 2
    disks.notice(FULL)
    now[0] = TOLD_SECONDS + 1
    assert disks.told() == "full: PostgreSQL's disk"
    now[0] = 2 * TOLD_SECONDS
    assert disks.told() is None


def test_little_room_is_told_before_it_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nearly_full(tmp_path / "missing") is None
    monkeypatch.setattr(full_disk, "LEAST_FREE_BYTES", 0)
    assert nearly_full(tmp_path) is None
    monkeypatch.setattr(full_disk, "LEAST_FREE_BYTES", 2**63)
    assert str(tmp_path) in (nearly_full(tmp_path) or "")
