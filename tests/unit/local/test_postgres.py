"""After the machine restarts the database must come up, whatever runs under the process number it had before."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from deploy.failure import StartFailure
from deploy.local import postgres, postgres_install
from deploy.local.settings import LocalSettings


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """The lock of a server that was killed."""
    (tmp_path / "PG_VERSION").write_text("18")
    return tmp_path / "postmaster.pid"


def prepare(lock: Path) -> None:
    install = postgres_install.PostgresInstall(lock.parent, lock.parent, None)
    postgres.prepare(LocalSettings(state_dir=lock.parent), install, "password")


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


def test_the_lock_of_a_killed_server_that_nobody_buried_is_removed(lock: Path, tmp_path: Path) -> None:
    program = tmp_path / "postgres"
    program.symlink_to("/bin/sleep")
    with subprocess.Popen([program, "60"]) as server:
        lock.write_text(f"{server.pid}\n{lock.parent}\n")
        server.kill()
        os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
        prepare(lock)
    assert not lock.exists()


@pytest.mark.parametrize("text", ["", "nonsense\n", f"{2**22 + 1}\n"])
def test_a_lock_that_names_no_process_is_left_to_postgresql(lock: Path, text: str) -> None:
    lock.write_text(text)
    prepare(lock)
    assert lock.exists()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As root in a state folder that PostgreSQL's system user cannot enter; the folder used instead."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(postgres_install, "_system_user", lambda: "pgserver")
    monkeypatch.setattr(
        postgres_install,
        "reachable",
        lambda path, _: Path("/bin") in path.parents or tmp_path / "shared" in (path, *path.parents),
    )
    monkeypatch.setattr(postgres_install, "_SHARED_FOLDER", tmp_path / "shared")
    monkeypatch.setattr(postgres, "reachable", postgres_install.reachable)
    monkeypatch.setattr(postgres, "_initialise", lambda install, _: (install.data.mkdir(), _made(install.data)))
    monkeypatch.setattr(postgres, "_give", lambda path, user: None)
    monkeypatch.setattr(postgres_install, "_wheel_programs", lambda: Path("/bin"))
    return tmp_path / "shared"


def _made(data: Path) -> None:
    (data / "PG_VERSION").write_text("18")


def started(state: Path) -> Path:
    """Where the data lies of a stack that was started in this state folder."""
    state.mkdir(exist_ok=True)
    settings = LocalSettings(state_dir=state)
    install = postgres_install.find_install(settings)
    postgres.prepare(settings, install, "password")
    return install.data


def test_data_kept_elsewhere_is_found_again_after_its_checkout_was_moved(elsewhere: Path, tmp_path: Path) -> None:
    data = started(tmp_path / "one")
    assert data.parent == elsewhere
    (tmp_path / "one").rename(tmp_path / "two")
    assert started(tmp_path / "two") == data
    (tmp_path / "two").rename(tmp_path / "three")
    assert started(tmp_path / "three") == data


def test_a_copy_of_a_checkout_gets_data_of_its_own(elsewhere: Path, tmp_path: Path) -> None:
    data = started(tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    assert started(tmp_path / "copy") not in (data, None)
    assert started(tmp_path / "one") == data


def test_data_moved_to_where_postgresql_cannot_reach_it_is_not_replaced_by_new_data(
    elsewhere: Path, tmp_path: Path
) -> None:
    (tmp_path / "one" / "postgres").mkdir(parents=True)
    _made(tmp_path / "one" / "postgres")
    with pytest.raises(StartFailure, match="cannot enter"):
        started(tmp_path / "one")
