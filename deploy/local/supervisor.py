"""Control of the running supervisor: start, stop and list the processes of one stack."""

import os
import subprocess
import time
import xmlrpc.client
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import psutil
from supervisor.xmlrpc import Faults, SupervisorTransport

from deploy.failure import StartFailure
from deploy.local import supervisor_configuration
from deploy.local.program import Program


class ProcessState(StrEnum):
    """The state of a process, in the supervisor's words."""

    STOPPED = "STOPPED"
    STARTING = "STARTING"
    RUNNING = "RUNNING"
    BACKOFF = "BACKOFF"
    STOPPING = "STOPPING"
    EXITED = "EXITED"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Process:
    """One process as the supervisor sees it; `pid` is 0 and `uptime_seconds` 0 when it is not running."""

    name: str
    state: ProcessState
    pid: int
    uptime_seconds: int
    log: Path


class Supervisor:
    """The supervisor of one state folder. All methods may block for as long as the processes take."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    def is_running(self) -> bool:
        """Tell whether the supervisor answers."""
        try:
            self._call("getState")
        except OSError:
            return False
        return True

    def bring_up(self, logs: Path, programs: Sequence[Program]) -> None:
        """Start the supervisor if it does not run, and give it these programs; none of them is started yet.

        A program whose definition changed is stopped; the others are not touched. Raises StartFailure.
        """
        try:
            supervisor_configuration.write_configuration(self._state_dir, logs, programs)
        except ValueError as error:
            raise StartFailure(
                f"A setting cannot be used: {error}.", "Correct it in the environment or in .env."
            ) from error
        if self.is_running() and self._takes_over_changes():
            return
        answer = subprocess.run(
            supervisor_configuration.command(self._state_dir),
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 15
        while not self.is_running():
            if answer.returncode != 0 or time.monotonic() > deadline:
                last = (answer.stderr.strip() or answer.stdout.strip() or "no message").splitlines()[-1]
                raise StartFailure(
                    f"The process supervisor did not start: {last}", f"Look into {logs / 'supervisor.log'}."
                )
            time.sleep(0.05)

    def start(self, name: str) -> None:
        """Start a process that is not running; one that gave up is tried again. Raises StartFailure."""
        try:
            self._call("startProcess", name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.ALREADY_STARTED:
                raise StartFailure(
                    f"The process '{name}' could not be started: {fault.faultString}", "Run 'make up' again."
                ) from fault

    def stop(self, names: Iterable[str]) -> None:
        """Stop these processes, all at the same time, and wait until they are gone."""
        with ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(self._stop_one, names))

    def shut_down(self) -> None:
        """End the supervisor and whatever it still runs. Raises StartFailure after two minutes."""
        pid = self._call("getPID")
        self.request_shut_down()
        try:
            psutil.Process(pid).wait(timeout=120)
        except psutil.NoSuchProcess:
            return
        except psutil.TimeoutExpired as expired:
            raise StartFailure(
                "The process supervisor does not stop.", f"Look for process {pid} and end it with 'kill {pid}'."
            ) from expired

    def request_shut_down(self) -> None:
        """Ask the supervisor to end, without waiting: for one of its own processes."""
        self._call("shutdown")

    def processes(self) -> dict[str, Process]:
        """List every process that the supervisor knows (dict[name, Process])."""
        return {info["name"]: _process(info) for info in self._call("getAllProcessInfo")}

    def _stop_one(self, name: str) -> None:
        try:
            self._call("stopProcess", name, True)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode not in (Faults.NOT_RUNNING, Faults.BAD_NAME):
                raise

    def _takes_over_changes(self) -> bool:
        """Load the new configuration; False if that failed and the supervisor was stopped: the checkout was moved while
        it ran, and the files of everything that it runs are no longer where it looks.
        """
        try:
            added, changed, removed = self._call("reloadConfig")[0]
        except xmlrpc.client.Fault:
            self.stop(list(self.processes()))
            self.shut_down()
            return False
        for group in [*changed, *removed]:
            self._stop_one(group)
            self._call("removeProcessGroup", group)
        for group in [*added, *changed]:
            self._call("addProcessGroup", group)
        return True

    def _call(self, method: str, *arguments: object) -> Any:
        """Call the supervisor on a new connection, so that threads do not share one."""
        socket = f"unix://{supervisor_configuration.socket_path(self._state_dir)}"
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=SupervisorTransport(None, None, socket)) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)


def end_left_behind(state_dir: Path) -> int:
    """End processes of this stack whose supervisor does not answer: they hold ports and files. Returns how many."""
    # A supervisor that lost its socket goes first: it would restart the processes that are ended here.
    supervisors = _others(lambda process: _configuration(state_dir) in process.cmdline())
    _end(supervisors, patience_seconds=90)
    orphans = _others(lambda process: process.environ().get(supervisor_configuration.STACK_MARK) == str(state_dir))
    _end(orphans, patience_seconds=20)
    return len(supervisors) + len(orphans)


def _configuration(state_dir: Path) -> str:
    return supervisor_configuration.command(state_dir)[-1]


def _others(belongs: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    """List the processes that belong, except this one and those that may not be looked at."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != os.getpid() and belongs(process):
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def _end(processes: list[psutil.Process], patience_seconds: float) -> None:
    for process in processes:
        try:
            process.terminate()
        except psutil.NoSuchProcess:
            continue
        except psutil.AccessDenied as denied:
            raise StartFailure(
                f"This stack is run by another user, '{process.username()}'.", "Run the command as that user."
            ) from denied
    _gone, alive = psutil.wait_procs(processes, timeout=patience_seconds)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=10)


def _process(info: dict[str, Any]) -> Process:
    state = ProcessState(info["statename"])
    running = state in (ProcessState.RUNNING, ProcessState.STARTING, ProcessState.STOPPING)
    uptime = max(0, info["now"] - info["start"]) if running else 0
    return Process(info["name"], state, info["pid"], uptime, Path(info["stdout_logfile"]))
