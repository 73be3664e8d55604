"""After the machine restarts the database must come up, whatever runs under the process number it had before."""

import os
import subprocess
from pathlib import Path

import pytest

from deploy.local import postgres
from deploy.local.settings import LocalSettings


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """The lock of a server that was killed."""
    (tmp_path / "PG_VERSION").write_text("18")
    return tmp_path / "postmaster.pid"


def prepare(lock: Path) -> None:
    where = postgres.Place(lock.parent, lock.parent, None)
    postgres.prepare(LocalSettings(state_dir=lock.parent), where, "password")


def test_a_lock_whose_process_number_another_program_has_now_is_removed(lock: Path) -> None:
    lock.write_text(f"{os.getpid()}\n{lock.parent}\n")
    prepare(lock)
    assert not lock.exists()


def test_the_lock_of_a_running_server_stays(lock: Path, tmp_path: Path) -> None:
    program = tmp_path / "postgres"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "60"]) as server:
        lock.write_text(f"{server.pid}\n{lock.parent}\n")
        prepare(lock)
        server.terminate()
    assert lock.exists()


@pytest.mark.parametrize("text", ["", "nonsense\n", f"{2**22 + 1}\n"])
def test_a_lock_that_names_no_process_is_left_to_postgresql(lock: Path, text: str) -> None:
    lock.write_text(text)
    prepare(lock)
    assert lock.exists()
