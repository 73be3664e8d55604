"""Talks to the running supervisor: start, stop, restart and look at the processes of one stack."""

import os
import subprocess
import time
import xmlrpc.client
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import psutil
from supervisor.xmlrpc import Faults, SupervisorTransport

from deploy.local import supervision
from deploy.local.failure import StartFailure
from deploy.local.program import Program


class State(StrEnum):
    """The supervisor's word for what a process is doing."""

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
    state: State
    pid: int
    uptime_seconds: int
    log: Path


class Supervisor:
    """The supervisor of one state folder. All methods may block for as long as the processes take."""

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    def is_running(self) -> bool:
        try:
            self._call("getState")
        except OSError:
            return False
        return True

    def bring_up(self, logs: Path, programs: Sequence[Program]) -> None:
        """Starts the supervisor if it is not there, and lets it know these programs (nothing is started yet).

        A program whose definition changed is stopped; the others are not touched. Raises StartFailure.
        """
        supervision.write_configuration(self._state_dir, logs, programs)
        if self.is_running():
            self._take_over_changes()
            return
        answer = subprocess.run(
            supervision.command(self._state_dir), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
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
        """Starts a process that is not running yet; one that gave up is tried again."""
        try:
            self._call("startProcess", name, False)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != Faults.ALREADY_STARTED:
                raise StartFailure(
                    f"The process '{name}' could not be started: {fault.faultString}", "Run 'make up' again."
                ) from fault

    def stop(self, names: Iterable[str]) -> None:
        """Stops these processes, all at the same time, and waits until they are gone."""
        with ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(self._stop_one, names))

    def shut_down(self) -> None:
        """Ends the supervisor itself and whatever it still runs."""
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
        """As `shut_down`, without waiting for it: for one of its own processes."""
        self._call("shutdown")

    def processes(self) -> dict[str, Process]:
        """Every process the supervisor knows, by name."""
        return {info["name"]: _process(info) for info in self._call("getAllProcessInfo")}

    def _stop_one(self, name: str) -> None:
        try:
            self._call("stopProcess", name, True)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode not in (Faults.NOT_RUNNING, Faults.BAD_NAME):
                raise

    def _take_over_changes(self) -> None:
        added, changed, removed = self._call("reloadConfig")[0]
        for group in [*changed, *removed]:
            self._stop_one(group)
            self._call("removeProcessGroup", group)
        for group in [*added, *changed]:
            self._call("addProcessGroup", group)

    def _call(self, method: str, *arguments: object) -> Any:
        """One question to the supervisor on a connection of its own, so that threads do not share one."""
        socket = f"unix://{supervision.socket_path(self._state_dir)}"
        with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=SupervisorTransport(None, None, socket)) as proxy:
            return getattr(proxy.supervisor, method)(*arguments)


def end_left_behind(state_dir: Path) -> int:
    """Ends processes of this stack that lost their supervisor: they hold its ports and its files. Returns how many."""
    others = (process for process in psutil.process_iter() if process.pid != os.getpid())
    orphans = [process for process in others if _belongs_to(process, state_dir)]
    for process in orphans:
        process.terminate()
    _gone, alive = psutil.wait_procs(orphans, timeout=20)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=10)
    return len(orphans)


def _belongs_to(process: psutil.Process, state_dir: Path) -> bool:
    try:
        return process.environ().get(supervision.STACK_MARK) == str(state_dir)
    except (psutil.Error, OSError):
        return False


def _process(info: dict[str, Any]) -> Process:
    state = State(info["statename"])
    running = state in (State.RUNNING, State.STARTING, State.STOPPING)
    uptime = max(0, info["now"] - info["start"]) if running else 0
    return Process(info["name"], state, info["pid"], uptime, Path(info["stdout_logfile"]))
