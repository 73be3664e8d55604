"""Looked at before anything is started, so that a person learns in one sentence what stands in the way."""

import os
import pwd
import shutil
import socket
from collections.abc import Iterable
from pathlib import Path

import psutil

from deploy.failure import StartFailure
from deploy.local.program import Program
from deploy.local.settings import HOST, LocalSettings
from deploy.local.supervisor import State, Supervisor
from deploy.setup.secret_file import FILE_NAME

_MIB = 1024 * 1024
# What a new stack writes until it is up, with room to grow; and Kafka's jars.
_STATE_MIB, _CACHE_MIB = 1000, 100
# What supervisor's configuration file would read as a comment, a quotation or something to be filled in, Kafka's as a
# second folder, and Java as a second place to look for classes.
_NOT_IN_PATHS = (" ;", " #", '"', "%", "\n", ",", ":")


def check_folders(settings: LocalSettings) -> None:
    """The state and cache folders are ours, can be written and have room. Raises StartFailure."""
    _check_owner(settings.state_dir / FILE_NAME)
    for name, folder, needed in (
        ("FLA_STATE_DIR", settings.state_dir, _STATE_MIB),
        ("FLA_CACHE_DIR", settings.cache_dir, _CACHE_MIB),
    ):
        if any(text in str(folder) for text in _NOT_IN_PATHS):
            raise StartFailure(
                f"{name} is a path that cannot be used: {folder}",
                "Choose one without quotes and without the signs % # ; : and ,",
            )
        _check_writable(name, folder)
        if (free := shutil.disk_usage(folder).free // _MIB) < needed:
            raise StartFailure(
                f"Too little disk space: {free} MiB free in {folder}, {needed} MiB needed.",
                f"Free some space, or point {name} to a folder on another disk.",
            )


def check_secrets(settings: LocalSettings, database_files: Path) -> None:
    """The secrets that existing data was made with are there: new ones could not read it. Raises StartFailure."""
    secrets = settings.state_dir / FILE_NAME
    if not secrets.is_file() and (database_files / "PG_VERSION").is_file():
        raise StartFailure(
            f"There is data of an earlier start, but its secrets are gone: {secrets} is missing.",
            "Put that file back from a backup; without it the identity vault cannot be read. "
            "To erase the data and begin anew: make reset",
        )


def check_ports(settings: LocalSettings, programs: Iterable[Program], supervisor: Supervisor) -> None:
    """No other program listens where one that is not running yet will. Raises StartFailure."""
    running = supervisor.processes() if supervisor.is_running() else {}
    for program in programs:
        if program.name in running and running[program.name].state not in (State.STOPPED, State.EXITED, State.FATAL):
            continue
        for port in program.ports:
            if not _is_free(port):
                raise StartFailure(
                    f"{program.title} needs port {port} of {HOST}, which is in use{_by_whom(port)}.",
                    f"Stop that program, or run this stack on other ports: "
                    f"FLA_PORT_OFFSET={settings.port_offset + 100} make up",
                )


def check_network(cache: Path) -> None:
    """The repository of Kafka's jars can be reached. Raises StartFailure."""
    # Imported where something is downloaded: every other command is quicker without.
    from jgo.maven import MavenContext
    from jgo.util import http

    address = next(iter(MavenContext().remote_repos.values()))
    try:
        http.head(address, timeout=15)
    except OSError as error:
        raise StartFailure(
            f"Kafka must be downloaded once (44 MB), but the network does not let us ({type(error).__name__}).",
            "Connect to the network (set HTTPS_PROXY if you need a proxy) and run the same command again, copy "
            f"{cache} from a machine that has it, or name an existing Kafka in FLA_KAFKA_BOOTSTRAP.",
        ) from error


def _check_owner(secrets: Path) -> None:
    """Started by another user, root too, a stack would get files that its owner can no longer use."""
    if secrets.is_file() and (owner := secrets.stat().st_uid) != os.geteuid():
        raise StartFailure(
            f"The stack in {secrets.parent} belongs to another user, '{_user_name(owner)}'.",
            "Run the command as that user, or set FLA_STATE_DIR to a folder of your own.",
        )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _check_writable(name: str, folder: Path) -> None:
    probe = folder / ".write-probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StartFailure(
            f"The folder {folder} cannot be written ({error.strerror}).",
            f"Give yourself permission to write there, or set {name} to another folder.",
        ) from error


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: a port in TIME_WAIT after a restart is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _by_whom(port: int) -> str:
    """` by NAME (process PID)` when this system lets us know, else nothing."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            # Of other people's programs an ordinary user sees no process.
            if not connection.pid or not connection.laddr or connection.status != psutil.CONN_LISTEN:
                continue
            if connection.laddr.port == port:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.Error, OSError):
        return ""
    return ""
