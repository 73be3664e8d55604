"""What stands in the way of a start must be said in one sentence, before anything was changed."""

import os
import shutil
import socket
from collections import namedtuple
from pathlib import Path

import pytest

from deploy.failure import StartFailure
from deploy.local import checks
from deploy.local.program import Program
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import Supervisor

Usage = namedtuple("Usage", "total used free")


def settings(folder: Path) -> LocalSettings:
    return LocalSettings(state_dir=folder / "state", cache_dir=folder / "cache")


def test_a_port_in_use_is_named_with_a_way_out(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        wants = Program(name="one", title="The one", command=("x",), directory=tmp_path, ports=(port,))
        with pytest.raises(
            StartFailure, match=rf"^The one needs port {port} of .* is in use by \S+ \(process {os.getpid()}\)\.$"
        ) as failure:
            checks.check_ports(settings(tmp_path), [wants], Supervisor(tmp_path))
    assert "FLA_PORT_OFFSET=" in failure.value.remedy


def test_a_port_that_somebody_elses_program_has_is_not_said_to_be_our_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Address = namedtuple("Address", "ip port")
    Connection = namedtuple("Connection", "laddr status pid")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        hidden = Connection(Address("127.0.0.1", port), "LISTEN", None)
        monkeypatch.setattr("psutil.net_connections", lambda kind: [hidden])
        wants = Program(name="one", title="The one", command=("x",), directory=tmp_path, ports=(port,))
        with pytest.raises(StartFailure, match=r"which is in use\.$"):
            checks.check_ports(settings(tmp_path), [wants], Supervisor(tmp_path))


def test_a_port_that_was_just_closed_is_free(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    wants = Program(name="one", command=("x",), directory=tmp_path, ports=(port,))
    checks.check_ports(settings(tmp_path), [wants], Supervisor(tmp_path))


def test_too_little_disk_space_says_how_much_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 5 * 1024 * 1024))
    with pytest.raises(StartFailure, match=r"5 MiB free .* 1000 MiB needed"):
        checks.check_folders(settings(tmp_path))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    with pytest.raises(StartFailure, match="cannot be written") as failure:
        checks.check_folders(settings(tmp_path))
    assert "FLA_STATE_DIR" in failure.value.remedy


@pytest.mark.parametrize("name", ["50% done", "a #1", 'the "best"', "one,two", "one:two"])
def test_a_folder_whose_name_the_supervisor_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StartFailure, match="cannot be used"):
        checks.check_folders(settings(tmp_path / name))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StartFailure, match="cannot be written"):
        checks.check_folders(settings(tmp_path))


def test_a_stack_of_somebody_else_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "secrets.env").write_text("FLA_VAULT_KEY=x\n")
    checks.check_folders(settings(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(StartFailure, match="belongs to another user"):
        checks.check_folders(settings(tmp_path))


def test_data_without_its_secrets_is_not_started_with_new_ones(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("18")
    with pytest.raises(StartFailure, match="its secrets are gone"):
        checks.check_secrets(settings(tmp_path), data)
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "secrets.env").write_text("FLA_VAULT_KEY=x\n")
    checks.check_secrets(settings(tmp_path), data)


def test_no_network_says_so_only_when_something_must_be_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise ConnectionError("no route")

    monkeypatch.setattr("jgo.util.http.head", unreachable)
    with pytest.raises(StartFailure, match="must be downloaded once") as failure:
        checks.check_network(tmp_path)
    assert "FLA_KAFKA_BOOTSTRAP" in failure.value.remedy
