"""Checks before anything is started, so that a person learns in one sentence what stands in the way."""

import socket
from collections.abc import Iterable
from pathlib import Path

import psutil

from deploy.failure import StartFailure
from deploy.local.program import Program
from deploy.local.settings import HOST, LocalSettings
from deploy.local.supervisor import ProcessState, Supervisor
from deploy.setup.secret_file import FILE_NAME
from deploy.setup.state_folder import check_folder, check_state_folder

# Kafka's jars.
_CACHE_MIB = 100


def check_folders(settings: LocalSettings) -> None:
    """Check that the state and cache folders are ours, can be written and have room. Raises StartFailure."""
    check_state_folder(settings.state_dir)
    check_folder("FLA_CACHE_DIR", settings.cache_dir, _CACHE_MIB)


def check_secrets(settings: LocalSettings, database_files: Path) -> None:
    """Check that existing data has its secrets: new ones could not read it. Raises StartFailure."""
    secrets = settings.state_dir / FILE_NAME
    if not secrets.is_file() and (database_files / "PG_VERSION").is_file():
        raise StartFailure(
            f"There is data of an earlier start, but its secrets are gone: {secrets} is missing.",
            "Put that file back from a backup; without it the identity vault cannot be read. "
            "To erase the data and begin anew: make reset",
        )


def check_ports(settings: LocalSettings, programs: Iterable[Program], supervisor: Supervisor) -> None:
    """Check that the ports of programs that are not running yet are free. Raises StartFailure."""
    running = supervisor.processes() if supervisor.is_running() else {}
    for program in programs:
        if program.name in running and running[program.name].state not in (
            ProcessState.STOPPED,
            ProcessState.EXITED,
            ProcessState.FATAL,
        ):
            continue
        for port in program.ports:
            if not _is_free(port):
                raise StartFailure(
                    f"{program.title} needs port {port} of {HOST}, which is in use{_by_whom(port)}.",
                    f"Stop that program, or run this stack on other ports: "
                    f"FLA_PORT_OFFSET={settings.port_offset + 100} make up",
                )


def check_network(cache: Path) -> None:
    """Check that the repository of Kafka's jars can be reached. Raises StartFailure."""
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
    """Name who has the port, ` by NAME (process PID)`; empty where this system does not let us know."""
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
