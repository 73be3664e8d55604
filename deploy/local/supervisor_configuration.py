"""Supervisor's configuration file: every process restarts by itself, logs rotate, control is a private socket."""

import hashlib
import os
import resource
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.program import Program

# Marks every process of a stack, so that those left behind by a killed supervisor can be found.
STACK_MARK = "FLA_STACK"
# The limit of a Unix socket's path is 104 to 108 bytes.
_LONGEST_SOCKET_PATH = 100


def folder(state_dir: Path) -> Path:
    return state_dir / "supervisor"


def socket_path(state_dir: Path) -> Path:
    """Choose the control socket: in the state folder, or under a short private name when that path is too long."""
    usual = folder(state_dir) / "control.sock"
    if len(os.fsencode(usual)) <= _LONGEST_SOCKET_PATH:
        return usual
    digest = hashlib.sha256(os.fsencode(state_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"fla-{os.geteuid()}-{digest}" / "control.sock"


def command(state_dir: Path) -> list[str]:
    """Build the command that starts the supervisor in the background."""
    return [sys.executable, "-m", "supervisor.supervisord", "-c", str(folder(state_dir) / "supervisord.conf")]


def write_configuration(state_dir: Path, logs: Path, programs: Sequence[Program]) -> None:
    """Write the file with permissions for its owner only: it holds the services' secrets."""
    home, socket = folder(state_dir), socket_path(state_dir)
    for private in (home, socket.parent, logs):
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        if private.stat().st_uid != os.geteuid():
            raise PermissionError(f"{private} belongs to somebody else")
    path = home / "supervisord.conf"
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(configuration(state_dir, logs, programs), encoding="utf-8")


def configuration(state_dir: Path, logs: Path, programs: Sequence[Program]) -> str:
    """Write the text of supervisord.conf for these programs; none starts by itself, `fla up` starts them in order."""
    home = folder(state_dir)
    own_user = "user = root\n" if os.geteuid() == 0 else ""
    head = f"""\
[unix_http_server]
file = {_plain(socket_path(state_dir))}
chmod = 0600

[supervisord]
{own_user}pidfile = {_plain(home / "supervisord.pid")}
logfile = {_plain(logs / "supervisor.log")}
logfile_maxbytes = 5MB
logfile_backups = 2
childlogdir = {_plain(logs)}
umask = 077
minfds = {_most_files()}
identifier = fla

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""
    return head + "".join(_section(program, logs, {STACK_MARK: str(state_dir)}) for program in programs)


def _section(program: Program, logs: Path, mark: Mapping[str, str]) -> str:
    user = f"user = {program.user}\n" if program.user else ""
    return f"""
[program:{program.name}]
command = {" ".join(_argument(part) for part in program.command)}
directory = {_plain(program.directory)}
environment = {_environment({**program.environment, **mark})}
{user}autostart = false
autorestart = true
startsecs = 1
startretries = 1000
stopsignal = {program.stop_signal}
stopwaitsecs = {program.stop_seconds}
stopasgroup = true
killasgroup = true
redirect_stderr = true
stdout_logfile = {_plain(logs / f"{program.name}.log")}
stdout_logfile_maxbytes = 10MB
stdout_logfile_backups = 3
"""


def _plain(value: object) -> str:
    """Escape a value for supervisor, where `%` begins an expansion."""
    return str(value).replace("%", "%%")


def _argument(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace('"', '\\"')
    return _plain(f'"{escaped}"')


def _environment(values: Mapping[str, str]) -> str:
    for name, value in values.items():
        if '"' in value or "\n" in value:
            raise ValueError(f"{name} holds a quotation mark or a line break, which cannot be passed on")
    return ",".join(f'{name}="{_plain(value)}"' for name, value in sorted(values.items()))


def _most_files() -> int:
    """Choose the limit of open files: what the machine allows, 65536 (for Kafka) at most."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 65536 if hard == resource.RLIM_INFINITY else min(hard, 65536)
